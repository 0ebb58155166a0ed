"""The page of outcomes: headline, key figures, charts and differences, as one piece of HTML."""

from __future__ import annotations

from html import escape

from wfmodel.exploring import shown, telling
from wfmodel.exploring.picture import Difference, Picture
from wfmodel.exploring.svg.bridge import bridge
from wfmodel.exploring.svg.chances import chances
from wfmodel.exploring.svg.drawn import Drawn, html_table
from wfmodel.exploring.svg.fan import fan
from wfmodel.exploring.svg.holes import holes
from wfmodel.exploring.svg.money import money
from wfmodel.reporting import words
from wfmodel.results.measures import measure


def charts(picture: Picture) -> list[Drawn]:
    """Every chart of the page."""
    asked, whom = measure(picture.measure), picture.called(picture.scope)
    horizon, changed = picture.scenario.horizon, picture.is_changed
    place = "" if picture.scope.dimension == "council" else f", {whom}"
    return [
        fan(
            picture.bands(picture.own),
            picture.bands(picture.start) if changed else None,
            picture.goals(),
            start=horizon.start,
            title=f"{asked.title}{place}",
            name=f"{words.small(asked.title)}{' a month' if asked.kind == 'flow' else ''}{place}",
            written=telling.written(asked),
            precise=telling.written(asked, precise=True),
        ),
        chances(picture.chances, changed),
        money(picture.years, changed),
        bridge(*picture.bridge, whom),
        holes(picture.holes, words.month_end(horizon.start, horizon.months), changed),
    ]


def headline(picture: Picture) -> str:
    """The sentence that answers, as HTML."""
    return f'<p class="wx-answer">{escape(telling.headline(picture))}</p>'


def outcomes(picture: Picture, tables: bool = False) -> str:
    """Key figures, charts and differences."""
    cards = "".join(
        f'<li><span class="wx-name">{escape(one.name)}</span>'
        f'<span class="wx-value">{escape(one.value)}</span>'
        f'<span class="wx-change">{escape(one.change)}</span></li>'
        for one in telling.figures(picture)
    )
    drawn = "".join(one.html(tables) for one in charts(picture))
    return (
        f'<ul class="wx-cards">{cards}</ul><div class="wx-grid">{drawn}{differences(picture)}</div>'
    )


def differences(picture: Picture) -> str:
    """What is otherwise than as it started, on common luck."""
    title = "<h3>Difference to the start, on the same luck</h3>"
    if not picture.is_changed:
        said = "No lever has been moved, so nothing differs. Move one on the left."
        return f'<section class="wx-chart">{title}<p>{said}</p></section>'
    found = picture.differences
    certain = [one for one in found if one.is_certain]
    said = (
        f"{len(certain)} of {len(found)} measures differ beyond chance."
        if certain
        else "Nothing differs beyond what chance alone would do."
    )
    rows = [
        [
            f"{one.title}, {'whole run' if shown.is_flow(one.name) else 'at the end'}",
            _written(one, one.mean),
            f"{_written(one, one.low)} to {_written(one, one.high)}",
            "yes" if one.is_certain else "no",
        ]
        for one in found
    ]
    head = ("Measure", "Mean difference", "8 in 10 futures", "Beyond chance")
    table = html_table("Levers as they stand, less the starting scenario", head, rows)
    return f'<section class="wx-chart">{title}<p>{said}</p>{table}</section>'


def _written(one: Difference, value: float) -> str:
    if one.unit == "£":
        return f"{'+' if value > 0 else ''}{words.pounds(value)}"
    return words.signed(value, 1)
