"""The style of pages and of what notebooks show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


@cache
def blocks() -> str:
    """Rules for blocks of a report alone: in a notebook they must not touch what is around them."""
    return (TEMPLATES / "blocks.css").read_text(encoding="utf-8")


@cache
def page() -> str:
    """All rules of a page."""
    return blocks() + (TEMPLATES / "page.css").read_text(encoding="utf-8")


def styled(html: str) -> str:
    """A block as a notebook shows it, which has no style sheet of ours."""
    return f"<style>{blocks()}</style>{html}"


def unstyled(html: str) -> str:
    """The same for a page, which has one."""
    return html.replace(f"<style>{blocks()}</style>", "")
