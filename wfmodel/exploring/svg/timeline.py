"""Timeline: where somebody is, or who holds a post, from the start to the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from wfmodel.exploring.story import Stay
from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    LINE,
    MIDDLE,
    NAVY,
    ORANGE,
    SMALL,
    SOFT,
    TEAL,
    WIDTH,
    Paper,
    short,
)
from wfmodel.reporting import words
from wfmodel.units import Calendar

ROW, LEFT, RIGHT, TOP = 30, 6, WIDTH - 10, 6
COLOURS = {"the redeployment pool": ORANGE, "training": TEAL}


def timeline(stays: Sequence[Stay], calendar: Calendar, title: str, empty: str) -> Drawn:
    """A bar for each stay below the one before, the years beneath."""
    paper = Paper(TOP + ROW * max(len(stays), 1) + 24)
    foot = TOP + ROW * max(len(stays), 1)

    def at(seconds: int) -> float:
        return LEFT + (RIGHT - LEFT) * max(seconds, 0) / max(calendar.horizon, 1)

    for year in range(calendar.start.year, calendar.start.year + calendar.months // 12 + 2):
        seconds = calendar.seconds(dt.date(year, 4, 1))
        if 0 <= seconds <= calendar.horizon:
            anchor = "start" if seconds == 0 else "end" if seconds == calendar.horizon else "middle"
            paper.line(at(seconds), TOP, at(seconds), foot + 4, LINE)
            paper.text(at(seconds), foot + 17, f"Apr {year}", anchor, SMALL, SOFT)
    for row, stay in enumerate(stays):
        y = TOP + ROW * row
        paper.text(LEFT, y + 11, short(words.capital(stay.place), 60), size=SMALL)
        colour = COLOURS.get(stay.place, NAVY if row % 2 == 0 else MIDDLE)
        paper.bar(at(stay.begins), y + 15, max(at(stay.ends) - at(stay.begins), 1.5), 10, colour)
    told = [
        f"{stay.place}, {words.day(calendar.date(max(stay.begins, 0)))} to "
        f"{words.day(calendar.date(stay.ends))}"
        for stay in stays
    ]
    sentence = f"{words.capital('; '.join(told))}." if told else empty
    return Drawn(title, "" if told else empty, paper.svg(f"Timeline. {sentence}"))
