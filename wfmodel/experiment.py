"""Experiments: scenarios run many times on common luck, over the machine's cores.

A replication is a pure function of (scenario, seed, replication number), so results are the same
for any number of jobs and any order. What grows with the number of replications are measures,
never movements.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

import joblib
import numpy as np

from wfmodel.errors import InputError
from wfmodel.results.measured import keys_of, plan_of
from wfmodel.results.measures import MEASURES, measure, nearest
from wfmodel.results.results import Results
from wfmodel.results.run import Number, Run
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
    """What a simulation is: one replication's ledger, given or lent until the next is made."""

    def __call__(
        self, inputs: Inputs, vector: np.ndarray, replication: Number, seed: int, lend: bool = False
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
    measures: Sequence[str] | None = None,
) -> Results:
    """Run scenarios and fold their measures.

    ``replications`` is how many (numbered from 0), or their numbers, each an int or three for
    (unknowns, market, chance); like ``seed`` it defaults to the scenario's own. ``jobs`` are
    processes (0 and below: as many as cores, less). With ``precision`` replications are added
    until every target's standard error is below it, never fewer than 400. ``progress`` is called
    with (done, total). ``measures`` names all that is wanted beside the targets' own: less is
    quicker and smaller. Raises InputError before anything runs.
    """
    asked = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    _check(asked, replications, jobs, precision)
    _check_measures(measures)
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
            wanted = Wanted(own, simulation, kept(inputs.scenario, measures), keep_ledgers)
            one = _run(pool, inputs, numbers, wanted, count)
            while precision is not None and not _precise(one, precision):
                more = [*one.numbers, *range(len(one.numbers), len(one.numbers) + STEP)]
                count.add(STEP)
                added = _run(pool, inputs, more[-STEP:], wanted, count)
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


def _check_measures(measures: Sequence[str] | None) -> None:
    for name in measures or ():
        try:
            measure(name)
        except KeyError:
            near = nearest(name, list(MEASURES))
            raise InputError("measures", f"{name!r} is not known; nearest is {near}") from None


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


@dataclass(frozen=True)
class Wanted:
    """What is wanted of every replication: its seed and simulation, and what is kept of it."""

    seed: int
    simulation: str
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


def _run(
    pool: joblib.Parallel, inputs: Inputs, numbers: list[Number], wanted: Wanted, count: _Count
) -> Run:
    """All replications of one scenario, block by block, in order."""
    began = time.perf_counter()
    keys = keys_of(inputs, wanted.measures)
    values = np.empty((len(numbers), len(keys), inputs.calendar.months + 1))
    vectors = np.empty((len(numbers), len(inputs.numbers.index)))
    ledgers: list[Ledger] = []
    # the first one alone: it compiles, once
    blocks = [numbers[:1], *(numbers[n : n + BLOCK] for n in range(1, len(numbers), BLOCK))]
    first = block(inputs, blocks[0], wanted)
    tasks = (joblib.delayed(block)(inputs, some, wanted) for some in blocks[1:])
    done = 0
    for part in chain([first], pool(tasks)):
        here = slice(done, done + len(part[0]))
        values[here], vectors[here] = part[0], part[1]
        ledgers += part[2]
        done = here.stop
        count.tell(len(part[0]))
    seconds = time.perf_counter() - began
    return Run(inputs, wanted.seed, numbers, keys, values, vectors, seconds, ledgers)


def block(
    inputs: Inputs, numbers: Sequence[Number], wanted: Wanted
) -> tuple[np.ndarray, np.ndarray, list[Ledger]]:
    """Measures [replications, keys, months + 1], drawn numbers [replications, numbers], ledgers
    where kept.

    A replication's ledger is folded as soon as it is simulated; where it is not kept, it is lent.
    """
    simulate = simulation_named(wanted.simulation)
    vectors: list[np.ndarray] = []
    ledgers: list[Ledger] = []

    def simulated() -> Iterator[tuple[np.ndarray, Ledger]]:
        for number in numbers:
            vector, ledger = _ledger(simulate, inputs, number, wanted.seed, not wanted.ledgers)
            vectors.append(vector[: len(inputs.numbers.index)])  # constants follow what is named
            if wanted.ledgers:
                ledgers.append(ledger)
            yield vector, ledger

    values = plan_of(inputs, wanted.measures).fold(simulated(), len(numbers))
    return values, np.array(vectors), ledgers


def _ledger(
    simulate: Simulate, inputs: Inputs, number: Number, seed: int, lend: bool = False
) -> tuple[np.ndarray, Ledger]:
    vector = inputs.numbers.draw(seed, number if isinstance(number, int) else number[0])
    return vector, simulate(inputs, vector, number, seed, lend)


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
