"""The command line: ``wfmodel validate``, ``run``, ``trace``, ``batch``, ``compare`` and more.

Standard output holds results alone, progress and errors go to standard error. Exit 0: done; 1: a
batch in which something failed; 2: wrong input; 130: interrupted. What a command needs is imported
when it runs, so that help and errors are quick.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import traceback
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.exceptions import TyperException

from wfmodel.errors import InputError

if TYPE_CHECKING:
    from wfmodel.results.results import Results

INTERNAL, WRONG_INPUT, INTERRUPTED = 3, 2, 130

app = typer.Typer(
    name="wfmodel",
    help="Workforce modelling for UK councils: who leaves, who joins, what it costs.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _named(text: str) -> Path:
    """A path that was named: an empty one would stand for the folder we are in."""
    if not text.strip():
        raise typer.BadParameter("is empty; name one, or . for the folder you are in")
    return Path(text)


Out = Annotated[
    Path,
    typer.Option(
        "--out",
        parser=_named,
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


@app.command()
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


@app.command()
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
            _counter(loaded.name),
            dask=dask,
        )
        store.write_run(folder, results, loaded.name)
    if precision is not None:
        _say(f"{loaded.name}: {_reached(results, precision)}")
    if as_json:
        print(json.dumps(store.as_json(results, loaded.name), allow_nan=False))
    else:
        print(f"{folder}: results.parquet, targets.parquet, manifest.json", file=sys.stderr)


@app.command()
def trace(
    scenario: One,
    replication: Annotated[
        int, typer.Option("--replication", min=0, max=2**62, help="Which replication.")
    ],
    out: Annotated[
        Path, typer.Option("--out", parser=_named, metavar="FILE", help="Parquet file to write.")
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


@app.command()
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


@app.command()
def compare(
    base: Annotated[
        Path, typer.Argument(metavar="BASE", help="The scenario, or folder, to compare with.")
    ],
    alternatives: Annotated[list[Path], typer.Argument(metavar="ALTERNATIVE...")],
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=_named, metavar="DIR", help="Folder to write tables into."),
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
        progress=_counter("compare"),
    )
    print(f"open {out / 'comparison.html'}", file=sys.stderr)


@app.command()
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


def _compare_folders(before: Path, after: Path, out: Path | None, jobs: int) -> None:
    from wfmodel.batch.moving import compare_folders
    from wfmodel.batch.output import inert, new_folder, write_atomically

    found = compare_folders(before, after, jobs=jobs, progress=_counter("compare"))
    for note in found.notes:
        _say(note)
    for line in found.lines():
        print(line)
    if out is not None:
        with new_folder(out) as folder:
            table = inert(found.table())
            write_atomically(folder / "moved.csv", table.to_csv(index=False, lineterminator="\n"))


@app.command()
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


@app.command()
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
        progress=_counter(folder.name),
    )
    for name, verdict in found.files.items():
        print(f"{name}: {verdict}")
    for line in found.changed:
        print(f"otherwise than then: {line}", file=sys.stderr)
    if not found.agrees:
        raise typer.Exit(1)


@app.command()
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


def _reached(results: Results, precision: float) -> str:
    """How many replications a precision has taken."""
    taken, worst = len(results.run().numbers), results.targets()["se"].max()
    if not worst >= 0:  # without targets, or with none that is defined
        return f"{taken:,} replications; no target has a chance to be precise about"
    return f"{taken:,} replications; every target's standard error is below {precision:g}"


@app.command()
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


def _counter(name: str) -> Any:
    """Replications done so far, on standard error where somebody sees it."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\n" if done >= total else ""
        print(f"\r{name}: {done} of {total} replications", end=end, file=sys.stderr, flush=True)

    return show


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; every error is one line, whatever it was."""
    signal.signal(signal.SIGTERM, _stop)
    # JSON Schema's check of addresses in all scripts, which ours has none of: its import takes over
    # a second, and notebooks' own libraries do without where it is not to be had.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = app(args=given or ["--help"], standalone_mode=False, prog_name="wfmodel")
        if code == INTERRUPTED:  # Typer has caught it and says nothing
            raise KeyboardInterrupt
    except InputError as error:
        _say(str(error))
        code = WRONG_INPUT
    except TyperException as error:
        _say(f"wfmodel: {' '.join(error.format_message().split())}")
        code = WRONG_INPUT
    except (KeyboardInterrupt, typer.Abort):
        _say("wfmodel: interrupted")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone; Python would complain once more while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _say(f"wfmodel: {place}{error.strerror or error}")
        code = WRONG_INPUT
    except Exception as error:
        code = _unexpected(error)
    sys.exit(code or 0)


def _unexpected(error: Exception) -> int:
    """An error of ours: one line, and the rest in a file that only its owner can read."""
    reason = (str(error).splitlines() or [""])[0]
    handle, log = tempfile.mkstemp(prefix="wfmodel-", suffix=".log", text=True)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(traceback.format_exc())
    _say(
        f"wfmodel: unexpected {type(error).__name__}: {reason} (please report it; details in {log})"
    )
    return INTERNAL


def _say(text: str) -> None:
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
