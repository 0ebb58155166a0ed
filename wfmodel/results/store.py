"""Store: a run's folder, written whole or not at all, and read when it is asked for.

`results.parquet` holds every measure of the whole council and the main ones by service, long and
tidy, a value for each replication; `targets.parquet` the targets with their probabilities;
`manifest.json` what was run and the hashes of everything read and written. The manifest is written
last, so that without it there is no result.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from wfmodel.errors import InputError
from wfmodel.results import manifest
from wfmodel.results.catalogue import FACTS, RESULTS, TARGETS, Catalogue, run_folders
from wfmodel.results.groups import PIPELINE
from wfmodel.results.manifest import MANIFEST, file_hash
from wfmodel.results.measures import MEASURES, Key, measure
from wfmodel.results.results import LONG, Results, long_columns
from wfmodel.results.run import Number, Run
from wfmodel.results.summary import STATISTICS, summarise
from wfmodel.scenario.context import TargetScope
from wfmodel.simulation.inputs import lower
from wfmodel.workforce import load_workforce

KEYS = b"wfmodel-keys"
"""What a file says of its keys, in their order, so that nobody needs to read whole columns."""
ROWS = 1 << 17
"""Rows that a file keeps together: a question about one measure reads few of them."""


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
    """Write one scenario's run into ``folder`` and return it; InputError where it can't be.

    Everything is on the disk before anything is put in place: what was there before stays where
    there is no room for more.
    """
    folder, run = Path(folder), results.run(scenario)
    parts: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in _tables(results, run).items():
            parts[name] = _part(folder, name, partial(_write_parquet, table))
        about = manifest.of_run(run, {name: file_hash(part) for name, part in parts.items()})
        text = manifest.sealed(about)
        parts[MANIFEST] = _part(folder, MANIFEST, partial(Path.write_bytes, data=text.encode()))
        (folder / MANIFEST).unlink(missing_ok=True)
        for name, part in parts.items():  # the manifest is the last
            os.replace(part, folder / name)
    except OSError as error:
        raise InputError(
            str(folder), f"can't be written: {error.strerror or error}; name another folder"
        ) from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return folder


def output_hashes(results: Results, scenario: str | None = None) -> dict[str, str]:
    """The hashes of the files of results that `write_run` would write, by name."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="wfmodel-") as place:
        for name, table in _tables(results, results.run(scenario)).items():
            _write_parquet(table, Path(place, name))
            found[name] = file_hash(Path(place, name))
    return found


def read_run(folder: Path | str) -> Results:
    """The results in a run's folder; InputError where it holds none, or not what its manifest
    says.
    """
    folder = Path(folder)
    about = manifest.read(folder)
    for name, digest in about["outputs"].items():
        if not (folder / name).is_file():
            raise InputError(str(folder / name), "is missing; run the scenario again")
        if file_hash(folder / name) != digest:
            raise InputError(
                str(folder / name), "is not what the manifest says; run the scenario again"
            )
    scenario = manifest.scenario_of(about)
    inputs = lower(scenario, load_workforce(scenario))
    numbers: list[Number] = [n if isinstance(n, int) else tuple(n) for n in about["replications"]]
    keys, values = _values_of(folder / RESULTS, len(numbers), scenario.horizon.months + 1)
    drawn = [inputs.numbers.draw(about["seed"], n if isinstance(n, int) else n[0]) for n in numbers]
    vectors = np.array(drawn)[:, : len(inputs.numbers.index)]
    return Results([Run(inputs, about["seed"], numbers, keys, values, vectors, about["seconds"])])


class _Shelf(Mapping[str, Run]):
    """Runs by scenario, each read once, when it is asked for."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.folders = folders
        self.read: dict[str, Run] = {}

    def __getitem__(self, name: str) -> Run:
        if name not in self.read:
            self.read[name] = read_run(self.folders[name]).run()
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.folders)

    def __len__(self) -> int:
        return len(self.folders)

    def __contains__(self, name: object) -> bool:
        return name in self.folders


class Stored(Results):
    """The results of all runs in a folder. A scenario is loaded when it is asked for by name;
    `query` asks all of them without loading any.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._runs = _Shelf(folders)  # type: ignore[assignment]

    @property
    def folders(self) -> dict[str, Path]:
        """The folder of each run, by scenario."""
        return dict(self._runs.folders)  # type: ignore[attr-defined]

    @cached_property
    def catalogue(self) -> Catalogue:
        """The tables that `query` asks."""
        return Catalogue(self.folders)

    def query(self, sql: str) -> pd.DataFrame:
        """What one SELECT gives; the tables are scenarios, levers, results, summary and targets.

        Raises InputError where it is no SELECT or can't be answered.
        """
        return pd.concat(self.catalogue.ask(sql), ignore_index=True)


def open_results(path: Path | str) -> Stored:
    """The results in a run's folder, or in all run's folders below a batch's; InputError where
    there are none.
    """
    path = Path(path)
    if path.is_dir() and not (path / MANIFEST).is_file():
        return Stored(run_folders(path))
    stored = Stored({manifest.read(path)["scenario"]: path})
    stored.run()  # whether it is whole shows at once
    return stored


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


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _tables(results: Results, run: Run) -> dict[str, pa.Table]:
    return {RESULTS: _results_table(run), TARGETS: _targets_table(results, run)}


def _results_table(run: Run) -> pa.Table:
    keys = kept_keys(run)
    labels, numbers = long_columns(run, keys)
    columns = {
        name: pa.DictionaryArray.from_arrays(codes, said) for name, (codes, said) in labels.items()
    }
    columns |= {name: pa.array(column, from_pandas=True) for name, column in numbers.items()}
    told = {FACTS: json.dumps(_facts(run), ensure_ascii=False), KEYS: json.dumps(keys)}
    return pa.table({name: columns[name] for name in LONG}, metadata=told)


def _facts(run: Run) -> dict[str, Any]:
    """What a catalogue says of a run: few facts, the same whenever the same is run."""
    scenario = run.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "status": scenario.status,
        "parent": scenario.extends,
        "start": scenario.horizon.start.isoformat(),
        "months": scenario.horizon.months,
        "replications": len(run.numbers),
        "seed": run.seed,
        "levers": scenario.levers,
    }


def _targets_table(results: Results, run: Run) -> pa.Table:
    frame = results.targets(run.scenario.name)
    frame.insert(0, "scenario", run.scenario.name)
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(
        table,
        path,
        row_group_size=ROWS,
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
    )


def _part(folder: Path, name: str, write: Callable[[Path], Any]) -> Path:
    """A file beside its later place, on the disk to the last byte."""
    handle, made = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
    os.close(handle)
    part = Path(made)
    try:
        write(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(0o644)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _values_of(path: Path, replications: int, months: int) -> tuple[tuple[Key, ...], np.ndarray]:
    """Keys, and values [replications, keys, months], of a stored table; it is ordered as it was
    written.
    """
    table = pq.read_table(path, columns=["value"])
    keys = tuple((*key,) for key in json.loads(table.schema.metadata[KEYS]))
    if table.num_rows != len(keys) * replications * months:
        raise InputError(
            str(path), "holds another number of replications than its manifest; run it again"
        )
    values = table.column("value").to_numpy().reshape(len(keys), replications, months)
    return keys, values.transpose(1, 0, 2)
