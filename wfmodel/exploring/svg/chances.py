"""Chances: how often each target is met, and how that changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfmodel.exploring.picture import Chance
from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    CHARCOAL,
    INK,
    LETTER,
    NAVY,
    SMALL,
    SOFT,
    WIDTH,
    Paper,
    legend,
    short,
)
from wfmodel.reporting import words

ROW, LEFT, RIGHT = 32, 2, WIDTH - 108


def chances(found: Sequence[Chance], changed: bool) -> Drawn:
    """A bar a target with its 95% interval, a tick where it stood when it started."""
    paper = Paper(ROW * max(len(found), 1) + 26)
    if changed:
        legend(paper, [("band", NAVY, "now"), ("dash", CHARCOAL, "as it started")])
    for place, one in enumerate(found):
        y = 26 + ROW * place
        paper.text(LEFT, y + 10, short(one.title, 62), size=SMALL, colour=SOFT)
        paper.bar(LEFT, y + 14, RIGHT - LEFT, 9, "#eef0f3")
        if np.isfinite(one.now):
            at = LEFT + (RIGHT - LEFT) * one.now
            paper.bar(LEFT, y + 14, at - LEFT, 9, NAVY)
            reach = 1.96 * one.se
            low, high = max(one.now - reach, 0.0), min(one.now + reach, 1.0)
            paper.range(LEFT + (RIGHT - LEFT) * low, LEFT + (RIGHT - LEFT) * high, y + 18.5)
        if changed and np.isfinite(one.before):
            at = LEFT + (RIGHT - LEFT) * one.before
            paper.line(at, y + 13, at, y + 26, CHARCOAL, 2, "3 2")
        paper.text(RIGHT + 8, y + 23, words.brief_chance(one.now), size=LETTER, bold=True)
        if changed:
            paper.text(
                WIDTH - 2, y + 23, points(one), "end", LETTER, INK if one.is_changed else SOFT
            )
    sentence = _sentence(found, changed)
    head = ("Target", "Chance", "Standard error") + (("As it started", "Change") if changed else ())
    rows = [
        [one.title, words.brief_chance(one.now), f"{words.number(100 * one.se, 1)} points"]
        + ([words.brief_chance(one.before), points(one)] if changed else [])
        for one in found
    ]
    return Drawn("Targets", sentence, paper.svg(f"Bars, one a target. {sentence}"), head, rows)


def points(one: Chance) -> str:
    """The change of a chance in points, as far as it can be told from chance.

    >>> [points(Chance("a", "A", 0.41, 0.03, before, 0.02)) for before in (0.3, 0.4, 0.41)]
    ['+11 points', '±0', 'no change']
    """
    if not np.isfinite(one.change):
        return "–"
    if not one.is_changed:
        return "±0" if round(100 * one.change) else "no change"
    return f"{words.signed(100 * one.change)} points"


def _sentence(found: Sequence[Chance], changed: bool) -> str:
    if not found:
        return "The scenario sets no target."
    met = sum(one.now >= 0.5 for one in found)
    many = words.capital(words.so_many(met, len(found), "target"))
    text = f"{many} met in at least half of the futures."
    if not changed:
        return text
    moved = sorted((one for one in found if one.is_changed), key=lambda one: -abs(one.change))
    if not moved:
        return f"{text} No chance has moved beyond what chance alone would do."
    told = [f"“{one.title}” {words.signed(100 * one.change)} points" for one in moved[:3]]
    return f"{text} Moved most: {words.joined(told)}."
