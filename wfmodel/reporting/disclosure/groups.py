"""Groups: which counts by characteristic, and which services, are published of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wfmodel.reporting.disclosure.attack import Relation
from wfmodel.reporting.disclosure.rule import Rule
from wfmodel.reporting.disclosure.suppression import SHOWN, Suppressed, suppressed

if TYPE_CHECKING:
    from wfmodel.reporting.facts import Facts

COLUMNS = ("Employed at the start", "Employed at the end", "Leave", "At risk", "Redundant")
START, END, LEAVE, _, REDUNDANT = range(len(COLUMNS))
ALIKE = 1e-9
FLOWS = (("leavers",), ("at_risk",), ("redundancies_compulsory", "voluntary_exits"))


def by_characteristic(facts: Facts, dimension: str) -> tuple[list[str], Suppressed]:
    """The groups of a characteristic that hold anybody, and what is published of their counts.

    Cells are the groups one after the other, each with its `COLUMNS`. What is hidden in the
    scenario that this one is compared with is hidden here too, and a column that is the same in
    both is protected against whoever reads both.
    """
    names = [
        name for name in facts.results.groups_of(dimension) if _anybody(facts, dimension, name)
    ]
    counts = np.array([_counts(facts, dimension, name) for name in names])
    values = counts.reshape(-1)
    also, beside = None, None
    if facts.rule.hides and facts.base is not None:
        also, beside = _of_base(facts.base, dimension, names, values)
    found = suppressed(
        values, _relations(counts, facts.rule), facts.rule.strict, also=also, beside=beside
    )
    return names, found


def _anybody(facts: Facts, dimension: str, group: str) -> bool:
    heads = facts.paths("headcount", dimension, group).mean(axis=0)
    return bool(heads[0] or heads[-1])


def _counts(facts: Facts, dimension: str, group: str) -> list[float]:
    """Mean counts of a group, one a column; people outgrow their age band, so no flow is of one."""
    heads = facts.paths("headcount", dimension, group).mean(axis=0)
    if dimension == "age_band":
        return [float(heads[0]), float(heads[-1]), *[float("nan")] * len(FLOWS)]
    totals = [facts.total(*names, dimension=dimension, group=group).mean() for names in FLOWS]
    return [float(heads[0]), float(heads[-1]), *map(float, totals)]


def _relations(counts: np.ndarray, rule: Rule) -> list[Relation]:
    """How the counts of a characteristic, float [groups, columns], hang together: the groups add up
    to the council, of which a small count is hidden itself; who joined was somebody; who is
    redundant leaves.
    """
    width = len(COLUMNS)
    found = []
    for column, total in enumerate(counts.sum(axis=0) if len(counts) else ()):
        if np.isfinite(total):
            cells = range(column, counts.size, width)
            low, high = (0.0, rule.threshold) if rule.small(total) else (total, total)
            found.append(Relation(tuple(cells), (1.0,) * len(cells), float(low), float(high)))
    for first in range(0, counts.size, width):
        if np.isfinite(counts[first // width]).all():
            row = counts[first // width]
            if row[END] + row[LEAVE] >= row[START]:  # not so where people are transferred out
                joined = (first + END, first + LEAVE, first + START)
                found.append(Relation(joined, (1.0, 1.0, -1.0), 0.0, np.inf))
            left = (first + LEAVE, first + REDUNDANT)
            found.append(Relation(left, (1.0, -1.0), 0.0, np.inf))
    return found


def _of_base(
    base: Facts, dimension: str, names: Sequence[str], values: np.ndarray
) -> tuple[np.ndarray | None, tuple[np.ndarray, np.ndarray] | None]:
    """What the report of the base hides, bool [cells], and the bounds by it of every column that is
    the same there: the opening counts are, and whoever sees one total twice will guess it.
    """
    if dimension not in base.scenario.run.detail:
        return None, None
    others, theirs = by_characteristic(base, dimension)
    places = np.array([others.index(name) if name in others else -1 for name in names], dtype=int)
    grid = (len(others), len(COLUMNS))
    own, known = values.reshape(-1, len(COLUMNS)), places >= 0
    also = np.zeros(own.shape, dtype=bool)
    also[known] = (theirs.state != SHOWN).reshape(grid)[places[known]]
    if not known.all() or len(names) != len(others):
        return also.reshape(-1), None
    gaps = np.abs(own - theirs.values.reshape(grid)[places])
    same = (gaps < ALIKE).all(axis=0)
    low, high = (side.reshape(grid)[places] for side in theirs.bounds())
    low, high = np.where(same, low, 0.0), np.where(same, high, np.inf)
    return also.reshape(-1), (low.reshape(-1), high.reshape(-1))


def small_services(facts: Facts) -> list[str]:
    """Services of which nothing is published, since too few people work there; by name.

    Never one alone: it could be told from the whole and the others.
    """
    if not facts.rule.hides:
        return []
    paths = {name: facts.paths("headcount", "service", name) for name in facts.services}
    heads = {name: (values[:, 0].mean(), values[:, -1].mean()) for name, values in paths.items()}
    found = [name for name, ends in heads.items() if any(map(facts.rule.small, ends))]
    if len(found) == 1 and len(heads) > 1:
        rest = [name for name in heads if name not in found]
        found.append(min(rest, key=lambda name: float(heads[name][0])))
    return found
