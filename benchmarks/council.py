"""A whole council: Colchester's plan over 36 months, with every measure."""

from __future__ import annotations

import time
from pathlib import Path

import wfmodel as wf
from benchmarks.suite import prepared
from benchmarks.timing import REPEATS, timed
from wfmodel.experiment import simulation_named
from wfmodel.simulation.inputs import lower
from wfmodel.workforce import load_workforce

PLAN = Path(__file__).parent.parent / "scenarios" / "colchester" / "fit_for_the_future.yaml"


def simulations() -> dict[str, float]:
    """Milliseconds per replication of the two simulations, the ledger alone."""
    scenario = wf.load_scenario(PLAN)
    inputs = lower(scenario, load_workforce(scenario))
    found = {}
    for name, replications in (("compiled", 100), ("reference", 5)):
        simulate = simulation_named(name)

        def some(simulate=simulate, replications=replications) -> None:  # type: ignore[no-untyped-def]
            for number in range(replications):
                simulate(inputs, inputs.numbers.draw(1, number), number, 1, True)

        found[name] = timed(some, replications).ms
    return found


def with_measures() -> float:
    """Milliseconds per replication, measures and all, on one core."""
    ready = prepared(wf.load_scenario(PLAN))
    return timed(lambda: ready(range(100)), 100).ms


def thousand_replications(jobs: int = 2) -> float:
    """Seconds for a thousand replications with all measures on two cores, warm."""
    scenario = wf.load_scenario(PLAN)
    wf.run(scenario, replications=50, jobs=jobs)
    return min(_wall(lambda: wf.run(scenario, replications=1000, jobs=jobs)) for _ in range(3))


def lever_change(replications: int = 200) -> float:
    """Seconds from a moved lever to the data of a fan chart, warm, on one core."""
    shares = iter(n / 100 for n in range(10, 10 + REPEATS + 1))

    def moved() -> None:
        scenario = wf.load_scenario(PLAN, {"policies.hold_a_third.share": next(shares)})
        wf.run(scenario, replications=replications, measures=["fte"]).summary("fte")

    moved()
    return sorted(_wall(moved) for _ in range(REPEATS))[REPEATS // 2]


def _wall(call) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
