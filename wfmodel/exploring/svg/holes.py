"""Holes: services by the share of their posts that stand empty at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wfmodel.exploring.picture import Hole
from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    CHARCOAL,
    GREY,
    NAVY,
    SMALL,
    SOFT,
    WIDTH,
    Axis,
    Paper,
    legend,
    short,
)
from wfmodel.reporting import words

ROW, LEFT, RIGHT, TOP = 22, 168, WIDTH - 46, 22
WORST, MOST = 3, 12


def holes(found: Sequence[Hole], day: str, changed: bool) -> Drawn:
    """A bar a service, the worst three dark; of many services the worst twelve."""
    shown = found[:MOST]
    paper = Paper(TOP + ROW * len(shown) + 6)
    most = max(
        [*(h.high for h in shown), *(h.before for h in shown if not math.isnan(h.before)), 1e-3]
    )
    x = Axis(0.0, most, LEFT, RIGHT)
    for place, hole in enumerate(shown):
        y = TOP + ROW * place
        paper.text(LEFT - 8, y + 13, short(hole.title, 24), "end", SMALL)
        paper.bar(LEFT, y + 3, x.at(hole.mean) - LEFT, 13, NAVY if place < WORST else GREY)
        paper.range(x.at(hole.low), x.at(hole.high), y + 9.5)
        if changed and not math.isnan(hole.before):
            paper.line(x.at(hole.before), y, x.at(hole.before), y + 19, CHARCOAL, 2, "3 2")
        edge = max(x.at(hole.high), x.at(hole.mean)) + 5
        paper.text(edge, y + 13, words.percent(hole.mean), size=SMALL, colour=SOFT)
    entries = [("band", NAVY, "mean, worst three"), ("band", GREY, "mean")]
    legend(paper, entries + ([("dash", CHARCOAL, "as it started")] if changed else []))
    worst = [f"{h.title} ({words.percent(h.mean)} of its posts' FTE)" for h in found[:WORST]]
    sentence = f"Vacancies weigh most on {day} in {words.joined(worst)}."
    if not found:
        sentence = "No service has posts at the end."
    head = ("Service", "Vacancy rate", "1 in 10 below", "1 in 10 above", "As it started")
    rows = [
        [h.title, *(words.percent(v, 1) for v in (h.mean, h.low, h.high, h.before))] for h in found
    ]
    return Drawn(
        "Where the holes fall", sentence, paper.svg(f"Bars, one a service. {sentence}"), head, rows
    )
