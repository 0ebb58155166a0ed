"""Commands for many: ``batch`` and ``compare`` for scenarios, ``check`` for the claims of plans."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from wfmodel.cli.options import Dask, Jobs, Out, Replications, Scenarios, Seed, named
from wfmodel.cli.saying import counter, say
from wfmodel.errors import InputError


def batch(
    paths: Scenarios,
    out: Out,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
    notebook: Annotated[
        Path | None, typer.Option("--notebook", help="Another report notebook to run.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run all anew, also what stands there already.")
    ] = False,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", min=0.01, help="End a scenario that takes longer; default: 120."),
    ] = None,
    memory: Annotated[
        float | None,
        typer.Option(
            "--memory",
            min=0.1,
            metavar="GB",
            help="End a scenario that takes more; default: its share of 80% of the machine's.",
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print each report with the installed Chromium or Edge.")
    ] = False,
    workbook: Annotated[
        bool, typer.Option("--workbook", help="Write each report's tables as a spreadsheet too.")
    ] = False,
    dask: Dask = None,
) -> None:
    """Report on every scenario and compare them; goes on where it stopped, exit 1 if any failed."""
    from wfmodel.batch.kernels import Nursery

    # where kernels are started here, what starts them warms up while we get ready
    with Nursery() if dask is None else nullcontext() as nursery:
        from wfmodel.batch.councils import councils, write_contents
        from wfmodel.batch.editions import Editions
        from wfmodel.batch.index import write_index
        from wfmodel.batch.running import run_batch

        editions = Editions.asked(pdf=pdf, workbook=workbook)
        batches = councils(paths, out)
        outcomes = {
            name: run_batch(
                these,
                folder,
                replications=replications,
                seed=seed,
                jobs=jobs,
                notebook=notebook,
                fresh=fresh,
                minutes=minutes,
                gigabytes=memory,
                index=write_index,
                nursery=nursery,
                editions=editions,
                dask=dask,
            )
            for name, (these, folder) in batches.items()
        }
    if len(batches) > 1:
        write_contents(out, outcomes)
    failed = [
        f"{name}/{entry.name}" if name else entry.name
        for name, outcome in outcomes.items()
        for entry in outcome.entries
        if entry.failed
    ]
    failed += [str(bad.path) for outcome in outcomes.values() for bad in outcome.refused]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
        raise typer.Exit(1)
    print(f"open {out / 'index.html'}", file=sys.stderr)


def compare(
    base: Annotated[
        Path, typer.Argument(metavar="BASE", help="The scenario, or folder, to compare with.")
    ],
    alternatives: Annotated[list[Path], typer.Argument(metavar="ALTERNATIVE...")],
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=named, metavar="DIR", help="Folder to write tables into."),
    ] = None,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
) -> None:
    """Run scenarios on the same luck and write how they differ; or say what moved, and why, from
    one folder of results to another.
    """
    cores = jobs or os.cpu_count() or 1
    if base.is_dir() or any(path.is_dir() for path in alternatives):
        if not (base.is_dir() and len(alternatives) == 1 and alternatives[0].is_dir()):
            raise InputError("compare", "takes two folders of results, or scenario files")
        if replications is not None or seed is not None:
            raise InputError("compare", "folders have the replications and seed of their results")
        _compare_folders(base, alternatives[0], out, cores)
        return
    if out is None:
        raise InputError("--out", "is missing; name a folder to write the comparison into")

    from wfmodel.batch.comparing import compare_scenarios

    compare_scenarios(
        base,
        alternatives,
        out,
        replications=replications,
        seed=seed,
        jobs=cores,
        progress=counter("compare"),
    )
    print(f"open {out / 'comparison.html'}", file=sys.stderr)


def _compare_folders(before: Path, after: Path, out: Path | None, jobs: int) -> None:
    from wfmodel.batch.moving import compare_folders
    from wfmodel.batch.output import inert, new_folder, write_atomically

    found = compare_folders(before, after, jobs=jobs, progress=counter("compare"))
    for note in found.notes:
        say(note)
    for line in found.lines():
        print(line)
    if out is not None:
        with new_folder(out) as folder:
            table = inert(found.table())
            write_atomically(folder / "moved.csv", table.to_csv(index=False, lineterminator="\n"))


def check(
    councils: Annotated[
        list[Path],
        typer.Argument(
            metavar="COUNCIL...", help="Data folders of councils, with claims.yaml, or all of data."
        ),
    ],
    out: Out,
    replications: Replications = None,
    seed: Seed = None,
    jobs: Jobs = None,
) -> None:
    """Put every claim of a council's plan to the model, a page each; exit 1 if any failed."""
    from wfmodel.batch.plan_check import CheckFailed, check_plan, plans_in

    failed = False
    for claims in plans_in(councils):
        try:
            page = check_plan(
                claims, out, replications=replications, seed=seed, jobs=jobs or os.cpu_count() or 1
            )
            print(f"open {page}", file=sys.stderr)
        except CheckFailed as error:
            failed = True
            print(f"{claims.path}: {error}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)
