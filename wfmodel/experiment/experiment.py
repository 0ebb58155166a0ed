"""Run scenarios many times, or one replication of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from wfmodel.experiment.asked import Wanted, check, check_room, kept, numbers_of
from wfmodel.experiment.compilation import compiling_once
from wfmodel.experiment.crews import Crew, crew
from wfmodel.experiment.replications import block
from wfmodel.experiment.simulations import DEFAULT, Simulate, ledger_of, simulation_named
from wfmodel.results.measured import keys_of
from wfmodel.results.results import Results
from wfmodel.results.run import Number, Run
from wfmodel.results.targets import check_targets, table
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.simulation.ledger import Ledger
from wfmodel.workforce import load_workforce

BLOCK = 50
"""Replications that are done at a time: about a tenth of a second of a council of a thousand."""
STEP = 100
"""Replications added at a time while a precision is not reached."""

Progress = Callable[[int, int], None]


def run(
    scenarios: Scenario | Sequence[Scenario],
    replications: int | Sequence[Number] | None = None,
    seed: int | None = None,
    jobs: int = 1,
    simulation: str | Simulate = DEFAULT,
    precision: float | None = None,
    progress: Progress | None = None,
    keep_ledgers: bool = False,
    measures: Sequence[str] | None = None,
    dask: str | None = None,
) -> Results:
    """Run scenarios and fold their measures.

    ``replications`` is how many (numbered from 0), or their numbers, each an int or three for
    (unknowns, market, chance); like ``seed`` it defaults to the scenario's own. ``jobs`` are cores
    (0 and below: as many as there are, less); ``dask`` is the address of a cluster that does it
    instead; ``simulation`` is a name, or your own (`wfmodel.simulation.reference.adding`). With
    ``precision`` replications are added until every target's standard error is below it, never
    fewer than 400. ``progress`` is called with (done, total). ``measures`` names all that is wanted
    beside the targets' own: less is quicker and smaller. Raises InputError before anything runs.
    """
    asked = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    check(asked, replications, jobs, precision, measures)
    simulation_named(simulation)
    for scenario in asked:
        check_targets(scenario)
    ready = [lower(scenario, load_workforce(scenario)) for scenario in asked]
    plans = [numbers_of(scenario, replications, precision) for scenario in asked]
    wants = [
        Wanted(
            one.run.seed if seed is None else seed, simulation, kept(one, measures), keep_ledgers
        )
        for one in asked
    ]
    for inputs, numbers, wanted in zip(ready, plans, wants, strict=True):
        check_room(inputs.scenario, len(numbers), len(keys_of(inputs, wanted.measures)))
    count = _Count(sum(map(len, plans)), progress)
    runs = []
    with crew(jobs, simulation, dask) as workers:
        for inputs, numbers, wanted in zip(ready, plans, wants, strict=True):
            one = _run(workers, inputs, numbers, wanted, count)
            while precision is not None and not _precise(one, precision):
                taken = len(one.numbers)
                count.add(STEP)
                added = _run(workers, inputs, list(range(taken, taken + STEP)), wanted, count)
                one = _joined(one, added)
            runs.append(one)
    return Results(runs)


def trace(
    scenario: Scenario,
    replication: Number,
    seed: int | None = None,
    simulation: str | Simulate = DEFAULT,
) -> Ledger:
    """One replication's ledger."""
    simulate = simulation_named(simulation)
    inputs = lower(scenario, load_workforce(scenario))
    return ledger_of(simulate, inputs, replication, scenario.run.seed if seed is None else seed)[1]


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
    workers: Crew, inputs: Inputs, numbers: list[Number], wanted: Wanted, count: _Count
) -> Run:
    """All replications of one scenario, block by block, in order."""
    began = time.perf_counter()
    keys = keys_of(inputs, wanted.measures)
    values = np.empty((len(numbers), len(keys), inputs.calendar.months + 1))
    vectors = np.empty((len(numbers), len(inputs.numbers.index)))
    ledgers: list[Ledger] = []
    with compiling_once(wanted.simulation):  # by the first replication, alone
        first = block(inputs, numbers[:1], wanted, values[:1])
    blocks = [numbers[n : n + BLOCK] for n in range(1, len(numbers), BLOCK)]
    done = 0
    for part in chain([first], workers.do(inputs, blocks, wanted, values[1:])):
        here = slice(done, done + len(part[0]))
        vectors[here] = part[1]
        ledgers += part[2]
        done = here.stop
        count.tell(len(part[0]))
    seconds = time.perf_counter() - began
    return Run(inputs, wanted.seed, numbers, keys, values, vectors, seconds, ledgers)


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
