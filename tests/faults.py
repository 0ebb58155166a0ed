"""Batches that are killed, poisoned and crowded, and what must hold of them afterwards.

`test_faults.py` runs this at a small size with every test run, and at full size with
``-m faults``.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from batching import left_after, marked, notebook, results, scenarios

from wfmodel.cli import main

SOON = 10.0
"""Seconds in which everything that a batch has started must have ended with it."""
LONG = 120.0
EARLY = 0.25
"""Seconds in which a batch must have begun; the share of kills that come before it has."""
STRAYS = """\
import subprocess, sys
command = [sys.executable, "-c", "import time; time.sleep(600)"]
strays = [subprocess.Popen(command, start_new_session=away) for away in (False, True)]
"""
"""A cell that starts processes which nobody waits for, one of them in a session of its own."""


@dataclass
class Killing:
    """What a number of kills came to."""

    kills: int = 0
    while_running: int = 0
    finished: int = 0
    orphans: list[str] = field(default_factory=list)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Started:
    """A batch in a process of its own; a ``fresh`` one is Python from its first line on, as a
    planner would start it, another begins where all is imported. All that comes of it carries its
    ``mark``.
    """

    def __init__(
        self, source: Path, out: Path, report: Path,
        *, jobs: int = 2, mark: str = "", fresh: bool = False,
    ) -> None:  # fmt: skip
        self.mark, self.fresh = mark or uuid.uuid4().hex, fresh
        words = ["batch", source, "--out", out, "--notebook", report, "--jobs", jobs]
        given = [str(word) for word in words]
        if fresh:
            self.process = psutil.Popen(
                [sys.executable, "-m", "wfmodel.cli", *given],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "WFMODEL_MARK": self.mark},
            )
        else:
            prepared = multiprocessing.get_context("forkserver")
            prepared.set_forkserver_preload(["wfmodel.batch.index", "wfmodel.batch.running"])
            self.process = prepared.Process(target=_batch, args=(given, self.mark))
            self.process.start()

    def wait(self, seconds: float | None = None) -> int | None:
        """Its exit code; None where it still runs after so many seconds."""
        if isinstance(self.process, psutil.Popen):
            with contextlib.suppress(psutil.TimeoutExpired, subprocess.TimeoutExpired):
                return self.process.wait(seconds)
            return None
        self.process.join(seconds)
        return self.process.exitcode

    def kill(self) -> None:
        """Kill it, it alone, so that it can do nothing about it."""
        self.process.kill()
        self.wait()


def _batch(words: list[str], mark: str) -> None:
    os.environ["WFMODEL_MARK"] = mark
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    main(words)


def kill_again_and_again(
    folder: Path, cell: str, *, kills: int, count: int, seed: int, fresh: bool = False
) -> Killing:
    """Kill batches of ``count`` scenarios at random instants until ``kills`` of them died.

    After each, what stands must be whole, what stood must be untouched, and nothing may still
    run. A batch that has ended by itself is begun anew.
    """
    source = scenarios(folder / "s", *(f"plan{n}" for n in range(count - 1)))
    report = notebook(folder / "n.ipynb", STRAYS, cell)
    clean, out = folder / "clean", folder / "out"
    assert Started(folder / "nothing", out, report, fresh=fresh).wait() == 2  # all is imported
    batch = Started(source, clean, report, fresh=fresh)
    ready = _until_at_work(batch, LONG)
    began = time.monotonic()
    assert batch.wait() == 0
    working = time.monotonic() - began
    expected = results(clean)
    assert len(expected) == count
    found, chance = Killing(), random.Random(seed)
    stood: dict[str, int] = {}
    while found.kills < kills:
        if len(stood) == count:
            shutil.rmtree(out)
            stood = {}
            found.finished += 1
        batch = Started(source, out, report, fresh=fresh)
        if chance.random() < EARLY:
            code = batch.wait(ready * chance.random())
        else:
            _until_at_work(batch, LONG)
            code = batch.wait(working * chance.random())
        if code is None:
            found.while_running += _at_work(batch)
            batch.kill()
            found.kills += 1
            _nobody_left(found, batch.mark)
        elif code:
            found.wrong.append(f"a batch ended with {code}")
        stood = _nothing_torn(found, out, expected, stood)
    assert Started(source, out, report, fresh=fresh).wait() == 0
    _nothing_torn(found, out, expected, stood)
    if results(out) != expected:
        found.wrong.append("the batch that was resumed last is not the clean one")
    return found


def _at_work(batch: Started) -> bool:
    """Whether a kernel runs, beside the process that starts them and a batch that is marked."""
    return len(marked(batch.mark)) > 1 + batch.fresh


def _until_at_work(batch: Started, seconds: float) -> float:
    """Wait until a kernel runs, or the batch has ended; how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds and batch.wait(0.02) is None:
        if _at_work(batch):
            break
    return time.monotonic() - began


def _nobody_left(found: Killing, mark: str) -> None:
    began = time.monotonic()
    names = {process.pid: _said(process) for process in marked(mark)}
    left = left_after(SOON, marked(mark))
    found.slowest = max(found.slowest, time.monotonic() - began)
    found.orphans += [names.get(process.pid, str(process.pid)) for process in left]


def _said(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[:200]
    except psutil.Error:
        return str(process.pid)


def _nothing_torn(
    found: Killing, out: Path, expected: dict[str, dict], stood: dict[str, int]
) -> dict[str, int]:
    """When each manifest was written, after looking that all is as it must be."""
    if not out.exists():
        return {}
    now = results(out)  # asserts that every file is what its manifest says
    found.wrong += [f"{name} differs" for name, about in now.items() if about != expected[name]]
    found.wrong += [f"{name} is lost" for name in stood if name not in now]
    written = {name: (out / name / "manifest.json").stat().st_mtime_ns for name in now}
    found.wrong += [f"{n} was run again" for n, at in stood.items() if written.get(n, at) != at]
    return written
