"""Cost against budget, a bar a financial year, recurring and one-off apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import (
    CHARCOAL,
    LILAC,
    MIDDLE,
    NAVY,
    ORANGE,
    PLUM,
    TEAL,
    canvas,
    money_axis,
)
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table


def budget(costs: pd.DataFrame, *, title: str) -> Figure:
    """Recurring cost by kind with its budget, and one-off cost beside it.

    ``costs`` has a row a financial year: ``year`` (when it begins), columns of recurring kinds,
    and any of ``one_off``, ``budget``, ``p10`` and ``p90`` (of recurring cost), all in £.
    """
    apart = {"year", "one_off", "budget", "p10", "p90", "months"}
    kinds = [column for column in costs.columns if column not in apart]
    years = [words.year_name(int(y)) for y in costs["year"]]
    recurring = costs[kinds].sum(axis=1).to_numpy()
    with canvas(3.7) as (chart, axes):
        x = np.arange(len(costs))
        base = np.zeros(len(costs))
        for colour, kind in zip((NAVY, MIDDLE, TEAL, LILAC, CHARCOAL), kinds, strict=False):
            axes.bar(
                x - 0.12,
                costs[kind],
                bottom=base,
                width=0.46,
                color=colour,
                label=_named(kind),
            )
            base += costs[kind].to_numpy()
        if "one_off" in costs:
            axes.bar(x + 0.29, costs["one_off"], width=0.22, color=ORANGE, label="One-off")
        if "p10" in costs and "p90" in costs:
            low, high = recurring - costs["p10"], costs["p90"] - recurring
            reach = np.abs(np.vstack([low, high]))
            axes.errorbar(
                x - 0.12, recurring, yerr=reach, fmt="none", color="black", capsize=4, linewidth=1.2
            )
        if "budget" in costs and costs["budget"].notna().any():
            axes.hlines(
                costs["budget"],
                x - 0.42,
                x + 0.18,
                color=PLUM,
                linewidth=3,
                label="Budget (recurring)",
            )
        axes.set_xticks(x, years)
        money_axis(axes)
        chart.legend(loc="outside upper left", ncols=4, fontsize=9)
    return Figure(
        title,
        "Bars by financial year",
        chart,
        _sentence(costs, years, recurring),
        _table(costs, kinds, years),
    )


def _named(kind: str) -> str:
    """The name of a kind of cost."""
    return {"on_costs": "On-costs"}.get(kind, words.capital(words.plain(kind)))


def _sentence(costs: pd.DataFrame, years: list[str], recurring: np.ndarray) -> str:
    parts = []
    for row, year in enumerate(years):
        text = f"{year} {words.pounds(recurring[row])}"
        limit = costs["budget"].iloc[row] if "budget" in costs else float("nan")
        if np.isfinite(limit):
            over = recurring[row] - limit
            text += f", {words.pounds(abs(over))} {'over' if over > 0 else 'under'} budget"
        parts.append(text)
    sentence = f"Recurring staffing cost on average: {'; '.join(parts)}."
    if "one_off" in costs and costs["one_off"].sum() > 0:
        sentence += (
            f" One-off cost over the whole run: {words.pounds(float(costs['one_off'].sum()))}."
        )
    return sentence


def _table(costs: pd.DataFrame, kinds: list[str], years: list[str]) -> Table:
    frame = pd.DataFrame({"Financial year": years})
    for kind in kinds:
        frame[_named(kind)] = costs[kind].to_numpy()
    frame["All recurring"] = costs[kinds].sum(axis=1).to_numpy()
    if "budget" in costs:
        frame["Budget"] = costs["budget"].to_numpy()
        frame["Over budget"] = frame["All recurring"] - frame["Budget"]
    if "one_off" in costs:
        frame["One-off"] = costs["one_off"].to_numpy()
    if len(frame) > 1:
        # A budget that some year lacks has no sum.
        whole = frame.iloc[:, 1:].sum(min_count=len(frame))
        frame.loc[len(frame)] = ["All years", *whole]
    formats = dict.fromkeys(frame.columns[1:], words.pounds)
    return Table(frame, "Staffing cost by financial year, mean of all futures", formats)
