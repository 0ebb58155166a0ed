"""Targets as probabilities: how often each is met over all futures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, PALE, canvas, lying_bars, short
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table

Moved = Mapping[str, Mapping[str, Any]]
"""By target: ``low`` and ``high`` chance, and the ``input`` that moves it."""


def targets(chances: pd.DataFrame, *, title: str, moved: Moved | None = None) -> Figure:
    """A bar a target with its 95% interval.

    ``chances`` has ``name``, ``title``, ``probability``, ``se`` and ``proposed_by``; ``moved``
    holds the targets whose chance an uncertain input moves by more than ten points.
    """
    wide = moved or {}
    rows = chances.to_dict("records")
    with canvas(0.5 * len(rows) + 0.8) as (chart, axes):
        y = np.arange(len(rows))
        p = chances["probability"].to_numpy(dtype=float)
        half = 1.96 * np.nan_to_num(chances["se"].to_numpy(dtype=float))
        axes.barh(y, np.ones(len(y)), color="0.95", height=0.5)
        axes.barh(y, np.nan_to_num(p), color=NAVY, height=0.5)
        reach = np.vstack([np.minimum(half, p), np.minimum(half, 1 - p)])
        axes.errorbar(
            p, y, xerr=reach, fmt="none", ecolor="black", elinewidth=1.4, capsize=3, zorder=5
        )
        for place, row in enumerate(rows):
            label = words.brief_chance(p[place])
            if row["name"] in wide:
                low, high = wide[row["name"]]["low"], wide[row["name"]]["high"]
                axes.barh(
                    place,
                    high - low,
                    left=low,
                    color=PALE,
                    height=0.24,
                    edgecolor=NAVY,
                    linewidth=0.8,
                )
                label = words.brief_range(low, high)
            axes.text(1.02, place, label, va="center", fontsize=10, fontweight="bold")
        lying_bars(axes, [short(str(row["title"]), 46) for row in rows])
        axes.set_xlim(0, 1.2)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.set_xlabel("Futures in which the target is met")
    return Figure(
        title, "Bars, one for each target", chart, _sentence(rows, wide), _table(rows, wide)
    )


def said(row: Mapping[str, Any], moved: Moved) -> str:
    """The chance of one target in words; a range with the input that moves it, where one does."""
    if row["name"] in moved:
        wide = moved[row["name"]]
        return f"{words.chance_range(wide['low'], wide['high'])}, depending on {wide['input']}"
    return words.chance(row["probability"])


def _sentence(rows: list[dict[Any, Any]], moved: Moved) -> str:
    known = [row for row in rows if np.isfinite(row["probability"])]
    if not known:
        return "No target has a chance that can be computed."
    met = sum(row["probability"] >= 0.5 for row in known)
    many = words.capital(words.so_many(met, len(rows), "target"))
    text = f"{many} met in at least half of the futures."
    most = max(known, key=lambda row: row["probability"])
    least = min(known, key=lambda row: row["probability"])
    if most["probability"] == least["probability"] and len(known) > 1:
        return f"{text} Each of them: {said(most, moved)}."
    if len(known) == 1:
        return f"{text} {most['title']}: {said(most, moved)}."
    return (
        f"{text} Most often met: {most['title']} ({said(most, moved)}); "
        f"least often: {least['title']} ({said(least, moved)})."
    )


def _table(rows: list[dict[Any, Any]], moved: Moved) -> Table:
    who = {"plan": "the plan", "suite": "proposed here"}
    frame = pd.DataFrame(
        {
            "Target": [str(row["title"]) for row in rows],
            "Chance that it is met": [words.capital(said(row, moved)) for row in rows],
            "Standard error": [float(row["se"]) for row in rows],
            "Set by": [who.get(row["proposed_by"], str(row["proposed_by"])) for row in rows],
        }
    )
    points = {"Standard error": lambda value: f"{words.number(100 * value, 1)} points"}
    return Table(frame, "Chance of each target over all futures", points)
