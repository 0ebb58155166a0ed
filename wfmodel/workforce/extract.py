"""Tables read from files: text is read as text, then converted column by column."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from wfmodel.errors import InputError, Problem
from wfmodel.workforce.tables import (
    COLUMNS,
    DATE,
    FTE,
    MAY_BE_BLANK,
    MONEY,
    MOST_SHOWN,
    TEXT,
    Workforce,
    check_tables,
)


def read_tables(folder: Path) -> Workforce:
    """The four tables of a folder of CSV files, checked; raises `InputError`."""
    problems: list[Problem] = []
    tables = {}
    for name in COLUMNS:
        try:
            tables[name] = read_table(folder / f"{name}.csv", name)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    workforce = Workforce(
        tables["posts"],
        tables["people"],
        tables["assignments"],
        tables["pay_points"],
        services={name: name for name in dict.fromkeys(tables["posts"]["service"])},
        input_files=[folder / f"{name}.csv" for name in COLUMNS],
    )
    check_tables(workforce, lambda t, row, column: f"{folder / t}.csv:{row + 2}: {column}")
    return workforce


def read_table(path: Path, name: str) -> pd.DataFrame:
    """The file of one table of `COLUMNS`; raises `InputError` with every problem."""
    try:
        # Names, addresses and whatever else an extract holds are not even read.
        raw = pd.read_csv(
            path,
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
            usecols=lambda column: column in COLUMNS[name],
        )
    except OSError as error:
        raise InputError(
            str(path), f"can't be read ({error.strerror}); is the name right?"
        ) from None
    except (ValueError, csv.Error) as error:
        raise InputError(str(path), f"is not a CSV table: {str(error).splitlines()[0]}") from None
    missing = [column for column in COLUMNS[name] if column not in raw]
    if missing:
        raise InputError(f"{path}:1", f"has no column {', '.join(missing)}")
    problems: list[Problem] = []
    for column, kind in COLUMNS[name].items():
        text = raw[column].str.strip()
        values, wrong, allowed = _convert(text, kind)
        wrong |= text.eq("").to_numpy() & ((name, column) not in MAY_BE_BLANK)
        for row in np.flatnonzero(wrong)[:MOST_SHOWN]:
            given = f"{text.iloc[row]!r} is not" if text.iloc[row] else "is blank; give"
            problems.append(Problem(f"{path}:{row + 2}: {column}", f"{given} {allowed}"))
        raw[column] = values
    if problems:
        raise InputError(problems)
    return raw


def _convert(text: pd.Series, kind: str) -> tuple[pd.Series, np.ndarray, str]:
    """The values of a column, which rows are wrong, and what is allowed."""
    blank = text.eq("").to_numpy()
    if kind == TEXT:
        return text, np.zeros(len(text), dtype=bool), "a text"
    if kind == DATE:
        moments = [_moment(t) for t in text]
        values = pd.Series(np.array(moments, dtype="datetime64[s]"), index=text.index)
        return values, values.isna().to_numpy() & ~blank, "a date such as 2019-04-01"
    numbers = pd.to_numeric(text, errors="coerce")
    wrong = ~np.isfinite(numbers.to_numpy(dtype=float)) & ~blank
    if kind in (FTE, MONEY):
        return numbers.astype(float), wrong, "a number"
    wrong |= (numbers % 1 != 0).to_numpy() & ~blank
    return numbers.where(~(wrong | blank), 0).astype("int64"), wrong, "a whole number"


def _moment(text: str) -> np.datetime64:
    """A date, or a date with a time, as ISO 8601 writes it; NaT where it is neither."""
    try:
        return np.datetime64(dt.datetime.fromisoformat(text).replace(tzinfo=None), "s")
    except ValueError:
        return np.datetime64("NaT", "s")
