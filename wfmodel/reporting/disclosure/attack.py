"""Attack: between which bounds somebody can place a hidden count from all that is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

SLACK = 1e-6
"""How far rounding errors of a solver may lead astray."""


@dataclass(frozen=True)
class Relation:
    """What is known of several counts at once: the sum of each times its factor lies within bounds.

    ``cells`` are their places, int [n]; ``factors`` float [n].
    """

    cells: tuple[int, ...]
    factors: tuple[float, ...]
    low: float
    high: float

    @property
    def is_sum(self) -> bool:
        """Whether the counts are added up, none of them taken away."""
        return min(self.factors) > 0

    @classmethod
    def total(cls, cells: Sequence[int], value: float) -> Relation:
        """Counts that add up to a known value."""
        return cls(tuple(cells), (1.0,) * len(cells), value, value)


class Attacker:
    """Somebody who knows bounds of every count, float [cells], and how counts hang together."""

    def __init__(
        self, low: np.ndarray, high: np.ndarray, relations: Sequence[Relation], *,
        whole: bool = False,
    ) -> None:  # fmt: skip
        self.bounds = Bounds(low, high)
        self.whole = whole
        self.matrix = np.zeros((len(relations), len(low)))
        for row, relation in enumerate(relations):
            self.matrix[row, list(relation.cells)] = relation.factors
        # Of exact means the solver must not make an impossibility by an error of its own.
        edges = np.array([(relation.low, relation.high) for relation in relations]).reshape(-1, 2)
        self.edges = edges + np.array([-SLACK, SLACK])

    def interval(self, cell: int) -> tuple[float, float]:
        """The least and the most that a count can be.

        Raises ValueError where what is known contradicts itself.
        """
        aim = np.zeros(len(self.bounds.lb))
        aim[cell] = 1.0
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * aim,
                integrality=np.full(len(aim), int(self.whole)),
                bounds=self.bounds,
                constraints=LinearConstraint(self.matrix, *self.edges.T) if len(self.edges) else (),
            )
            if found.status == 3:  # nothing bounds it
                ends.append(sign * -np.inf)
            elif found.x is None:
                raise ValueError(f"count {cell} can have no value: {found.message}")
            else:
                ends.append(float(found.x[cell]))
        return ends[0], ends[1]

    def feasible(self, cell: int) -> float:
        """How many whole numbers a count can be."""
        low, high = self.interval(cell)
        return max(0.0, np.floor(high + 10 * SLACK) - np.ceil(low - 10 * SLACK) + 1)
