"""The shelf: levers by group or by search, a few at a time, changed ones marked."""

from __future__ import annotations

import threading
from collections.abc import Callable

import ipywidgets as w

from wfmodel.exploring.idle import Idle
from wfmodel.exploring.levers import Lever
from wfmodel.exploring.session import Session
from wfmodel.exploring.view.row import Row
from wfmodel.exploring.view.task import Task
from wfmodel.exploring.wording import GROUPS

ROWS = 8
"""Levers shown at a time; the others are a search, a group or a page away."""
MOVED, EVERY = "Changed", "All levers"
ROOM = w.Layout(width="auto")


class Shelf:
    """The left side of the explorer."""

    def __init__(self, session: Session, moved: Callable[[], None] = lambda: None) -> None:
        self.session, self.moved = session, moved
        self.idle = Idle(session)
        self.looking = Task(lambda text: None)
        self.rows = [Row(self._move, self._back) for _ in range(ROWS)]
        self.search = w.Text(placeholder="Search: coach, agency, pay …", layout=ROOM)
        self.search.tooltip = "Search levers"
        self.group = w.Dropdown(layout=ROOM)
        self.group.tooltip = "Group of levers"
        self.before = w.Button(description="Previous", layout=w.Layout(width="88px"))
        self.after = w.Button(description="Next", layout=w.Layout(width="88px"))
        self.where = w.HTML(layout=w.Layout(flex="1 1 auto"))
        self.list = w.VBox(layout=w.Layout(overflow="visible"))
        self.page = 0
        self._silent = False
        turn = w.HBox([self.before, self.after, self.where])
        self.box = w.VBox([self.search, self.group, turn, self.list])
        self.search.observe(self._asked, "value")
        self.group.observe(self._asked, "value")
        self.before.on_click(lambda _: self._turn(-1))
        self.after.on_click(lambda _: self._turn(1))
        self.show()

    @property
    def found(self) -> list[Lever]:
        """The levers that the search and the group leave."""
        levers = list(self.session.levers.values())
        text, group = self.search.value.strip(), self.group.value
        if text:
            return [lever for lever in levers if lever.matches(text)]
        if group == MOVED:
            return [lever for lever in levers if lever.path in self.session.choices.now]
        return levers if group == EVERY else [lever for lever in levers if lever.group == group]

    @property
    def shown(self) -> list[Lever]:
        """The levers of the page that is open."""
        return self.found[self.page * ROWS : (self.page + 1) * ROWS]

    def show(self) -> None:
        """Show everything as it stands."""
        self._groups()
        found = self.found
        self.page = min(self.page, max(0, (len(found) - 1) // ROWS))
        shown, state = self.shown, self.session.choices.now
        part = ""
        for row, lever in zip(self.rows, shown, strict=False):
            value, moved = self.session.value(lever.path), lever.path in state
            row.hold(lever, value, moved, self.idle.known(lever.path) or "", lever.part != part)
            part = lever.part
        boxes = tuple(row.box for row in self.rows[: len(shown)])
        if self.list.children != boxes:
            self.list.children = boxes
        first = self.page * ROWS
        text = f"{first + 1} to {first + len(shown)} of {len(found)}" if found else "No lever found"
        self.where.value = f'<span class="wx-hint">{text}</span>'
        self.before.disabled = self.page == 0
        self.after.disabled = first + ROWS >= len(found)

    def _groups(self) -> None:
        """The groups with how many levers each has, and how many of them are changed."""
        levers, state = self.session.levers.values(), self.session.choices.now
        options = [(f"{MOVED} ({len(state)})", MOVED)]
        for group in GROUPS:
            own = [lever for lever in levers if lever.group == group]
            moved = sum(lever.path in state for lever in own)
            mark = f", {moved} changed" if moved else ""
            options += [(f"{group} ({len(own)}{mark})", group)] if own else []
        options.append((f"{EVERY} ({len(levers)})", EVERY))
        if self.group.options != tuple(options):
            chosen = self.group.value if self.group.options else options[1][1]
            self._silent = True
            self.group.options = options
            self.group.value = chosen
            self._silent = False

    def _asked(self, _: object) -> None:
        if not self._silent:
            self.page = 0
            self.show()
            self.look()

    def _turn(self, step: int) -> None:
        self.page += step
        self.show()
        self.look()

    def look(self) -> None:
        """Find out which of the levers that are shown do nothing, while nobody asks anything."""
        levers = [lever for lever in self.shown if self.idle.known(lever.path) is None]

        def work(stop: threading.Event) -> None:
            for lever in levers:
                if self.idle.look(lever, stop) and not stop.is_set():
                    self.show()

        if levers:
            self.looking.start(work)

    def _move(self, path: str, value: object) -> None:
        self.looking.stop()
        self.session.move(path, value)  # type: ignore[arg-type]
        self.show()
        self.moved()

    def _back(self, path: str) -> None:
        self.looking.stop()
        self.session.put_back(path)
        self.show()
        self.moved()
