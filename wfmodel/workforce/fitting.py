"""Fitting tables to margins: iterative fitting, controlled rounding, sampling to exact counts."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

ROUNDS = 5000
CLOSE = 1e-9


class Unfitted(ValueError):
    """No table with the pattern's zeros has the margins; says which falls short, and by what."""

    def __init__(self, axis: int, index: int, wanted: float, reached: float) -> None:
        self.axis, self.index, self.wanted, self.reached = axis, index, wanted, reached
        super().__init__(f"margin {index} of axis {axis} is {wanted}, reached is {reached}")


def fit(pattern: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The table nearest to ``pattern`` (in relative entropy) with the given sums, float64.

    Iterative proportional fitting: zeros of the pattern stay. Raises `Unfitted` where the zeros
    don't allow the sums, which must have one total.

    >>> fit(np.ones((2, 2)), np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    array([[0.5, 0.5],
           [1.5, 1.5]])
    """
    table = pattern.astype(np.float64)
    targets = (rows.astype(np.float64), columns.astype(np.float64))
    for _ in range(ROUNDS):
        worst = 0.0
        for axis, wanted in enumerate(targets):
            sums = table.sum(axis=1 - axis)
            factor = np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
            worst = max(worst, float(np.abs(sums - wanted).max(initial=0.0)))
            table = table * (factor[:, None] if axis == 0 else factor[None, :])
        if worst < CLOSE:
            return table
    axis = int(
        np.abs(table.sum(axis=1) - targets[0]).max() < np.abs(table.sum(axis=0) - targets[1]).max()
    )
    sums = table.sum(axis=1 - axis)
    index = int(np.argmax(np.abs(sums - targets[axis])))
    raise Unfitted(axis, index, float(targets[axis][index]), float(sums[index]))


def round_controlled(table: np.ndarray) -> np.ndarray:
    """Whole numbers, each at most one from the table's, with the same (whole) sums; int64.

    The fractions are rounded up where they are largest, subject to the sums: a transport problem,
    whose corners are whole, so that a linear programme solves it exactly.

    >>> round_controlled(np.array([[0.5, 0.5], [1.5, 1.5]])).sum(axis=1)
    array([1, 3])
    """
    low = np.floor(table + 1e-6)
    fraction = np.clip(table - low, 0.0, 1.0)
    row, column = np.nonzero(fraction > 1e-6)
    up = np.zeros(table.shape)
    if row.size:
        height, width = table.shape
        sums = np.zeros((height + width, row.size))
        sums[row, np.arange(row.size)] = 1.0
        sums[height + column, np.arange(row.size)] = 1.0
        wanted = np.rint(np.concatenate([(table - low).sum(axis=1), (table - low).sum(axis=0)]))
        # a tiny slope makes the best corner the only one
        slope = 1e-7 * np.arange(row.size) / row.size
        solved = linprog(slope - fraction[row, column], A_eq=sums, b_eq=wanted, bounds=(0, 1))
        if not solved.success:
            raise ValueError(f"the table has no controlled rounding: {solved.message}")
        up[row, column] = np.rint(solved.x)
    return (low + up).astype(np.int64)


def whole(amounts: np.ndarray, total: int) -> np.ndarray:
    """Amounts scaled to ``total`` and rounded to whole numbers by largest remainders; int64.

    >>> whole(np.array([395.55, 474.66, 8.79]), 879)
    array([395, 475,   9])
    """
    scaled = amounts * (total / amounts.sum()) if amounts.sum() > 0 else amounts * 0.0
    low = np.floor(scaled + 1e-9)
    order = np.argsort(-(scaled - low), kind="stable")
    low[order[: total - int(low.sum())]] += 1
    return low.astype(np.int64)


def share_out(weights: np.ndarray, counts: np.ndarray, order: np.ndarray, u: float) -> np.ndarray:
    """A group for each person so that group k has exactly ``counts[k]``; int64 [people].

    ``weights`` [people, groups] say how likely; they are raked to the counts. Groups are filled in
    turn by systematic sampling with unequal chances through the people in ``order``, so that each
    group spreads over them as its chances do. ``u`` (0 to 1) is the sampling's start. Raises
    `Unfitted` where the zeros of the weights don't allow the counts.
    """
    people, groups = weights.shape
    chosen = np.full(people, groups - 1, dtype=np.int64)
    open_ = np.asarray(order, dtype=np.int64)
    for group in range(groups - 1):
        chances = fit(weights[open_][:, group:], np.ones(open_.size), counts[group:])[:, 0]
        taken = systematic(chances, u)
        chosen[open_[taken]] = group
        open_ = open_[~taken]
    return chosen


def systematic(chances: np.ndarray, u: float) -> np.ndarray:
    """Exactly round(Σ chances) of them, each with its chance; bool.

    >>> systematic(np.array([0.5, 0.5, 0.9, 0.1]), 0.3)
    array([ True, False,  True, False])
    """
    total = round(float(chances.sum()))
    reached = np.cumsum(chances)
    if reached.size:
        reached *= total / reached[-1] if reached[-1] > 0 else 0.0
        reached[-1] = total
    marks = np.floor(reached - u + 1.0)
    return np.diff(marks, prepend=np.floor(1.0 - u)) > 0
