"""Statutory rules: figures of the law by name and date, each with its source, read from data."""

from __future__ import annotations

import datetime as dt
import difflib
from bisect import bisect_right
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from wfmodel.errors import InputError
from wfmodel.scenario.quantity import Confidence, Name
from wfmodel.workforce.yamlfile import YamlFile

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE / "data" / "rules", _PACKAGE.parent / "data" / "rules")
"""Where the rules lie: in an installed package, in a checkout."""


class Rule(BaseModel):
    """One figure of the law: its value from each date, oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    meaning: str
    unit: str
    source: str
    confidence: Confidence
    review: dt.date = Field(description="by when somebody should look at it again")
    values: dict[dt.date, float]

    @field_validator("values")
    @classmethod
    def _oldest_first(cls, values: dict[dt.date, float]) -> dict[dt.date, float]:
        if not values:
            raise ValueError("has no figure, at least one from-date is needed")
        if list(values) != sorted(values):
            raise ValueError("from-dates are not in rising order")
        return values

    def start(self, date: dt.date) -> dt.date | None:
        """The from-date of the value that holds on ``date``; none before the first."""
        starts = list(self.values)
        place = bisect_right(starts, date)
        return starts[place - 1] if place else None


class RuleBook(BaseModel):
    """A rules file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jurisdiction: str
    reviewed: dt.date
    rules: dict[Name, Rule]


class Rules:
    """The rules of one jurisdiction, and which of them somebody has asked for."""

    def __init__(self, book: RuleBook, path: Path) -> None:
        self.book = book
        self.path = path
        self._asked: set[tuple[str, dt.date]] = set()

    def at(self, name: str, date: dt.date) -> float:
        """The figure in force on ``date``; raises `InputError` where there is none.

        >>> load_rules().at("redundancy_week_cap_gbp", dt.date(2025, 4, 5))
        700.0
        """
        rule = self._rule(name)
        start = rule.start(date)
        if start is None:
            first = min(rule.values)
            raise InputError(
                f"{self.path}: rules.{name}", f"has no figure for {date}, the first is from {first}"
            )
        self._asked.add((name, start))
        return rule.values[start]

    def dates(self, name: str) -> list[dt.date]:
        """The from-dates of a rule, oldest first."""
        return list(self._rule(name).values)

    def _rule(self, name: str) -> Rule:
        if name not in self.book.rules:
            near = difflib.get_close_matches(name, self.book.rules, n=1)
            hint = f"; nearest is {near[0]}" if near else ""
            raise InputError(f"{self.path}: rules", f"has no rule {name}{hint}")
        return self.book.rules[name]

    def used(self) -> pd.DataFrame:
        """The figures asked for so far, as rows of `table`."""
        table = self.table()
        keep = [pair in self._asked for pair in zip(table["rule"], table["start"], strict=True)]
        return table[keep].reset_index(drop=True)

    def table(self) -> pd.DataFrame:
        """Every figure: rule, meaning, start, value, unit, source, confidence, review."""
        rows = [
            (name, rule.meaning, start, value, rule.unit, rule.source, rule.confidence, rule.review)
            for name, rule in self.book.rules.items()
            for start, value in rule.values.items()
        ]
        columns = ["rule", "meaning", "start", "value", "unit", "source", "confidence", "review"]
        return pd.DataFrame(rows, columns=columns)


def load_rules(path: Path | str | None = None) -> Rules:
    """Read a rules file, by default England's; raises `InputError` with every problem."""
    if path is None:
        found = [
            folder / "england.yaml" for folder in _PLACES if (folder / "england.yaml").is_file()
        ]
        if not found:
            raise InputError(str(_PLACES[0] / "england.yaml"), "is missing; install wfmodel again")
        path = found[0]
    path = Path(path)
    return Rules(YamlFile(path).parse(RuleBook), path)
