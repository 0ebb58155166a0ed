"""Telling: the headline of a picture in sentences, and its key figures; every number computed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from wfmodel.exploring.picture import Picture
from wfmodel.reporting import words
from wfmodel.results.measures import Measure

AS_STARTED = "as it started"


class Figure(NamedTuple):
    """A key figure: what it is, its value, and how it differs from the starting scenario."""

    name: str
    value: str
    change: str


def headline(picture: Picture) -> str:
    """What follows from the levers as they stand, in one or two sentences."""
    start, months = picture.scenario.horizon.start, picture.scenario.horizon.months
    lines = np.percentile(picture.own.series("fte"), (10, 50, 90), axis=0)
    opening, closing = float(lines[1, 0]), float(lines[1, -1])
    moves = words.moves(words.number(opening), words.number(closing), closing - opening)
    text = (
        f"{words.capital(words.CONDITION)}, FTE {moves} by {words.month_end(start, months)} "
        f"({words.futures(words.number(lines[0, -1]), words.number(lines[2, -1]))})"
    )
    gap = _gap(picture, "fte")
    if picture.is_changed:
        text += f", {gap} {AS_STARTED}" if gap else f", as many as {AS_STARTED}"
    return f"{text}. {_money(picture)} {_targets(picture)}".strip()


def _gap(picture: Picture, name: str) -> str:
    """How many fewer or more than as it started; nothing where chance could have done it."""
    found = next((d for d in picture.differences if d.name == name), None)
    if found is None or not found.is_certain:
        return ""
    side = "more" if found.mean > 0 else "fewer"
    return f"{words.people(abs(found.mean))} {side} than"


def _money(picture: Picture) -> str:
    years = [year for year in picture.years if year.months == 12] or picture.years
    if not years:
        return ""
    last = years[-1]
    text = f"Staffing costs {words.pounds(last.recurring)} in {words.year_name(last.year)}"
    if not math.isnan(last.budget):
        over = last.recurring - last.budget
        text += f", {words.pounds(abs(over))} {'over' if over > 0 else 'under'} its budget"
    gap = last.recurring - last.before
    if picture.is_changed and abs(gap) >= 500:
        text += f" ({words.pounds(abs(gap))} {'more' if gap > 0 else 'less'} than {AS_STARTED})"
    return f"{text}."


def _targets(picture: Picture) -> str:
    found = picture.chances
    if not found:
        return ""
    now, before = picture.together
    which = "Its target holds" if len(found) == 1 else f"All {len(found)} targets hold together"
    text = f"{which} with a chance of {words.brief_chance(now)}"
    if picture.is_changed and words.brief_chance(now) != words.brief_chance(before):
        text += f" ({words.brief_chance(before)} {AS_STARTED})"
    return f"{text}."


def figures(picture: Picture) -> list[Figure]:
    """The key figures that stand above the charts."""
    closing = np.percentile(picture.own.series("fte")[:, -1], (10, 50, 90))
    found = [
        Figure(
            "FTE at the end",
            f"{words.number(closing[1])}",
            _change(picture, "fte") or f"{words.number(closing[0])} to {words.number(closing[2])}",
        )
    ]
    years = [year for year in picture.years if year.months == 12] or picture.years
    if years:
        last = years[-1]
        over = last.recurring - last.budget
        name = f"Recurring cost {words.year_name(last.year)}"
        value = words.pounds(last.recurring)
        if not math.isnan(over):
            name = f"Against budget {words.year_name(last.year)}"
            value = f"{words.pounds(abs(over))} {'over' if over > 0 else 'under'}"
        gap = last.recurring - last.before
        sign = "+" if gap > 0 else ""
        changed = picture.is_changed and abs(gap) >= 500
        found.append(Figure(name, value, f"{sign}{words.pounds(gap)}" if changed else ""))
    if picture.chances:
        met = sum(one.now >= 0.5 for one in picture.chances)
        before = sum(one.before >= 0.5 for one in picture.chances)
        was = f"was {before}" if picture.is_changed and before != met else ""
        found.append(
            Figure("Targets more likely than not", f"{met} of {len(picture.chances)}", was)
        )
    if picture.holes:
        worst = picture.holes[0]
        was = f"was {words.percent(worst.before)}" if picture.is_changed else ""
        found.append(Figure(f"Vacant in {worst.title}", words.percent(worst.mean), was))
    return found


def _change(picture: Picture, name: str) -> str:
    found = next((d for d in picture.differences if d.name == name), None)
    if not picture.is_changed or found is None:
        return ""
    return f"{words.signed(found.mean, 1)}" if found.is_certain else "no change beyond chance"


def written(asked: Measure, precise: bool = False):  # type: ignore[no-untyped-def]
    """How values of a measure are written."""
    if asked.unit == "£":
        return words.pounds
    if asked.unit == "share":
        return lambda value: words.percent(value, 1 if precise else 0)
    if asked.unit in ("heads", "FTE", "posts"):
        return lambda value: words.number(value, 1 if precise and abs(value) < 50 else 0)
    return lambda value: words.number(value, 1)
