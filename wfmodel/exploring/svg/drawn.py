"""Drawn: a chart with the sentence and the table that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True)
class Drawn:
    """A chart; ``sentence``, ``head`` and ``rows`` are computed from what it was drawn from."""

    title: str
    sentence: str
    svg: str
    head: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = field(default=())
    note: str = ""

    def html(self, tables: bool = False, level: int = 3) -> str:
        """Title, sentence and chart, with the table where it is wanted."""
        table = html_table(self.title, self.head, self.rows) if tables and self.head else ""
        note = f'<p class="wx-note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<section class="wx-chart"><h{level}>{escape(self.title)}</h{level}>'
            f"<p>{escape(self.sentence)}</p>{self.svg}{note}{table}</section>"
        )

    def _repr_html_(self) -> str:
        return self.html(tables=True)


def html_table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with headed rows and columns; everything in it is escaped."""
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    label = escape(caption, quote=True)
    return (
        f'<div class="wx-table" role="region" tabindex="0" aria-label="{label}">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
