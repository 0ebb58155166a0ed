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


NUMBER = re.compile(r"(–|not shown|fewer than \d+|[−+]?£?\d[\d.,]*(%|k|m| FTE| points)?)$")
"""A cell that stands to the right of its column, as numbers do."""

WRITTEN = re.compile(r"([−+]?)£?(\d[\d,]*(?:\.\d+)?)(%|k|m| points|)")
"""A cell that is a number, as `words` writes it: sign, digits, unit."""

STORED = "application/vnd.wfmodel.tables+json"
"""Under this type a notebook keeps the tables of what it shows, as they are published."""
RANGE = "Low and high: 1 in 10 futures lie below, 1 in 10 above."
"""What the columns low and high mean, under every table that has them."""


LONG = 120
"""Characters of a cell that would leave no room for what its row is called."""


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
        """The table for a workbook: numbers as numbers, no finer than the page writes them, each
        with the way it is written. So what a page hides or rounds, a workbook does too.
        """
        written = self.cells()
        return {
            "caption": self.caption,
            "note": self.note,
            "columns": [str(column) for column in self.frame.columns],
            "rows": [[row[0], *map(_number, row[1:])] for row in written],
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
        long = any(len(text) > LONG for row in cells for text in row[1:])
        wide = " wf-wide" if self.wide else " wf-long" if long else ""
        return (
            f'<div class="wf-table{wide}" role="group" aria-label="{label}" tabindex="0">'
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


def _number(text: str) -> float | str:
    """What a cell says as a number, no finer than it is written; a text where it is none.

    >>> _number("£1.23m"), _number("−12.5%"), _number("2.0 points"), _number("1,084"), _number("a")
    (1230000.0, -0.125, 0.02, 1084.0, 'a')
    """
    found = WRITTEN.fullmatch(text)
    if found is None:
        return text
    sign, digits, unit = found.groups()
    places = {"k": 3, "m": 6, "%": -2, " points": -2}.get(unit, 0)
    number = float(f"{digits.replace(',', '')}e{places}")
    return -number if sign == "−" else number


def _class(right: bool) -> str:
    return ' class="wf-number"' if right else ""
