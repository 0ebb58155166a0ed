"""Progress of a batch on standard error: a live display in a terminal, quiet lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Protocol, Self


class Progress(Protocol):
    """What a batch says while it runs."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def started(self, name: str) -> None:
        """A scenario has begun."""

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """A scenario is ``done``, ``skipped`` or ``failed``, for a reason said in one line."""


def line(name: str, state: str, seconds: float, reason: str, count: int, total: int) -> str:
    """One scenario's end as a line.

    >>> line("baseline", "done", 12.3, "", 1, 10)
    'done     baseline (12 s) 1/10'
    """
    told = "already there, unchanged" if state == "skipped" else f"{seconds:.0f} s"
    text = f"{state:8} {name} ({told}) {count}/{total}"
    return f"{text}: {reason}" if reason else text


class Lines:
    """A line for each scenario that ends."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def started(self, name: str) -> None:
        """Says nothing: a line for each end is enough."""

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """Print the line."""
        self.count += 1
        text = line(name, state, seconds, reason, self.count, self.total)
        print(text, file=sys.stderr, flush=True)


class Live:
    """A bar for the batch and a row for each scenario that runs."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.progress import Progress as Bars

        self.bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self.total = total
        self.count = 0
        self.rows: dict[str, object] = {}
        self.began = time.monotonic()

    def __enter__(self) -> Self:
        self.bars.start()
        self.whole = self.bars.add_task("scenarios", total=self.total)
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def started(self, name: str) -> None:
        """Show a row."""
        self.rows[name] = self.bars.add_task(f"  {name}", total=1)

    def ended(self, name: str, state: str, seconds: float, reason: str = "") -> None:
        """Print the line above the bars and take the row away."""
        self.count += 1
        text = line(name, state, seconds, reason, self.count, self.total)
        self.bars.console.print(text, markup=False, highlight=False)
        if name in self.rows:
            self.bars.remove_task(self.rows.pop(name))  # type: ignore[arg-type]
        self.bars.advance(self.whole)


def progress(total: int) -> Lines | Live:
    """The display that fits where standard error goes."""
    return Live(total) if sys.stderr.isatty() else Lines(total)
