"""Flows: what each movement counts as, by month and group."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import people, places, posts, rows, spells
from wfmodel.results.statistics import FEWER_HOURS, LEAVING, ROUTES, TOTALS
from wfmodel.scenario.absence import ABSENCE_KINDS
from wfmodel.simulation.ledger import CAUSES, KINDS

JOINED, LEFT, FILLED_INSIDE, FILLED_OUTSIDE, UNFILLED, CONVERTED, OWN_POST = 1, 2, 4, 8, 16, 32, 64
"""Marks of a movement, as bits; OWN_POST: the post moved with its holder."""

_PLAIN = {
    "starter": "starters_other", "leaver": "leavers_training", "voluntary_exit": "voluntary_exits",
    "redundant": "redundancies_compulsory", "transferred_in": "transferred_in",
    "transferred_out": "transferred_out", "promoted": "promoted",
    "moved_sideways": "moved_sideways", "at_risk": "at_risk", "redeployed": "redeployed",
    "trial_failed": "trial_failed", "post_advertised": "adverts",
    "campaign_failed": "campaigns_failed", "post_deleted": "posts_deleted",
    "probation_failed": "probations_failed",
}  # fmt: skip
_OF_CAUSE = {
    **{("starter", route): f"starters_{route}" for route in ROUTES},
    **{("leaver", cause): "leavers_other" for cause in CAUSES},
    **{("leaver", cause): f"leavers_{cause}" for cause in LEAVING},
    **{("leaver", cause): "leavers_training"
       for cause in ("not_converted", "not_placed", "pipeline", "trainee")},
    ("redundant", "unreasonable_refusal"): "redundancies_refused",
    ("moved_sideways", "absorbed"): "absorbed",
    **{("hours_changed", kind): f"hours_{kind}" for kind in FEWER_HOURS},
    **{("absence_start", kind): "absences" for kind in ABSENCE_KINDS},
    ("absence_start", "secondment"): "secondments",
}  # fmt: skip
"""What a movement counts as: by kind alone, or by kind and cause."""
FLOWS = (
    "",
    *dict.fromkeys((*_PLAIN.values(), *_OF_CAUSE.values())),
    "intake_outside",
    "progressed",
)
"""All that a movement may count as; the code is the place, 0 is nothing."""
FLOW = {name: code for code, name in enumerate(FLOWS)}

AT_ORIGIN, FIRST_TOLD = range(2)
FLOW_WIDTH = FIRST_TOLD + 3
"""Of a flow: whether it is counted in the groups that are left; what says where, of itself and of
what it is a part of; 0 where nobody wants it."""


def table() -> list[int]:
    """What each kind and cause of movement counts as, kind by kind."""
    return [
        FLOW[_OF_CAUSE.get((kind, cause), _PLAIN.get(kind, ""))]
        for kind in KINDS
        for cause in CAUSES
    ]


def records(wanted: set[str]) -> list[int]:
    """A record of each flow."""
    found = []
    for flow in FLOWS:
        leaves = flow in (*TOTALS["leavers"], "transferred_out", "at_risk")
        totals = [name for name, parts in TOTALS.items() if flow in parts]
        named = [name if name in wanted else "" for name in (flow, *totals, "", "")]
        found += [int(leaves), *(places.counts_of(name) if name else 0 for name in named[:3])]
    return found


_NOTHING, _INTAKE_OUTSIDE = FLOW[""], FLOW["intake_outside"]
_PROGRESSED, _LEAVES_TRAINING = FLOW["progressed"], FLOW["leavers_training"]
_JOINS, _LEAVES = places.counts_of("joined"), places.counts_of("left")
_LEAVERS_FTE, _FILL_SECONDS = places.counts_of("leavers_fte"), places.counts_of("fill_seconds")
_MOVED_IN, _MOVED_OUT = places.counts_of("moved_in"), places.counts_of("moved_out")
_INSIDE, _OUTSIDE = places.counts_of("fills_inside"), places.counts_of("fills_outside")
_UNDONE, _TIMED = places.counts_of("fills_undone"), places.counts_of("fills_timed")
_BEGAN, _ENDED = places.counts_of("pipeline_intake"), places.counts_of("pipeline_qualified")
_DROPPED_OUT = places.counts_of("pipeline_dropped_out")
_PLACES_DEFERRED = places.counts_of("pipeline_places_deferred")
_PLACES_LOST = places.counts_of("pipeline_places_lost")
_CONVERTED = places.counts_of("pipeline_converted")
_HOURS_FTE = places.counts_of("hours_reduced_fte")


@part
def count(moves, m, row):  # type: ignore[no-untyped-def]
    """Count the movement at ``row``, just replayed."""
    marks, flow = m[places.MARKS], _flow(moves, m, row)
    came_from, went_to = m[places.CAME_FROM], m[places.WENT_TO]
    if flow != _NOTHING or marks != 0:
        _count_people(moves, m, row, flow)
    kind = moves[row + rows.KIND_OF]
    if kind == rows.HOURS_CHANGED and moves[row + rows.CAUSE_OF] != rows.BLANK:
        counted = m[m[m[places.CLOSED] + spells.PERSON] + people.COUNTED]
        posts.count(m, m[_HOURS_FTE], came_from, moves[row + rows.FTE] * counted)
    if m[places.CLOSED] != 0 and m[places.OPENED] != 0 and came_from != went_to:
        head = spells.heads(m, m[places.CLOSED])
        posts.count(m, m[_MOVED_IN], went_to, head)
        posts.count(m, m[_MOVED_OUT], came_from, head)
    if marks & (FILLED_INSIDE | FILLED_OUTSIDE | UNFILLED):
        _count_fills(moves, m, row)
    if m[places.PIPELINES] > 0:
        _count_training(moves, m, row)


@phrase
def _flow(moves, m, row):  # type: ignore[no-untyped-def]
    """What a movement counts as, by its kind and cause and by what it did."""
    kind, marks = moves[row + rows.KIND_OF], m[places.MARKS]
    if kind == rows.INTAKE and marks & JOINED:
        return _INTAKE_OUTSIDE
    if kind == rows.STARTER and m[places.CLOSED] != 0:
        return _NOTHING  # a trainee takes a post
    if kind == rows.PROMOTED and marks & OWN_POST:
        return _PROGRESSED
    if (kind == rows.DROPPED_OUT or kind == rows.QUALIFIED) and marks & LEFT:
        return _LEAVES_TRAINING
    return m[m[places.FLOWS] + kind * rows.CAUSES + moves[row + rows.CAUSE_OF]]


@part
def _count_people(moves, m, row, flow):  # type: ignore[no-untyped-def]
    """Count who moves, in all groups of what they leave or of what they enter."""
    record, marks = m[places.FLOW_AT] + flow * FLOW_WIDTH, m[places.MARKS]
    leaves = m[record + AT_ORIGIN] == 1 or marks & LEFT != 0
    cell = m[places.CAME_FROM if leaves else places.WENT_TO]
    holds, groups = m[places.CLOSED if leaves else places.OPENED], m[places.LIST]
    count = spells.cell_groups(m, cell, groups) if cell >= 0 else 0
    if holds != 0:
        count += spells.own_groups(m, holds, groups + count)
    spell, head, fte = m[places.CLOSED], np.int64(1), moves[row + rows.FTE]
    if spell == 0:
        spell = m[places.OPENED]
    if spell != 0:
        head, fte = spells.heads(m, spell), spells.fte(m, spell)
    for k in range(record + FIRST_TOLD, record + FLOW_WIDTH):
        if m[k] != 0:
            _tally(m, m[m[k]], count, head)
    if marks & JOINED:
        _tally(m, m[_JOINS], count, head)
    if marks & LEFT:
        _tally(m, m[_LEAVES], count, head)
        if moves[row + rows.KIND_OF] != rows.TRANSFERRED_OUT:
            _tally(m, m[_LEAVERS_FTE], count, fte)


@phrase
def _tally(m, counts, count, amount):  # type: ignore[no-untyped-def]
    """Count an amount in the groups of the list, this month."""
    row, groups = counts + m[places.MONTH], m[places.LIST]
    for k in range(groups, groups + count):
        m[row + m[k] * m[places.WIDE]] += amount


@phrase
def _count_fills(moves, m, row):  # type: ignore[no-untyped-def]
    """Count vacancies filled, or open again after a failed trial."""
    marks, went_to, once = m[places.MARKS], m[places.WENT_TO], np.int64(1)
    if marks & UNFILLED:
        posts.count(m, m[_UNDONE], m[places.CAME_FROM], once)
    else:
        posts.count(m, m[_INSIDE if marks & FILLED_INSIDE else _OUTSIDE], went_to, once)
        if moves[row + rows.KIND_OF] != rows.INTAKE and moves[row + rows.NOTE] >= 0:
            posts.count(m, m[_TIMED], went_to, once)
            posts.count(m, m[_FILL_SECONDS], went_to, moves[row + rows.NOTE])


@part
def _count_training(moves, m, row):  # type: ignore[no-untyped-def]
    """What happens in pipelines."""
    kind, marks, event, once = moves[row + rows.KIND_OF], m[places.MARKS], -1, np.int64(1)
    pipeline = moves[row + rows.NOTE]
    if kind == rows.PLACE_DEFERRED or kind == rows.PLACE_LOST:
        event = _PLACES_DEFERRED if kind == rows.PLACE_DEFERRED else _PLACES_LOST
    else:
        if kind == rows.INTAKE:
            event = _BEGAN
        elif kind == rows.DROPPED_OUT or kind == rows.QUALIFIED:
            event = _DROPPED_OUT if kind == rows.DROPPED_OUT else _ENDED
        if event >= 0 or marks & CONVERTED:
            pipeline = m[people.at(m, moves[row + rows.PERSON]) + people.PIPELINE]
        if marks & CONVERTED:
            count_pipeline(m, m[_CONVERTED], pipeline, m[places.MONTH], once)
    if event >= 0:
        count_pipeline(m, m[event], pipeline, m[places.MONTH], once)


@part
def count_pipeline(m, counts, pipeline, month, amount):  # type: ignore[no-untyped-def]
    """Count an amount for a pipeline and for all together; pipeline −1 is left out."""
    if pipeline >= 0 and month < m[places.ENDS]:
        row = counts + month
        m[row] += amount
        m[row + (1 + pipeline) * m[places.WIDE]] += amount
