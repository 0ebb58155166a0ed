"""Blocks of a report: pieces of HTML with the plain text that says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from wfmodel.reporting.style import styled


class Shown(Protocol):
    """What can stand in a report: figures, tables, blocks."""

    def html(self) -> str:
        """As HTML."""

    def text(self) -> str:
        """As plain text."""


@dataclass(frozen=True)
class Block:
    """Ready HTML and its plain text. Whoever makes one escapes what goes in."""

    markup: str
    words: str

    def html(self) -> str:
        """As HTML."""
        return self.markup

    def text(self) -> str:
        """As plain text."""
        return self.words

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": styled(self.markup), "text/plain": self.words}


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
    return Block("".join(part.html() for part in parts), "\n\n".join(part.text() for part in parts))
