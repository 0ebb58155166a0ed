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
from wfmodel.batch.done import hashes, seal, standing, tidied
from wfmodel.batch.editions import Editions
from wfmodel.batch.failing import RunFailed
from wfmodel.batch.kernels import Kernel, Nursery
from wfmodel.batch.limits import Limits, Watch
from wfmodel.batch.notebook import Notebook, Plain
from wfmodel.batch.papermilling import run_notebook
from wfmodel.batch.progress import Progress
from wfmodel.batch.record import DONE, FAILED, Entry
from wfmodel.batch.work import Work
from wfmodel.reporting.disclosure.rule import PUBLISHED
from wfmodel.reporting.told import WHERE
from wfmodel.results.manifest import file_hash

LOGS = "logs"


@dataclass(frozen=True)
class Workshop:
    """What all attempts of a batch share."""

    folder: Path
    report: Notebook
    limits: Limits
    claims: Claims
    nursery: Nursery
    watch: Watch
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
                files = self._made(work, base, jobs, room, final)
            (self.folder / LOGS / f"{work.name}.log").unlink(missing_ok=True)
        except Exception as error:
            if self.nursery.closed:  # the batch was interrupted, and the scenario with it
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

    def _made(
        self, work: Work, base: Path | None, jobs: int, room: Path, final: Path
    ) -> dict[str, str]:
        """Put the results and pages of a scenario in place; the hash of every file."""
        run_dir = room / "run"
        run_dir.mkdir()
        told = room / "told"
        variables = {WHERE: str(told), PUBLISHED: "1"}
        kernel = Kernel(self.nursery, room / "crash", variables, self.limits.memory)
        self.display.started(work.name, told)
        with self.watch.over(kernel, self.limits):
            executed = run_notebook(
                self.report,
                values(work, run_dir, base, jobs),
                run_dir,
                kernel,
                self.limits,
                lambda cell, cells: self.display.at(work.name, cell, cells),
            )
        beside = Path("..", work.base) if base is not None else None
        told_later = values(work, Path(), beside, 1) | {"run_dir": ""}
        self.editions.write(work, tidied(executed, told_later), run_dir)
        seal(run_dir, work, executed)
        files = hashes(run_dir)
        output.replace_folder(run_dir, final)
        return files

    def _failure(self, work: Work, began: float, error: RunFailed) -> Entry:
        """A failed scenario, with a log that says why."""
        entry = Entry(work.name, work.title, FAILED, error.kind, error.reason, key=work.key)
        entry.seconds = time.monotonic() - began
        facts = {
            "scenario": work.name,
            "kind": error.kind,
            "after": f"{entry.seconds:.0f} seconds",
            "allowed": f"{self.limits.time_in_words}, {self.limits.memory_in_words}",
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


def values(work: Work, run_dir: Path, base: Path | None, jobs: int) -> dict[str, Plain]:
    """What the notebook is told; all else lives in the scenario."""
    return {
        "scenario_path": str(work.path),
        "run_dir": str(run_dir),
        "base_run": str(base) if base is not None else "",
        "replications": work.replications,
        "seed": work.seed,
        "jobs": jobs,
    }
