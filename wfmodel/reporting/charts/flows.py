"""Flows: who joins and who goes, quarter by quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import (
    CHARCOAL,
    GREY,
    LILAC,
    MIDDLE,
    NAVY,
    ORANGE,
    PALE,
    PLUM,
    TEAL,
    canvas,
    number_axis,
)
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table
from wfmodel.units import add_months, financial_year

COLOURS = {1: (NAVY, TEAL, LILAC), -1: (ORANGE, PLUM, CHARCOAL, GREY, MIDDLE, PALE)}


def flows(
    joining: Mapping[str, np.ndarray],
    going: Mapping[str, np.ndarray],
    *,
    start: dt.date,
    title: str,
    yearly: bool = False,
) -> Figure:
    """Mean flows a quarter, or ``yearly``, joiners above the line and goers below.

    Each array is [replications, months + 1] of people in the month before each month end; month 0
    holds none. Raises ValueError for more flows than can be told apart.
    """
    means = {
        sign: {name: _monthly(a) for name, a in side.items()}
        for sign, side in ((1, joining), (-1, going))
    }
    months = len(next(iter([*means[1].values(), *means[-1].values()])))
    years = _years(start, months)
    firsts = [int(np.argmax(years == year)) for year in np.unique(years)] if yearly else []
    firsts = firsts or list(range(0, months, 3))
    spans = [slice(*ends) for ends in pairwise([*firsts, months])]
    span = "financial year" if yearly else "quarter"
    with canvas(3.5) as (chart, axes):
        x = np.arange(len(spans))
        for sign, side in means.items():
            base = np.zeros(len(spans))
            colours = COLOURS[sign][: len(side)]
            for colour, (name, monthly) in zip(colours, side.items(), strict=True):
                heights = sign * np.array([monthly[q].sum() for q in spans])
                axes.bar(
                    x, heights, bottom=base, color=colour, label=words.capital(name), width=0.75
                )
                base += heights
        axes.axhline(0, color="0.3", linewidth=1)
        step = max(1, len(spans) // 6)
        axes.set_xticks(x[::step], [f"{add_months(start, m):%b\n%Y}" for m in firsts[::step]])
        number_axis(axes)
        axes.set_ylabel(f"People in the {span}")
        chart.legend(loc="outside upper left", ncols=3, fontsize=9)
    totals = {sign: sum(float(m.sum()) for m in side.values()) for sign, side in means.items()}
    sentence = _sentence(totals[1], totals[-1], months)
    return Figure(title, f"Bars by {span}", chart, sentence, _table(means, years))


def _sentence(joined: float, gone: float, months: int) -> str:
    """How many join and go, in all and a year; a side with nobody has no number to look up.

    >>> _sentence(0.0, 96.0, 48)
    'Over 48 months nobody joins and 96 go on average: 24 a year.'
    """
    sides = ((joined, "join", "nobody joins"), (gone, "go", "nobody goes"))
    whole, a_year = [], []
    for total, does, nobody in sides:
        if total == 0:
            whole.append(nobody)
            continue
        people = " people" if does == "join" else ""
        whole.append(f"{words.number(total)}{people} {does}")
        a_year.append(words.number(12 * total / months))
    rate = f" on average: {' and '.join(a_year)} a year" if a_year else ""
    return f"Over {months} months {whole[0]} and {whole[1]}{rate}."


def _monthly(counts: np.ndarray) -> np.ndarray:
    """Mean of each month, without month 0."""
    return np.nan_to_num(np.asarray(counts, dtype=np.float64)[:, 1:]).mean(axis=0)


def _years(start: dt.date, months: int) -> np.ndarray:
    return np.array([financial_year(add_months(start, m)) for m in range(months)])


def _table(means: dict[int, dict[str, np.ndarray]], years: np.ndarray) -> Table:
    """Flows by financial year with their sums; the sentence speaks of the last rows."""
    names = [words.year_name(int(y)) for y in np.unique(years)]
    frame = pd.DataFrame({"Financial year": [*names, f"All {len(years)} months", "A year"]})
    for side, whole in zip(means.values(), ("All who join", "All who go"), strict=True):
        by_name = {name: _by_year(monthly, years) for name, monthly in side.items()}
        for name, sums in by_name.items():
            frame[words.capital(name)] = sums
        if len(side) > 1:
            frame[whole] = np.sum(list(by_name.values()), axis=0)
    formats = {column: lambda value: words.number(value, 1) for column in frame.columns[1:]}
    return Table(frame, "People joining and going by financial year, mean of all futures", formats)


def _by_year(monthly: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Sums by financial year, then over all months, then of twelve months on average."""
    total = float(monthly.sum())
    sums = [float(monthly[years == year].sum()) for year in np.unique(years)]
    return np.array([*sums, total, 12 * total / len(monthly)])
