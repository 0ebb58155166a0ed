"""Frontier: what the chance of a target costs along one lever."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wfmodel.exploring.finding import Point
from wfmodel.exploring.levers import Lever
from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    INK,
    NAVY,
    ORANGE,
    PALE,
    SMALL,
    SOFT,
    WIDTH,
    Axis,
    Paper,
)
from wfmodel.reporting import words

LEFT, RIGHT, TOP, FOOT = 48, WIDTH - 30, 22, 216


def frontier(points: Sequence[Point], lever: Lever, title: str, wanted: float) -> Drawn:
    """Chance against cost, a dot a value of the lever; the wanted chance as a line."""
    paper = Paper(FOOT + 46)
    costs = [point.cost for point in points if not math.isnan(point.cost)] or [0.0]
    x, y = Axis(min(costs), max(costs), LEFT, RIGHT, 4), Axis(0.0, 1.0, FOOT, TOP, 4)
    for tick in y.ticks:
        paper.line(LEFT, y.at(tick), RIGHT, y.at(tick))
        paper.text(LEFT - 6, y.at(tick) + 4, words.percent(tick), "end", SMALL, SOFT)
    for tick in x.ticks:
        paper.text(x.at(tick), FOOT + 15, words.pounds(tick), "middle", SMALL, SOFT)
    paper.text((LEFT + RIGHT) / 2, FOOT + 32, "recurring cost of the last whole year", "middle",
               SMALL, SOFT)  # fmt: skip
    paper.text(LEFT, TOP - 8, "chance of the target", "start", SMALL, SOFT)
    paper.line(LEFT, y.at(wanted), RIGHT, y.at(wanted), ORANGE, 1.5, "5 3")
    known = [point for point in points if not math.isnan(point.cost)]
    for point in known:
        low, high = max(point.chance - 1.96 * point.se, 0), min(point.chance + 1.96 * point.se, 1)
        paper.line(x.at(point.cost), y.at(low), x.at(point.cost), y.at(high), PALE, 4)
    paper.path([(x.at(point.cost), y.at(point.chance)) for point in known], NAVY, 1.5)
    for number, point in enumerate(known):
        paper.mark(x.at(point.cost), y.at(point.chance), NAVY, 4)
        if number in (0, len(known) // 2, len(known) - 1):
            above = y.at(point.chance) - 9 if point.chance < 0.85 else y.at(point.chance) + 18
            paper.text(x.at(point.cost), above, lever.written(point.value), "middle", SMALL, INK)
    sentence = _sentence(points, lever, title, wanted)
    head = (lever.label, "Chance", "Standard error", "Recurring cost")
    rows = [
        [
            lever.written(point.value),
            words.brief_chance(point.chance),
            f"{words.number(100 * point.se, 1)} points",
            words.pounds(point.cost),
        ]
        for point in points
    ]
    return Drawn("What the chance costs", sentence, paper.svg(f"Line. {sentence}"), head, rows)


def _sentence(points: Sequence[Point], lever: Lever, title: str, wanted: float) -> str:
    if not points:
        return "No value was tried."
    first, last = points[0], points[-1]
    text = (
        f"From {lever.written(first.value)} to {lever.written(last.value)} of "
        f"“{words.small(lever.label)}” the chance of “{title}” goes from "
        f"{words.brief_chance(first.chance)} to {words.brief_chance(last.chance)}, and recurring "
        f"cost from {words.pounds(first.cost)} to {words.pounds(last.cost)}."
    )
    enough = [point for point in points if point.chance >= wanted]
    if enough:
        cheapest = min(enough, key=lambda point: point.cost)
        text += (
            f" Of the values tried, the cheapest with {words.percent(wanted)} or more is "
            f"{lever.written(cheapest.value)}, at {words.pounds(cheapest.cost)}."
        )
    return text
