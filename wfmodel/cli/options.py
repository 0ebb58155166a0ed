"""Options: what several commands ask for, and the application that they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="wfmodel",
    help="Workforce modelling for UK councils: who leaves, who joins, what it costs.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def named(text: str) -> Path:
    """A path that was named: an empty one would stand for the folder we are in."""
    if not text.strip():
        raise typer.BadParameter("is empty; name one, or . for the folder you are in")
    return Path(text)


Out = Annotated[
    Path,
    typer.Option(
        "--out",
        parser=named,
        metavar="DIR",
        help="Folder to write into; made where it is missing.",
    ),
]
Replications = Annotated[
    int | None,
    typer.Option("--replications", min=1, max=1_000_000, help="Default: what the scenario says."),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=2**62, help="Default: what the scenario says."),
]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, help="Default: as many as cores.")]
Simulation = Annotated[
    str, typer.Option("--simulation", help="Which simulation; all give identical results.")
]
Dask = Annotated[
    str | None,
    typer.Option("--dask", metavar="ADDRESS", help="Run on the Dask cluster at this address."),
]
Scenarios = Annotated[
    list[Path],
    typer.Argument(help="Scenario files, or folders that hold them.", show_default=False),
]
One = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file.")]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(version("wfmodel"))
        raise typer.Exit()


@app.callback()
def _root(
    asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say it and exit.")
    ] = False,
) -> None:
    pass
