"""Suppression: which counts of a table are hidden, so that none of them can be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wfmodel.reporting import words
from wfmodel.reporting.disclosure.attack import Attacker, Relation
from wfmodel.reporting.disclosure.rule import HELD, Rule

FEWEST = 3
"""Whole numbers that a hidden count can be, at the least, for whoever knows all that is shown."""
UNDER = 1e-3
"""By how much less than a threshold a count is that lies under it."""
SHOWN, SMALL, BACK, UNTOLD = 0, 1, 2, 3
"""A count is shown; hidden for it is small, which is told; held back, to protect one that is; or
hidden, and not even told whether it is small."""


@dataclass(frozen=True)
class Suppressed:
    """Counts of one table with what is published of each: ``state`` int [cells]."""

    values: np.ndarray
    state: np.ndarray
    rule: Rule

    def text(self, cell: int) -> str:
        """A count as it is written; an en dash where it is undefined."""
        if self.state[cell] != SHOWN:
            return self.rule.hidden if self.state[cell] == SMALL else HELD
        return words.number(self.rule.rounded(float(self.values[cell])))

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """What each count can be by itself, for whoever sees what is written; float [cells] two.

        Undefined counts can be anything.
        """
        half, least = self.rule.rounding / 2, self.rule.threshold
        rounded = np.array([self.rule.rounded(float(value)) for value in self.values])
        cases = [~np.isfinite(self.values), self.values == 0, self.state == SMALL,
                 self.state == BACK, self.state == UNTOLD]  # fmt: skip
        cases[1] &= self.state == SHOWN
        low = np.select(cases, [0.0, 0.0, 0.0, least, 0.0], np.maximum(rounded - half, least))
        high = np.select(cases, [np.inf, 0.0, least - UNDER, np.inf, np.inf], rounded + half)
        return low, high


def suppressed(
    values: np.ndarray,
    relations: Sequence[Relation],
    rule: Rule,
    *,
    also: np.ndarray | None = None,
    beside: tuple[np.ndarray, np.ndarray] | None = None,
    whole: bool = False,
) -> Suppressed:
    """The counts of a table, float [cells], with the small ones hidden and protected.

    ``relations`` are what everybody knows of them, totals exactly. ``also`` bool [cells] are hidden
    whatever they are; ``beside`` (low, high) is what another page says of the same counts;
    ``whole`` are counts of single people, not means. Nobody is shown as 0 only where all that it is
    added up with are nobody too. Undefined counts stay undefined.
    """
    values = np.asarray(values, dtype=np.float64)
    state = np.zeros(len(values), dtype=np.int64)
    if not rule.hides:
        return Suppressed(values, state, rule)
    known = np.isfinite(values)
    state[known & (values < rule.threshold)] = SMALL
    for relation in relations:
        if relation.low == relation.high == 0 and relation.is_sum:
            state[list(relation.cells)] = SHOWN
    if also is not None:
        state[also & known & (state == SHOWN) & (values > 0)] = BACK
    found = Suppressed(values, state, rule)
    useless = ~known | ((values == 0) & (state == SHOWN))
    while (exposed := _exposed(found, relations, beside, whole)) is not None:
        if not _protect(exposed, found, useless, relations):
            break
    return found


def _exposed(
    found: Suppressed,
    relations: Sequence[Relation],
    beside: tuple[np.ndarray, np.ndarray] | None,
    whole: bool,
) -> int | None:
    """The first hidden count that can be placed too narrowly; None where there is none."""
    low, high = found.bounds()
    if beside is not None:
        low, high = np.maximum(low, beside[0]), np.minimum(high, beside[1])
    attacker = Attacker(low, high, relations, whole=whole)
    hidden = np.flatnonzero(found.state != SHOWN)
    return next((int(cell) for cell in hidden if attacker.feasible(int(cell)) < FEWEST), None)


def _protect(
    exposed: int, found: Suppressed, useless: np.ndarray, relations: Sequence[Relation]
) -> bool:
    """Hide more to protect an exposed count; whether there was anything left to hide.

    First the smallest of what it is added up with is held back, then not even what is small among
    them is told, then whatever else hangs together with them is held back.
    """
    state, near = found.state, {exposed}
    for ring in range(1 + len(relations)):
        sums = [r for r in relations if near.intersection(r.cells) and (ring or r.is_sum)]
        reach = near.union(*(r.cells for r in sums))
        if free := [cell for cell in reach if state[cell] == SHOWN and not useless[cell]]:
            state[min(free, key=lambda cell: (found.values[cell], cell))] = BACK
            return True
        told = [cell for cell in reach if state[cell] in (SMALL, BACK)]
        if ring == 0 and told:
            state[told] = UNTOLD
            return True
        near = reach
    return False
