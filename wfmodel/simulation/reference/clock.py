"""SimPy's clock with the model's order of what happens at one instant."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any

import simpy

Steps = Generator[simpy.Event, Any, None]
"""A process: what happens to somebody or something, step by step."""


class Moment(simpy.Event):
    """Something due at a time, ordered at that instant by class and stable key."""

    def __init__(self, clock: Clock, time: float, rank: int, key: int, kind: int) -> None:
        super().__init__(clock)
        self._ok = True
        self._value = None
        self.order = (rank, key, kind)
        clock.schedule(self, delay=time - clock.now)


class Clock(simpy.Environment):
    """A SimPy environment whose ties are broken by (class, key), never by order of creation."""

    def schedule(self, event: simpy.Event, priority: int = 1, delay: float = 0) -> None:  # type: ignore[override]
        """Put an event into the queue; what SimPy schedules for itself comes first."""
        order = event.order if type(event) is Moment else (0, 0, 0)
        heappush(self._queue, (self._now + delay, order, next(self._eid), event))  # type: ignore[misc]

    def at(self, time: int, rank: int, key: int, kind: int = 0) -> Moment:
        """Something to wait for: the instant ``time``, or now where that has passed."""
        return Moment(self, max(time, self._now), rank, key, kind)
