"""An attacker who knows whatever is published, and tries every value that a hidden count may have.

Apart from what the product itself checks: it starts from the written cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

ENOUGH = 3
ALMOST = 1e-4

Known = tuple[dict[int, float], float, float]
"""Factors of counts by their place, and the bounds of their sum."""


def column_placed(texts: Sequence[str], threshold: int, rounding: int) -> list[tuple[float, float]]:
    """What a reader knows of the counts of a column from its cells and from the rule stated under
    the table: what is "not shown" is not small where what is small is said to be so.
    """
    told = any(text.startswith("fewer than") for text in texts)
    return [placed(text, threshold if told else 0, threshold, rounding) for text in texts]


def placed(text: str, held: int, threshold: int, rounding: int) -> tuple[float, float]:
    """What is known of a single cell; a count that is held back is at least ``held``."""
    if found := re.fullmatch(r"fewer than (\d+)", text):
        return 0.0, int(found[1]) - ALMOST
    if text == "not shown":
        return float(held), np.inf
    value = float(text.replace(",", ""))
    half = rounding / 2 if value else 0.0
    return max(value - half, float(threshold)) if value else 0.0, value + half


def hidden(text: str) -> bool:
    return text == "not shown" or text.startswith("fewer than")


def adds_up(cells: Sequence[int], total: float) -> Known:
    return dict.fromkeys(cells, 1.0), total - ALMOST, total + ALMOST


def equal(one: int, other: int) -> Known:
    return {one: 1.0, other: -1.0}, -ALMOST, ALMOST


def possible(
    bounds: Sequence[tuple[float, float]], known: Sequence[Known], cell: int, truth: float,
    *, whole: bool = False,
) -> int:  # fmt: skip
    """How many whole numbers around its true value a count may have, up to enough of them."""
    matrix = np.zeros((len(known), len(bounds)))
    for row, (factors, _, _) in enumerate(known):
        matrix[row, list(factors)] = list(factors.values())
    edges = np.array([(low, high) for _, low, high in known]).reshape(-1, 2)
    lows, highs = (np.array(side, dtype=float) for side in zip(*bounds, strict=True))
    near = range(max(0, int(truth) - 40), int(truth) + 41)
    found = 0
    for value in sorted(near, key=lambda v: abs(v - truth)):
        if not lows[cell] <= value <= highs[cell]:
            continue
        low, high = lows.copy(), highs.copy()
        low[cell] = high[cell] = value
        solved = milp(
            np.zeros(len(low)),
            integrality=np.full(len(low), int(whole)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, *edges.T),
        )
        found += solved.x is not None
        if found == ENOUGH:
            break
    return found
