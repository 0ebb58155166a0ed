"""What would meet a target: the value of one lever at which it is met with a chosen probability.

Every value is tried on the same luck, so that two answers differ by the lever alone and not by
chance; how far chance still blurs the answer is said beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from wfmodel import experiment
from wfmodel.errors import InputError
from wfmodel.results.measures import nearest
from wfmodel.results.targets import table
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario

STEPS = 12
"""Halvings: the answer is known to a four-thousandth of the lever's range."""
WIDTH = 2.0
"""Standard errors of a chance between which it is taken to lie."""


@dataclass(frozen=True)
class Tried:
    """One value of the lever with the chance that the target is met there, and its standard
    error."""

    value: float
    probability: float
    se: float


@dataclass(frozen=True)
class Found:
    """Where a target is met with a probability: ``value``, or None where no value of the range
    does.

    Chance leaves it open between ``low`` and ``high``. ``best`` is the value of the range with the
    highest chance that was tried, ``tried`` all of them, rising.
    """

    lever: str
    target: str
    probability: float
    value: float | None
    low: float | None
    high: float | None
    best: Tried
    tried: tuple[Tried, ...] = field(repr=False)

    @property
    def reached(self) -> bool:
        """Whether some value of the range meets the target with the probability."""
        return self.value is not None

    @property
    def table(self) -> pd.DataFrame:
        """What was tried: value, probability, standard error."""
        rows = [(t.value, t.probability, t.se) for t in self.tried]
        return pd.DataFrame(rows, columns=["value", "probability", "se"])


def find_value(
    scenario: Scenario,
    lever: str,
    target: str,
    probability: float,
    within: tuple[float, float] | None = None,
    replications: int = 400,
    seed: int | None = None,
    jobs: int = 1,
    overrides: Mapping[str, Any] | None = None,
) -> Found:
    """The value of ``lever``, a dotted path, at which ``target`` is met with ``probability``.

    ``within`` is the range that is searched; by default the interval that the scenario gives the
    lever. Whole numbers stay whole. ``overrides`` are other levers as they stand. The chance is
    taken to rise or to fall all along the range. Raises InputError where the scenario has no such
    target, lever or range.
    """
    search = _Search(
        scenario, lever, target, probability, replications, seed, jobs, dict(overrides or {})
    )
    low, high = within or search.interval()
    if not low < high:
        raise InputError(lever, f"{low:g} to {high:g} is no range, the first must be the smaller")
    return search.between(low, high)


class _Search:
    def __init__(
        self,
        scenario: Scenario,
        lever: str,
        target: str,
        probability: float,
        replications: int,
        seed: int | None,
        jobs: int,
        overrides: dict[str, Any],
    ) -> None:
        if scenario.path is None:
            raise InputError(scenario.name, "has no file, a scenario read from a file is needed")
        if target not in scenario.targets:
            known = nearest(target, list(scenario.targets)) if scenario.targets else "none"
            raise InputError(
                f"{scenario.path}: targets", f"has no {target!r}, the nearest is {known}"
            )
        if not 0 < probability < 1:
            raise InputError("probability", f"is {probability}, allowed is above 0 and below 1")
        self.scenario, self.lever, self.target, self.wanted = scenario, lever, target, probability
        self.replications, self.seed, self.jobs = replications, seed, jobs
        self.overrides, self.tried = overrides, dict[float, Tried]()
        self.given = _at(scenario, lever)
        self.is_whole = isinstance(self.given, int)

    def interval(self) -> tuple[float, float]:
        """The interval that the scenario gives the lever."""
        if isinstance(self.given, Quantity) and self.given.is_unknown:
            low, _, high = self.given.range
            return low, high
        raise InputError(self.lever, "has no interval in the scenario, say within which to search")

    def chance(self, value: float) -> Tried:
        """The chance of the target at a value, tried once."""
        value = float(round(value)) if self.is_whole else value
        if value not in self.tried:
            stated = int(value) if self.is_whole else value
            changed = load_scenario(
                self.scenario.path or "", {**self.overrides, self.lever: stated}
            )
            run = experiment.run(
                changed, self.replications, self.seed, jobs=self.jobs, measures=()
            ).run()
            rows = table(run).set_index("name").loc[[self.target]]
            found, se = float(rows["probability"].iloc[0]), float(rows["se"].iloc[0])
            if math.isnan(found):
                raise InputError(
                    f"{self.scenario.path}: targets.{self.target}",
                    f"is undefined where {self.lever} is {value:g}",
                )
            self.tried[value] = Tried(value, found, se)
        return self.tried[value]

    def between(self, low: float, high: float) -> Found:
        """Bisect, and say how far chance leaves the answer open."""
        ends = self.chance(low), self.chance(high)
        rises = ends[1].probability >= ends[0].probability
        value = self._crossing(low, high, rises, 0.0)
        bounds: list[float] = []
        if value is not None:
            for errors in (-WIDTH, WIDTH):
                found = self._crossing(low, high, rises, errors)
                beyond = high if (errors > 0) == rises else low
                bounds.append(beyond if found is None else found)
        tried = tuple(sorted(self.tried.values(), key=lambda t: t.value))
        best = max(tried, key=lambda t: t.probability)
        open_from, open_to = (min(bounds), max(bounds)) if bounds else (None, None)
        return Found(self.lever, self.target, self.wanted, value, open_from, open_to, best, tried)

    def _crossing(self, low: float, high: float, rises: bool, errors: float) -> float | None:
        """Where the chance, less so many of its standard errors, reaches what is wanted."""

        def reaches(value: float) -> bool:
            found = self.chance(value)
            return found.probability - errors * found.se >= self.wanted

        worst, best = (low, high) if rises else (high, low)
        if not reaches(best):
            return None
        if reaches(worst):
            return worst
        for _ in range(STEPS):
            middle = (worst + best) / 2
            if self.is_whole and abs(best - worst) <= 1:
                break
            if reaches(middle):
                best = middle
            else:
                worst = middle
        return float(round(best)) if self.is_whole else best


def _at(scenario: Scenario, path: str) -> Any:
    """What stands at a dotted path of a scenario; InputError where there is nothing."""
    found: Any = scenario
    for step in path.split("."):
        if isinstance(found, dict):
            found = next((found[key] for key in found if str(key) == step), None)
        elif isinstance(found, list):
            found = found[int(step)] if step.isdecimal() and int(step) < len(found) else None
        else:
            found = getattr(found, f"{step}_" if step == "schema" else step, None)
        if found is None:
            place = f"{scenario.path or scenario.name}: {path}"
            raise InputError(place, "is not given in the scenario")
    return found
