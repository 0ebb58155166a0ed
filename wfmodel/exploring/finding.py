"""Finding: the value of one lever that meets a target, and what the chance costs along it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from wfmodel.analysis.solving import Found, Tried, find_value
from wfmodel.errors import InputError
from wfmodel.exploring.choices import State
from wfmodel.exploring.futures import Futures
from wfmodel.exploring.levers import Lever
from wfmodel.exploring.session import Session
from wfmodel.reporting import words
from wfmodel.results.targets import outcome, probability

SEARCHED = 400
"""Futures of each value that is tried."""
POINTS, EACH = 9, 200
"""Values along the frontier, and futures of each."""


@dataclass(frozen=True)
class Point:
    """One value of a lever: the chance of the target there with its standard error, and the mean
    recurring cost, £, of the last whole year."""

    value: float
    chance: float
    se: float
    cost: float


def can_be_found(lever: Lever) -> bool:
    """Whether a lever has a range in which a value can be sought."""
    return lever.kind in ("number", "whole") and lever.low < lever.high


def find(
    session: Session,
    path: str,
    target: str,
    wanted: float,
    replications: int = SEARCHED,
    told: Callable[[Tried], None] | None = None,
) -> Found:
    """The value of a lever at which a target is met with the chance that is wanted, all other
    levers as they stand; see `wfmodel.analysis.solving.find_value`."""
    lever = session.lever(path)
    if not can_be_found(lever):
        raise InputError(path, "has no range in which a value could be sought")
    state = {p: v for p, v in session.choices.now.items() if p != path}
    low: Any = int(lever.low) if lever.kind == "whole" else lever.low
    scenario = session.scenario({**state, path: low})
    return find_value(
        scenario,
        path,
        target,
        wanted,
        within=(lever.low, lever.high),
        replications=replications,
        seed=session.seed,
        overrides=session.overrides(state),
        told=told,
    )


def told(found: Found, lever: Lever, title: str) -> str:
    """What a search came to, in sentences."""
    chance = words.percent(found.probability)
    name = f"{lever.part}: {words.small(lever.label)}"
    ends = f"{lever.written(lever.low)} to {lever.written(lever.high)}"
    if found.value is None:
        best = found.best
        return (
            f"“{title}” cannot be reached with a chance of {chance} within the range of “{name}”, "
            f"{ends}. The best is {words.brief_chance(best.probability)} "
            f"(± {words.number(200 * best.se, 0)} points), at {lever.written(best.value)}."
        )
    text = (
        f"“{title}” is met with a chance of {chance} at {lever.written(found.value)} of “{name}”."
    )
    if found.low is not None and found.high is not None and found.low < found.high:
        low, high = lever.written(found.low), lever.written(found.high)
        text += f" Chance leaves it open between {low} and {high}."
    at = min(found.tried, key=lambda tried: abs(tried.value - found.value))  # type: ignore[operator]
    return f"{text} There the chance is {words.brief_chance(at.probability)}."


def frontier(
    session: Session, path: str, target: str, count: int = POINTS, each: int = EACH,
    stop: threading.Event | None = None,
) -> list[Point]:  # fmt: skip
    """What the chance of a target costs along the range of a lever, all others as they stand."""
    lever = session.lever(path)
    values = np.linspace(lever.low, lever.high, count)
    whole = lever.kind == "whole"
    found = []
    for value in dict.fromkeys(round(float(v)) if whole else float(v) for v in values):
        state: State = {**session.choices.now, path: value}
        futures = Futures(
            session.scenario(state), ("recurring_cost_gbp", "budget_gbp"), session.seed
        )
        run = futures.extend(each, stop)
        met = outcome(run, target)
        chance, se = probability(int(met.met.sum()), int(met.known.sum()))
        found.append(Point(float(value), chance, se, last_cost(run)))
    return found


def last_cost(run: Any) -> float:
    """Mean recurring cost of the last whole financial year of a run; NaN where none is run."""
    calendar = run.scenario.calendar
    years = np.array([calendar.month_year(month) for month in range(calendar.months)])
    whole = [year for year in np.unique(years) if (years == year).sum() == 12]
    if not whole:
        return float("nan")
    monthly = np.nan_to_num(run.series("recurring_cost_gbp")[:, 1:])
    return float(monthly[:, years == whole[-1]].sum(axis=1).mean())
