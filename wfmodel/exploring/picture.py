"""The picture: what the explorer tells of two runs on common luck, as plain numbers.

Charts, tables and sentences are all made from it, so that they say the same.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from wfmodel.exploring import shown
from wfmodel.reporting import words
from wfmodel.reporting.steps import AMONG_LEAVERS
from wfmodel.results.groups import ALL
from wfmodel.results.measures import measure
from wfmodel.results.run import Run
from wfmodel.results.targets import outcome, probability, scope_of
from wfmodel.scenario.schema import Scenario

QUANTILES = (10, 25, 50, 75, 90)
WORTH = 2.0
"""Standard errors beyond which a difference is told as one."""


class Scope(NamedTuple):
    """Whom a chart is about: the council, a service or a role."""

    dimension: str = "council"
    group: str = ALL


COUNCIL = Scope()


class Chance(NamedTuple):
    """The chance of one target, with what it was in the starting scenario.

    ``change_se`` is the standard error of the difference, replication by replication.
    """

    name: str
    title: str
    now: float
    se: float
    before: float
    change_se: float

    @property
    def change(self) -> float:
        """Difference to the starting scenario."""
        return self.now - self.before

    @property
    def is_changed(self) -> bool:
        """Whether the difference is more than chance would show."""
        return abs(self.change) > WORTH * self.change_se and self.change != 0


class Year(NamedTuple):
    """Money of one financial year, £: recurring cost with its range, one-off cost, budget (NaN
    where none is given), and the starting scenario's recurring cost."""

    year: int
    months: int
    recurring: float
    low: float
    high: float
    one_off: float
    budget: float
    before: float


class Hole(NamedTuple):
    """Vacancy rate of one group at the end: mean, range, and the starting scenario's mean."""

    group: str
    title: str
    mean: float
    low: float
    high: float
    before: float


class Difference(NamedTuple):
    """A measure's difference to the starting scenario over the run, on common luck."""

    name: str
    title: str
    unit: str
    mean: float
    low: float
    high: float
    se: float

    @property
    def is_certain(self) -> bool:
        """Whether the mean difference is more than chance would show."""
        return abs(self.mean) > WORTH * self.se and self.mean != 0


@dataclass
class Picture:
    """What is on screen: the runs of the levers as they stand and of the starting scenario, the
    measure that is charted, and whom it is about."""

    own: Run
    start: Run
    measure: str = "fte"
    scope: Scope = COUNCIL

    @property
    def scenario(self) -> Scenario:
        """The scenario as the levers stand."""
        return self.own.scenario

    @property
    def is_changed(self) -> bool:
        """Whether a lever stands elsewhere than in the starting scenario."""
        return self.own is not self.start

    @property
    def futures(self) -> int:
        """How many futures it rests on."""
        return len(self.own.numbers)

    @cached_property
    def services(self) -> dict[str, str]:
        """Titles of the services by name."""
        inputs = self.own.inputs
        return {name: inputs.workforce.services.get(name, name) for name in inputs.services}

    @cached_property
    def roles(self) -> dict[str, str]:
        """Titles of the roles by name."""
        return {
            name: role.title or words.capital(words.plain(name))
            for name, role in self.scenario.roles.items()
        }

    def called(self, scope: Scope) -> str:
        """A scope by its title."""
        if scope.dimension == "council":
            return "the whole council"
        titles = self.services if scope.dimension == "service" else self.roles
        return titles.get(scope.group, scope.group)

    def bands(self, run: Run) -> np.ndarray:
        """The charted measure's percentiles by month, float64 [5, months + 1]; see `QUANTILES`."""
        return percentiles(run.series(self.measure, *self.scope))

    def goals(self) -> dict[int, float]:
        """Values to reach of the charted measure in its scope, by month."""
        found = {}
        for name, target in self.scenario.targets.items():
            if target.measure == self.measure and scope_of(target) == self.scope:
                month = self.scenario.horizon.months if target.month is None else target.month
                found[month] = float(np.nanmean(outcome(self.own, name).goal))
        return dict(sorted(found.items()))

    @cached_property
    def chances(self) -> list[Chance]:
        """The targets with their chances, in the scenario's order."""
        found = []
        for name, target in self.scenario.targets.items():
            now, before = outcome(self.own, name), outcome(self.start, name)
            chance, se = probability(int(now.met.sum()), int(now.known.sum()))
            old, _ = probability(int(before.met.sum()), int(before.known.sum()))
            both = now.known & before.known
            gap = now.met[both].astype(float) - before.met[both]
            found.append(Chance(name, target.title, chance, se, old, standard_error(gap)))
        return found

    @cached_property
    def together(self) -> tuple[float, float]:
        """Chance that all targets hold in one future: now, and in the starting scenario."""
        return together(self.own), together(self.start)

    @cached_property
    def years(self) -> list[Year]:
        """Money by financial year."""
        calendar = self.scenario.calendar
        of_month = np.array([calendar.month_year(m) for m in range(calendar.months)])
        found = []
        for year in np.unique(of_month).tolist():
            here = of_month == year

            def total(run: Run, name: str, here: np.ndarray = here) -> np.ndarray:
                return np.nan_to_num(run.series(name)[:, 1:][:, here]).sum(axis=1)

            cost, budget = total(self.own, "recurring_cost_gbp"), total(self.own, "budget_gbp")
            low, high = np.percentile(cost, (10, 90))
            found.append(
                Year(
                    year=year,
                    months=int(here.sum()),
                    recurring=float(cost.mean()),
                    low=float(low),
                    high=float(high),
                    one_off=float(total(self.own, "one_off_cost_gbp").mean()),
                    budget=float(budget.mean()) if budget.any() else float("nan"),
                    before=float(total(self.start, "recurring_cost_gbp").mean()),
                )
            )
        return found

    @cached_property
    def bridge(self) -> tuple[float, dict[str, float], float]:
        """Headcount of the scope: opening, steps, closing; mean of all futures."""
        total = self._total
        steps = {title: total(name) for name, title in shown.JOINING.items()}
        gone = {name: total(name) for name in shown.GOING}
        other = total("leavers") - sum(gone[name] for name in AMONG_LEAVERS)
        steps |= {title: -gone[name] for name, title in shown.GOING.items()}
        heads = np.nanmean(self.own.series("headcount", *self.scope), axis=0)
        opening, closing = float(heads[0]), float(heads[-1])
        steps["Other leavers"] = -other
        rest = closing - opening - sum(steps.values())
        if abs(rest) > 1e-6:
            steps["Training that ends, hours that change"] = rest
        return opening, {k: v for k, v in steps.items() if abs(v) > 1e-9}, closing

    def _total(self, name: str) -> float:
        """A flow of the scope over the whole run, mean of all futures."""
        if name.startswith("moved_") and self.scope.dimension == "council":
            return 0.0
        return float(np.nansum(self.own.series(name, *self.scope), axis=1).mean())

    @cached_property
    def holes(self) -> list[Hole]:
        """Services by their vacancy rate at the end, the worst first."""
        found = []
        for name, title in self.services.items():
            values = self.own.series("vacancy_rate", "service", name)[:, -1]
            known = values[np.isfinite(values)]
            if not known.size:
                continue
            low, high = np.percentile(known, (10, 90))
            before = self.start.series("vacancy_rate", "service", name)[:, -1]
            found.append(
                Hole(name, title, float(known.mean()), float(low), float(high), _mean(before))
            )
        return sorted(found, key=lambda hole: -hole.mean)

    @cached_property
    def differences(self) -> list[Difference]:
        """Differences to the starting scenario, stocks at the end and flows over the whole run."""
        found = []
        for name in shown.DIFFERENCES:
            asked = measure(name)
            now, before = self.own.series(name), self.start.series(name)
            gap = now - before
            gap = np.nansum(gap, axis=1) if shown.is_flow(name) else gap[:, -1]
            gap = gap[np.isfinite(gap)]
            if not gap.size or not (np.nansum(np.abs(now)) or np.nansum(np.abs(before))):
                continue
            low, high = np.percentile(gap, (10, 90))
            found.append(
                Difference(
                    name, asked.title, asked.unit, float(gap.mean()), float(low), float(high),
                    standard_error(gap),
                )
            )  # fmt: skip
        return found


def together(run: Run) -> float:
    """Chance that all targets of a run hold in the same future; NaN where it has none."""
    found = [outcome(run, name) for name in run.scenario.targets]
    found = [one for one in found if one.known.any()]
    if not found:
        return float("nan")
    known = np.logical_and.reduce([one.known for one in found])
    met = np.logical_and.reduce([one.met for one in found])
    return probability(int(met[known].sum()), int(known.sum()))[0]


def percentiles(series: np.ndarray) -> np.ndarray:
    """Percentiles by month; undefined where nothing is defined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanpercentile(series, QUANTILES, axis=0)


def standard_error(values: np.ndarray) -> float:
    """Standard error of a mean; 0 of fewer than two values."""
    return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else 0.0


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")
