"""Cluster: reports made by the workers of a Dask cluster, each scenario by one of them.

A worker needs nothing but this version of wfmodel: what a scenario is read from is sent to it, and
what it has made comes back. Where it dies, another makes the report.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from wfmodel.batch import failing, there
from wfmodel.batch.failing import RunFailed
from wfmodel.batch.limits import Limits
from wfmodel.batch.making import Terms
from wfmodel.batch.progress import Progress
from wfmodel.batch.there import Errand
from wfmodel.batch.work import PACKAGE, Work, package_hash
from wfmodel.errors import InputError
from wfmodel.experiment.crews import cluster, lost
from wfmodel.results import manifest
from wfmodel.scenario.sweep import address


@contextmanager
def connected(at: str) -> Iterator[Any]:
    """A client of the cluster at an address; InputError where none answers, where it has no worker
    or where they have another wfmodel.
    """
    with cluster(at) as client:
        ours, mine = package_hash(), f"this wfmodel, {version('wfmodel')}"
        try:
            found = client.run(there.own_hash)
        except Exception as error:
            what = f"a worker at {at} has not {mine}, or has gone ({type(error).__name__})"
            raise InputError("--dask", what) from None
        others = sorted(where for where, theirs in found.items() if theirs != ours)
        if others:
            raise InputError("--dask", f"{', '.join(others)} has not {mine}; install it there")
        yield client


def threads(client: Any) -> int:
    """How many scenarios the workers can be at together."""
    return sum(client.nthreads().values())


class There:
    """The workers of a cluster, as those who make the reports of a batch."""

    def __init__(self, client: Any, terms: Terms, display: Progress) -> None:
        self._client, self._terms, self._display = client, terms, display
        self._topic = f"wfmodel-{uuid.uuid4().hex}"
        self._bases: dict[Path, Any] = {}
        self._guard = Lock()
        self.closed = False
        client.subscribe_topic(self._topic, lambda event: display.at(*event[1]))

    def make(self, work: Work, base: Path | None, jobs: int, room: Path) -> Path:
        """The folder, in ``room``, with the results and pages of a scenario."""
        self._display.started(work.name, room / "told")
        sent = self._base(base) if base is not None else None
        name = f"{work.name}-{uuid.uuid4().hex}"
        task = self._client.submit(
            there.make, errand(work), sent, self._terms, self._topic, key=name
        )
        try:
            made = task.result()
        except lost() as error:
            if self.closed:
                raise
            what = f"every worker that tried it has died ({type(error).__name__})"
            raise RunFailed(failing.KILLED, what) from None
        run_dir = room / "run"
        there.unpack(made, run_dir)
        return run_dir

    @property
    def allowed(self) -> str:
        """What each may take, in words."""
        limits = Limits.of(self._terms.minutes, self._terms.gigabytes, 1)
        memory = "its share of a worker's memory"
        memory = memory if self._terms.gigabytes is None else limits.memory_in_words
        return f"{limits.time_in_words}, {memory}"

    def close(self) -> None:
        """End what runs, and start nothing any more."""
        self.closed = True
        self._client.close()

    def _base(self, folder: Path) -> Any:
        """The base's results, sent once: a task that gives them outlives the workers."""
        with self._guard:
            if folder not in self._bases:
                files = {
                    path.name: path.read_bytes()
                    for path in sorted(folder.iterdir())
                    if path.is_file() and not path.name.startswith("report.")
                }
                self._bases[folder] = self._client.submit(there.given, files, pure=False)
            return self._bases[folder]


def errand(work: Work) -> Errand:
    """A scenario with all that it is read from."""
    path, name = address(work.path)
    read = [Path(os.path.abspath(file)) for file in work.files]
    top = Path(os.path.commonpath([file.parent for file in read]))
    inside = {file: file.relative_to(top).as_posix() for file in read}
    rules = work.rules.relative_to(PACKAGE.parent).as_posix()
    return Errand(
        replace(work, files=()),
        {own: file.read_bytes() for file, own in inside.items()},
        {own: manifest.shown(file) for file, own in inside.items()},
        path.relative_to(top).as_posix(),
        name,
        str(path.resolve()),
        (rules, manifest.shown(work.rules)),
    )
