"""What would meet a target: the value of one lever at which it is met with a chosen probability.

Every value is tried on the same luck, so that two answers differ by the lever alone and not by
chance; how far chance still blurs the answer is said beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from wfmodel import experiment
from wfmodel.errors import InputError
from wfmodel.results.measures import nearest
from wfmodel.results.run import Run
from wfmodel.results.targets import outcome, probability
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario

SCANNED = 5
"""Values that are tried across the range before the search closes in."""
STEPS = 10
"""Halvings of the gap between two of them: the answer is known to a four-thousandth of the range.
"""
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

    Chance leaves it open between ``low`` and ``high``. ``best`` is the value with the highest
    chance that was tried, ``tried`` all of them, rising.
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

    def __str__(self) -> str:
        what = f"{self.target} with a chance of {self.probability:.0%}"
        if self.value is None:
            ends = f"{self.tried[0].value:g} to {self.tried[-1].value:g}"
            return (
                f"{what} cannot be reached within the range of {self.lever}, {ends}; the best is "
                f"{self.best.probability:.0%} (± {self.best.se:.1%}) at {self.best.value:g}"
            )
        return f"{what} at {self.lever} {self.value:.4g} ({self.low:.4g} to {self.high:.4g})"

    def _repr_html_(self) -> str:
        shown = self.table.to_html(
            index=False, border=0, float_format=lambda number: f"{number:.4g}"
        )
        return f"<p>{escape(str(self))}.</p>{shown}"


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
    told: Callable[[Tried], None] | None = None,
) -> Found:
    """The value of ``lever``, a dotted path, at which ``target`` is met with ``probability``.

    ``within`` is the range that is searched; by default the interval that the scenario gives the
    lever. Whole numbers stay whole. ``overrides`` are other levers as they stand; ``told`` is
    called with every value that is tried. The range is scanned, then halved between the best value
    and the end that is further from it in chance: of two answers, the one on that side is given.
    Raises InputError where the scenario has no such target, lever or range.
    """
    search = _Search(
        scenario, lever, target, probability, replications, seed, jobs, dict(overrides or {}), told
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
        wanted: float,
        replications: int,
        seed: int | None,
        jobs: int,
        overrides: dict[str, Any],
        told: Callable[[Tried], None] | None,
    ) -> None:
        if scenario.path is None:
            raise InputError(scenario.name, "has no file, a scenario read from a file is needed")
        if target not in scenario.targets:
            known = nearest(target, list(scenario.targets)) if scenario.targets else "none"
            raise InputError(
                f"{scenario.path}: targets", f"has no {target!r}, the nearest is {known}"
            )
        if not 0 < wanted < 1:
            raise InputError("probability", f"is {wanted}, allowed is above 0 and below 1")
        self.scenario, self.lever, self.target, self.wanted = scenario, lever, target, wanted
        self.replications, self.seed, self.jobs, self.told = replications, seed, jobs, told
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
            self.tried[value] = self._try(value)
            if self.told is not None:
                self.told(self.tried[value])
        return self.tried[value]

    def _try(self, value: float) -> Tried:
        stated = int(value) if self.is_whole else value
        changed = load_scenario(self.scenario.path or "", {**self.overrides, self.lever: stated})
        run: Run = experiment.run(
            changed, self.replications, self.seed, self.jobs, "compiled", measures=()
        ).run()
        met = outcome(run, self.target)
        found, se = probability(int(met.met.sum()), int(met.known.sum()))
        if math.isnan(found):
            raise InputError(
                f"{self.scenario.path}: targets.{self.target}",
                f"is undefined where {self.lever} is {value:g}",
            )
        return Tried(value, found, se)

    def between(self, low: float, high: float) -> Found:
        """Scan, bisect, and say how far chance leaves the answer open."""
        scanned = [self.chance(v) for v in np.linspace(low, high, SCANNED).tolist()]
        best = max(scanned, key=lambda t: t.probability)
        ends = (scanned[0], scanned[-1])
        worst = min((end for end in ends), key=lambda t: t.probability)
        path = [t for t in scanned if (t.value - best.value) * (t.value - worst.value) <= 0]
        path.sort(key=lambda t: abs(t.value - best.value))
        value = self._crossing(path, 0.0)
        bounds = []
        if value is not None:
            for errors in (-WIDTH, WIDTH):
                there = self._crossing(path, errors)
                bounds.append(best.value if there is None else there)
        tried = tuple(sorted(self.tried.values(), key=lambda t: t.value))
        best = max(tried, key=lambda t: t.probability)
        open_from, open_to = (min(bounds), max(bounds)) if bounds else (None, None)
        return Found(self.lever, self.target, self.wanted, value, open_from, open_to, best, tried)

    def _crossing(self, path: list[Tried], errors: float) -> float | None:
        """Where, from the best of the path towards its worst, the chance less so many standard
        errors is last enough; None where not even the best's is."""

        def enough(tried: Tried) -> bool:
            return tried.probability - errors * tried.se >= self.wanted

        if not enough(path[0]):
            return None
        short = next((n for n, tried in enumerate(path) if not enough(tried)), None)
        if short is None:
            return path[-1].value
        good, bad = path[short - 1].value, path[short].value
        for _ in range(STEPS):
            if self.is_whole and abs(good - bad) <= 1:
                break
            middle = (good + bad) / 2
            if enough(self.chance(middle)):
                good = middle
            else:
                bad = middle
        return float(round(good)) if self.is_whole else good


def _at(scenario: Scenario, path: str) -> Any:
    """What stands at a dotted path of a scenario; InputError where there is nothing."""
    found: Any = scenario
    for step in path.split("."):
        if isinstance(found, dict):
            # what all roles share stands in any of them
            found = next((found[key] for key in found if step in (str(key), "*")), None)
        elif isinstance(found, list | tuple):
            found = found[int(step)] if step.isdecimal() and int(step) < len(found) else None
        else:
            found = getattr(found, f"{step}_" if step == "schema" else step, None)
        if found is None:
            place = f"{scenario.path or scenario.name}: {path}"
            raise InputError(place, "is not given in the scenario")
    return found
