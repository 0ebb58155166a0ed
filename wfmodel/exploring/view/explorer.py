"""The explorer: levers on the left, what follows from them on the right."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as w

from wfmodel.exploring import page, shown
from wfmodel.exploring.picture import COUNCIL, Picture, Scope
from wfmodel.exploring.session import Answer, Session
from wfmodel.exploring.view.find import Find
from wfmodel.exploring.view.keep import Keep
from wfmodel.exploring.view.matter import Matter
from wfmodel.exploring.view.one import One
from wfmodel.exploring.view.parts import FULL, WRAPPED, button, chooser
from wfmodel.exploring.view.shelf import Shelf
from wfmodel.results.measures import measure
from wfmodel.scenario.showing import STATUS

HERE = Path(__file__).parent
LEFT = "352px"


class Pane(Protocol):
    """One of the things that the right side shows."""

    name: str
    box: w.Widget

    def open(self) -> None:
        """It is looked at now."""

    def told(self, picture: Picture) -> None:
        """There is a new answer."""


class Explorer:
    """The explorer of one session; ``box`` is what a notebook shows."""

    def __init__(
        self, session: Session, panes: tuple[Callable[[Explorer], Pane], ...] = ()
    ) -> None:
        self.session = session
        self.picture: Picture | None = None
        self.shelf = Shelf(session, self.show)
        self.outcomes = Outcomes(self)
        self.panes: list[Pane] = [self.outcomes, *(make(self) for make in panes)]
        self.problem = w.HTML(layout=FULL)
        self.answer = w.HTML(layout=FULL)
        self.answer.add_class("wx-live")
        self.status = w.HTML(layout=w.Layout(flex="1 1 auto"))
        self.status.add_class("wx-live")
        self.pane = w.ToggleButtons(
            options=[(pane.name, pane) for pane in self.panes], style={"button_width": "auto"}
        )
        self.pane.tooltip = "What to look at"
        self.right = w.VBox(layout=w.Layout(width="100%", overflow="visible"))
        self.box = self._laid_out()
        self._asked_at = time.perf_counter()
        self.pane.observe(lambda _: self._open(), "value")
        session.told = self.tell
        self._open()
        self.ask()

    @classmethod
    def whole(cls, session: Session, reports: Path, served: str = "") -> Explorer:
        """The explorer with all its panes; reports go into a folder, which is shown at ``served``,
        if it is."""
        return cls(session, (Find, Matter, One, lambda self: Keep(self, reports, served)))

    def _laid_out(self) -> w.VBox:
        start = self.session.start
        head = w.HTML(
            f'<p class="wx-status">{escape(STATUS[start.status])}</p><h2>{escape(start.title)}</h2>'
            f'<p class="wx-question">{escape(start.description)}</p>',
            layout=FULL,
        )
        self.undo = button("Undo", lambda: self._then(self.session.undo), "72px")
        self.redo = button("Redo", lambda: self._then(self.session.redo), "72px")
        self.back = button("Put all back", lambda: self._then(self.session.put_back), "104px")
        bar = w.HBox([self.undo, self.redo, self.back])
        left = w.VBox([bar, self.shelf.box], layout=w.Layout(width=LEFT, flex=f"0 0 {LEFT}"))
        left.add_class("wx-left")
        strip = w.HBox([self.pane, self.status], layout=WRAPPED)
        side = w.VBox(
            [self.problem, self.answer, strip, self.right],
            layout=w.Layout(flex="1 1 0", min_width="0", padding="0 0 0 14px", overflow="visible"),
        )
        body = w.HBox([left, side], layout=w.Layout(width="100%", overflow="visible"))
        box = w.VBox([w.HTML(f"<style>{style()}</style>"), head, body], layout=FULL)
        box.add_class("wx")
        return box

    def ask(self) -> None:
        """Ask what follows from the levers as they stand."""
        self.session.ask()
        self.show()

    def show(self) -> None:
        """Show what is known of the state of the levers before there is an answer."""
        self._asked_at = time.perf_counter()
        choices = self.session.choices
        self.undo.disabled, self.redo.disabled = not choices.can_undo, not choices.can_redo
        self.back.disabled = not choices.now
        self.status.value = '<span class="wx-busy">Simulating…</span>'

    def moved(self) -> None:
        """A lever has been moved: show where all stand, and that an answer is under way."""
        self.shelf.looking.stop()
        self.shelf.show()
        self.show()

    def _then(self, act: Callable[[], Any]) -> None:
        act()
        self.moved()

    def _open(self) -> None:
        self.right.children = (self.pane.value.box,)
        self.pane.value.open()

    def tell(self, answer: Answer) -> None:
        """Take up an answer, from the session's thread."""
        if answer.problems or answer.own is None or answer.start is None:
            items = "".join(f"<li>{escape(problem)}</li>" for problem in answer.problems)
            self.problem.value = (
                '<div class="wx-problem" role="alert">These levers do not go together; undo, or '
                f"move another: <ul>{items}</ul></div>"
            )
            self.status.value = ""
            return
        self.problem.value = ""
        before = self.picture
        self.picture = Picture(
            answer.own,
            answer.start,
            before.measure if before else shown.CHARTED[0],
            before.scope if before else COUNCIL,
        )
        self.answer.value = page.headline(self.picture)
        for pane in self.panes:
            pane.told(self.picture)
        if answer.final:
            self.shelf.look()
        seconds = time.perf_counter() - self._asked_at
        rest = "" if answer.final else f"; refining to {self.session.refined:,}"
        said = f"{self.picture.futures:,} futures after {seconds:.1f} s{rest}"
        self.status.value = f'<span class="wx-hint">{said}</span>'

    def _ipython_display_(self) -> None:
        from IPython.display import Javascript, display

        display(self.box)
        display(Javascript(script()))


class Outcomes:
    """Charts and tables of what follows."""

    name = "Outcomes"

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        names = [(measure(name).title, name) for name in shown.CHARTED]
        self.measure = chooser("Measure to chart", names, "220px")
        self.scope = chooser("Whole council, a service or a role", width="260px")
        self.tables = w.Checkbox(
            description="Numbers as tables", indent=False, layout=w.Layout(width="170px")
        )
        self.html = w.HTML(layout=FULL)
        bar = w.HBox([self.measure, self.scope, self.tables], layout=WRAPPED)
        self.box = w.VBox([bar, self.html], layout=w.Layout(width="100%", overflow="visible"))
        for control in (self.measure, self.scope, self.tables):
            control.observe(lambda _: self._draw(), "value")

    def open(self) -> None:
        """Draw what may have changed while something else was looked at."""
        self._draw()

    def told(self, picture: Picture) -> None:
        """Draw the new picture."""
        if not self.scope.options:
            self.scope.options = scopes(picture)
            self.scope.value = COUNCIL
        self._draw()

    def _draw(self) -> None:
        picture = self.explorer.picture
        if picture is None:
            return
        scope = self.scope.value or COUNCIL
        asked = measure(self.measure.value)
        if scope.dimension not in asked.dimensions:
            scope = COUNCIL
        picture = Picture(picture.own, picture.start, asked.name, scope)
        self.explorer.picture = picture
        self.html.value = page.outcomes(picture, self.tables.value)


def scopes(picture: Picture) -> list[tuple[str, Scope]]:
    """Whom a chart can be about, by title."""
    kept = {(key[1], key[2]) for key in picture.own.keys}
    found = [("The whole council", COUNCIL)]
    for dimension, titles in (("service", picture.services), ("role", picture.roles)):
        found += [
            (f"{dimension.capitalize()}: {title}", Scope(dimension, name))
            for name, title in titles.items()
            if (dimension, name) in kept
        ]
    return found


@cache
def style() -> str:
    """The rules of the explorer, which touch nothing around it."""
    return (HERE / "explorer.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """What gives names to what ipywidgets leave unnamed."""
    return (HERE / "names.js").read_text(encoding="utf-8")
