"""There: what a worker of a cluster does to make a report, in a folder that goes with it."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from wfmodel.batch import failing
from wfmodel.batch.editions import Editions
from wfmodel.batch.failing import RunFailed
from wfmodel.batch.kernels import Nursery
from wfmodel.batch.limits import Limits, Watch
from wfmodel.batch.making import Elsewhere, Here, Terms
from wfmodel.batch.progress import Quiet
from wfmodel.batch.work import PACKAGE, Work, package_hash
from wfmodel.errors import InputError
from wfmodel.results import manifest

Files = dict[str, bytes]
"""The files of a folder by their names in it."""


@dataclass(frozen=True)
class Errand:
    """A scenario to report on, with the ``files`` that it is read from.

    ``path`` is its own among them, ``name`` its name where that is a sweep. What lies elsewhere for
    whoever sends it: ``names`` of the files as manifests give them, ``own`` for its own, ``rules``
    with the name that they have beside the package.
    """

    work: Work
    files: Files
    names: dict[str, str]
    path: str
    name: str
    own: str
    rules: tuple[str, str]

    def unpacked(self, folder: Path) -> Elsewhere:
        """Where it lies once its files are in a folder."""
        unpack(self.files, folder)
        names = {(folder / inside).as_posix(): shown for inside, shown in self.names.items()}
        inside, shown = self.rules
        names[manifest.shown(PACKAGE.parent / inside)] = shown
        path = folder / self.path
        return Elsewhere(Path(f"{path}#{self.name}") if self.name else path, names, self.own)


def make(errand: Errand, base: Files | None, terms: Terms, topic: str) -> Files:
    """The results and pages of a scenario; raises RunFailed."""
    from distributed import get_worker

    worker = get_worker()
    if errand.work.inputs["package"] != package_hash():
        what = f"the worker {worker.address} has not this wfmodel ({version('wfmodel')})"
        raise RunFailed(failing.ERROR, f"{what}; install it there")
    nursery, watch = _home()
    limits = Limits.of(terms.minutes, terms.gigabytes, worker.state.nthreads)
    wanted = terms.editions
    try:  # what prints is this machine's own
        editions = Editions.asked(pdf=bool(wanted.printer), workbook=wanted.workbook)
    except InputError as error:
        raise RunFailed(failing.INPUT, f"{worker.address}: {error}") from None
    told = _Told(worker, topic)
    with tempfile.TemporaryDirectory(prefix="wfmodel-") as place:
        room, source, compared = (Path(place).resolve() / name for name in ("room", "in", "base"))
        room.mkdir()
        elsewhere = errand.unpacked(source)
        if base is not None:
            unpack(base, compared)
        here = Here(terms.report, limits, nursery, watch, told, editions, elsewhere)
        made = here.make(errand.work, compared if base is not None else None, 1, room)
        return {path.name: path.read_bytes() for path in made.iterdir()}


def own_hash() -> str:
    """The hash of the package that this worker has."""
    return package_hash()


def given(files: Files) -> Files:
    """What was sent, as a task gives it."""
    return files


def unpack(files: Files, folder: Path) -> None:
    """Write files into a folder, which is made."""
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class _Told(Quiet):
    """How far a report is, told to whoever asked for it."""

    def __init__(self, worker: Any, topic: str) -> None:
        self._worker, self._topic = worker, topic

    def at(self, name: str, cell: int, cells: int) -> None:
        """Say it."""
        self._worker.log_event(self._topic, (name, cell, cells))


_guard = Lock()
_kept: list[tuple[Nursery, Watch]] = []


def _home() -> tuple[Nursery, Watch]:
    """What all reports of this worker's process share."""
    with _guard:
        if not _kept:
            _kept.append((Nursery(), Watch()))
            for one in _kept[0]:
                atexit.register(one.close)
        return _kept[0]
