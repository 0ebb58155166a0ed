"""A plan's claims put to the model: in how many futures each holds, and what it would take."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, get_args

import numpy as np
import pandas as pd

from wfmodel import experiment
from wfmodel.analysis.answers import (
    CHANCE,
    FAILS,
    HOLDS,
    SURE,
    UNKNOWN,
    Answer,
    Leaning,
    Read,
)
from wfmodel.analysis.checking import check_figures, readings
from wfmodel.analysis.claims import Asked, Claim, Claims, demanded
from wfmodel.analysis.solving import Found, find_value
from wfmodel.errors import InputError, Problem
from wfmodel.results.measures import FLOW, measure, nearest
from wfmodel.results.reach import reaches
from wfmodel.results.results import Results
from wfmodel.results.run import Run
from wfmodel.results.sensitivity import drivers, noise_of
from wfmodel.results.targets import outcome, probability
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Dimension, Scenario

SEARCH = 100
"""Replications at most of one step of a search for the value that a claim needs."""
OVERRIDE = "claim"
"""The name under which a claim is made a target of its scenario."""


def judge_claims(
    claims: Claims, replications: int | None = None, seed: int | None = None, jobs: int = 1
) -> list[Answer]:
    """Every claim and finding of a council put to the model, in the order of the file.

    Each scenario is run once, all on the same luck; replications and seed default to those of the
    scenario as today. Raises `InputError` where a claim asks for what a scenario does not have.
    """
    loaded = {name: _loaded(claims, name) for name in claims.scenarios}
    _check(claims, loaded)
    own = loaded[claims.said.base].run
    count = own.replications if replications is None else replications
    luck = own.seed if seed is None else seed
    results = experiment.run(
        list(loaded.values()), count, luck, jobs=jobs, measures=sorted(_measures(claims))
    )
    court = _Court(claims, results, count, luck, jobs)
    return [court.judge(name, claim) for name, claim in claims]


def _loaded(claims: Claims, name: str) -> Scenario:
    """A scenario that keeps the dimensions that are asked for beside its own."""
    scenario = load_scenario(claims.figures.scenario(name))
    asked = {dimension for _, reading in _readings(claims) for dimension in _dimensions(reading)}
    detail = sorted((asked | set(scenario.run.detail)) & set(get_args(Dimension)))
    run = scenario.run.model_copy(update={"detail": detail})
    return scenario.model_copy(update={"run": run})


def _readings(claims: Claims) -> Iterator[tuple[str, Asked]]:
    for name, claim in claims:
        if claim.simulated is not None:
            yield name, claim.simulated


def _dimensions(asked: Asked) -> set[str]:
    return {asked.dimension} | ({asked.per.dimension} if asked.per else set())


def _measures(claims: Claims) -> set[str]:
    found: set[str] = set()
    for _, asked in _readings(claims):
        found |= {asked.measure} | ({asked.per.measure} if asked.per else set())
    return found


def _check(claims: Claims, loaded: dict[str, Scenario]) -> None:
    """Raise InputError with every claim that asks for what its scenario does not have."""
    problems = []
    for name, claim in claims:
        place = f"{claims.path}: {name}"
        goal, asked = claim.target, claim.simulated
        if goal is not None and goal.name not in (targets := loaded[goal.scenario].targets):
            near = nearest(goal.name, list(targets)) or "none"
            what = f"{goal.scenario} has no target {goal.name}, the nearest is {near}"
            problems.append(Problem(f"{place}.target", what))
        if asked is None:
            continue
        for scenario in filter(None, (asked.scenario, asked.less_in)):
            months = loaded[scenario].horizon.months
            if asked.month is not None and asked.month > months:
                what = f"month {asked.month} is after the horizon of {scenario}, {months}"
                problems.append(Problem(f"{place}.simulated", what))
    if problems:
        raise InputError(problems)


@dataclass
class _Court:
    """What a council's claims are judged with."""

    claims: Claims
    results: Results
    replications: int
    seed: int
    jobs: int

    def judge(self, name: str, claim: Claim) -> Answer:
        """The answer to one claim."""
        if claim.scenario is None:
            return Answer(name, claim, *self._of_figure(claim))
        run = self.results.run(claim.scenario)
        read = self._asked(run, claim)
        known = np.isfinite(read.values) & ~np.isnan(read.least) & ~np.isnan(read.most)
        if not known.any():
            return Answer(name, claim, UNKNOWN, "what it asks for is undefined in every future")
        leaning, unknowns = self._leaning(run, claim, read.values)
        read = replace(
            read, values=read.values[known], least=read.least[known], most=read.most[known]
        )
        chance, error = probability(int(read.met.sum()), read.met.size)
        verdict = HOLDS if chance >= SURE else FAILS if chance <= 1 - SURE else CHANCE
        needed, given = self._needed(run.scenario, claim, verdict)
        return Answer(
            name, claim, verdict, "", run.scenario, self._beside(claim), read, chance, error,
            leaning, unknowns, needed, given,
        )  # fmt: skip

    def _beside(self, claim: Claim) -> Scenario | None:
        """The scenario that is taken away."""
        other = claim.simulated.less_in if claim.simulated is not None else None
        return self.results.scenario(other) if other else None

    def _of_figure(self, claim: Claim) -> tuple[str, str]:
        """The verdict on a claim that is its figure, and why."""
        figure = self.claims.figure(claim)
        assert figure is not None
        if figure.where is None:
            return UNKNOWN, figure.why or ""
        if demanded(figure):
            assert figure.where.stated is not None
            path, file = (
                figure.where.stated.path,
                self.claims.figures.stated_in(figure.where.stated),
            )
            what = f"the plan gives no value; it can be judged once {path} stands in {file.name}"
            return UNKNOWN, what
        found = self.checked[self.checked["figure"] == claim.figure]
        agrees = bool(found["holds"].all())
        said = found.loc[found["holds"].astype(bool) == agrees, "said"]
        return HOLDS if agrees else FAILS, "; ".join(one.split(": ", 1)[1] for one in said)

    @cached_property
    def checked(self) -> pd.DataFrame:
        """Every figure of the plan against the model."""
        return check_figures(self.claims.figures.path, self.replications, self.jobs)

    def _asked(self, run: Run, claim: Claim) -> Read:
        """What is read in each replication, and what is claimed of it."""
        last = run.scenario.horizon.months
        if claim.target is not None:
            found = outcome(run, claim.target.name)
            target = run.scenario.targets[claim.target.name]
            free = np.full(found.goal.size, math.inf)
            ceiling = target.at_most is not None
            least, most = (-free, found.goal) if ceiling else (found.goal, free)
            month = last if target.month is None else target.month
            return Read(found.value, least, most, measure(target.measure).unit, month)
        asked = claim.simulated
        assert asked is not None
        values = self._values(run, asked)
        if asked.less_in is not None:
            values = values - self._values(self.results.run(asked.less_in), asked)
        low, high = claim.between or (-math.inf, math.inf)
        if claim.at_least is not None:
            low = self.claims.number(claim.at_least)
        if claim.at_most is not None:
            high = self.claims.number(claim.at_most)
        limits = np.full(values.size, low), np.full(values.size, high)
        return Read(values, *limits, unit_of(asked), last if asked.month is None else asked.month)

    def _values(self, run: Run, asked: Asked) -> np.ndarray:
        """A reading in one scenario, divided by its divisor."""
        values = readings(run, asked)
        if asked.divisor is None:
            return values
        by = readings(run, asked.divisor)
        return np.divide(values, by, out=np.full(values.size, math.nan), where=by != 0)

    def _leaning(self, run: Run, claim: Claim, values: np.ndarray) -> tuple[Leaning | None, int]:
        """The input that the values follow beyond chance, and how many could be it."""
        target = run.scenario.targets[claim.target.name] if claim.target else claim.simulated
        assert target is not None
        known = measure(target.measure)
        plain = claim.simulated is None or claim.simulated.per is None
        found = drivers(run, values)
        if plain:
            found = found.loc[[reaches(str(path), known) for path in found["input"]]]
        beyond = found[found["z"].abs() > noise_of(len(found))].to_dict("records")
        if not beyond:
            return None, len(found)
        first = beyond[0]
        path, low, high = str(first["input"]), float(first["at_low"]), float(first["at_high"])
        return Leaning(path, low, high), len(found)

    def _needed(self, scenario: Scenario, claim: Claim, verdict: str) -> tuple[Found | None, Any]:
        """Where the lever that a claim names would make it hold, and where it stands."""
        needs = claim.needs
        if needs is None or verdict == HOLDS:
            return None, None
        goal = claim.goal
        assert goal is not None
        overrides: dict[str, Any] = {}
        name = claim.target.name if claim.target else OVERRIDE
        if goal:
            key = "at_least" if claim.at_least is not None else "at_most"
            limit = claim.at_least if claim.at_least is not None else claim.at_most
            assert limit is not None
            goal = {k: v for k, v in goal.items() if v is not None}
            overrides[f"targets.{name}"] = {**goal, key: self.claims.number(limit)}
        ready = load_scenario(scenario.path or "", overrides)
        found = find_value(
            ready, needs.lever, name, needs.probability, needs.within,
            min(self.replications, SEARCH), self.seed, self.jobs, overrides,
        )  # fmt: skip
        return found, _given(ready, needs.lever)


def unit_of(asked: Asked) -> str:
    """The unit of a reading; the difference of two shares is in ``points``, as a share of 1."""
    known = measure(asked.measure)
    if asked.per is not None:
        return "£" if known.unit == "£" else "ratio"
    is_apart = asked.less_in is not None or (asked.since is not None and known.kind != FLOW)
    return "points" if known.unit == "share" and is_apart else known.unit


def _given(scenario: Scenario, path: str) -> float | None:
    """The number that stands at a path; None where it is spread, or no number."""
    found: Any = scenario
    for step in path.split("."):
        if isinstance(found, dict):
            found = next(value for key, value in found.items() if str(key) == step)
        else:
            found = found[int(step)] if isinstance(found, list) else getattr(found, step)
    central = getattr(found, "central", found)
    return float(central) if isinstance(central, int | float) else None
