"""Progress of a batch on standard error: a live display in a terminal, quiet lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from wfmodel.reporting.told import heard


class Progress(Protocol):
    """What a batch says while it runs."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def started(self, name: str, told: Path) -> None:
        """A scenario has begun, and tells its replications in a file."""

    def at(self, name: str, cell: int, cells: int) -> None:
        """A scenario has come to a cell, from 1, of so many."""

    def look(self) -> None:
        """A moment has passed."""

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """A scenario is ``done``, ``skipped`` or ``failed``, for a reason said in one line."""


def in_words(seconds: float) -> str:
    """A length of time, roughly.

    >>> [in_words(s) for s in (0.4, 45, 100, 5400, 7300)]
    ['1 s', '45 s', '2 min', '1 h 30 min', '2 h 2 min']
    """
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = max(round(seconds / 60), 2)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@dataclass
class Running:
    """A scenario that runs."""

    name: str
    told: Path
    began: float
    cell: int = 0
    cells: int = 0

    def in_words(self) -> str:
        """How far it is: ``cell 2 of 12, 120 of 200 replications``."""
        parts = [f"cell {self.cell} of {self.cells}"] if self.cells else ["starting"]
        done, total = heard(self.told)
        parts += [f"{done} of {total} replications"] if 0 < done < total else []
        return ", ".join(parts)

    def share(self) -> float:
        """What part of its work is done: simulating is taken for most of it."""
        done, total = heard(self.told)
        simulated = done / total if total else 0.0
        return min(0.8 * simulated + 0.2 * (self.cell / self.cells if self.cells else 0.0), 0.95)


class Pace:
    """How long the rest takes, from how long scenarios have taken so far."""

    def __init__(self, total: int, at_once: int) -> None:
        self.total, self.at_once = total, at_once
        self.count = 0
        self.took: list[float] = []

    def end(self, state: str, seconds: float) -> None:
        """A scenario has ended."""
        self.count += 1
        if state == "done":
            self.took.append(seconds)

    def left(self, running: list[Running]) -> float | None:
        """Seconds left; None where nothing can be known yet."""
        still = self.total - self.count
        each = sum(self.took) / len(self.took) if self.took else self._guess(running)
        if each is None:
            return None
        part = sum(one.share() for one in running)
        return each * max(still - part, 0) / min(self.at_once, max(still, 1))

    def _guess(self, running: list[Running]) -> float | None:
        now = time.monotonic()
        found = [(now - one.began) / one.share() for one in running if one.share() > 0.1]
        return sum(found) / len(found) if found else None


def line(name: str, state: str, seconds: float, reason: str, count: int, total: int) -> str:
    """One scenario's end as a line.

    >>> line("baseline", "done", 12.3, "", 1, 10)
    'done     baseline (12 s) 1/10'
    """
    told = "already there, unchanged" if state == "skipped" else in_words(seconds)
    text = f"{state:8} {name} ({told}) {count}/{total}"
    return f"{text}: {reason}" if reason else text


class Quiet:
    """Nothing at all: others say of it what they want to."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def started(self, name: str, told: Path) -> None:
        """Says nothing."""

    def at(self, name: str, cell: int, cells: int) -> None:
        """Says nothing."""

    def look(self) -> None:
        """Says nothing."""

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """Says nothing."""


class Lines(Quiet):
    """A line for each scenario that ends: that is enough."""

    def __init__(self, total: int, at_once: int = 1) -> None:
        self.pace = Pace(total, at_once)

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """Print the line."""
        pace = self.pace
        pace.end(state, seconds)
        text = line(name, state, seconds, reason, pace.count, pace.total)
        left = pace.left([]) if state == "done" and pace.count < pace.total else None
        text += "" if left is None else f", about {in_words(left)} left"
        print(text, file=sys.stderr, flush=True)


class Live:
    """A bar for the batch and a row for each scenario that runs."""

    def __init__(self, total: int, at_once: int = 1, console: Any = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as Bars

        self.bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            console=console or Console(stderr=True),
        )
        self.pace = Pace(total, at_once)
        self.rows: dict[str, tuple[Any, Running]] = {}
        self.guard = threading.Lock()

    def __enter__(self) -> Self:
        self.bars.start()
        self.whole = self.bars.add_task("scenarios", total=self.pace.total, said="")
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def started(self, name: str, told: Path) -> None:
        """Show a row."""
        row = self.bars.add_task(f"  {name}", total=None, said="starting")
        with self.guard:
            self.rows[name] = row, Running(name, told, time.monotonic())

    def at(self, name: str, cell: int, cells: int) -> None:
        """Show it when somebody looks next."""
        with self.guard:
            if name in self.rows:
                running = self.rows[name][1]
                running.cell, running.cells = cell, cells

    def look(self) -> None:
        """Show how far everything is, and how long it still takes."""
        with self.guard:
            rows = list(self.rows.values())
        for row, running in rows:
            done, total = heard(running.told)
            self.bars.update(row, said=running.in_words(), completed=done, total=total or None)
        left = self.pace.left([running for _, running in rows])
        self.bars.update(self.whole, said="" if left is None else f"about {in_words(left)} left")

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """Print the line above the bars and take the row away."""
        self.pace.end(state, seconds)
        text = line(name, state, seconds, reason, self.pace.count, self.pace.total)
        self.bars.console.print(text, markup=False, highlight=False, soft_wrap=True)
        with self.guard:
            row = self.rows.pop(name, None)
        if row is not None:
            self.bars.remove_task(row[0])
        self.bars.advance(self.whole)


def progress(total: int, at_once: int) -> Lines | Live:
    """The display that fits where standard error goes."""
    return Live(total, at_once) if sys.stderr.isatty() else Lines(total, at_once)
