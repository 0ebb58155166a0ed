"""Money: recurring cost against budget, a bar a financial year."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wfmodel.exploring.picture import Year
from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    CHARCOAL,
    INK,
    NAVY,
    ORANGE,
    PLUM,
    SMALL,
    SOFT,
    WIDTH,
    Axis,
    Paper,
    legend,
)
from wfmodel.reporting import words

LEFT, RIGHT, TOP = 54, WIDTH - 96, 26
MOST_YEARS = 8


def money(years: Sequence[Year], changed: bool) -> Drawn:
    """Recurring cost with its range, the budget as a line on it, one-off cost below; lying bars."""
    shown = years if len(years) <= MOST_YEARS else [*years[: MOST_YEARS - 1], years[-1]]
    row = 44
    paper = Paper(TOP + row * len(shown) + 18)
    most = max((max(y.high, y.one_off, y.before, _known(y.budget)) for y in shown), default=1.0)
    x = Axis(0.0, most or 1.0, LEFT, RIGHT, 4)
    foot = TOP + row * len(shown)
    for tick in x.ticks:
        paper.line(x.at(tick), TOP, x.at(tick), foot)
        paper.text(x.at(tick), foot + 13, words.pounds(tick), "middle", SMALL, SOFT)
    for place, year in enumerate(shown):
        y = TOP + row * place
        paper.text(LEFT - 6, y + 18, words.year_name(year.year), "end", SMALL)
        paper.bar(LEFT, y + 6, x.at(year.recurring) - LEFT, 16, NAVY)
        paper.bar(LEFT, y + 25, x.at(year.one_off) - LEFT, 7, ORANGE)
        paper.range(x.at(year.low), x.at(year.high), y + 14)
        if changed:
            paper.line(x.at(year.before), y + 3, x.at(year.before), y + 25, CHARCOAL, 2, "3 2")
        if not math.isnan(year.budget):
            paper.line(x.at(year.budget), y + 2, x.at(year.budget), y + 26, PLUM, 3)
        over = year.recurring - year.budget
        said = words.pounds(year.recurring) if math.isnan(over) else _over(over)
        paper.text(WIDTH - 2, y + 18, said, "end", SMALL, INK, bold=True)
    entries = [("band", NAVY, "recurring"), ("band", ORANGE, "one-off"), ("line", PLUM, "budget")]
    legend(paper, entries + ([("dash", CHARCOAL, "as it started")] if changed else []))
    sentence = _sentence(years, changed)
    head = (
        "Financial year", "Recurring", "1 in 10 below", "1 in 10 above", "Budget", "Over budget",
        "One-off", "Recurring as it started",
    )  # fmt: skip
    rows = [
        [
            words.year_name(y.year) + (f" ({y.months} months)" if y.months < 12 else ""),
            *map(words.pounds, (y.recurring, y.low, y.high, y.budget, y.recurring - y.budget,
                                y.one_off, y.before)),
        ]
        for y in years
    ]  # fmt: skip
    return Drawn(
        "Cost against budget", sentence, paper.svg(f"Bars, one a year. {sentence}"), head, rows
    )


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _over(over: float) -> str:
    return f"{words.pounds(abs(over))} {'over' if over > 0 else 'under'}"


def _sentence(years: Sequence[Year], changed: bool) -> str:
    if not years:
        return "No month is run, so nothing is spent."
    last = max((y for y in years if y.months == 12), key=lambda y: y.year, default=years[-1])
    name = words.year_name(last.year)
    text = f"Recurring cost in {name}: {words.pounds(last.recurring)}"
    if not math.isnan(last.budget):
        text += f", {_over(last.recurring - last.budget)} its budget"
    gap = last.recurring - last.before
    if changed and abs(gap) >= 500:
        text += f"; {words.pounds(abs(gap))} {'more' if gap > 0 else 'less'} than as it started"
    one_off = sum(y.one_off for y in years)
    return f"{text}. One-off cost over the run: {words.pounds(one_off)}."
