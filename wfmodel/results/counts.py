"""Counts of movements by group and month: whole numbers only, so that every sum is exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel.results.spells import Spells, take
from wfmodel.results.state import FILLED_INSIDE, FILLED_OUTSIDE, JOINED, LEFT, OWN_POST, UNFILLED
from wfmodel.results.stocks import Weights
from wfmodel.simulation.ledger import CAUSES, KIND, KINDS, Ledger

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication

ROUTES = ("experienced", "newly_qualified", "returner", "referred", "agency_to_permanent")
LEAVING = (
    "other_council", "agency", "out_of_profession", "retirement", "other", "end_of_fixed_term",
    "probation_failed",
)  # fmt: skip
FLOWS = (
    "", *(f"starters_{route}" for route in ROUTES), "starters_other",
    *(f"leavers_{cause}" for cause in LEAVING), "leavers_training", "redundancies_compulsory",
    "redundancies_refused", "voluntary_exits", "transferred_in", "transferred_out",
    "intake_outside",
    "intake_staff", "promoted", "progressed", "moved_sideways", "absorbed", "converted", "at_risk",
    "redeployed", "trial_failed", "posts_held", "posts_released", "adverts", "campaigns_failed",
    "posts_deleted", "posts_created", "notices", "probations_passed", "probations_failed",
)  # fmt: skip
"""What a movement counts as, at most one of these; the code is the position, 0 is nothing."""

FLOW = {name: code for code, name in enumerate(FLOWS)}

EXTRAS = (
    "joined", "left", "moved_in", "moved_out", "starters_fte", "leavers_fte", "fills_inside",
    "fills_outside", "fills_undone", "fills_timed", "fill_seconds",
)  # fmt: skip
"""Further counts of movements: heads, hundredths of FTE, posts filled, seconds."""

_PLAIN = {
    "voluntary_exit": "voluntary_exits", "transferred_in": "transferred_in",
    "transferred_out": "transferred_out", "promoted": "promoted",
    "moved_sideways": "moved_sideways",
    "at_risk": "at_risk", "redeployed": "redeployed", "trial_failed": "trial_failed",
    "post_held": "posts_held", "post_released": "posts_released", "post_advertised": "adverts",
    "campaign_failed": "campaigns_failed", "post_deleted": "posts_deleted",
    "post_created": "posts_created", "notice_given": "notices",
    "probation_passed": "probations_passed",
    "probation_failed": "probations_failed", "redundant": "redundancies_compulsory",
    "starter": "starters_other", "leaver": "leavers_training", "intake": "intake_staff",
}  # fmt: skip


def _flow_table() -> np.ndarray:
    """Flow of each (kind, cause), int64 [kinds, causes]."""
    table = np.zeros((len(KINDS), len(CAUSES)), dtype=np.int64)
    for kind, flow in _PLAIN.items():
        table[KIND[kind]] = FLOW[flow]
    for code, cause in enumerate(CAUSES):
        if cause in ROUTES:
            table[KIND["starter"], code] = FLOW[f"starters_{cause}"]
        if cause in LEAVING:
            table[KIND["leaver"], code] = FLOW[f"leavers_{cause}"]
        elif cause not in ("not_converted", "not_placed", "pipeline", "trainee"):
            table[KIND["leaver"], code] = FLOW["leavers_other"]
    table[KIND["redundant"], CAUSES.index("unreasonable_refusal")] = FLOW["redundancies_refused"]
    table[KIND["moved_sideways"], CAUSES.index("absorbed")] = FLOW["absorbed"]
    return table


_FLOW_TABLE = _flow_table()


@dataclass(frozen=True)
class Counted:
    """What each movement counts as: flow, head, FTE, and month; see `FLOWS`."""

    flow: np.ndarray
    head: np.ndarray
    fte: np.ndarray
    month: np.ndarray

    @classmethod
    def of(cls, ledger: Ledger, spells: Spells, weights: Weights) -> Counted:
        """Classify a ledger's movements."""
        moves, marks = ledger.movements, spells.marks
        flow = _FLOW_TABLE[moves["kind"], moves["cause"]]
        joined, left = (marks & JOINED) > 0, (marks & LEFT) > 0
        moved = ~joined & ~left & (spells.opened >= 0)
        kind = moves["kind"]
        flow[(kind == KIND["intake"]) & joined] = FLOW["intake_outside"]
        flow[(kind == KIND["starter"]) & moved] = FLOW["converted"]
        flow[(kind == KIND["promoted"]) & ((marks & OWN_POST) > 0)] = FLOW["progressed"]
        trains = (kind == KIND["dropped_out"]) | (kind == KIND["qualified"])
        flow[trains & left] = FLOW["leavers_training"]
        spell = np.where(spells.closed >= 0, spells.closed, spells.opened)
        return cls(
            flow=flow,
            head=take(weights.head, spell, 1),
            fte=take(weights.fte, spell, moves["fte"]),
            month=spells.month,
        )


_AT_ORIGIN = np.array(
    [
        name.startswith(("leavers_", "redundancies_"))
        or name in ("voluntary_exits", "transferred_out", "at_risk", "intake_staff")
        for name in FLOWS
    ]
)


def people_flows(one: Replication, groups: int, origin: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """`FLOWS` but the first, then `EXTRAS`, by group, int64 [flows, groups, months].

    ``origin`` and ``goal`` are the groups that a movement leaves and enters (−1: none). Month 0 is
    empty.
    """
    counted, spells, months = one.counted, one.spells, one.months
    wide = months + 1
    month = np.minimum(counted.month, months)
    at = np.where(_AT_ORIGIN[counted.flow], origin, goal)
    here = (at >= 0) & (counted.flow > 0) & (month > 0)
    key = (counted.flow * groups + at) * wide + month
    flows = np.bincount(key[here], counted.head[here], len(FLOWS) * groups * wide)
    flows = flows.reshape(len(FLOWS), groups, wide)[1:, :, :months].astype(np.int64)

    def count(which: np.ndarray, place: np.ndarray, weight: np.ndarray) -> np.ndarray:
        which = which & (place >= 0) & (month > 0)
        flat = place[which] * wide + month[which]
        found = np.bincount(flat, weight[which], groups * wide).reshape(groups, wide)
        return found[:, :months].astype(np.int64)

    marks, kind, note = spells.marks, one.ledger.movements["kind"], one.ledger.movements["note"]
    joined, left = (marks & JOINED) > 0, (marks & LEFT) > 0
    moved = (spells.closed >= 0) & (spells.opened >= 0) & (origin != goal)
    inside, outside = (marks & FILLED_INSIDE) > 0, (marks & FILLED_OUTSIDE) > 0
    timed = (inside | outside) & (kind != KIND["intake"]) & (note >= 0)
    once = np.ones(marks.size, dtype=np.int64)
    extras = {
        "joined": count(joined, goal, counted.head),
        "left": count(left, origin, counted.head),
        "moved_in": count(moved, goal, counted.head),
        "moved_out": count(moved, origin, counted.head),
        "starters_fte": count(joined & (kind == KIND["starter"]), goal, counted.fte),
        "leavers_fte": count(left & (kind != KIND["transferred_out"]), origin, counted.fte),
        "fills_inside": count(inside, goal, once),
        "fills_outside": count(outside, goal, once),
        "fills_undone": count((marks & UNFILLED) > 0, origin, once),
        "fills_timed": count(timed, goal, once),
        "fill_seconds": count(timed, goal, np.where(timed, note, 0)),
    }
    return np.concatenate([flows, np.stack([extras[name] for name in EXTRAS])])
