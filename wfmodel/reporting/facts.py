"""Facts: what a report says about one scenario, read from the results by the names of measures."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.disclosure.rule import EVERYTHING, Rule, publishing, rule_of
from wfmodel.results import Results
from wfmodel.results.targets import probability, together
from wfmodel.scenario.schema import Scenario

POINTS = 0.1
"""A chance that low-confidence inputs move by more than this is shown as a range."""
FUTURES = 50
"""With fewer futures the halves of an input hold too few for a chance to be told apart."""


class Facts:
    """One scenario of some results; ``base`` are the facts it is compared with, if any.

    Paths are float64 [replications, months + 1]; replications share their luck with the base's.
    ``published`` says whether small counts are hidden; by default where a batch runs us.
    """

    def __init__(
        self,
        results: Results,
        name: str,
        base: Facts | None = None,
        *,
        published: bool | None = None,
    ) -> None:
        self.results = results
        self.name = name
        self.base = base
        self.published = publishing() if published is None else published

    @cached_property
    def rule(self) -> Rule:
        """Which counts of people are hidden."""
        return rule_of(self.scenario, self.published)

    @cached_property
    def scenario(self) -> Scenario:
        """The resolved scenario."""
        return self.results.scenario(self.name)

    @property
    def start(self) -> dt.date:
        """The first day."""
        return self.scenario.horizon.start

    @property
    def months(self) -> int:
        """Months to the horizon."""
        return self.scenario.horizon.months

    @property
    def closing_day(self) -> str:
        """The last day, in words."""
        return words.month_end(self.start, self.months)

    @cached_property
    def services(self) -> dict[str, str]:
        """Titles of the services by name."""
        inputs = self.results.inputs(self.name)
        return {name: inputs.workforce.services.get(name, name) for name in inputs.services}

    def paths(self, measure: str, dimension: str = "council", group: str = "all") -> np.ndarray:
        """A measure by replication and month."""
        return self.results.series(measure, self.name, dimension=dimension, group=group)

    def at_end(self, measure: str, dimension: str = "council", group: str = "all") -> np.ndarray:
        """A measure at the horizon, by replication."""
        return self.paths(measure, dimension, group)[:, -1]

    def total(self, *measures: str, dimension: str = "council", group: str = "all") -> np.ndarray:
        """Flows added up over the whole run, by replication."""
        whole = [np.nansum(self.paths(m, dimension, group), axis=1) for m in measures]
        return np.sum(whole, axis=0)

    @cached_property
    def financial_years(self) -> np.ndarray:
        """Financial year of each month, int64 [months]."""
        calendar = self.scenario.calendar
        return np.array([calendar.month_year(m) for m in range(self.months)], dtype=np.int64)

    def by_year(self, measure: str) -> dict[int, np.ndarray]:
        """A flow added up by financial year, each [replications]."""
        monthly = np.nan_to_num(self.paths(measure)[:, 1:])
        years = self.financial_years
        return {int(y): monthly[:, years == y].sum(axis=1) for y in np.unique(years)}

    @cached_property
    def last_year(self) -> int:
        """The last financial year that the run holds whole; else the last."""
        years = [int(year) for year in np.unique(self.financial_years)]
        return max(filter(self.holds_whole, years), default=years[-1])

    def holds_whole(self, year: int) -> bool:
        """Whether all twelve months of a financial year are run."""
        return int((self.financial_years == year).sum()) == 12

    @cached_property
    def targets(self) -> pd.DataFrame:
        """The targets with their chances, a row each."""
        return self.results.targets(self.name)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The targets, a mapping each."""
        return [{str(k): v for k, v in row.items()} for row in self.targets.to_dict("records")]

    @property
    def met(self) -> int:
        """How many targets are met in at least half of the futures."""
        return sum(row["probability"] >= 0.5 for row in self.rows)

    def brief(self, target: Mapping[str, Any]) -> str:
        """The chance of a target where there is little room; a range where an input moves it."""
        if wide := self.moved.get(target["name"]):
            return words.brief_range(wide["low"], wide["high"])
        return words.brief_chance(target["probability"])

    @cached_property
    def together(self) -> float:
        """Chance that all targets are met in the same future; those never defined are left out."""
        return self._together[0]

    @property
    def precision(self) -> float:
        """How exactly that chance is known, its standard error."""
        return self._together[1]

    @cached_property
    def _together(self) -> tuple[float, float]:
        found = together(self.results.run(self.name))
        if found is None:
            return float("nan"), float("nan")
        return probability(int((found.met & found.known).sum()), int(found.known.sum()))

    @cached_property
    def together_moved(self) -> Mapping[str, Any]:
        """What `moved` says of one target, of all of them together; empty where nothing does."""
        return self._widest(self.results.together_ranges(self.name)).get("", {})

    def goals(self, measure: str) -> dict[int, float]:
        """Values to reach of a measure of the whole council, by month."""
        rows = self.targets[(self.targets["measure"] == measure) & (self.targets["scope"] == "all")]
        found = dict(zip(rows["month"].astype(int), rows["value"].astype(float), strict=True))
        return dict(sorted(found.items()))

    @cached_property
    def moved(self) -> Mapping[str, Mapping[str, Any]]:
        """Targets whose chance low-confidence inputs move by more than ten points.

        By name: the ``low`` and ``high`` chance and the ``input`` that moves it most. With many
        inputs some would do so by accident, so only what is beyond that counts; with few
        futures nothing can be.
        """
        return self._widest(self.results.target_ranges(self.name))

    def _widest(self, ranges: pd.DataFrame) -> dict[str, Mapping[str, Any]]:
        """By name the range of the input that moves a chance most, where that is no accident."""
        from wfmodel.reporting.assumptions import spelt
        from wfmodel.reporting.drivers import flagged

        found: dict[str, Mapping[str, Any]] = {}
        if len(self.paths("fte")) < FUTURES:
            return found
        for row in flagged(ranges, POINTS).to_dict("records"):  # the widest come first
            path = str(row["input"])
            shown = {str(key): value for key, value in row.items()}
            said = {"input": spelt(path, self.scenario), "path": path}
            found.setdefault(str(row["name"]), shown | said)
        return found


def middle(values: np.ndarray) -> tuple[float, float, float]:
    """Median, 10th and 90th percentile; undefined where nothing is defined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, median, high = np.nanpercentile(np.asarray(values, dtype=np.float64), (10, 50, 90))
    return float(median), float(low), float(high)


def ranged(values: np.ndarray, rule: Rule = EVERYTHING) -> str:
    """Median with the range of eight in ten futures; of people as a ``rule`` has it.

    >>> ranged(np.arange(11))
    '5 (1 to 9)'
    """
    if rule.small(float(np.mean(values))):
        return rule.hidden
    median, low, high = (
        rule.hidden if rule.small(value) else words.number(value) for value in middle(values)
    )
    return median if low == high == median else f"{median} ({low} to {high})"
