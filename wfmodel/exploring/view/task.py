"""A task: work that takes longer than a question may, in a thread of its own, one at a time."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable

from wfmodel.errors import InputError
from wfmodel.exploring.futures import Overtaken

PATIENCE = 5.0
"""Seconds for a task to end what it is at."""


class Task:
    """Whatever is asked last; what was asked before is stopped, and nobody waits for its end."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self.failed = failed
        self.thread: threading.Thread | None = None
        self._stop = threading.Event()
        atexit.register(self.end)

    def start(self, work: Callable[[threading.Event], None]) -> None:
        """Begin, once what was under way has ended; ``work`` is given what tells it to stop."""
        self.stop()
        before, self._stop = self.thread, threading.Event()
        stop = self._stop

        def run() -> None:
            if before is not None:
                before.join()
            if not stop.is_set():
                self._run(work, stop)

        self.thread = threading.Thread(target=run, name="exploring-task", daemon=True)
        self.thread.start()

    def _run(self, work: Callable[[threading.Event], None], stop: threading.Event) -> None:
        try:
            work(stop)
        except Overtaken:
            pass
        except InputError as error:
            self.failed("; ".join(str(problem) for problem in error.problems))
        except Exception as error:  # whatever it was is told where it was asked for
            self.failed(f"{type(error).__name__}: {error}")

    def stop(self) -> None:
        """Stop what is under way."""
        self._stop.set()

    def end(self) -> None:
        """Stop, and wait for it: a thread amid compiled code would bring Python down."""
        self.stop()
        if self.thread is not None:
            self.thread.join(PATIENCE)

    @property
    def is_running(self) -> bool:
        """Whether something is under way."""
        return self.thread is not None and self.thread.is_alive()
