"""Claims: of several batches on one folder, which one runs a scenario or writes a common file.

A claim is a lock of the system's on a file: it ends with the process that holds it, however that
ends, and never has to be cleared away.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wfmodel.batch.output import NAME, OURS, within


class Claims:
    """The claims on one output folder."""

    def __init__(self, folder: Path) -> None:
        self.locks = within(folder, OURS, "locks")
        self.work = within(folder, OURS, "work")

    @contextmanager
    def on(self, name: str) -> Iterator[bool]:
        """Claim a scenario; whether nobody else has."""
        lock = self._lock(name)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    @contextmanager
    def common(self) -> Iterator[None]:
        """Wait until no other batch writes what all of them write."""
        with self._lock(".common"):
            yield

    def _lock(self, name: str) -> FileLock:
        return FileLock(self.locks / f"{name}.lock", thread_local=False)

    @contextmanager
    def room(self, name: str) -> Iterator[Path]:
        """A folder to work on a claimed scenario in; what an ended batch left of it goes first."""
        self._clear(name)
        room = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=self.work))
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def now(self) -> float:
        """The time by the clock of the disk, as it stands on what is written from now on."""
        with tempfile.TemporaryFile(dir=self.work) as file:
            return os.fstat(file.fileno()).st_mtime

    def sweep(self) -> None:
        """Clear away what ended batches have left unfinished and nobody works on."""
        for name in {left.name.partition(".")[0] for left in self.work.iterdir()}:
            with self.on(name) as ours:
                if ours and NAME.match(name):
                    self._clear(name)
        with self.common():
            for left in self.work.parent.glob(".*"):
                left.unlink(missing_ok=True)

    def _clear(self, name: str) -> None:
        for left in self.work.glob(f"{name}.*"):
            shutil.rmtree(left, ignore_errors=True)
