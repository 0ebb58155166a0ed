"""Targets: how likely each is reached, how precisely that is known, and how far a miss falls
short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfmodel.errors import InputError, Problem
from wfmodel.results.groups import ALL
from wfmodel.results.measures import FLOW, MEASURES, ROLLING, Measure, measure, nearest
from wfmodel.results.run import Run
from wfmodel.scenario.context import Target
from wfmodel.scenario.schema import Scenario

YEAR_MONTHS = 12
SLACK = 1e-9
"""Relative difference below which a value is taken to reach its goal: rounding of divisions."""

COLUMNS = [
    "name", "title", "measure", "scope", "month", "comparator", "value", "unit", "probability",
    "se",
    "mean", "shortfall_mean", "proposed_by", "number", "relative_to", "met", "replications",
]  # fmt: skip


def check_targets(scenario: Scenario) -> None:
    """Raise InputError with everything wrong with the targets; meant to be called before a run."""
    problems = [
        Problem(_place(scenario, name), what)
        for name, target in scenario.targets.items()
        if (what := _fault(scenario, target))
    ]
    if problems:
        raise InputError(problems)


def _place(scenario: Scenario, name: str) -> str:
    return f"{scenario.path or scenario.name}: targets.{name}"


def _fault(scenario: Scenario, target: Target) -> str:
    """What is wrong with a target, or nothing."""
    try:
        asked = measure(target.measure)
    except KeyError:
        near = nearest(target.measure, list(MEASURES))
        return f"measure {target.measure!r} is not known; nearest is {near}"
    dimension, _ = scope_of(target)
    months = scenario.horizon.months
    month = months if target.month is None else target.month
    if dimension not in asked.dimensions:
        exists = ", ".join(asked.dimensions)
        return f"measure {asked.name} has no values by {dimension}; it exists by {exists}"
    if target.scope.role and target.scope.role not in scenario.roles:
        near = nearest(target.scope.role, list(scenario.roles))
        return f"scope.role {target.scope.role!r} is not among the roles; nearest is {near}"
    if month > months:
        return f"month {month} is after the horizon, allowed is 0 to {months}"
    if asked.kind == FLOW and month == 0:
        return f"measure {asked.name} counts what happens within months, so month must be 1 or more"
    if asked.kind == ROLLING and month < YEAR_MONTHS:
        return f"measure {asked.name} covers 12 months, so month must be 12 or more"
    return _fault_of_base(scenario, target, asked)


def _fault_of_base(scenario: Scenario, target: Target, asked: Measure) -> str:
    if target.relative_to == "start" and asked.kind in (FLOW, ROLLING):
        return (
            f"measure {asked.name} has no value at the start; "
            "allowed is relative_to first_year, budget or value"
        )
    if target.relative_to == "first_year" and scenario.horizon.months < YEAR_MONTHS:
        return (
            f"relative_to first_year needs 12 months or more, there are {scenario.horizon.months}"
        )
    if target.relative_to == "budget":
        if scenario.budget is None:
            return "relative_to budget needs a budget in the scenario"
        if asked.unit != "£" or asked.kind != FLOW:
            return f"relative_to budget goes with a cost, {asked.name} is not one"
    return ""


def scope_of(target: Target) -> tuple[str, str]:
    """Dimension and group of a target."""
    if target.scope.service:
        return "service", target.scope.service
    if target.scope.role:
        return "role", target.scope.role
    return "council", ALL


def reading(series: np.ndarray, asked: Measure, month: int) -> np.ndarray:
    """A measure as a target reads it, float64 [replications].

    A flow is added up over the 12 months to ``month`` (from the start, where there are fewer);
    anything else is read at the month end.
    """
    if asked.kind != FLOW:
        return series[:, month]
    first = max(1, month - YEAR_MONTHS + 1)
    return series[:, first : month + 1].sum(axis=1) if month else series[:, 0]


@dataclass(frozen=True)
class Outcome:
    """One target in every replication: the ``value`` read, the ``goal`` it is compared with,
    whether ``met``.

    float64 and bool [replications]; ``known`` is where the value is defined.
    """

    value: np.ndarray
    goal: np.ndarray
    met: np.ndarray
    known: np.ndarray


def outcome(run: Run, name: str) -> Outcome:
    """How a target came out in each replication of a run."""
    target = run.scenario.targets[name]
    asked, (dimension, group) = measure(target.measure), scope_of(target)
    month = run.scenario.horizon.months if target.month is None else target.month
    series = run.series(asked.name, dimension, group)
    value = reading(series, asked, month)
    at_most = target.at_most is not None
    number = run.drawn(f"targets.{name}.{'at_most' if at_most else 'at_least'}")
    if target.relative_to == "budget":
        base = reading(run.series("budget_gbp", dimension, group), measure("budget_gbp"), month)
    else:
        months = {"value": None, "start": 0, "first_year": YEAR_MONTHS}[target.relative_to]
        base = np.ones(value.size) if months is None else reading(series, asked, months)
    goal = number * base
    slack = SLACK * np.maximum(np.abs(goal), np.abs(value))
    known = np.isfinite(value) & np.isfinite(goal)
    with np.errstate(invalid="ignore"):
        met = value <= goal + slack if at_most else value >= goal - slack
    return Outcome(value, goal, met & known, known)


def together(run: Run) -> Outcome | None:
    """All targets in one: met where all are, known where all are known. Those that are never
    defined are left out; None where no target is left.
    """
    found = [
        one for one in (outcome(run, name) for name in run.scenario.targets) if one.known.any()
    ]
    if not found:
        return None
    nothing = np.full(found[0].met.size, math.nan)
    known = np.logical_and.reduce([one.known for one in found])
    return Outcome(nothing, nothing, np.logical_and.reduce([one.met for one in found]), known)


def probability(met: int, replications: int) -> tuple[float, float]:
    """Chance of reaching a target and its standard error, from ``met`` of ``replications``.

    (k + 2) ÷ (n + 4) and the standard error that goes with it (Agresti and Coull, 1998): sensible
    even where every replication agrees. NaN where there is no replication.

    >>> [round(x, 4) for x in probability(200, 200)]
    [0.9902, 0.0069]
    """
    if replications == 0:
        return math.nan, math.nan
    p = (met + 2) / (replications + 4)
    return p, math.sqrt(p * (1 - p) / (replications + 4))


def table(run: Run) -> pd.DataFrame:
    """The targets of a run, a row each.

    ``value`` is the goal in the measure's unit (its mean, where it is relative); ``number`` is
    what the scenario states; ``shortfall_mean`` how far the value is from the goal where it is
    missed, always above 0.
    """
    rows = []
    for name, target in run.scenario.targets.items():
        found, asked = outcome(run, name), measure(target.measure)
        dimension, group = scope_of(target)
        count, met = int(found.known.sum()), int(found.met.sum())
        chance, error = probability(met, count)
        missed = found.known & ~found.met
        short = np.abs(found.value - found.goal)[missed]
        comparator = "at_most" if target.at_most is not None else "at_least"
        number = run.drawn(f"targets.{name}.{comparator}")
        rows.append(
            (
                name, target.title, asked.name,
                group if dimension == "council" else f"{dimension} {group}",
                run.scenario.horizon.months if target.month is None else target.month, comparator,
                _mean(found.goal[found.known]), asked.unit, chance, error,
                _mean(found.value[found.known]),
                _mean(short), target.proposed_by, float(np.mean(number)), target.relative_to, met,
                count,
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else math.nan
