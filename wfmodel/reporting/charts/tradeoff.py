"""Trade-off: what each scenario costs against the chance that it meets a target."""

from __future__ import annotations

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import GREY, NAVY, ORANGE, canvas, money_axis
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import RANGE, Table

BESIDE = ((5, 5), (-12, -14), (-12, 5), (5, -14))
"""Where a point's number stands, in turn, so that neighbours keep apart."""


def unbeaten(costs: pd.Series, chances: pd.Series) -> list[bool]:
    """Which points no other beats: cheaper and no less likely, or likelier and no dearer.

    >>> unbeaten(pd.Series([1.0, 2.0, 3.0]), pd.Series([0.5, 0.4, 0.9]))
    [True, False, True]
    """
    points = list(zip(costs, chances, strict=True))
    return [
        not any((c <= cost and p >= chance) and (c, p) != (cost, chance) for c, p in points)
        for cost, chance in points
    ]


def tradeoff(points: pd.DataFrame, *, title: str, cost: str, chance: str) -> Figure:
    """A numbered point a scenario; those that no other beats on both sides stand out.

    ``points`` has ``scenario`` (title), ``cost``, ``low`` and ``high`` (£) and ``chance``; ``cost``
    and ``chance`` say what the axes are.
    """
    points = points.reset_index(drop=True)
    best = unbeaten(points["cost"], points["chance"])
    colours = [ORANGE if one else NAVY for one in best]
    with canvas(4.2) as (chart, axes):
        axes.hlines(points["chance"], points["low"], points["high"], color=GREY, linewidth=1.2)
        axes.scatter(points["cost"], points["chance"], c=colours, s=46, zorder=5)
        ranks = points["cost"].rank(method="first").astype(int)
        for number, row in enumerate(points.to_dict("records"), 1):
            axes.annotate(
                str(number),
                (row["cost"], row["chance"]),
                BESIDE[ranks[number - 1] % len(BESIDE)],
                textcoords="offset points",
                fontsize=9,
                zorder=6,
            )
        axes.set_ylim(-0.06, 1.06)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.margins(x=0.08)
        money_axis(axes, "x")
        axes.set_xlabel(f"{cost}: mean, and the range of 8 in 10 futures")
        axes.set_ylabel("Chance")
    frame = pd.DataFrame(
        {
            "Scenario": [f"{n}. {name}" for n, name in enumerate(points["scenario"], 1)],
            cost: points["cost"],
            "Low": points["low"],
            "High": points["high"],
            "Chance": points["chance"],
            "Beaten by none": ["yes" if one else "no" for one in best],
        }
    )
    formats = dict.fromkeys((cost, "Low", "High"), words.pounds) | {"Chance": words.brief_chance}
    note = f"{RANGE} Beaten by none: no other scenario is both cheaper and as likely (orange)."
    table = Table(frame, f"{cost} against the chance of “{chance}”", formats, note)
    return Figure(title, "Points, one for each scenario", chart, _sentence(points, best), table)


def _sentence(points: pd.DataFrame, best: list[bool]) -> str:
    named = [
        f"“{row['scenario']}” ({words.pounds(row['cost'])}, {words.brief_chance(row['chance'])})"
        for row in points.loc[best].sort_values("cost", kind="stable").to_dict("records")
    ]
    if len(named) == 1:
        return f"{named[0]} is both cheapest and most likely to meet the target."
    return f"No other scenario is both cheaper and as likely as {words.joined(named)}."
