"""Experiments: scenarios run many times on common luck, over the machine's cores.

A replication is a pure function of (scenario, seed, replication number), so results are the same
for any number of jobs and any order. What grows with the number of replications are measures,
never movements.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import joblib
import numpy as np

from wfmodel.errors import InputError
from wfmodel.results.fold import Statistics, fold
from wfmodel.results.groups import Groups
from wfmodel.results.measures import MEASURES, Measure, measure
from wfmodel.results.results import Key, Number, Results, Run
from wfmodel.results.targets import check_targets, table
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.simulation.ledger import Ledger
from wfmodel.workforce import load_workforce

LEAST_FOR_PRECISION = 400
MOST_FOR_PRECISION = 100_000
BLOCK = 25
"""Replications that a worker does at a time: about two seconds of a council of a thousand."""
STEP = 100
"""Replications added at a time while a precision is not reached."""

Progress = Callable[[int, int], None]


class Simulate(Protocol):
    """What a simulation is: one replication's ledger."""

    def __call__(
        self, inputs: Inputs, vector: np.ndarray, replication: Number, seed: int
    ) -> Ledger: ...


def _reference() -> Simulate:
    from wfmodel.simulation.reference import simulate

    return simulate


def _compiled() -> Simulate:
    from wfmodel.simulation.compiled import simulate

    return simulate


SIMULATIONS: dict[str, Callable[[], Simulate]] = {"reference": _reference, "compiled": _compiled}
"""The simulations by name; all give identical ledgers."""


def simulation_named(name: str) -> Simulate:
    """The simulation of a name; InputError where there is none."""
    if name not in SIMULATIONS:
        raise InputError("--simulation", f"{name!r} is not one of {', '.join(SIMULATIONS)}")
    return SIMULATIONS[name]()


def run(
    scenarios: Scenario | Sequence[Scenario],
    replications: int | Sequence[Number] | None = None,
    seed: int | None = None,
    jobs: int = 1,
    simulation: str = "reference",
    precision: float | None = None,
    progress: Progress | None = None,
    keep_ledgers: bool = False,
) -> Results:
    """Run scenarios and fold their measures.

    ``replications`` is how many (numbered from 0), or their numbers, each an int or three for
    (unknowns, market, chance); like ``seed`` it defaults to the scenario's own. ``jobs`` are
    processes (0 and below: as many as cores, less). With ``precision`` replications are added
    until every target's standard error is below it, never fewer than 400. ``progress`` is called
    with (done, total). Raises InputError before anything runs.
    """
    asked = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    _check(asked, replications, jobs, precision)
    simulation_named(simulation)
    for scenario in asked:
        check_targets(scenario)
    ready = [lower(scenario, load_workforce(scenario)) for scenario in asked]
    plans = [_numbers(scenario, replications, precision) for scenario in asked]
    count = _Count(sum(map(len, plans)), progress)
    runs = []
    with joblib.Parallel(n_jobs=jobs or -1, return_as="generator") as pool:
        for inputs, numbers in zip(ready, plans, strict=True):
            own = inputs.scenario.run.seed if seed is None else seed
            one = _run(pool, inputs, numbers, own, simulation, keep_ledgers, count)
            while precision is not None and not _precise(one, precision):
                more = [*one.numbers, *range(len(one.numbers), len(one.numbers) + STEP)]
                count.add(STEP)
                added = _run(pool, inputs, more[-STEP:], own, simulation, keep_ledgers, count)
                one = _joined(one, added)
            runs.append(one)
    return Results(runs)


def trace(
    scenario: Scenario, replication: Number, seed: int | None = None, simulation: str = "reference"
) -> Ledger:
    """One replication's ledger."""
    simulate = simulation_named(simulation)
    inputs = lower(scenario, load_workforce(scenario))
    return _ledger(simulate, inputs, replication, scenario.run.seed if seed is None else seed)[1]


def _check(
    scenarios: Sequence[Scenario],
    replications: int | Sequence[Number] | None,
    jobs: int,
    precision: float | None,
) -> None:
    names = [scenario.name for scenario in scenarios]
    if not names:
        raise InputError("scenarios", "is empty, name one or more")
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                "scenarios", f"{name!r} stands for two scenarios, each needs a name of its own"
            )
    if isinstance(replications, int) and replications < 1:
        raise InputError("replications", f"is {replications}, allowed is 1 or more")
    if not isinstance(replications, int | None) and not replications:
        raise InputError("replications", "is empty, allowed is 1 or more numbers")
    if not isinstance(jobs, int) or isinstance(jobs, bool):
        raise InputError("jobs", f"is {jobs!r}, a whole number is needed")
    if precision is not None and not 0 < precision <= 0.5:
        raise InputError("precision", f"is {precision}, allowed is above 0 to 0.5")
    if precision is not None:
        least = _replications_for(precision)
        if least > MOST_FOR_PRECISION:
            raise InputError(
                "precision",
                f"{precision} may need {least:,} replications, allowed are {MOST_FOR_PRECISION:,}",
            )


def _replications_for(precision: float) -> int:
    """Replications that are enough for any chance to have this standard error."""
    return int(np.ceil(0.25 / precision**2))


def _numbers(
    scenario: Scenario, replications: int | Sequence[Number] | None, precision: float | None
) -> list[Number]:
    given = scenario.run.replications if replications is None else replications
    numbers: list[Number] = list(range(given)) if isinstance(given, int) else list(given)
    if precision is not None and len(numbers) < LEAST_FOR_PRECISION:
        numbers = list(range(LEAST_FOR_PRECISION))
    return numbers


class _Count:
    """Replications done and to do, told to whoever asked."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.total, self.progress, self.done = total, progress, 0

    def add(self, more: int) -> None:
        """More are to be done."""
        self.total += more

    def tell(self, done: int) -> None:
        """So many more are done."""
        self.done += done
        if self.progress is not None:
            self.progress(self.done, self.total)


def _run(
    pool: joblib.Parallel,
    inputs: Inputs,
    numbers: list[Number],
    seed: int,
    simulation: str,
    keep_ledgers: bool,
    count: _Count,
) -> Run:
    """All replications of one scenario, block by block, in order."""
    began = time.perf_counter()
    keys = keys_of(inputs)
    blocks = [numbers[n : n + BLOCK] for n in range(0, len(numbers), BLOCK)]
    first = block(inputs, blocks[0][:1], seed, simulation, keys, keep_ledgers)  # compiles, once
    count.tell(1)
    blocks[0] = blocks[0][1:]
    tasks = (
        joblib.delayed(block)(inputs, some, seed, simulation, keys, keep_ledgers)
        for some in blocks
        if some
    )
    parts = [first]
    for part in pool(tasks):
        parts.append(part)
        count.tell(part[0].shape[0])
    return Run(
        inputs=inputs,
        seed=seed,
        numbers=numbers,
        keys=keys,
        values=np.concatenate([part[0] for part in parts]),
        vectors=np.concatenate([part[1] for part in parts]),
        seconds=time.perf_counter() - began,
        ledgers=[ledger for part in parts for ledger in part[2]],
    )


def block(
    inputs: Inputs,
    numbers: Sequence[Number],
    seed: int,
    simulation: str,
    keys: tuple[Key, ...],
    keep_ledgers: bool,
) -> tuple[np.ndarray, np.ndarray, list[Ledger]]:
    """Measures [replications, keys, months + 1], drawn numbers [replications, numbers], ledgers
    where kept.
    """
    simulate = simulation_named(simulation)
    values = np.empty((len(numbers), len(keys), inputs.calendar.months + 1))
    vectors, ledgers = [], []
    for n, number in enumerate(numbers):
        vector, ledger = _ledger(simulate, inputs, number, seed)
        values[n] = measured(fold(inputs, vector, ledger), keys)
        vectors.append(vector[: len(inputs.numbers.index)])  # constants follow what is named
        if keep_ledgers:
            ledgers.append(ledger)
    return values, np.array(vectors), ledgers


def _ledger(
    simulate: Simulate, inputs: Inputs, number: Number, seed: int
) -> tuple[np.ndarray, Ledger]:
    vector = inputs.numbers.draw(seed, number if isinstance(number, int) else number[0])
    return vector, simulate(inputs, vector, number, seed)


def keys_of(inputs: Inputs) -> tuple[Key, ...]:
    """Every measure, dimension and group that a run keeps: by group what exists by its
    dimension.
    """
    groups = Groups.of(inputs)
    return tuple(
        (one.name, dimension, group)
        for one in _measures(inputs.scenario)
        for dimension, group in groups.keys
        if dimension in one.dimensions
    )


def _measures(scenario: Scenario) -> list[Measure]:
    """All measures, and those of a grade that targets name."""
    named = dict(MEASURES)
    for target in scenario.targets.values():
        named.setdefault(target.measure, measure(target.measure))
    return list(named.values())


def measured(statistics: Statistics, keys: tuple[Key, ...]) -> np.ndarray:
    """The values of the keys, float64 [keys, months + 1]."""
    place = {key: n for n, key in enumerate(statistics.groups.keys)}
    found: dict[str, np.ndarray] = {}
    out = np.empty((len(keys), statistics.starts.size))
    for n, (name, dimension, group) in enumerate(keys):
        if name not in found:
            found[name] = measure(name).of(statistics)
        out[n] = found[name][place[dimension, group]]
    return out


def _precise(one: Run, precision: float) -> bool:
    """Whether every target that is defined has a standard error below the precision."""
    errors = table(one)["se"].to_numpy(dtype=np.float64)
    return bool(np.all(errors[np.isfinite(errors)] < precision))


def _joined(one: Run, more: Run) -> Run:
    return replace(
        one,
        numbers=[*one.numbers, *more.numbers],
        values=np.concatenate([one.values, more.values]),
        vectors=np.concatenate([one.vectors, more.vectors]),
        seconds=one.seconds + more.seconds,
        ledgers=[*one.ledgers, *more.ledgers],
    )
