"""Failing: what a scenario failed of, in one line and in a log, neither of which names a person.

What an exception says may hold anything that was in the data, and so may the text of a cell: of
both only the kind and the place in the code are kept. Our own errors about a scenario's files are
written for whoever wrote them and are kept; what is wrong in a row of data is not.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable

MOST = 300
ERROR, INPUT, LEFT, ENDED = "error", "input", "left", "ended"
CRASHED, KILLED = "crashed", "killed"
MEMORY, TIME, OUTPUT, UNWRITTEN, DISK = "memory", "time", "output", "unwritten", "disk"
"""Kinds of failure: a cell raised; wrong input; a cell called sys.exit; the process ended itself;
it crashed; somebody else killed it; too much memory, time, output; no results; no disk."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"^(?:File (?P<file>\S+?):|Cell In\[\d+\], line )(?P<line>\d+)", re.MULTILINE)
_CALLED = re.compile(r"^(?:File|Cell) .*?, in ([\w.<>]+)")
_CRASH = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+) in (?P<name>\S+)$')
_DATA = re.compile(r"^(?P<place>.*?\.(?:csv|xlsx?|xlsm|ods|parquet)\b(?::\d+)?)(?::| )")


class RunFailed(Exception):
    """A notebook that did not reach its end.

    ``kind`` is one of the kinds above, ``reason`` says it in one line, ``log`` holds all that may
    be kept.
    """

    def __init__(self, kind: str, reason: str, log: Iterable[str] = ()) -> None:
        self.kind = kind
        self.reason = " ".join(reason.split())[:MOST] or "failed without a message"
        self.log = [self.reason, *log]
        super().__init__(self.reason)

    def __reduce__(self) -> tuple[type[RunFailed], tuple[str, str, list[str]]]:
        return RunFailed, (self.kind, self.reason, self.log[1:])


def of_cell(name: str, said: str, cell: int, traceback: Iterable[str], memory: str) -> RunFailed:
    """A cell (its number from 1) that raised an exception of a ``name`` that ``said`` something."""
    frames = frames_of(traceback)
    if name == "InputError":
        told = [published(line) for line in said.splitlines()]
        return RunFailed(INPUT, "; ".join(told), told)
    if name == "SystemExit":
        return RunFailed(LEFT, f"left early: cell {cell} called sys.exit, before the end", frames)
    if name in ("MemoryError", "_ArrayMemoryError"):
        return RunFailed(MEMORY, f"took more memory than the {memory} allowed, in cell {cell}")
    reason = f"{name} in cell {cell} (what it says is not kept, since it may name people)"
    return RunFailed(ERROR, reason, frames)


def of_death(status: int | None, cell: int, crash: str) -> RunFailed:
    """A kernel that died while a cell ran, with an exit status and what it wrote about a crash."""
    frames = [
        f"{_place(found['file'])}:{found['line']}, in {found['name']}"
        for found in map(_CRASH.match, crash.splitlines())
        if found
    ]
    where = f"in cell {cell}" if cell else "before its first cell"
    if status is None or status >= 0:
        code = "" if status is None else f" with exit code {status}"
        return RunFailed(ENDED, f"ended its own process{code} {where}", frames)
    if -status == getattr(signal, "SIGKILL", 9):
        told = f"was killed from outside {where}, as happens where the machine's memory runs out"
        return RunFailed(KILLED, told, frames)
    name = _NAMES.get(-status) or f"signal {-status}"
    return RunFailed(CRASHED, f"crashed {where}: {name}", frames)


_NAMES = {
    getattr(signal, name, 0): said
    for name, said in {
        "SIGSEGV": "segmentation fault",
        "SIGBUS": "bus error",
        "SIGABRT": "aborted",
        "SIGFPE": "arithmetic error",
        "SIGILL": "illegal instruction",
        "SIGTERM": "was told to end",
    }.items()
}


def published(problem: str) -> str:
    """A problem as it may be kept: of one in a file of data the place alone.

    >>> published("plan.yaml:7: run.seed: is x, a whole number is needed")
    'plan.yaml:7: run.seed: is x, a whole number is needed'
    >>> published("d/people.csv:3: role: is Jane Planted, which is no role")
    'd/people.csv:3: is wrong; `wfmodel validate` says what'
    """
    found = _DATA.match(problem)
    return f"{found['place']}: is wrong; `wfmodel validate` says what" if found else problem


def frames_of(traceback: Iterable[str]) -> list[str]:
    """The places in the code that a traceback went through, without code, values or messages."""
    frames = []
    for line in _COLOUR.sub("", "\n".join(traceback)).splitlines():
        if found := _FRAME.match(line):
            called = _CALLED.match(line)
            place = _place(found["file"]) if found["file"] else "the notebook"
            name = f", in {called[1]}" if called and found["file"] else ""
            frames.append(f"{place}:{found['line']}{name}")
    return frames


def _place(file: str) -> str:
    """A file's name from its package on, so that no folder of a person's is named.

    >>> _place("/home/jane/lib/python3.11/site-packages/numpy/core.py"), _place("~/x.py")
    ('numpy/core.py', 'x.py')
    """
    for mark in ("site-packages/", "wfmodel/"):
        if mark in file:
            return ("wfmodel/" if mark == "wfmodel/" else "") + file.rsplit(mark, 1)[1]
    return file.replace("\\", "/").rsplit("/", 1)[-1]
