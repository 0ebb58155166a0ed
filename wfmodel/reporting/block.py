"""Blocks of a report: pieces of HTML with the plain text that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from wfmodel.reporting.tables import Shown as Shown
from wfmodel.reporting.tables import Table, shown


@dataclass(frozen=True)
class Block:
    """Ready HTML, its plain text, and the tables in it. Whoever makes one escapes what goes in."""

    markup: str
    words: str
    tables: tuple[Table, ...] = ()

    def html(self) -> str:
        """As HTML."""
        return self.markup

    def text(self) -> str:
        """As plain text."""
        return self.words

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return shown(self, self.tables)


def paragraph(text: str, style: str = "") -> Block:
    """A paragraph of plain text.

    >>> print(paragraph("a < b").html())
    <p>a &lt; b</p>
    """
    name = f' class="{escape(style, quote=True)}"' if style else ""
    return Block(f"<p{name}>{escape(text)}</p>", text)


def bullets(lines: Sequence[str]) -> Block:
    """A list of plain text."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Block(f"<ul>{items}</ul>", "\n".join(f"- {line}" for line in lines))


def heading(text: str, level: int = 3) -> Block:
    """A heading inside a section."""
    return Block(f"<h{level}>{escape(text)}</h{level}>", text)


def stack(*parts: Shown) -> Block:
    """Parts one below the other."""
    return Block(
        "".join(part.html() for part in parts),
        "\n\n".join(part.text() for part in parts),
        tables_in(*parts),
    )


def tables_in(*parts: Shown) -> tuple[Table, ...]:
    """All tables of some parts, in their order."""
    found: list[Table] = []
    for part in parts:
        if isinstance(part, Table):
            found.append(part)
        else:
            found += getattr(part, "tables", ())
    return tuple(found)
