"""Where the holes fall: services by the share of their posts that stand empty."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import GREY, NAVY, canvas, few_ticks, lying_bars, short
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import RANGE, Format, Table

WORST = 3


def holes(
    gaps: pd.DataFrame,
    *,
    title: str,
    value: str = "Vacancy rate",
    written: Format = words.percent,
    when: str = "",
) -> Figure:
    """A bar a service, the worst three dark.

    ``gaps`` has ``service`` (title), ``mean``, ``low`` and ``high``, and more for the table.
    """
    ordered = gaps.sort_values("mean", ascending=False, kind="stable").reset_index(drop=True)
    with canvas(0.34 * len(ordered) + 0.8) as (chart, axes):
        y = np.arange(len(ordered))
        colours = [NAVY if row < WORST else GREY for row in y]
        means = ordered["mean"].to_numpy(dtype=float)
        axes.barh(y, means, color=colours, height=0.6)
        reach = np.maximum(np.vstack([means - ordered["low"], ordered["high"] - means]), 0)
        axes.errorbar(means, y, xerr=reach, fmt="none", ecolor="black", elinewidth=1.1, capsize=2)
        lying_bars(axes, [short(name) for name in ordered["service"]])
        edge = max(float(np.nanmax(ordered["high"])) if len(ordered) else 0.0, 1e-9)
        for row, far in enumerate(np.maximum(means, ordered["high"])):
            axes.text(far + 0.02 * edge, row, written(means[row]), va="center", fontsize=9)
        axes.set_xlim(
            min(0.0, 1.05 * float(np.nanmin(ordered["low"])) if len(ordered) else 0.0), 1.15 * edge
        )
        few_ticks(axes, written)
        axes.set_xlabel(short(f"{value}: mean, and the range of 8 in 10 futures", 64))
    return Figure(
        title,
        "Bars, one for each service",
        chart,
        _sentence(ordered, value, written, when),
        _table(ordered, value, written),
    )


def _sentence(ordered: pd.DataFrame, value: str, written: Format, when: str) -> str:
    worst = []
    for row in ordered.head(WORST).to_dict("records"):
        mean, low, high = (written(row[key]) for key in ("mean", "low", "high"))
        worst.append(f"{row['service']} ({mean}, 8 in 10 futures {low} to {high})")
    return f"{value} is highest{f' {when}' if when else ''} in {words.joined(worst)}."


def _table(ordered: pd.DataFrame, value: str, written: Format) -> Table:
    names = {"service": "Service", "mean": value, "low": "Low", "high": "High"}
    frame = ordered.rename(columns=names)
    return Table(
        frame,
        f"{value} by service",
        {names[key]: written for key in ("mean", "low", "high")},
        note=RANGE,
    )
