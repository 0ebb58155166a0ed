"""Commands for folders of results: ``verify``, ``reproduce`` and ``query``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from wfmodel.cli.options import Jobs, Simulation
from wfmodel.cli.saying import counter


def verify(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a batch, or of a run.")],
) -> None:
    """Hash every file again and name those that are damaged, missing or foreign; exit 1 if any."""
    from wfmodel.batch.verifying import verify as look

    wrong, count = look(folder)
    for line in wrong:
        print(line)
    said = f"{len(wrong)} not as written" if wrong else "all as written"
    print(f"{count} files, {said}", file=sys.stderr)
    if wrong:
        raise typer.Exit(1)


def reproduce(
    folder: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder of a run, OUT/<scenario> of a batch.")
    ],
    jobs: Jobs = None,
    simulation: Simulation = "compiled",
) -> None:
    """Run a stored scenario again from its manifest: do the hashes agree? Exit 1 if they do not."""
    from wfmodel.batch.reproducing import reproduce as again

    found = again(
        folder,
        jobs=jobs or os.cpu_count() or 1,
        simulation=simulation,
        progress=counter(folder.name),
    )
    for name, verdict in found.files.items():
        print(f"{name}: {verdict}")
    for line in found.changed:
        print(f"otherwise than then: {line}", file=sys.stderr)
    if not found.agrees:
        raise typer.Exit(1)


def query(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a batch, or of a run.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT, in quotes.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object a row, in place of CSV.")
    ] = False,
) -> None:
    """Ask all results of a folder in SQL: tables scenarios, levers, results, summary, targets."""
    from wfmodel.batch.output import inert
    from wfmodel.results.store import open_results

    for number, part in enumerate(open_results(folder).catalogue.ask(sql)):
        if as_json:
            text = part.to_json(orient="records", lines=True, date_format="iso")
        else:
            text = inert(part).to_csv(index=False, header=number == 0, lineterminator="\n")
        sys.stdout.write(text)
