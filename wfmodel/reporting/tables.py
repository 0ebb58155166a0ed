"""Tables as accessible HTML: a caption, headed columns and rows, everything escaped."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Protocol

import pandas as pd

from wfmodel.reporting.style import styled
from wfmodel.reporting.words import day, number

Format = Callable[[float], str]


class Shown(Protocol):
    """What can stand in a report: figures, tables, blocks."""

    def html(self) -> str:
        """As HTML."""

    def text(self) -> str:
        """As plain text."""


NUMBER = re.compile(r"(–|not shown|under \d+|[−+]?£?\d[\d.,]*(%|k|m| FTE| points)?)$")
"""A cell that stands to the right of its column, as numbers do."""

STORED = "application/vnd.wfmodel.tables+json"
"""Under this type a notebook keeps the tables of what it shows, as they are published."""
RANGE = "Low and high: 1 in 10 futures lie below, 1 in 10 above."
"""What the columns low and high mean, under every table that has them."""


@dataclass(frozen=True)
class Table:
    """A frame to show: the first column heads the rows.

    ``frame`` has the headings as people read them; ``caption`` says what is in it and in which
    unit; ``formats`` say how columns of numbers are written.
    """

    frame: pd.DataFrame
    caption: str
    formats: Mapping[str, Format] = field(default_factory=dict)
    note: str = ""
    wide: bool = False
    """Set small, all but the first column to the right: many are read side by side."""

    def cells(self) -> list[list[str]]:
        """Every cell as text, row by row."""
        return [
            [
                self._text(column, value)
                for column, value in zip(self.frame.columns, row, strict=True)
            ]
            for row in self.frame.itertuples(index=False, name=None)
        ]

    def _text(self, column: str, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, dt.date):
            return day(value)
        if value is None or value is pd.NaT:
            return "–"
        if isinstance(value, bool):
            return "yes" if value else "no"
        written = float(value)  # type: ignore[arg-type]
        if not math.isfinite(written):
            return "–"
        if column in self.formats:
            return self.formats[column](written)
        return number(written, 0 if written == round(written) else 1)

    def stored(self) -> dict[str, Any]:
        """The table for a workbook: numbers as numbers, each with the way it is written."""
        written = self.cells()
        values = self.frame.itertuples(index=False, name=None)
        return {
            "caption": self.caption,
            "note": self.note,
            "columns": [str(column) for column in self.frame.columns],
            "rows": [
                [_number(value, text) for value, text in zip(row, texts, strict=True)]
                for row, texts in zip(values, written, strict=True)
            ],
            "written": written,
        }

    def html(self) -> str:
        """The table; a region that scrolls by itself where it is wider than the page."""
        columns = list(self.frame.columns)
        cells = self.cells()
        numeric = [
            place > 0 and (self.wide or all(NUMBER.match(row[place]) for row in cells))
            for place in range(len(columns))
        ]
        head = "".join(
            f'<th scope="col"{_class(right)}>{escape(str(column))}</th>'
            for column, right in zip(columns, numeric, strict=True)
        )
        body = []
        for row in cells:
            first = f'<th scope="row">{escape(row[0])}</th>'
            rest = "".join(
                f"<td{_class(right)}>{escape(text)}</td>"
                for text, right in zip(row[1:], numeric[1:], strict=True)
            )
            body.append(f"<tr>{first}{rest}</tr>")
        caption = escape(self.caption)
        note = f'<p class="wf-note">{escape(self.note)}</p>' if self.note else ""
        label = escape(self.caption, quote=True)
        wide = " wf-wide" if self.wide else ""
        return (
            f'<div class="wf-table{wide}" role="region" aria-label="{label}" tabindex="0">'
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{''.join(body)}</tbody></table>{note}</div>"
        )

    def text(self) -> str:
        """The table in plain text, for a terminal or a reader without HTML."""
        rows = [[str(column) for column in self.frame.columns], *self.cells()]
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        lines = [
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([self.caption, *lines, *([self.note] if self.note else [])])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return shown(self, [self])


def shown(what: Shown, tables: Sequence[Table]) -> dict[str, Any]:
    """What a notebook keeps of a piece of a report: as HTML, as text, and its tables."""
    bundle: dict[str, Any] = {"text/html": styled(what.html()), "text/plain": what.text()}
    return bundle | {STORED: [table.stored() for table in tables]} if tables else bundle


def _number(value: object, text: str) -> float | int | str:
    """A number where the cell is one and shows it; else its text."""
    if isinstance(value, str | bool) or not any(ch.isdigit() for ch in text):
        return text
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return text
    return float(f"{number:.9g}") if math.isfinite(number) else text


def _class(right: bool) -> str:
    return ' class="wf-number"' if right else ""
