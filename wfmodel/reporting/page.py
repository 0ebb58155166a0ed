"""Pages: one self-contained HTML file that opens offline, without scripts or code."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import nbformat
from markupsafe import Markup

from wfmodel.reporting import style
from wfmodel.reporting.style import TEMPLATES

if TYPE_CHECKING:
    from nbconvert.exporters import HTMLExporter

_kept = threading.local()


@cache
def _shell() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=False,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("document.html.j2")


def document(
    body: str,
    *,
    title: str,
    status: str = "",
    trail: Sequence[tuple[str, str]] = (),
    footer: str = "",
    generator: str = "wfmodel",
) -> str:
    """A whole page around ``body``, which is HTML already; everything else is escaped here.

    ``trail`` holds (name, link) from the outermost page inward; the last has no link.
    """
    return _shell().render(
        body=Markup(body),
        style=Markup(style.page()),
        title=title,
        # It also stands in the style sheet, where quotes and backslashes would end the string.
        status=status.replace("\\", " ").replace('"', "'"),
        trail=list(trail),
        footer=footer,
        generator=generator,
    )


def body_of(notebook: nbformat.NotebookNode) -> str:
    """Text and outputs of an executed notebook as HTML, in order, without its code."""
    body, _ = _exporter().from_notebook_node(notebook)
    return style.unstyled(body).strip()


def _exporter() -> HTMLExporter:
    """What makes HTML of notebooks, for each thread once: it compiles its templates anew."""
    if not hasattr(_kept, "exporter"):
        from nbconvert.exporters import HTMLExporter
        from traitlets.config import Config

        config = Config()
        config.HTMLExporter.exclude_input = True
        config.HTMLExporter.exclude_input_prompt = True
        config.HTMLExporter.exclude_output_prompt = True
        config.HTMLExporter.exclude_anchor_links = True
        _kept.exporter = HTMLExporter(
            config=config, template_name="page", extra_template_basedirs=[str(TEMPLATES)]
        )
    made: HTMLExporter = _kept.exporter
    return made


def notebook_page(
    path: Path,
    *,
    title: str,
    status: str = "",
    trail: Sequence[tuple[str, str]] = (),
    footer: str = "",
    generator: str = "wfmodel",
) -> str:
    """The page of an executed notebook in a file."""
    notebook = nbformat.read(path, as_version=4)
    return document(
        body_of(notebook),
        title=title,
        status=status,
        trail=trail,
        footer=footer,
        generator=generator,
    )
