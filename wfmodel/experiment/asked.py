"""What is asked of an experiment, refused in one line before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import psutil

from wfmodel.errors import InputError
from wfmodel.experiment.simulations import Simulate
from wfmodel.results.measures import MEASURES, measure, nearest
from wfmodel.results.run import Number
from wfmodel.scenario.schema import Scenario

MOST = 1_000_000
LEAST_FOR_PRECISION = 400
MOST_FOR_PRECISION = 100_000
SHARE = 0.8
"""Of the machine's memory, what measures may take at most."""


@dataclass(frozen=True)
class Wanted:
    """What is wanted of every replication: its seed and simulation, and what is kept of it."""

    seed: int
    simulation: str | Simulate
    measures: tuple[str, ...]
    ledgers: bool = False


def kept(scenario: Scenario, measures: Sequence[str] | None = None) -> tuple[str, ...]:
    """The measures that a run keeps: all, or those that are asked for; and what targets read."""
    targets = scenario.targets.values()
    read = {target.measure for target in targets}
    if any(target.relative_to == "budget" for target in targets):
        read.add("budget_gbp")
    wanted = read.union(MEASURES if measures is None else measures)
    graded = sorted(wanted.difference(MEASURES))
    return (*(name for name in MEASURES if name in wanted), *graded)


def numbers_of(
    scenario: Scenario, replications: int | Sequence[Number] | None, precision: float | None
) -> list[Number]:
    """The replications' numbers: those given, or so many from 0; with a precision 400 or more."""
    given = scenario.run.replications if replications is None else replications
    numbers: list[Number] = list(range(given)) if isinstance(given, int) else list(given)
    if precision is not None and len(numbers) < LEAST_FOR_PRECISION:
        numbers = list(range(LEAST_FOR_PRECISION))
    return numbers


def check_room(scenario: Scenario, replications: int, series: int) -> None:
    """Refuse more measures than the machine can hold: InputError.

    ``series`` is how many there are, each with its months, of every replication.
    """
    needed = replications * series * (scenario.horizon.months + 1) * np.dtype(float).itemsize
    there = psutil.virtual_memory().total
    if needed > SHARE * there:
        most = int(SHARE * there * replications / needed)
        raise InputError(
            "replications",
            f"{replications:,} of {scenario.name} with {series:,} series of measures need "
            f"{needed / 1e9:,.0f} GB; allowed are {most:,} here, more with fewer measures or less "
            "run.detail",
        )


def check(
    scenarios: Sequence[Scenario],
    replications: int | Sequence[Number] | None,
    jobs: int,
    precision: float | None,
    measures: Sequence[str] | None = None,
) -> None:
    """Refuse what can't be run: InputError."""
    _check_names([scenario.name for scenario in scenarios])
    if isinstance(replications, int) and not 1 <= replications <= MOST:
        raise InputError("replications", f"is {replications:,}, allowed is 1 to {MOST:,}")
    if not isinstance(replications, int | None) and not replications:
        raise InputError("replications", "is empty, allowed is 1 or more numbers")
    if not isinstance(jobs, int) or isinstance(jobs, bool):
        raise InputError("jobs", f"is {jobs!r}, a whole number is needed")
    if precision is not None:
        _check_precision(precision)
    for name in measures or ():
        try:
            measure(name)
        except KeyError:
            near = nearest(name, list(MEASURES))
            raise InputError("measures", f"{name!r} is not known; nearest is {near}") from None


def _check_names(names: list[str]) -> None:
    if not names:
        raise InputError("scenarios", "is empty, name one or more")
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                "scenarios", f"{name!r} stands for two scenarios, each needs a name of its own"
            )


def _check_precision(precision: float) -> None:
    if not 0 < precision <= 0.5:
        raise InputError("precision", f"is {precision}, allowed is above 0 to 0.5")
    least = int(np.ceil(0.25 / precision**2))  # enough for any chance to have this standard error
    if least > MOST_FOR_PRECISION:
        raise InputError(
            "precision",
            f"{precision} may need {least:,} replications, allowed are {MOST_FOR_PRECISION:,}",
        )
