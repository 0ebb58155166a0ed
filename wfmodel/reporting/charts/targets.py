"""Targets as probabilities: how often each is met over all futures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, PALE, canvas, lying_bars, short
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table


def targets(chances: pd.DataFrame, *, title: str, ranges: pd.DataFrame | None = None) -> Figure:
    """A bar a target with its 95% interval.

    ``chances`` has ``name``, ``title``, ``probability``, ``se`` and ``proposed_by``; ``ranges``, where an uncertain
    input moves a chance by more than ten points, ``name``, ``low``, ``high`` and ``input``.
    """
    moved = (
        {}
        if ranges is None
        else {row.name: row for row in ranges.set_index("name", drop=False).itertuples(index=False)}
    )
    with canvas(0.55 * len(chances) + 0.8) as (chart, axes):
        y = np.arange(len(chances))
        p = chances["probability"].to_numpy(dtype=float)
        half = 1.96 * np.nan_to_num(chances["se"].to_numpy(dtype=float))
        axes.barh(y, np.ones(len(y)), color="0.95", height=0.5)
        axes.barh(y, np.nan_to_num(p), color=NAVY, height=0.5)
        reach = np.vstack([np.minimum(half, p), np.minimum(half, 1 - p)])
        axes.errorbar(p, y, xerr=reach, fmt="none", ecolor="black", elinewidth=1.4, capsize=3)
        for row, name in enumerate(chances["name"]):
            label = words.percent(p[row])
            if name in moved:
                low, high = moved[name].low, moved[name].high
                axes.barh(
                    row, high - low, left=low, color=PALE, height=0.2, edgecolor=NAVY, linewidth=0.8
                )
                label = f"{words.number(100 * low)}–{words.percent(high)}"
            axes.text(1.02, row, label, va="center", fontsize=10, fontweight="bold")
        lying_bars(axes, [short(title, 48) for title in chances["title"]])
        axes.set_xlim(0, 1.2)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("Futures in which the target is met")
    return Figure(
        title, "Bars, one for each target", chart, _sentence(chances), _table(chances, moved)
    )


def said(row, moved: dict) -> str:  # type: ignore[no-untyped-def, type-arg]
    """The chance of one target in words; a range with the input that moves it, where one does."""
    if row.name in moved:
        wide = moved[row.name]
        return f"{words.chance_range(wide.low, wide.high)}, depending on {wide.input}"
    return words.chance(row.probability)


def _sentence(chances: pd.DataFrame) -> str:
    known = chances.dropna(subset=["probability"])
    if known.empty:
        return "No target has a chance that can be computed."
    met = [row.title for row in known.itertuples() if row.probability >= 0.5]
    most = known.loc[known["probability"].idxmax()]
    least = known.loc[known["probability"].idxmin()]
    text = f"{len(met)} of {len(chances)} targets are met in at least half of the futures."
    if len(known) == 1:
        return f"{text} {most['title']}: {words.chance(most['probability'])}."
    return (
        f"{text} Most often met: {most['title']} ({words.chance(most['probability'])}); "
        f"least often: {least['title']} ({words.chance(least['probability'])})."
    )


def _table(chances: pd.DataFrame, moved: dict) -> Table:  # type: ignore[type-arg]
    frame = pd.DataFrame(
        {
            "Target": list(chances["title"]),
            "Chance that it is met": [said(row, moved) for row in chances.itertuples(index=False)],
            "Standard error": chances["se"].to_numpy(dtype=float),
            "Set by": [
                {"plan": "the plan", "suite": "proposed here"}.get(p, p)
                for p in chances["proposed_by"]
            ],
        }
    )
    points = {"Standard error": lambda value: f"{words.number(100 * value, 1)} points"}
    return Table(frame, "Chance of each target over all futures", points)
