"""What charts are drawn on: the Analysis Function's colours and style, sized for the page."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import afcharts
import matplotlib
from afcharts.af_colours import get_af_colours
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Chart
from matplotlib.ticker import FuncFormatter, MaxNLocator

from wfmodel.reporting.figure import DOTS_PER_INCH, drawn
from wfmodel.reporting.words import number, pounds
from wfmodel.units import add_months

NAVY, TEAL, PLUM, ORANGE, CHARCOAL, LILAC = get_af_colours("categorical")
GREY = get_af_colours("focus")[1]
PALE = get_af_colours("sequential")[4]
MIDDLE = get_af_colours("sequential")[3]

WIDTH = 7.0
"""Inches; the page shows a chart about this wide."""


@cache
def _style() -> dict[str, object]:
    style: Any = matplotlib.rc_params_from_file(
        Path(afcharts.__file__).parent / "afcharts.mplstyle", use_default_template=False
    )
    own = {
        "font.size": 10,
        "font.sans-serif": ["Arial", "Helvetica", "Liberation Sans", "DejaVu Sans"],
        "axes.titlesize": 10,
        "axes.labelsize": 10,
        "lines.linewidth": 2,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
    }
    return {**style, **own}


@contextmanager
def canvas(height: float = 3.4, width: float = WIDTH) -> Iterator[tuple[Chart, Axes]]:
    """A chart of ``height`` inches and its axes; no window or backend shows it."""
    with matplotlib.rc_context(_style()):  # type: ignore[arg-type]
        chart = Chart(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
        yield chart, chart.add_subplot()
        # The style holds while the chart is drawn, so draw it before the style goes.
        drawn(chart)


def months_axis(axes: Axes, start: dt.date, months: int) -> None:
    """Months from the start as dates: a tick every half year, fewer on a long run."""
    step = 6 if months <= 48 else 12 if months <= 120 else 24
    ticks = list(range(0, months + 1, step))
    axes.set_xticks(ticks, [f"{add_months(start, m):%b\n%Y}" for m in ticks])
    axes.set_xlim(0, max(months, 1))


def round_ticks(axis: Axis, written: Callable[[float], str]) -> None:
    """Values as they are written, without zeros at the end of a decimal."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: _without_zeros(written(value))))


def _without_zeros(text: str) -> str:
    """The same number, shorter.

    >>> [_without_zeros(text) for text in ("£1.20m", "£10.0m", "1,000", "660.0", "£200k")]
    ['£1.2m', '£10m', '1,000', '660', '£200k']
    """
    return re.sub(r"\.(\d*?)0+(?!\d)", lambda found: found[1] and f".{found[1]}", text)


def money_axis(axes: Axes, which: str = "y") -> None:
    """Money on one axis."""
    round_ticks(axes.yaxis if which == "y" else axes.xaxis, pounds)


def number_axis(axes: Axes, which: str = "y") -> None:
    """Numbers with separators on one axis."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(
        FuncFormatter(lambda value, _: number(value, 0 if value == round(value) else 1))
    )


def few_ticks(axes: Axes, written: Callable[[float], str]) -> None:
    """Values along lying bars, so few that none runs into the next."""
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    round_ticks(axes.xaxis, written)


def lying_bars(axes: Axes, labels: list[str]) -> None:
    """Room for horizontal bars, the first label on top, grid along the values."""
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.tick_params(axis="y", length=0)


def short(label: str, most: int = 38) -> str:
    """A label that fits beside a bar, in two lines at most; dollar signs are signs in it, not
    formulas.
    """
    lines = textwrap.wrap(label, most, max_lines=2, placeholder="…") or [""]
    return "\n".join(lines).replace("$", r"\$")
