"""Commands for scenarios: ``validate``, ``run``, ``trace`` and ``explore``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfmodel.cli.options import (
    Dask,
    Jobs,
    One,
    Out,
    Replications,
    Scenarios,
    Seed,
    Simulation,
    named,
)
from wfmodel.cli.saying import counter, say
from wfmodel.errors import InputError

if TYPE_CHECKING:
    from wfmodel.results.results import Results


def validate(paths: Scenarios) -> None:
    """Check scenarios: exit 0, or 2 with one line per error."""
    from wfmodel.batch.ready import runnable
    from wfmodel.scenario.reading import find_scenarios, load_scenario

    problems = []
    found = find_scenarios(paths, sweeps=True)
    for path in found:
        try:
            runnable(load_scenario(path))
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise InputError(problems)
    print(f"{len(found)} scenario{'s' if len(found) != 1 else ''} valid", file=sys.stderr)


def run(
    scenario: One,
    out: Out,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    simulation: Simulation = "compiled",
    precision: Annotated[
        float | None,
        typer.Option(
            "--precision",
            min=1e-6,
            max=0.5,
            help="Run until every target's standard error is below it, 400 replications at least.",
        ),
    ] = None,
    dask: Dask = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the results as one JSON object, nothing else.")
    ] = False,
) -> None:
    """Run one scenario and store its results."""
    from wfmodel.scenario.reading import load_scenario

    loaded = load_scenario(scenario)

    from wfmodel import experiment
    from wfmodel.batch.output import new_folder
    from wfmodel.batch.ready import runnable
    from wfmodel.results import store

    cores = jobs or os.cpu_count() or 1
    experiment.simulation_named(simulation)
    experiment.check([loaded], replications, cores, precision)
    runnable(loaded)
    with new_folder(out) as folder:
        results = experiment.run(
            loaded,
            replications,
            seed,
            cores,
            simulation,
            precision,
            counter(loaded.name),
            dask=dask,
        )
        store.write_run(folder, results, loaded.name)
    if precision is not None:
        say(f"{loaded.name}: {_reached(results, precision)}")
    if as_json:
        print(json.dumps(store.as_json(results, loaded.name), allow_nan=False))
    else:
        print(f"{folder}: results.parquet, targets.parquet, manifest.json", file=sys.stderr)


def _reached(results: Results, precision: float) -> str:
    """How many replications a precision has taken."""
    taken, worst = len(results.run().numbers), results.targets()["se"].max()
    if not worst >= 0:  # without targets, or with none that is defined
        return f"{taken:,} replications; no target has a chance to be precise about"
    return f"{taken:,} replications; every target's standard error is below {precision:g}"


def trace(
    scenario: One,
    replication: Annotated[
        int, typer.Option("--replication", min=0, max=2**62, help="Which replication.")
    ],
    out: Annotated[
        Path, typer.Option("--out", parser=named, metavar="FILE", help="Parquet file to write.")
    ],
    seed: Seed = None,
    simulation: Simulation = "compiled",
) -> None:
    """Write every movement of one replication as a Parquet table."""
    from wfmodel import experiment
    from wfmodel.batch.output import new_folder, write_atomically
    from wfmodel.scenario.reading import load_scenario

    loaded = load_scenario(scenario)
    if out.is_dir():
        raise InputError(str(out), "is a folder; name a file, for example trace.parquet")
    experiment.simulation_named(simulation)
    with new_folder(out.parent):
        ledger = experiment.trace(loaded, replication, seed, simulation)
        write_atomically(out, lambda part: ledger.table().to_parquet(part, index=False))


def explore(
    scenario: Annotated[
        Path, typer.Argument(metavar="[SCENARIO]", help="The scenario to begin with.")
    ] = Path("scenarios/colchester/fit_for_the_future.yaml"),
    out: Annotated[Path, typer.Option("--out", help="Folder for reports.")] = Path("out"),
    replications: Annotated[
        int | None,
        typer.Option("--replications", min=1, help="Futures to which an answer is refined."),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65_535)] = 8888,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open a browser.")
    ] = True,
) -> None:
    """Move levers and see the futures, in JupyterLab on this machine alone."""
    from wfmodel.exploring.early import Early

    with Early(scenario) as early:
        from wfmodel.exploring.serving import serve

        serve(early, out, replications=replications, port=port, browser=browser)
