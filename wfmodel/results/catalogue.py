"""Catalogue: the runs in a folder as tables to be asked in SQL, without loading any of them.

`results`, `targets` and `summary` are views over the Parquet files, `scenarios` and `levers` are
made from the few facts that stand in each file's footer. What is asked can read these tables and
nothing else, and can write nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from wfmodel.errors import InputError
from wfmodel.results.manifest import MANIFEST

RESULTS, TARGETS = "results.parquet", "targets.parquet"
FACTS = b"wfmodel"
"""Under this key the footer of a file of results says what was run."""
_CLOSED = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}
_SUMMARY = """
CREATE VIEW summary AS SELECT scenario, measure, dimension, "group", month,
    avg(value) AS mean, median(value) AS median, quantile_cont(value, 0.1) AS p10,
    quantile_cont(value, 0.9) AS p90, stddev_samp(value) / sqrt(count(value)) AS se
FROM results WHERE NOT isnan(value) GROUP BY ALL
"""


def run_folders(folder: Path) -> dict[str, Path]:
    """The folders of runs right below a folder, by scenario; raises InputError for none.

    What has no manifest is no run, and is passed over.
    """
    found: dict[str, Path] = {}
    for child in sorted(folder.iterdir()):
        if child.name.startswith(".") or not (child / MANIFEST).is_file():
            continue
        name = facts_of(child / RESULTS)["scenario"]
        if name in found:
            raise InputError(
                str(child), f"is a run of {name}, as is {found[name]}; open one of them by itself"
            )
        found[name] = child
    if not found:
        raise InputError(
            str(folder), f"holds no run: {MANIFEST} is missing here and in the folders below"
        )
    return found


def facts_of(path: Path) -> dict[str, Any]:
    """What the footer of a file of results says was run; raises InputError where it can't."""
    try:
        found = json.loads(pq.read_metadata(path).metadata[FACTS])
    except FileNotFoundError:
        raise InputError(str(path), "is missing; run the scenario again") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(str(path), "is damaged; run the scenario again") from None
    assert isinstance(found, dict)
    return found


class Catalogue:
    """The tables of the runs in some folders, by scenario."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._asked = duckdb.connect(config=dict(_CLOSED))
        files = {
            kind: [str((folder / kind).resolve()) for folder in folders.values()]
            for kind in (RESULTS, TARGETS)
        }
        facts = [facts_of(folder / RESULTS) for folder in folders.values()]
        self._table("scenarios", _scenarios(facts))
        self._table("levers", _levers(facts))
        allowed = [file for kind in files.values() for file in kind]
        self._asked.execute(f"SET allowed_paths = {_listed(allowed)}")
        self._asked.execute("SET enable_external_access = false")
        self._asked.execute("SET lock_configuration = true")
        for kind, paths in files.items():
            name = kind.partition(".")[0]
            self._asked.execute(f"CREATE VIEW {name} AS FROM read_parquet({_listed(paths)})")
        self._asked.execute(_SUMMARY)

    def _table(self, name: str, frame: pd.DataFrame) -> None:
        self._asked.register("given", frame)
        self._asked.execute(f"CREATE TABLE {name} AS FROM given")
        self._asked.unregister("given")

    def ask(self, sql: str) -> Iterator[pd.DataFrame]:
        """What one SELECT gives, part by part (one at least); raises InputError."""
        try:
            kinds = [statement.type for statement in self._asked.extract_statements(sql)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise InputError("query", "is not one SELECT; results are only read")
            answer = self._asked.execute(sql)
            part = answer.fetch_df_chunk(64)
            yield part
            while len(part):
                if len(part := answer.fetch_df_chunk(64)):
                    yield part
        except duckdb.Error as error:
            said = " ".join(str(error).split("\n\nLINE")[0].split())
            tables = "scenarios, levers, results, summary, targets"
            raise InputError("query", f"can't be answered: {said} (tables: {tables})") from None


def _listed(paths: list[str]) -> str:
    """A list of texts in SQL.

    >>> print(_listed(["a", "it's"]))
    ['a', 'it''s']
    """
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def _scenarios(facts: list[dict[str, Any]]) -> pd.DataFrame:
    columns = ["scenario", "title", "status", "parent", "start", "months", "replications", "seed"]
    return pd.DataFrame([{name: one.get(name) for name in columns} for one in facts])


def _levers(facts: list[dict[str, Any]]) -> pd.DataFrame:
    """What a sweep set in each of its scenarios: the value as text, and as a number if it is."""
    rows = [
        (one["scenario"], lever, str(value), _number(value))
        for one in facts
        for lever, value in one.get("levers", {}).items()
    ]
    frame = pd.DataFrame(rows, columns=["scenario", "lever", "value", "number"])
    types = {"scenario": "str", "lever": "str", "value": "str", "number": "float64"}
    return frame.astype(types)


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None
