"""Which mix among those who join a group would bring it to a share of a characteristic, and when.

Nobody's chances depend on a characteristic in the model, so who stays and how many places open is
simulated once, and what the mix of those who take them does is worked out exactly. The answers are
mixes of applicants and appointments over all vacancies, never quotas for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import binom, hypergeom

from wfmodel.errors import InputError
from wfmodel.results.run import Run
from wfmodel.simulation.ledger import KIND, OPENING, POOL, Ledger

STEPS = 24
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
    return _chance(_futures(found, share_now), target, inside, outside)


def mix_needed(found: pd.DataFrame, share_now: float, target: float, sure: float) -> float:
    """The smallest share, among all who join, at which the chance of `chance_of_share` is at least
    ``sure``; NaN where even a mix of 1 is not enough.
    """
    futures = _futures(found, share_now)
    if _chance(futures, target, 0.0, 0.0) >= sure:
        return 0.0
    if not _chance(futures, target, 1.0, 1.0) >= sure:
        return float("nan")
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        reached = _chance(futures, target, middle, middle) >= sure
        low, high = (low, middle) if reached else (middle, high)
    return high


class _Future(NamedTuple):
    """One replication: how many joined, and the weights of how many who stayed have the
    characteristic, from ``least`` on.
    """

    stayed: int
    inside: int
    outside: int
    least: int
    weights: np.ndarray


def _futures(found: pd.DataFrame, share_now: float) -> list[_Future]:
    """The replications in which somebody is there."""
    futures = []
    for row in found[["opening", "stayed", "inside", "outside"]].to_numpy().tolist():
        opening, stayed, inside, outside = row
        has = round(share_now * opening)
        part = has / max(opening, 1)
        left_over = (opening - stayed) / max(opening - 1, 1)
        least, numbers = _within(stayed * part, stayed * part * (1 - part) * left_over, stayed)
        if stayed + inside + outside:
            weights = hypergeom.pmf(numbers, opening, has, stayed)
            futures.append(_Future(stayed, inside, outside, least, weights))
    return futures


def _chance(futures: list[_Future], target: float, inside: float, outside: float) -> float:
    """The mean chance over the futures; NaN without any."""
    chances = []
    for future in futures:
        needed = int(np.ceil(target * sum(future[:3]) - 1e-9))
        first, weights = future.least, future.weights
        for came, mix in ((future.inside, inside), (future.outside, outside)):
            least, numbers = _within(came * mix, came * mix * (1 - mix), came)
            first, weights = first + least, np.convolve(weights, binom.pmf(numbers, came, mix))
        chances.append(float(weights[max(needed - first, 0) :].sum()))
    return float(np.mean(chances)) if chances else float("nan")


def _within(mean: float, variance: float, most: int) -> tuple[int, np.ndarray]:
    """The numbers of 0 to ``most`` that have any weight to speak of, the least of them first: those
    within ten standard deviations, and twenty more on either side.
    """
    away = 10.0 * np.sqrt(variance) + 20.0
    least = max(int(mean - away), 0)
    return least, np.arange(least, min(int(mean + away), most) + 1)


def applicants_needed(appointed: float, relative_success: float = 1.0) -> float:
    """The share among applicants that gives a share among those appointed, where an applicant with
    the characteristic is ``relative_success`` times as likely to be appointed as another.

    >>> round(applicants_needed(0.2), 3), round(applicants_needed(0.2, 0.6), 3)
    (0.2, 0.294)
    """
    return appointed / (appointed + relative_success * (1.0 - appointed))
