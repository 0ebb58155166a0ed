"""What becomes of people: mean numbers by outcome with the range of futures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, canvas, lying_bars, money_axis, number_axis, short
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import RANGE, Table


def outcomes(
    counts: Mapping[str, np.ndarray],
    *,
    title: str,
    whom: str,
    by: str = "Outcome",
    money: bool = False,
) -> Figure:
    """A bar an outcome of ``whom``, or whatever they are told apart ``by``; ``counts`` holds people
    (or £) by replication for each.
    """
    written = words.pounds if money else words.people
    labels = list(counts)
    means = [float(np.mean(a)) for a in counts.values()]
    low = [float(np.percentile(a, 10)) for a in counts.values()]
    high = [float(np.percentile(a, 90)) for a in counts.values()]
    with canvas(0.42 * len(labels) + 0.8) as (chart, axes):
        y = np.arange(len(labels))
        axes.barh(y, means, color=NAVY, height=0.55)
        reach = np.maximum(np.vstack([np.subtract(means, low), np.subtract(high, means)]), 0)
        axes.errorbar(means, y, xerr=reach, fmt="none", ecolor="black", elinewidth=1.4, capsize=3)
        lying_bars(axes, [short(label) for label in labels])
        edge = max([*high, *means, 1.0])
        for row, (value, far) in enumerate(zip(means, high, strict=True)):
            axes.text(max(value, far) + 0.02 * edge, row, written(value), va="center", fontsize=9)
        axes.set_xlim(0, 1.15 * edge)
        money_axis(axes, "x") if money else number_axis(axes, "x")
        label = f"{words.capital(whom)}: mean, and the range of 8 in 10 futures"
        axes.set_xlabel(short(label, 64))
    ordered = sorted(zip(labels, means, strict=True), key=lambda pair: -pair[1])
    said = [f"{label.lower()} {written(value)}" for label, value in ordered if value >= 0.05]
    sentence = f"{words.capital(whom)} on average: {words.joined(said)}."
    frame = pd.DataFrame({by: labels, "Mean": means, "Low": low, "High": high})
    formats = dict.fromkeys(("Mean", "Low", "High"), written)
    return Figure(
        title,
        "Bars, one for each kind",
        chart,
        sentence,
        Table(frame, f"{words.capital(whom)} by {by.lower()}", formats, note=RANGE),
    )
