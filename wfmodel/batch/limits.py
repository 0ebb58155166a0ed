"""Limits: how much time, memory and output one scenario may take before it is ended."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from wfmodel.batch.failing import MEMORY, TIME
from wfmodel.batch.kernels import Kernel

EVERY = 0.5
"""Seconds from one look to the next."""
MINUTES, SHARE, OUTPUT = 120.0, 0.8, 50_000_000
"""By default: minutes, the share of the machine's memory for all scenarios together, bytes."""


@dataclass(frozen=True)
class Limits:
    """What each scenario may take: seconds, bytes of memory, bytes of output."""

    seconds: float
    memory: int
    output: int = OUTPUT

    @classmethod
    def of(cls, minutes: float | None, gigabytes: float | None, at_once: int) -> Limits:
        """Limits as they are given, or else fair shares of this machine for so many at once."""
        share = psutil.virtual_memory().total * SHARE / at_once
        memory = share if gigabytes is None else gigabytes * 1e9
        return cls(60 * (MINUTES if minutes is None else minutes), int(memory))

    @property
    def memory_in_words(self) -> str:
        """``2.0 GB``."""
        return f"{self.memory / 1e9:.1f} GB"

    @property
    def time_in_words(self) -> str:
        """``30 minutes``, or seconds where it is less than two."""
        minutes = self.seconds / 60
        return f"{minutes:.0f} minutes" if minutes >= 2 else f"{self.seconds:.0f} seconds"


class Watch:
    """Looks at every kernel that runs, and ends it where it is beyond its limits."""

    def __init__(self) -> None:
        self._watched: dict[Kernel, Limits] = {}
        self._guard = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="limits", daemon=True)
        self._thread.start()

    @contextmanager
    def over(self, kernel: Kernel, limits: Limits) -> Iterator[None]:
        """Watch a kernel from when it is started until it is done with."""
        with self._guard:
            self._watched[kernel] = limits
        try:
            yield
        finally:
            with self._guard:
                self._watched.pop(kernel, None)

    def close(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            with self._guard:
                watched = list(self._watched.items())
            for kernel, limits in watched:
                if kernel.began is not None and time.monotonic() - kernel.began > limits.seconds:
                    kernel.end(TIME, f"ran longer than the {limits.time_in_words} allowed")
                elif memory_of(kernel) > limits.memory:
                    told = f"took more memory than the {limits.memory_in_words} allowed"
                    kernel.end(MEMORY, told)


def memory_of(kernel: Kernel) -> int:
    """Bytes in memory of a kernel and all that it has started; 0 where it has ended."""
    if kernel.process is None:
        return 0
    total = 0
    with contextlib.suppress(psutil.Error):
        own = psutil.Process(kernel.process.pid)
        for process in (own, *own.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += process.memory_info().rss
    return total
