"""A study: one scenario run, with the one it is compared with, ready to be reported on."""

from __future__ import annotations

from pathlib import Path

from wfmodel import experiment
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.family import root_of
from wfmodel.reporting.places import located
from wfmodel.reporting.told import teller
from wfmodel.results import store
from wfmodel.scenario.reading import load_scenario


def study(
    scenario_path: str,
    *,
    replications: int,
    seed: int,
    base_run: str = "",
    jobs: int = 1,
) -> Facts:
    """The facts of a scenario, compared with the scenario from which its family descends.

    ``base_run`` is a folder with the stored results of that one; without it, it is run here, on the
    same luck.
    """
    scenario = load_scenario(located(scenario_path))
    stored = store.open_results(Path(base_run)) if base_run else None
    base = root_of(scenario) if stored is None else None
    others = [base] if base is not None and base.name != scenario.name else []
    results = experiment.run(
        [*others, scenario],
        replications=replications,
        seed=seed,
        jobs=jobs,
        progress=teller(),
    )
    above: Facts | None = None
    if stored is not None:
        above = Facts(stored, stored.run().scenario.name)
    elif others:
        above = Facts(results, others[0].name)
    return Facts(results, scenario.name, above)


def compared(paths: list[str], *, replications: int, seed: int, jobs: int = 1) -> list[Facts]:
    """The facts of several scenarios on the same luck; the others are compared with the first."""
    scenarios = [load_scenario(located(path)) for path in paths]
    results = experiment.run(scenarios, replications=replications, seed=seed, jobs=jobs)
    first = Facts(results, scenarios[0].name)
    return [first, *(Facts(results, scenario.name, first) for scenario in scenarios[1:])]
