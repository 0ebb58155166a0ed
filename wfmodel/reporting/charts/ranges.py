"""Ranges: one result in several scenarios, side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import (
    GREY,
    NAVY,
    ORANGE,
    canvas,
    lying_bars,
    number_axis,
    short,
)
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import RANGE, Format, Table


def ranges(
    results: pd.DataFrame,
    *,
    title: str,
    name: str,
    written: Format = words.number,
    goal: float | None = None,
    goal_name: str = "Target",
    opening: float | None = None,
) -> Figure:
    """A dot for the median and a line for eight in ten futures of each scenario.

    ``results`` has ``scenario`` (title), ``median``, ``low`` and ``high``.
    """
    with canvas(0.38 * len(results) + 0.9) as (chart, axes):
        y = np.arange(len(results))
        axes.hlines(y, results["low"], results["high"], color=NAVY, linewidth=4, alpha=0.35)
        axes.plot(results["median"], y, "o", color=NAVY, markersize=8)
        for row, value in enumerate(results["high"]):
            axes.annotate(
                written(results["median"].iloc[row]),
                (value, row),
                (6, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )
        above: dict[str, Any] = {
            "transform": axes.get_xaxis_transform(),
            "va": "bottom",
            "fontsize": 9,
        }
        if opening is not None:
            axes.axvline(opening, color=GREY, linewidth=1.5)
            side = "right" if goal is not None and opening < goal else "left"
            axes.text(opening, 1.0, "Opening", ha=side, color="0.3", **above)
        if goal is not None:
            axes.axvline(goal, color=ORANGE, linewidth=2, linestyle="--")
            side = "left" if opening is not None and opening < goal else "right"
            axes.text(goal, 1.0, goal_name, ha=side, color="0.1", **above)
        lying_bars(axes, [short(title, 44) for title in results["scenario"]])
        axes.set_ylim(len(results) - 0.5, -0.5)
        number_axis(axes, "x")
        axes.margins(x=0.1)
        axes.set_xlabel(f"{words.capital(name)}: median, and the range of 8 in 10 futures")
    ordered = results.sort_values("median", kind="stable").to_dict("records")
    lowest, highest = ordered[0], ordered[-1]
    sentence = (
        f"{words.capital(name)} is lowest in “{lowest['scenario']}” "
        f"(median {written(lowest['median'])}) and highest in “{highest['scenario']}” "
        f"(median {written(highest['median'])})."
    )
    if goal is not None:
        sentence += f" {goal_name}: {written(goal)}."
    headings = {"scenario": "Scenario", "median": "Median", "low": "Low", "high": "High"}
    frame = results[list(headings)].rename(columns=headings)
    table = Table(
        frame,
        f"{words.capital(name)} by scenario",
        dict.fromkeys(list(headings.values())[1:], written),
        note=RANGE if goal is None else f"{RANGE} {goal_name}: {written(goal)}.",
    )
    return Figure(title, "Dots with ranges, one for each scenario", chart, sentence, table)
