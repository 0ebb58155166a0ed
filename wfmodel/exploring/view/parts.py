"""Parts that the panes are put together from."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

FULL = w.Layout(width="100%")
WRAPPED = w.Layout(flex_flow="row wrap", align_items="center", overflow="visible")


def button(
    text: str, act: Callable[[], Any], width: str = "auto", primary: bool = False
) -> w.Button:
    """A button that does something."""
    made = w.Button(description=text, layout=w.Layout(width=width))
    made.button_style = "primary" if primary else ""
    made.on_click(lambda _: act())
    return made


def chooser(name: str, options: Any = (), width: str = "auto") -> w.Dropdown:
    """A list to choose from; ``name`` is said to those who do not see what it stands beside."""
    made = w.Dropdown(options=options, layout=w.Layout(width=width, max_width="100%"))
    made.tooltip = name
    return made


def labelled(text: str, widget: w.Widget, width: str = "auto") -> w.HBox:
    """A widget with what it is called before it, which takes ``width``."""
    said = f'<span class="wx-hint" aria-hidden="true">{escape(text)}</span>'
    name = w.HTML(said, layout=w.Layout(width=width))
    return w.HBox([name, widget], layout=w.Layout(align_items="center", margin="0 14px 0 0"))


def pane(*parts: w.Widget) -> w.VBox:
    """Parts one below the other."""
    return w.VBox(list(parts), layout=w.Layout(width="100%", overflow="visible"))


def hint(text: str) -> str:
    """A quiet remark, as HTML."""
    return f'<p class="wx-hint">{escape(text)}</p>'


def busy(text: str) -> str:
    """That something is under way, as HTML."""
    return f'<p class="wx-busy">{escape(text)}</p>'


def problem(text: str) -> str:
    """That something is wrong, as HTML."""
    return f'<div class="wx-problem" role="alert">{escape(text)}</div>'


def good(text: str, more: str = "") -> str:
    """That something is done; ``more`` is HTML already."""
    return f'<div class="wx-good">{escape(text)}{more}</div>'
