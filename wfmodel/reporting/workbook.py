"""Workbook: the tables of a report as an accessible spreadsheet, one table a sheet.

It is made from what the notebook showed, so that it says nothing that the report does not.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd

from wfmodel.reporting.tables import STORED

if TYPE_CHECKING:
    from gptables import GPTable

NOT_DEFINED, NOT_SHOWN = "[z]", "[c]"
LEGEND = {
    NOT_DEFINED: "[z]: not applicable, or not defined",
    NOT_SHOWN: "[c]: not shown, to protect people who could be recognised",
}
HIDDEN = re.compile(r"(fewer than \d+|not shown)$")
"""What a table writes in place of a small count."""
READ = (
    "Each worksheet holds one table, which begins in column A. Empty cells are not used; "
    "what stands in place of a number is said above its table."
)
ABOUT = (
    "These are the tables of the scenario's report, in the same order. Results say what follows "
    "if a plan is followed; they do not say what will happen. People are simulated, not named "
    "staff."
)
RANGES = "Low and high, or “8 in 10 futures”: one future in ten lies below, one in ten above."
SENTENCES = re.compile(r"(?<=[.]) (?=\S)")
"""Where a note may be taken apart."""
WIDEST, WIDE = 85, 44
"""Characters in a line of the cover, and of a column."""
WIDER = 0.95
"""Room that a text takes for each character of a column's width."""
BROAD = 100
"""Characters from which a sheet is printed lying."""
LINE = 16
"""Points from one line to the next."""
A4 = 9
MADE = dt.datetime(2000, 1, 1)
"""Stands in the file as the day on which it was made, so that the same tables make the same file;
the report says the day."""


def tables_of(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """The tables that an executed notebook showed, as `Table.stored` gave them."""
    found: list[dict[str, Any]] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            found += output.get("data", {}).get(STORED, [])
    return [table for table in found if table["rows"]]


def write_workbook(
    path: Path, tables: Sequence[dict[str, Any]], *, title: str, status: str, made: str
) -> None:
    """Write tables to an .xlsx file: a cover, contents, notes, then a sheet each.

    Texts stay texts: none becomes a formula, a link or a number of its own accord. Raises OSError.
    """
    import gptables  # a second that only those pay who want a workbook

    sheets = {f"Table {n}": _sheet(table, n) for n, table in enumerate(tables, 1)}
    notes = {table["note"] for table in tables if table["note"]}
    lines = [ABOUT, READ, RANGES, *LEGEND.values(), *sorted(notes - {RANGES})]
    frame = pd.DataFrame({"order": range(len(lines)), "Note": [_inert(line) for line in lines]})
    cover = gptables.Cover(
        title=_inert(title), intro=[_inert(status), ABOUT], about=[_inert(made), READ], width=WIDEST
    )
    with warnings.catch_warnings():
        # Notes hold for the whole workbook, so that no cell refers to them.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            str(path),
            sheets,
            cover=cover,
            contentsheet_label="Contents" if sheets else None,
            notes_table=frame,
            auto_width=False,
            workbook_options={
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
    cover_sheet, *contents = book.worksheets()
    noted = contents.pop(1 if sheets else 0)
    _fit(cover_sheet, [[line] for line in (title, "", status, ABOUT, "", made, READ)], 0, [WIDEST])
    titles = [[name, sheet.title] for name, sheet in sheets.items()]
    for sheet in contents[:1]:
        _fit(sheet, titles, 3, [12, WIDEST])
    _fit(noted, [["", line] for line in lines], 3, [12, WIDEST])
    for sheet, gptable in zip(contents[1:], sheets.values(), strict=True):
        rows = [list(gptable.table.columns), *gptable.table.to_numpy().tolist()]
        _fit(sheet, rows, gptable.data_range[0], _widths(rows))
        sheet.repeat_rows(gptable.data_range[0])
    for sheet in book.worksheets():
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
    book.set_properties({"title": title, "comments": status, "created": MADE})
    book.close()


def _widths(rows: Sequence[Sequence[Any]]) -> list[int]:
    """Widths of columns in characters, by the longest text in each."""
    longest = [max(len(str(row[place])) for row in rows) for place in range(len(rows[0]))]
    return [min(max(count + 4, 12), WIDE) for count in longest]


def _fit(sheet: Any, rows: Sequence[Sequence[Any]], first: int, widths: Sequence[int]) -> None:
    """Set widths of columns, and heights of rows where a text takes several lines: not every
    program works them out.
    """
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    if sum(widths) > BROAD:
        sheet.set_landscape()
    for place, row in enumerate(rows, first):
        texts = zip(row, widths, strict=True)
        lines = max(math.ceil(len(str(text)) * WIDER / width) for text, width in texts)
        if lines > 1:
            sheet.set_row(place, LINE * lines)


def _sheet(table: dict[str, Any], number: int) -> GPTable:
    from gptables import GPTable

    columns = _distinct(table["columns"])
    by_column = [
        _column(cells, texts)
        for cells, texts in zip(
            zip(*table["rows"], strict=True), zip(*table["written"], strict=True), strict=True
        )
    ]
    rows = [list(row) for row in zip(*by_column, strict=True)]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    used = {value for row in rows for value in row if isinstance(value, str)}
    # A line each: a long one runs beyond the table, and would make its print as small as itself.
    note = [_inert(sentence) for sentence in SENTENCES.split(table["note"]) if sentence]
    legend = [*note, *(text for mark, text in LEGEND.items() if mark in used)]
    return GPTable(
        table=frame,
        table_name=f"table_{number}",
        title=f"Table {number}: {_inert(table['caption'])}",
        instructions="This worksheet contains one table.",
        legend=legend or None,
        index_columns={2: 0},
        additional_formatting=_formats(by_column, table, columns),
    )


def _column(cells: Sequence[Any], written: Sequence[str]) -> list[Any]:
    """A column as a workbook has it, with the signs that government statistics use for gaps;
    numbers of one unit where it holds nothing else, texts as they are written where it does.
    """
    gaps = [_gap(text) for text in written]
    numbers = [gap for cell, gap in zip(cells, gaps, strict=True) if not isinstance(cell, str)]
    texts = [gap for cell, gap in zip(cells, gaps, strict=True) if isinstance(cell, str)]
    units = {_unit(number) for number in numbers if re.search("[1-9]", number)}
    if len(units) <= 1 and all(text in LEGEND for text in texts):
        return [gap if gap in LEGEND else cell for cell, gap in zip(cells, gaps, strict=True)]
    return [_inert(gap) for gap in gaps]


def _unit(number: str) -> str:
    """The unit in which the report writes a number; blank for a bare one.

    >>> [_unit(number) for number in ("12%", "2.0 points", "−£45k", "1,084")]
    ['%', '%', '£', '']
    """
    return "%" if "%" in number or "point" in number else "£" if "£" in number else ""


def _gap(text: str) -> str:
    """A sign in place of what is no value."""
    text = text.strip()
    if HIDDEN.match(text):
        return NOT_SHOWN
    return text if re.search(r"[a-zA-Z0-9]", text) else NOT_DEFINED


def _inert(text: str) -> str:
    """A text without what would be read as a reference to a note or as a link."""
    return text.replace("$$", "$ $").replace("](", "] (")


def _distinct(columns: Sequence[str]) -> list[str]:
    """Headings, none of them twice."""
    found: list[str] = []
    for column in columns:
        text = _inert(column) or "Value"
        found.append(text if text not in found else f"{text} ({len(found) + 1})")
    return found


def _formats(
    by_column: Sequence[Sequence[Any]], table: dict[str, Any], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """How each column is written: numbers as the report writes them, in full."""
    found: list[dict[str, Any]] = []
    for place, (column, cells) in enumerate(zip(columns, by_column, strict=True)):
        written = [row[place] for row in table["written"]]
        numbers = [t for t, c in zip(written, cells, strict=True) if not isinstance(c, str)]
        form: dict[str, Any] = {"valign": "top", "indent": 0 if place == 0 else 1}
        if numbers and place:
            form |= {"num_format": _form(numbers), "align": "right"}
        found.append({"column": {"columns": [column], "format": form, "include_names": True}})
    return found


def _form(texts: Sequence[str]) -> str:
    """The spreadsheet's format for numbers that the report writes so.

    >>> _form(["12%"]), _form(["£1.23m", "−£45k"]), _form(["2.0 points"]), _form(["1,084", "−3"])
    ('0.0%', '£#,##0;−£#,##0', '0.0%', '#,##0;−#,##0')
    """
    units = {_unit(text) for text in texts}
    if "%" in units:
        return "0.0%"
    if "£" in units:
        return "£#,##0;−£#,##0"
    digits = max(len(text.partition(".")[2]) for text in texts)
    shape = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return f"{shape};−{shape}"
