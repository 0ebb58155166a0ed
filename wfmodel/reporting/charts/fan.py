"""Fan chart: the median of the futures and the bands that hold half and eight in ten of them."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import (
    CHARCOAL,
    MIDDLE,
    NAVY,
    ORANGE,
    PALE,
    canvas,
    months_axis,
    round_ticks,
)
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import RANGE, Format, Table

QUANTILES = (10, 25, 50, 75, 90)


def bands(paths: np.ndarray) -> np.ndarray:
    """The 10th, 25th, 50th, 75th and 90th percentile month by month, float [5, months + 1].

    ``paths`` is [replications, months + 1]; a month without any value stays undefined.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanpercentile(np.asarray(paths, dtype=np.float64), QUANTILES, axis=0)


def fan(
    paths: np.ndarray,
    *,
    start: dt.date,
    title: str,
    name: str,
    written: Format = words.number,
    base: np.ndarray | None = None,
    base_name: str = "",
    goal: Mapping[int, float] | None = None,
    goal_name: str = "Target",
) -> Figure:
    """A fan of ``paths`` [replications, months + 1].

    ``base`` lies behind it, ``goal`` (value by month) upon it.
    """
    lines = bands(paths)
    months = paths.shape[1] - 1
    behind = None if base is None else bands(base)
    with canvas(3.7) as (chart, axes):
        x = np.arange(months + 1)
        axes.fill_between(x, lines[0], lines[4], color=PALE, linewidth=0, label="8 in 10 futures")
        axes.fill_between(x, lines[1], lines[3], color=MIDDLE, linewidth=0, label="5 in 10 futures")
        axes.plot(x, lines[2], color=NAVY, label="Median")
        if behind is not None:
            label = words.capital(base_name) or "Comparison"
            axes.plot(
                x,
                behind[2],
                color=CHARCOAL,
                linestyle="--",
                linewidth=1.4,
                label=f"{label} (median)",
            )
        if goal:
            axes.plot(
                list(goal),
                list(goal.values()),
                "D",
                color=ORANGE,
                markersize=6,
                label=goal_name,
                zorder=5,
                clip_on=False,
            )
        months_axis(axes, start, months)
        round_ticks(axes.yaxis, written)
        axes.set_ylabel(words.capital(name))
        axes.margins(y=0.08)
        chart.legend(loc="outside upper left", ncols=3, fontsize=9)
    return Figure(
        title=title,
        kind="Fan chart",
        chart=chart,
        sentence=_sentence(lines, name, start, written, behind, base_name, goal, goal_name),
        table=_table(lines, name, start, written, behind, base_name, goal, goal_name),
    )


def _sentence(
    lines: np.ndarray,
    name: str,
    start: dt.date,
    written: Format,
    behind: np.ndarray | None,
    base_name: str,
    goal: Mapping[int, float] | None,
    goal_name: str,
) -> str:
    months = lines.shape[1] - 1
    first = int(np.argmax(np.isfinite(lines[2]))) if np.isfinite(lines[2]).any() else 0
    opening, closing = lines[2, first], lines[2, months]
    moves = words.moves(written(opening), written(closing), closing - opening)
    text = (
        f"{words.capital(name)} {moves} "
        f"by {words.month_end(start, months)} in the median, with "
        f"{words.futures(written(lines[0, months]), written(lines[4, months]))}."
    )
    if goal:
        month = max(goal)
        text += f" {goal_name} for {words.month_end(start, month)}: {written(goal[month])}."
    if behind is not None:
        text += (
            f" {words.capital(base_name) or 'The comparison'} ends at {written(behind[2, months])}."
        )
    return text


def _table(
    lines: np.ndarray,
    name: str,
    start: dt.date,
    written: Format,
    behind: np.ndarray | None,
    base_name: str,
    goal: Mapping[int, float] | None,
    goal_name: str,
) -> Table:
    months = lines.shape[1] - 1
    step = 6 if months <= 48 else 12
    rows = [m for m in range(months + 1) if m % step == 0 or m == months]
    frame = pd.DataFrame(
        {
            "Date": [words.month_end(start, m, brief=True) for m in rows],
            "Median": lines[2, rows],
            "Low": lines[0, rows],
            "High": lines[4, rows],
        }
    )
    if behind is not None:
        frame[words.capital(base_name) or "Comparison"] = behind[2, rows]
    if goal:
        frame[goal_name] = [goal.get(m, float("nan")) for m in rows]
    formats = dict.fromkeys(frame.columns[1:], written)
    return Table(frame, f"{words.capital(name)} by date", formats, note=RANGE)
