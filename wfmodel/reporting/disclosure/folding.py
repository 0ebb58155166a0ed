"""Folding: small kinds of a flow are told as one, so that a chart has no hole to measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from wfmodel.reporting.disclosure.rule import Rule


def folded(
    parts: Mapping[str, np.ndarray],
    other: str,
    rule: Rule,
    counts: Callable[[np.ndarray], np.ndarray] = np.abs,
) -> dict[str, np.ndarray]:
    """Kinds of a flow by title, those with a small count in some period added up as ``other``.

    ``counts`` says what is published of a kind, float [periods]; ``other`` may be among the parts.
    It takes in the smallest of the rest while it is small itself, so that what is folded can't be
    told from it; a small one that is left is all there is.

    >>> parts = {"a": np.array([9.0]), "b": np.array([2.0]), "c": np.array([0.0])}
    >>> folded(parts, "other", Rule(5, 10, 5))
    {'c': array([0.]), 'other': array([11.])}
    """

    def small(values: np.ndarray) -> bool:
        return any(rule.small(float(value)) for value in counts(values))

    kept = {title: values for title, values in parts.items() if title == other or not small(values)}
    gone = [values for title, values in parts.items() if title not in kept]
    if gone:
        kept[other] = sum(gone, start=kept.get(other, np.zeros_like(gone[0])))
    while other in kept and small(kept[other]):
        rest = [title for title, values in kept.items() if title != other and counts(values).any()]
        if not rest:
            break
        least = min(rest, key=lambda title: float(counts(kept[title]).sum()))
        kept[other] = kept[other] + kept.pop(least)
    return kept
