"""The pane that shows one future: a person, a post or a service, each leading on to the others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from wfmodel.exploring.mattering import reading
from wfmodel.exploring.picture import Picture
from wfmodel.exploring.story import HAPPENS, Step, Story, typical
from wfmodel.exploring.svg.timeline import timeline
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

PERSON, POST, SERVICE = "A person", "A post", "A service"
LINKS = 10
"""Links from one story to others that are offered at a time."""


class One:
    """Show one future."""

    name = "Show me one"

    def __init__(self, explorer: Explorer) -> None:
        self.explorer, self.session = explorer, explorer.session
        self.task = Task(lambda text: self._say(problem(text)))
        self.story: Story | None = None
        self._of: object = None
        self._silent = False
        self.number = w.BoundedIntText(0, min=0, max=99_999, layout=w.Layout(width="90px"))
        self.number.tooltip = "Number of the future"
        self.typical = button("A typical one", self._typical)
        self.sort = chooser("Whose story", [PERSON, POST, SERVICE], "130px")
        self.kind = chooser("Somebody who", [(f"who {s}", k) for k, s in HAPPENS.items()], "230px")
        self.who = chooser("Which one", width="320px")
        self.said = w.HTML(layout=FULL)
        self.said.add_class("wx-live")
        self.html = w.HTML(layout=FULL)
        self.links = w.HBox(layout=WRAPPED)
        bar = w.HBox(
            [labelled("Future", self.number), self.typical, self.sort, self.kind, self.who],
            layout=WRAPPED,
        )
        self.box = pane(bar, self.said, self.html, self.links)
        self.number.observe(lambda _: self._load(), "value")
        for control in (self.sort, self.kind):
            control.observe(lambda _: self._offer(), "value")
        self.who.observe(lambda _: self._tell(), "value")

    def open(self) -> None:
        """Tell the future that is chosen, of the levers as they stand."""
        if self._of != (dict(self.session.choices.now), self.number.value):
            self._load()

    def told(self, picture: Picture) -> None:
        """A new answer: the story is of the levers as they stood, until it is looked at again."""
        if self.explorer.pane.value is self:
            self.open()

    def _say(self, html: str) -> None:
        self.said.value = html

    def _typical(self) -> None:
        picture = self.explorer.picture
        if picture is not None:
            self.number.value = typical(reading(picture.own, picture.measure, picture.scope))

    def _load(self) -> None:
        self._of = (dict(self.session.choices.now), self.number.value)
        self._say(busy("Simulating one future, event by event …"))
        number = self.number.value

        def work(stop: threading.Event) -> None:
            story = Story(self.session.scenario(), number, self.session.seed)
            if not stop.is_set():
                self.story = story
                self._say(hint(story.stands_for()))
                self._offer()

        self.task.start(work)

    def _offer(self, chosen: Any = None) -> None:
        """Offer whom there is a story of."""
        if self.story is None or self._silent:
            return
        story = self.story
        if self.sort.value == SERVICE:
            options: list[tuple[str, Any]] = [(title, n) for n, title in story.services.items()]
        elif self.sort.value == POST:
            options = [(story.post(row), row) for row in story.posts()]
        else:
            rows = story.people(self.kind.value)
            if chosen is not None and chosen not in rows:
                rows = [chosen, *rows]
            options = [(story.person(row), row) for row in rows]
        self.kind.layout.display = "" if self.sort.value == PERSON else "none"
        self._silent = True
        self.who.options = options
        if options:
            self.who.value = options[0][1] if chosen is None else chosen
        self._silent = False
        self._tell()

    def _tell(self) -> None:
        """Tell the story that is chosen."""
        if self.story is None or self._silent:
            return
        if self.who.value is None:
            self.html.value = hint("It happens to nobody in this future.")
            self.links.children = ()
        elif self.sort.value == SERVICE:
            self._service(self.who.value)
        elif self.sort.value == POST:
            self._post(self.who.value)
        else:
            self._person(self.who.value)

    def _person(self, row: int) -> None:
        story = self.story
        assert story is not None
        steps, calendar = story.of_person(row), story.scenario.calendar
        name = story.person(row)
        drawn = timeline(story.stays(row), calendar, name, f"{name} is in no post here.")
        self.html.value = _told(drawn.html(), steps)
        posts = list(dict.fromkeys(step.post for step in steps if step.post >= 0))
        self._link([(story.post(post), POST, post) for post in posts])

    def _post(self, row: int) -> None:
        story = self.story
        assert story is not None
        steps, calendar = story.of_post(row), story.scenario.calendar
        place = story.place(int(story.ledger.posts[row]["cell"]))
        title = f"{story.post(row)}: {place}"
        drawn = timeline(story.filled(row), calendar, title, "It is never filled in this future.")
        self.html.value = _told(drawn.html(), steps)
        people = list(dict.fromkeys(step.person for step in steps if step.person >= 0))
        self._link([(story.person(person), PERSON, person) for person in people])

    def _service(self, name: str) -> None:
        story = self.story
        assert story is not None
        start, parts = story.scenario.horizon.start, []
        people: dict[int, None] = {}
        for month, steps in story.of_service(name):
            if not steps:
                continue
            people.update({step.person: None for step in steps if step.person >= 0})
            items = "".join(
                f"<li>{escape(step.date)}: {escape(_whom(story, step))}{escape(step.text)}</li>"
                for step in steps
            )
            day = words.month_end(start, month)
            parts.append(
                f"<details><summary>Month to {day}: {len(steps)} things happen</summary>"
                f'<ol class="wx-story">{items}</ol></details>'
            )
        title = escape(story.services[name])
        self.html.value = f'<section class="wx-chart"><h3>{title}</h3>{"".join(parts)}</section>'
        self._link([(story.person(person), PERSON, person) for person in people])

    def _link(self, links: Sequence[tuple[str, str, Any]]) -> None:
        """Buttons that lead on to other stories."""
        self.links.children = tuple(
            button(text, partial(self._go, sort, key)) for text, sort, key in links[:LINKS]
        )

    def _go(self, sort: str, key: Any) -> None:
        self._silent = True
        self.sort.value = sort
        self._silent = False
        self._offer(key)


def _told(drawn: str, steps: Sequence[Step]) -> str:
    items = "".join(f"<li>{escape(step.date)}: {escape(step.text)}</li>" for step in steps)
    return f'<div class="wx-grid">{drawn}<ol class="wx-story">{items}</ol></div>'


def _whom(story: Story, step: Step) -> str:
    if step.person >= 0:
        return f"{story.person(step.person)} "
    return f"{story.post(step.post)}: " if step.post >= 0 else ""
