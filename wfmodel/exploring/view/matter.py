"""The pane that says what matters: which levers and unknowns move the result, and where its spread
comes from."""

from __future__ import annotations

import threading
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from wfmodel.exploring import mattering, telling
from wfmodel.exploring.choices import State
from wfmodel.exploring.mattering import Effect
from wfmodel.exploring.picture import Picture
from wfmodel.exploring.svg.drawn import html_table
from wfmodel.exploring.svg.tornado import shares, tornado
from wfmodel.exploring.view.parts import FULL, busy, button, hint, pane, problem
from wfmodel.exploring.view.task import Task
from wfmodel.reporting import words
from wfmodel.results.measures import measure

if TYPE_CHECKING:
    from wfmodel.exploring.view.explorer import Explorer

MOVED = "Levers have moved since; work it out again."
ABOUT = (
    "Each lever and unknown is moved over its range, one at a time, on the same luck; then the "
    "spread is split into not knowing, the labour market and chance. It takes about half a minute."
)


class Matter:
    """Say what matters."""

    name = "What matters"

    def __init__(self, explorer: Explorer) -> None:
        self.explorer, self.session = explorer, explorer.session
        self.task = Task(lambda text: self._say(problem(text)))
        self.go = button("Work it out", self._work, "110px", primary=True)
        self.halt = button("Stop", self.task.stop, "70px")
        self.said = w.HTML(hint(ABOUT), layout=FULL)
        self.said.add_class("wx-live")
        self.progress = w.IntProgress(layout=w.Layout(width="220px"))
        self.progress.tooltip = "Levers tried"
        self._of: State | None = None
        self.stale = w.HTML(layout=FULL)
        self.charts = w.HTML(layout=FULL)
        self.teams = w.HTML(layout=FULL)
        bar = w.HBox([self.go, self.halt, self.progress], layout=w.Layout(align_items="center"))
        self.box = pane(bar, self.said, self.stale, self.charts, self.teams)

    def open(self) -> None:
        """Say which teams are too small, which costs nothing."""
        if self.explorer.picture is not None:
            self.told(self.explorer.picture)

    def told(self, picture: Picture) -> None:
        """Say anew which teams are too small to tell the scenarios apart."""
        self.teams.value = too_small(picture)
        is_stale = self._of is not None and self._of != self.session.choices.now
        self.stale.value = hint(MOVED) if is_stale else ""

    def _say(self, html: str) -> None:
        self.said.value = html
        self.go.disabled = False

    def _work(self) -> None:
        picture = self.explorer.picture
        if picture is None:
            return
        self.go.disabled, self.stale.value, self._of = True, "", self.session.choices.now
        asked = measure(picture.measure)
        written = telling.written(asked, precise=True)
        name = f"{words.small(asked.title)} of {picture.called(picture.scope)}"
        self.said.value = busy("Splitting the spread …")

        def work(stop: threading.Event) -> None:
            split = shares(mattering.splits(picture, stop=stop), name, written).html(tables=True)
            self.charts.value = f'<div class="wx-grid wx-wide">{split}</div>'
            found: list[Effect] = []
            for done, total, effect in mattering.effects(self.session, picture, stop=stop):
                found += [effect] if effect is not None else []
                self.progress.max, self.progress.value = total, done
                self.said.value = busy(f"Moving one lever at a time: {done} of {total} …")
                if done % 4 == 0 or done == total:
                    bars = tornado(found, name, written).html(tables=done == total)
                    self.charts.value = f'<div class="wx-grid wx-wide">{bars}{split}</div>'
            self._say(hint(f"{len(found)} levers and unknowns were moved over their ranges."))

        self.task.start(work)


def too_small(picture: Picture) -> str:
    """The teams in which nobody could tell the scenarios apart, as HTML."""
    if not picture.is_changed:
        return hint("Move a lever to see which teams are too small to tell the difference.")
    found = mattering.blurred(picture)
    if not found:
        return hint("Every service that differs at all is large enough for one future to show it.")
    teams = [f"{team.title} ({words.number(team.size)} people)" for team in found[:3]]
    text = (
        f"Too small to tell the two scenarios apart: {words.joined(teams)}"
        f"{' and others' if len(found) > 3 else ''}. What chance does to them in any one future is "
        "larger than what the levers do."
    )
    rows = [
        [
            team.title, words.number(team.size), words.signed(team.difference, 1),
            f"± {words.number(team.sd, 1)}", words.percent(team.telling),
        ]
        for team in found
    ]  # fmt: skip
    head = ("Service", "People", "Mean difference in FTE", "Its own spread",
            "Chance that one future lies on the right side")  # fmt: skip
    table = html_table("Services too small to tell", head, rows)
    title = "<h3>Too small to tell</h3>"
    return f'<section class="wx-chart">{title}<p>{escape(text)}</p>{table}</section>'
