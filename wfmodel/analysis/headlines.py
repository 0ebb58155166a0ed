"""Headline numbers: the few figures by which one run is told from another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from wfmodel.results import targets
from wfmodel.results.measures import FLOW, measure
from wfmodel.results.run import Run

CHANCE = "chance"
YEAR, WHOLE = "in the last 12 months", "over the whole run"
MEASURED = (
    ("fte", ""),
    ("recurring_cost_gbp", YEAR),
    ("one_off_cost_gbp", WHOLE),
    ("agency_gbp", YEAR),
    ("redundancies_compulsory", WHOLE),
    ("voluntary_exits", WHOLE),
    ("vacancy_rate", ""),
)
"""Measures beside the targets, each with the time that a flow of it is added up over."""
MEASURES = tuple(name for name, _ in MEASURED)


class Headline(NamedTuple):
    """A headline number; ``values`` are float64 [replications], whose mean it is.

    ``unit`` is the measure's, or `CHANCE` of a target, whose mean is then its chance to the digit.
    """

    name: str
    title: str
    unit: str
    values: np.ndarray


def headlines(run: Run) -> Iterator[Headline]:
    """The headline numbers of a run, targets first."""
    for name, target in run.scenario.targets.items():
        found = targets.outcome(run, name)
        count = int(found.known.sum())
        # so that the mean is (k + 2) / (n + 4), as everywhere
        values = np.where(found.known, (found.met * count + 2) / (count + 4), np.nan)
        yield Headline(f"target {name}", f"Chance of: {target.title}", CHANCE, values)
    end = run.scenario.horizon.months
    for name, over in MEASURED:
        asked, series = measure(name), run.series(name)
        if asked.kind == FLOW and over == WHOLE:
            values = np.nansum(series[:, 1:], axis=1)
        else:
            values = targets.reading(series, asked, end)
        yield Headline(name, f"{asked.title} {over or 'at the end'}", asked.unit, values)
