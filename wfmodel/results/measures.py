"""Measures: each defined once, with its published definition, its unit, and by what it exists."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from wfmodel.results import money, staff, work
from wfmodel.results.fold import Statistics
from wfmodel.results.groups import (
    CELL_DIMENSIONS,
    FUNDING,
    GRADE,
    MANAGERS,
    PEOPLE_DIMENSIONS,
    PIPELINE,
)

Compute = Callable[[Statistics], np.ndarray]

STOCK, FLOW, ROLLING, RATIO = "stock", "flow", "rolling", "ratio"
"""Kinds: read at the month end; counted within the month; over 12 months; a ratio at the month
end.
"""

REACH = {
    "council": ("council",),
    "services": ("council", "service"),
    "pipelines": ("council", PIPELINE),
    "cells": CELL_DIMENSIONS,
    "money": (*CELL_DIMENSIONS, FUNDING),
    "people": (*CELL_DIMENSIONS, *PEOPLE_DIMENSIONS, FUNDING),
    "members": (*CELL_DIMENSIONS, *(d for d in PEOPLE_DIMENSIONS if d != "age_band"), FUNDING),
    "represented": (*CELL_DIMENSIONS, GRADE),
}
"""The dimensions by which a measure exists."""


@dataclass(frozen=True)
class Measure:
    """One measure. ``definition`` says what is counted; ``main`` ones are stored by service too."""

    name: str
    title: str
    unit: str
    kind: str
    dimensions: tuple[str, ...]
    definition: str
    compute: Compute
    main: bool = False

    def of(self, statistics: Statistics) -> np.ndarray:
        """Its values, float64 [groups, months + 1]; NaN where it is undefined or does not exist."""
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.array(self.compute(statistics), dtype=np.float64)
        values[~np.isfinite(values)] = np.nan
        values[~statistics.groups.mask(self.dimensions)] = np.nan
        if self.kind == FLOW:
            values[:, 0] = np.nan
        if self.kind == ROLLING:
            values[:, :12] = np.nan
        return values


def _registry() -> dict[str, Measure]:
    rows = [*staff.DEFINED, *work.DEFINED, *money.DEFINED]
    found = {}
    for name, title, unit, kind, reach, main, definition, compute in rows:
        assert name not in found, name
        found[name] = Measure(name, title, unit, kind, REACH[reach], definition, compute, main)
    for name, title in (
        ("female", "Women"),
        ("ethnic_minority", "Ethnic minority"),
        ("disabled", "Disabled"),
    ):
        share = found[f"{name}_share"]
        found[f"{share.name}_managers"] = _of_grade(share, MANAGERS, f"{title} among managers")
    return found


def _of_grade(share: Measure, grade: str, title: str) -> Measure:
    """A share of representation, for the council, among those of a grade and above."""

    def compute(statistics: Statistics) -> np.ndarray:
        values = np.full((len(statistics.groups.keys), statistics.starts.size), np.nan)
        for place in statistics.groups.find(GRADE, grade):
            values[0] = share.of(statistics)[place]
        return values

    among = "managers" if grade == MANAGERS else f"grade {grade} and above"
    return replace(
        share,
        name=f"{share.name}_grade_{grade}" if grade != MANAGERS else f"{share.name}_managers",
        title=title, dimensions=("council",), definition=f"{share.definition} Among {among}.",
        compute=compute, main=False,
    )  # fmt: skip


MEASURES = _registry()
"""Every measure by name, in the order in which results hold them."""


def measure(name: str) -> Measure:
    """The measure of a name; also ``<share>_grade_<n>``. KeyError with the nearest name where
    there is none.
    """
    if name in MEASURES:
        return MEASURES[name]
    graded = re.fullmatch(r"((?:female|ethnic_minority|disabled)_share)_grade_(\d+)", name)
    if graded:
        share = MEASURES[graded[1]]
        return _of_grade(share, graded[2], f"{share.title}, grade {graded[2]} and above")
    raise KeyError(nearest(name, list(MEASURES)))


def nearest(name: str, allowed: list[str]) -> str:
    """The allowed name that is most like ``name``.

    >>> nearest("headcont", ["fte", "headcount"])
    'headcount'
    """
    return difflib.get_close_matches(name, allowed, n=1, cutoff=0.0)[0] if allowed else ""
