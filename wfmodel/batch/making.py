"""Making a report: from a scenario and the notebook to a folder of results and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from wfmodel.batch.done import seal, tidied
from wfmodel.batch.editions import Editions
from wfmodel.batch.kernels import Kernel, Nursery
from wfmodel.batch.limits import Limits, Watch
from wfmodel.batch.notebook import Notebook, Plain
from wfmodel.batch.papermilling import run_notebook
from wfmodel.batch.progress import Progress
from wfmodel.batch.work import Work
from wfmodel.reporting.disclosure.rule import PUBLISHED
from wfmodel.reporting.told import WHERE


@dataclass(frozen=True)
class Terms:
    """On what terms reports are made: with which notebook, how long and how large each may be, and
    in which editions.
    """

    report: Notebook
    minutes: float | None
    gigabytes: float | None
    editions: Editions


class Maker(Protocol):
    """Whoever makes reports: this machine, or the workers of a cluster."""

    def make(self, work: Work, base: Path | None, jobs: int, room: Path) -> Path:
        """The folder, in ``room``, with the results and pages of a scenario.

        ``base`` is the folder with the results that it is compared with. Raises RunFailed.
        """

    @property
    def allowed(self) -> str:
        """What each may take, in words."""

    @property
    def closed(self) -> bool:
        """Whether the batch has ended, so that whatever fails now fails of that."""

    def close(self) -> None:
        """End what runs, and start nothing any more."""


@dataclass(frozen=True)
class Elsewhere:
    """A scenario in another place than its own while it is reported on: the ``path`` there, and the
    ``names`` that its manifest is to give files in place of those they have there, and its ``own``.
    """

    path: Path
    names: Mapping[str, str]
    own: str


@dataclass(frozen=True)
class Here:
    """This machine, where a kernel of the nursery runs each notebook."""

    report: Notebook
    limits: Limits
    nursery: Nursery
    watch: Watch
    display: Progress
    editions: Editions
    elsewhere: Elsewhere | None = None

    def make(self, work: Work, base: Path | None, jobs: int, room: Path) -> Path:
        """The folder, in ``room``, with the results and pages of a scenario."""
        run_dir = room / "run"
        run_dir.mkdir()
        read = replace(work, path=self.elsewhere.path) if self.elsewhere else work
        told = room / "told"
        variables = {WHERE: str(told), PUBLISHED: "1"}
        kernel = Kernel(self.nursery, room / "crash", variables, self.limits.memory)
        self.display.started(work.name, told)
        with self.watch.over(kernel, self.limits):
            executed = run_notebook(
                self.report,
                values(read, run_dir, base, jobs),
                run_dir,
                kernel,
                self.limits,
                lambda cell, cells: self.display.at(work.name, cell, cells),
            )
        beside = Path("..", work.base) if base is not None else None
        told_later = values(work, Path(), beside, 1) | {"run_dir": ""}
        self.editions.write(work, tidied(executed, told_later), run_dir)
        seal(run_dir, work, executed, self._named)
        return run_dir

    @property
    def allowed(self) -> str:
        """What each may take, in words."""
        return f"{self.limits.time_in_words}, {self.limits.memory_in_words}"

    def _named(self, about: dict[str, Any]) -> None:
        """Give files in a manifest the names that they have in their own place."""
        if self.elsewhere is not None:
            names = self.elsewhere.names
            about["path"] = self.elsewhere.own
            about["inputs"] = {names.get(n, n): digest for n, digest in about["inputs"].items()}

    @property
    def closed(self) -> bool:
        """Whether the batch has ended, so that whatever fails now fails of that."""
        return self.nursery.closed

    def close(self) -> None:
        """End what runs, and start nothing any more."""
        self.nursery.close()


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
