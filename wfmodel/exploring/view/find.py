"""The pane that finds the value of a lever which meets a target, and what the chance costs."""

from __future__ import annotations

import threading
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from wfmodel.analysis.solving import Found, Tried
from wfmodel.exploring import finding
from wfmodel.exploring.futures import Overtaken
from wfmodel.exploring.levers import Lever
from wfmodel.exploring.picture import Picture
from wfmodel.exploring.svg.frontier import frontier
from wfmodel.exploring.view.parts import (
    FULL,
    WRAPPED,
    busy,
    button,
    chooser,
    hint,
    labelled,
    pane,
    problem,
)
from wfmodel.exploring.view.task import Task
from wfmodel.reporting import words

if TYPE_CHECKING:
    from wfmodel.exploring.view.explorer import Explorer

MOVED = "Other levers have moved since this was found; find it again."
ABOUT = (
    "Which value of one lever meets a target with the chance you want, all other levers as they "
    "stand now?"
)


class Find:
    """Find a value."""

    name = "Find"

    def __init__(self, explorer: Explorer) -> None:
        self.explorer, self.session = explorer, explorer.session
        self.task = Task(lambda text: self._say(problem(text)))
        self.found: Found | None = None
        self._of: dict[str, Any] = {}
        self.stale = w.HTML(layout=FULL)
        self.lever = chooser("Lever to find a value of", width="420px")
        targets = [(t.title, name) for name, t in self.session.start.targets.items()]
        self.target = chooser("Target to meet", targets, width="420px")
        self.chance = w.FloatSlider(
            0.8, min=0.05, max=0.95, step=0.05, readout_format=".0%", continuous_update=False
        )
        self.chance.tooltip = "Chance that is wanted"
        self.go = button("Find the value", self._find, "124px", primary=True)
        self.take = button("Move the lever there", self._take)
        self.take.disabled = True
        self.said = w.HTML(hint(ABOUT), layout=FULL)
        self.said.add_class("wx-live")
        self.chart = w.HTML(layout=FULL)
        choose = w.HBox(
            [
                labelled("Lever", self.lever, "56px"),
                labelled("Target", self.target, "56px"),
                labelled("Chance", self.chance, "56px"),
                self.go,
                self.take,
            ],
            layout=WRAPPED,
        )
        self.box = pane(choose, self.stale, self.said, self.chart)

    def open(self) -> None:
        """Offer the levers that have a range, those of the page beside it first."""
        there = list(self.explorer.shelf.shown)
        levers = dict.fromkeys([*there, *self.session.levers.values()])
        options = [
            (f"{lever.part}: {lever.label}", lever.path)
            for lever in levers
            if finding.can_be_found(lever) and lever.start is not None
        ]
        chosen = self.lever.value
        self.lever.options = options
        paths = [path for _, path in options]
        if paths:
            self.lever.value = chosen if chosen in paths else paths[0]
        self.go.disabled = not options or not self.target.options

    def told(self, picture: Picture) -> None:
        """A new answer: say so where what was found is of other levers."""
        path = self.lever.value
        is_stale = self.found is not None and self._others(path) != self._of
        self.stale.value = hint(MOVED) if is_stale else ""

    def _others(self, path: str) -> dict[str, Any]:
        """Where the moved levers stand, but for the one that is sought."""
        return {p: value for p, value in self.session.choices.now.items() if p != path}

    def _say(self, html: str) -> None:
        self.said.value = html
        self.go.disabled = False

    def _find(self) -> None:
        self.go.disabled = self.take.disabled = True
        self.said.value, self.chart.value = (
            busy("Searching: a value at a time, 400 futures each …"),
            "",
        )
        path, target, wanted = self.lever.value, self.target.value, self.chance.value
        self.found, self.stale.value, self._of = None, "", self._others(path)

        def work(stop: threading.Event) -> None:
            lever, title = self.session.lever(path), self.session.start.targets[target].title
            tried = partial(self._tried, stop, lever)
            found = finding.find(self.session, path, target, wanted, told=tried)
            self.found = found
            self.take.disabled = not found.reached
            self._say(f'<p class="wx-answer">{escape(finding.told(found, lever, title))}</p>')
            self.chart.value = busy("Working out what the chance costs …")
            points = finding.frontier(self.session, path, target, stop=stop)
            drawn = frontier(points, lever, title, wanted)
            self.chart.value = f'<div class="wx-grid">{drawn.html(tables=True)}</div>'

        self.task.start(work)

    def _tried(self, stop: threading.Event, lever: Lever, tried: Tried) -> None:
        """Say what a value came to, while the search goes on."""
        if stop.is_set():
            raise Overtaken
        said = f"{words.brief_chance(tried.probability)} at {lever.written(tried.value)}"
        self.said.value = busy(f"Searching, {finding.SEARCHED} futures each: {said} …")

    def _take(self) -> None:
        if self.found is None or self.found.value is None:
            return
        lever = self.session.lever(self.found.lever)
        value = int(self.found.value) if lever.kind == "whole" else self.found.value
        self.session.move(lever.path, value)
        self.explorer.moved()
