"""Which mix among those who join a group would bring it to a share of a characteristic, and when.

Nobody's chances depend on a characteristic in the model, so who stays and how many places open is
simulated once, and what the mix of those who take them does is worked out exactly. The answers are
mixes of applicants and appointments over all vacancies, never quotas for one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import binom, hypergeom

from wfmodel.errors import InputError
from wfmodel.results.results import Run
from wfmodel.results.spells import replay
from wfmodel.simulation.ledger import OPENING

STEPS = 40
"""Halvings of the interval in which a mix is sought."""


def newcomers(run: Run, roles: Sequence[str], months: Sequence[int]) -> pd.DataFrame:
    """Who holds one of ``roles`` at month ends: heads, a row a replication and month.

    ``opening`` is how many held one at the start, ``stayed`` how many of them still do, ``inside``
    how many came from another role of the council, ``outside`` the rest. Raises InputError where
    the run kept no ledgers.
    """
    if not run.ledgers:
        raise InputError(run.scenario.name, "kept no ledgers; run it with keep_ledgers=True")
    names = run.inputs.roles
    group = np.isin(np.arange(len(names)), [names.index(role) for role in roles])
    rows = []
    for number, ledger in zip(run.numbers, run.ledgers, strict=True):
        spells = replay(run.inputs, ledger)
        table = spells.table
        placed = table["cell"] >= 0
        cell = np.where(placed, spells.cells[np.where(placed, table["cell"], 0)], -1)
        main = placed & (table["head"] == 1)
        within = main & group[np.where(cell >= 0, cell % len(names), 0)]
        first = np.full((2, ledger.people.size), np.iinfo(np.int64).max)
        for place, of in enumerate((main, within)):
            np.minimum.at(first[place], table["person"][of], spells.opens[of])
        from_inside = (first[0] < first[1]) | (ledger.people["origin"] == OPENING)
        held = within & (spells.opens == 0)
        at_start = np.zeros(ledger.people.size, dtype=bool)
        at_start[table["person"][held]] = True
        for month in months:
            now = within & (spells.opens <= month) & (month < spells.closes)
            there = np.unique(table["person"][now])
            stayed = int(at_start[there].sum())
            inside = int((from_inside & ~at_start)[there].sum())
            rows.append(
                (number, month, int(at_start.sum()), stayed, inside, there.size - stayed - inside)
            )
    columns = ["replication", "month", "opening", "stayed", "inside", "outside"]
    return pd.DataFrame(rows, columns=columns)


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
        kept = np.arange(stayed + 1)
        has = hypergeom(opening, round(share_now * opening), stayed).pmf(kept)
        more = np.convolve(
            binom(came_in, inside).pmf(np.arange(came_in + 1)),
            binom(came, outside).pmf(np.arange(came + 1)),
        )
        chances.append(float(np.convolve(has, more)[needed:].sum()))
    return float(np.mean(chances)) if chances else float("nan")


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
