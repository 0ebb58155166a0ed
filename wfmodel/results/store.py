"""Store: a run's folder, written whole or not at all.

`results.parquet` holds every measure of the whole council and the main ones by service, long and
tidy, a value for each replication; `targets.parquet` the targets with their probabilities;
`manifest.json` what was run and the hashes of everything read and written. The manifest is written
last, so that without it there is no result.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wfmodel.errors import InputError
from wfmodel.results.groups import PIPELINE
from wfmodel.results.measures import MEASURES, Key, measure
from wfmodel.results.results import Results, long_table
from wfmodel.results.run import Number, Run
from wfmodel.results.summary import STATISTICS, summarise
from wfmodel.scenario.context import TargetScope
from wfmodel.scenario.reading import to_document
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.unknowns import quantities
from wfmodel.simulation.inputs import lower
from wfmodel.workforce import load_workforce

RESULTS, TARGETS, MANIFEST = "results.parquet", "targets.parquet", "manifest.json"
FORMAT = 1
PACKAGES = ("numpy", "numba", "pandas", "pyarrow", "scipy", "simpy", "pydantic")


def kept_keys(run: Run) -> list[Key]:
    """What is stored: everything of the council and of pipelines, else the main measures and what
    targets name.
    """
    asked = {
        target.measure for target in run.scenario.targets.values() if target.scope != TargetScope()
    }
    main = {name for name, one in MEASURES.items() if one.main} | asked
    return [key for key in run.keys if key[1] in ("council", PIPELINE) or key[0] in main]


def write_run(folder: Path | str, results: Results, scenario: str | None = None) -> Path:
    """Write one scenario's run into ``folder`` and return it; InputError where it can't be."""
    folder, run = Path(folder), results.run(scenario)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        _replace(folder / RESULTS, partial(_write_parquet, _results_table(run)))
        _replace(folder / TARGETS, partial(_write_parquet, _targets_table(results, run)))
        text = json.dumps(manifest(run, folder), indent=None, ensure_ascii=False, allow_nan=False)
        _replace(folder / MANIFEST, lambda path: path.write_text(text + "\n", encoding="utf-8"))
    except OSError as error:
        raise InputError(
            str(folder), f"can't be written: {error.strerror or error}; name another folder"
        ) from None
    return folder


def read_run(folder: Path | str) -> Results:
    """The results in a run's folder; InputError where it holds none, or not what its manifest
    says.
    """
    folder = Path(folder)
    about = _manifest_of(folder)
    for name, digest in about["outputs"].items():
        if not (folder / name).is_file():
            raise InputError(str(folder / name), "is missing; run the scenario again")
        if file_hash(folder / name) != digest:
            raise InputError(
                str(folder / name), "is not what the manifest says; run the scenario again"
            )
    scenario = _scenario_of(about)
    inputs = lower(scenario, load_workforce(scenario))
    numbers: list[Number] = [n if isinstance(n, int) else tuple(n) for n in about["replications"]]
    keys, values = _values_of(folder / RESULTS, len(numbers), scenario.horizon.months + 1)
    drawn = [inputs.numbers.draw(about["seed"], n if isinstance(n, int) else n[0]) for n in numbers]
    vectors = np.array(drawn)[:, : len(inputs.numbers.index)]
    return Results([Run(inputs, about["seed"], numbers, keys, values, vectors, about["seconds"])])


def open_results(path: Path | str) -> Results:
    """The results in a run's folder, or in all run's folders below a batch's; InputError where
    there are none.
    """
    path = Path(path)
    if (path / MANIFEST).is_file() or not path.is_dir():
        return read_run(path)
    found = sorted(child for child in path.iterdir() if (child / MANIFEST).is_file())
    if not found:
        raise InputError(
            str(path), f"holds no run: {MANIFEST} is missing here and in the folders below"
        )
    return Results([read_run(child).run() for child in found])


def as_json(results: Results, scenario: str | None = None) -> dict[str, Any]:
    """What ``run --json`` prints: targets, and the council's measures; None where undefined."""
    run = results.run(scenario)
    targets = [
        {"name": row["name"], "probability": _number(row["probability"]), "se": _number(row["se"])}
        for row in results.targets(scenario).to_dict("records")
    ]
    measures = []
    for name, dimension, group in run.keys:
        if dimension != "council":
            continue
        unit = measure(name).unit
        for month, row in enumerate(
            summarise(run.series(name, dimension, group)).to_numpy().tolist()
        ):
            figures = {key: _number(value) for key, value in zip(STATISTICS, row, strict=True)}
            measures.append({"measure": name, "month": month, "unit": unit, **figures})
    return {
        "scenario": run.scenario.name,
        "replications": len(run.numbers),
        "seed": run.seed,
        "seconds": round(run.seconds, 3),
        "targets": targets,
        "measures": measures,
    }


def manifest(run: Run, folder: Path) -> dict[str, Any]:
    """What was run, with what, from what, and the hashes of what came out."""
    scenario = run.scenario
    read = [Path(file) for file in run.inputs.workforce.input_files]
    read += [run.inputs.rules.path, *([scenario.path] if scenario.path else [])]
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "status": scenario.status,
        "seed": run.seed,
        "replications": [list(n) if isinstance(n, tuple) else n for n in run.numbers],
        "seconds": round(run.seconds, 3),
        "versions": {
            "wfmodel": version("wfmodel"),
            "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
        },
        "commit": git_commit(Path(__file__).resolve().parent),
        "inputs": {_shown(file): file_hash(file) for file in dict.fromkeys(read)},
        "outputs": {name: file_hash(folder / name) for name in (RESULTS, TARGETS)},
        "path": str(scenario.path) if scenario.path else None,
        "resolved": to_document(scenario),
        "shared": _shared(scenario),
    }


def _shared(scenario: Scenario) -> dict[str, str]:
    """Where numbers that roles share are stated, by path: what is stated once is drawn once."""
    return {
        path: scenario._stated[path][2]
        for path, quantity in quantities(scenario)
        if quantity.is_unknown and path in scenario._stated and scenario._stated[path][2] != path
    }


def _shown(file: Path) -> str:
    """A file's name as the manifest keeps it: relative to the working folder where it lies
    below.
    """
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def git_commit(folder: Path) -> str | None:
    """The commit that a checkout stands at; None outside one."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _results_table(run: Run) -> pa.Table:
    return pa.Table.from_pandas(
        long_table(run, kept_keys(run)), preserve_index=False
    ).replace_schema_metadata(None)


def _targets_table(results: Results, run: Run) -> pa.Table:
    frame = results.targets(run.scenario.name)
    frame.insert(0, "scenario", run.scenario.name)
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=9, use_dictionary=True)


def _replace(path: Path, write: Callable[[Path], Any]) -> None:
    """Write a file beside ``path``, make sure that it is on disk, and put it in place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(0o644)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _manifest_of(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(
            str(folder), f"holds no run: {MANIFEST} is missing; run the scenario again"
        )
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        known = (
            about["format"] == FORMAT
            and {"outputs", "path", "replications", "resolved", "seconds", "seed", "shared"}
            <= about.keys()
        )
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise InputError(str(path), "is not a manifest; run the scenario again") from None
    if not known:
        raise InputError(
            str(path), f"is of another format, {FORMAT} is needed; run the scenario again"
        )
    return about


def _scenario_of(about: dict[str, Any]) -> Scenario:
    """The resolved scenario of a manifest, with the file against which its own file names are
    read.
    """
    scenario = Scenario.model_validate(about["resolved"])
    scenario._path = Path(about["path"]) if about["path"] else None
    scenario._stated.update({path: ("", 0, key) for path, key in about["shared"].items()})
    return scenario


def _values_of(path: Path, replications: int, months: int) -> tuple[tuple[Key, ...], np.ndarray]:
    """Keys, and values [replications, keys, months], of a stored table; it is ordered as it was
    written.
    """
    table = pq.read_table(path, columns=["measure", "dimension", "group", "value"])
    each = replications * months
    if table.num_rows % each:
        raise InputError(
            str(path), "holds another number of replications than its manifest; run it again"
        )
    first = table.select(["measure", "dimension", "group"]).take(
        pa.array(range(0, table.num_rows, each), pa.int64())
    )
    keys = tuple(zip(*(column.to_pylist() for column in first.columns), strict=True))
    values = table.column("value").to_numpy().reshape(len(keys), replications, months)
    return keys, np.ascontiguousarray(values.transpose(1, 0, 2))
