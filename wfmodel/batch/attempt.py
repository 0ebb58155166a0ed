"""An attempt at one scenario: from the notebook to a folder that is put in place whole."""

from __future__ import annotations

import shutil
import time
import traceback
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from wfmodel.batch import failing, output
from wfmodel.batch.claims import Claims
from wfmodel.batch.done import hashes, standing
from wfmodel.batch.editions import Editions
from wfmodel.batch.failing import RunFailed
from wfmodel.batch.making import Maker
from wfmodel.batch.progress import Progress
from wfmodel.batch.record import DONE, FAILED, Entry
from wfmodel.batch.work import Work
from wfmodel.results.manifest import file_hash

LOGS = "logs"


@dataclass(frozen=True)
class Workshop:
    """What all attempts of a batch share."""

    folder: Path
    claims: Claims
    maker: Maker
    display: Progress
    editions: Editions

    def attempt(self, work: Work, base: Path | None, jobs: int) -> Entry:
        """Run a claimed scenario; whatever goes wrong in it stays in it.

        ``base`` is the folder with the results that it is compared with.
        """
        began = time.monotonic()
        final = output.child(self.folder, work.name)
        try:
            with self.claims.room(work.name) as room:
                run_dir = self.maker.make(work, base, jobs, room)
                files = hashes(run_dir)
                output.replace_folder(run_dir, final)
            (self.folder / LOGS / f"{work.name}.log").unlink(missing_ok=True)
        except Exception as error:
            if self.maker.closed:  # the batch was interrupted, and the scenario with it
                raise
            return self._failure(work, began, self._why(error, work))
        seconds = time.monotonic() - began
        return Entry(work.name, work.title, DONE, seconds=seconds, key=work.key, files=files)

    def _why(self, error: Exception, work: Work) -> RunFailed:
        """What an attempt failed of; a result of other inputs goes, since it is not of today."""
        if isinstance(error, RunFailed):
            final = output.child(self.folder, work.name)
            if not standing(final, work)[0]:
                shutil.rmtree(final, ignore_errors=True)
            return error
        if isinstance(error, OSError):
            name = Path(error.filename).name if error.filename else work.name
            return RunFailed(failing.DISK, f"{name}: {error.strerror or error}")
        frames = failing.frames_of(traceback.format_tb(error.__traceback__))
        return RunFailed(failing.ERROR, f"{type(error).__name__} while it was reported on", frames)

    def _failure(self, work: Work, began: float, error: RunFailed) -> Entry:
        """A failed scenario, with a log that says why."""
        entry = Entry(work.name, work.title, FAILED, error.kind, error.reason, key=work.key)
        entry.seconds = time.monotonic() - began
        facts = {
            "scenario": work.name,
            "kind": error.kind,
            "after": f"{entry.seconds:.0f} seconds",
            "allowed": self.maker.allowed,
            "wfmodel": version("wfmodel"),
        }
        lines = [*error.log, *(f"{name}: {value}" for name, value in facts.items())]
        try:
            log = output.within(self.folder, LOGS) / f"{work.name}.log"
            with self.claims.common():
                output.write_atomically(log, "\n".join(lines) + "\n")
            entry.log = f"{LOGS}/{log.name}"
            entry.files = {entry.log: file_hash(log)}
        except OSError:
            pass  # the disk may be what failed; the reason is still told
        return entry
