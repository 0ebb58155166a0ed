"""What becomes of people: mean numbers by outcome with the range of futures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, canvas, lying_bars, money_axis, number_axis, short
from wfmodel.reporting.disclosure.rule import EVERYTHING, HELD, Rule
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import RANGE, Table


def outcomes(
    counts: Mapping[str, np.ndarray],
    *,
    title: str,
    whom: str,
    by: str = "Outcome",
    money: bool = False,
    rule: Rule = EVERYTHING,
) -> Figure:
    """A bar an outcome of ``whom``, or whatever they are told apart ``by``; ``counts`` holds people
    (or £) by replication for each. What the ``rule`` hides has no bar.
    """
    written = words.pounds if money else rule.people
    hidden = [label for label, a in counts.items() if not money and rule.small(float(np.mean(a)))]
    shown = {label: a for label, a in counts.items() if label not in hidden}
    labels = list(shown)
    means = [float(np.mean(a)) for a in shown.values()]
    low = [float(np.percentile(a, 10)) for a in shown.values()]
    high = [float(np.percentile(a, 90)) for a in shown.values()]
    if not money:  # an end of a range that is small is not to be measured off the chart
        low, high = ([0.0 if rule.small(v) else v for v in side] for side in (low, high))
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
    said += [f"{label.lower()} {rule.hidden}" for label in hidden]
    sentence = f"{words.capital(whom)} on average: {words.joined(said)}."
    ends = {label: (np.mean(a), *np.percentile(a, (10, 90))) for label, a in shown.items()}
    rows = [(label, *ends.get(label, (rule.hidden, HELD, HELD))) for label in counts]
    frame = pd.DataFrame(rows, columns=[by, "Mean", "Low", "High"])
    formats = dict.fromkeys(("Mean", "Low", "High"), written)
    return Figure(
        title,
        "Bars, one for each kind",
        chart,
        sentence,
        Table(frame, f"{words.capital(whom)} by {by.lower()}", formats, note=RANGE),
    )
