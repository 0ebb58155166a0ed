"""Which mix among those who join a group would bring it to a share of a characteristic, and when.

Nobody's chances depend on a characteristic in the model, so who stays and how many places open is
simulated once, and what the mix of those who take them does is worked out exactly. The answers are
mixes of applicants and appointments over all vacancies, never quotas for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom, hypergeom

from wfmodel.errors import InputError
from wfmodel.results.run import Run
from wfmodel.simulation.ledger import KIND, OPENING, POOL, Ledger

STEPS = 40
"""Halvings of the interval in which a mix is sought."""
MOVES_NOBODY = [
    KIND[name]
    for name in (
        "notice_given",
        "probation_passed",
        "probation_failed",
        "stepped_up",
        "coaching_start",
        "coaching_end",
    )
]
"""Movements of a person that change neither role nor employment."""


def newcomers(run: Run, roles: Sequence[str], months: Sequence[int]) -> pd.DataFrame:
    """Who is in one of ``roles`` at month ends: heads, a row a replication and month.

    ``opening`` is how many were at the start, ``stayed`` how many of them are there, ``inside`` how
    many came from another role of the council, ``outside`` the rest. Raises InputError where the
    run kept no ledgers.
    """
    if not run.ledgers:
        raise InputError(run.scenario.name, "kept no ledgers; run it with keep_ledgers=True")
    names = run.inputs.roles
    group = np.isin(np.arange(len(names)), [names.index(role) for role in roles])
    starts = run.inputs.calendar.month_starts
    rows = []
    for number, ledger in zip(run.numbers, run.ledgers, strict=True):
        person, month, role = _moves(ledger, starts, len(names))
        within = (role >= 0) & group[role]
        size = ledger.people.size
        joined, entered = _first(person, role >= 0, size), _first(person, within, size)
        from_inside = (joined < entered) | (ledger.people["origin"] == OPENING)
        at_start = _there(person, within, month <= 0, size)
        for until in months:
            there = _there(person, within, month <= until, size)
            stayed = int((there & at_start).sum())
            inside = int((there & from_inside & ~at_start).sum())
            outside = int(there.sum()) - stayed - inside
            rows.append((number, until, int(at_start.sum()), stayed, inside, outside))
    columns = ["replication", "month", "opening", "stayed", "inside", "outside"]
    return pd.DataFrame(rows, columns=columns)


def _moves(
    ledger: Ledger, starts: np.ndarray, roles: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What changes people's roles, in order of time: person, the month end from which it counts,
    and the role that they then have, −1 where they have left.
    """
    moves = ledger.movements
    target = moves["target"]
    counts = (moves["head"] == 1) & (target != POOL) & ~np.isin(moves["kind"], MOVES_NOBODY)
    moves, target = moves[counts], target[counts]
    month = np.searchsorted(starts, moves["time"], side="right")
    month[moves["kind"] == KIND["opening"]] = 0
    return moves["person"], month, np.where(target >= 0, target % roles, -1)


def _first(person: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    """By person the first of some moves, or more than there are, int64 [people]."""
    first = np.full(size, person.size)
    np.minimum.at(first, person[of], np.flatnonzero(of))
    return first


def _there(person: np.ndarray, within: np.ndarray, until: np.ndarray, size: int) -> np.ndarray:
    """Whose last move until then was into the group, bool [people]."""
    last = np.full(size, -1)
    np.maximum.at(last, person[until], np.flatnonzero(until))
    return (last >= 0) & within[last]


def chance_of_share(
    found: pd.DataFrame, share_now: float, target: float, inside: float, outside: float
) -> float:
    """The chance that a group reaches a share, over replications of `newcomers`.

    ``share_now`` of its opening members have the characteristic, ``inside`` and ``outside`` are the
    shares among those who join it from another role and from outside. NaN where nobody is there.

    >>> one = pd.DataFrame({"opening": [10], "stayed": [8], "inside": [0], "outside": [2]})
    >>> round(chance_of_share(one, 0.1, 0.2, inside=0.5, outside=0.5), 3)
    0.65
    """
    chances = []
    for opening, stayed, came_in, came in zip(
        found["opening"], found["stayed"], found["inside"], found["outside"], strict=True
    ):
        total = stayed + came_in + came
        if not total:
            continue
        needed = int(np.ceil(target * total - 1e-9))
        laws = (
            hypergeom(opening, round(share_now * opening), stayed),
            binom(came_in, inside),
            binom(came, outside),
        )
        first, weights = 0, np.ones(1)
        for law, most in zip(laws, (stayed, came_in, came), strict=True):
            least, more = _weights(law, most)
            first, weights = first + least, np.convolve(weights, more)
        chances.append(float(weights[max(needed - first, 0) :].sum()))
    return float(np.mean(chances)) if chances else float("nan")


def _weights(law: Any, most: int) -> tuple[int, np.ndarray]:
    """The least number, of 0 to ``most``, that has any weight to speak of, and the weights from it
    on: the numbers within ten standard deviations, and twenty more on either side.
    """
    mean, variance = (float(moment) for moment in law.stats("mv"))
    away = 10.0 * np.sqrt(variance) + 20.0
    least = max(int(mean - away), 0)
    return least, law.pmf(np.arange(least, min(int(mean + away), most) + 1))


def mix_needed(found: pd.DataFrame, share_now: float, target: float, sure: float) -> float:
    """The smallest share, among all who join, at which the chance of `chance_of_share` is at least
    ``sure``; NaN where even a mix of 1 is not enough.
    """

    def chance(mix: float) -> float:
        return chance_of_share(found, share_now, target, mix, mix)

    if chance(0.0) >= sure:
        return 0.0
    if not chance(1.0) >= sure:
        return float("nan")
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if chance(middle) >= sure else (middle, high)
    return high


def applicants_needed(appointed: float, relative_success: float = 1.0) -> float:
    """The share among applicants that gives a share among those appointed, where an applicant with
    the characteristic is ``relative_success`` times as likely to be appointed as another.

    >>> round(applicants_needed(0.2), 3), round(applicants_needed(0.2, 0.6), 3)
    (0.2, 0.294)
    """
    return appointed / (appointed + relative_success * (1.0 - appointed))
