"""Nursery: a process of its own that starts kernels, and ends them when its batch has gone.

On Linux a kernel is a copy of this process, which has imported and tried everything a report needs
before; elsewhere it is a fresh Python. A request is one line of JSON on standard input, its answer
one on standard output. The end of the input means that the batch has ended, however it ended: then
every kernel goes, with whatever it has started.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil

FORKS = sys.platform == "linux"
"""Elsewhere libraries of the system may not be used in a copy of the process that loaded them."""
SELDOM = (100_000, 20, 100)
"""How seldom a kernel looks for garbage: it lives for seconds, of which each look costs tenths."""
_PARENT_DEATH, _SUBREAPER = 1, 36
"""What prctl(2) is asked: to be killed with the parent; to inherit children whose parent ended."""


def main(folder: str) -> None:
    """Serve until the input ends; ``folder`` holds the kernels' sockets and goes with them."""
    for ignored in ("SIGINT", "SIGHUP"):  # they are meant for the batch, which ends us
        if hasattr(signal, ignored):
            signal.signal(getattr(signal, ignored), signal.SIG_IGN)
    _control(_PARENT_DEATH, signal.SIGKILL)  # while warming up, nobody reads the input
    _control(_SUBREAPER, 1)
    if FORKS:
        with contextlib.suppress(Exception):
            from wfmodel.batch.warming import warm

            warm()
        gc.collect()
        gc.freeze()
    _control(_PARENT_DEATH, 0)
    kernels: dict[int, Kernel] = {}
    try:
        for line in sys.stdin.buffer:
            answer = _answer(json.loads(line), kernels)
            sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
            sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever asked has gone
        pass
    finally:
        _end_all(kernels)
        shutil.rmtree(folder, ignore_errors=True)


def _answer(request: dict[str, Any], kernels: dict[int, Kernel]) -> dict[str, Any]:
    """What a request comes to: a kernel's process, or its exit status, None while it runs."""
    if request["do"] == "start":
        kernel = Forked(request) if FORKS else Fresh(request)
        kernels[kernel.pid] = kernel
        return {"pid": kernel.pid}
    status = kernels[request["pid"]].status()
    if status is not None or request["do"] == "end":
        end_group(request["pid"])
    return {"status": status}


def end_group(pid: int) -> None:
    """Kill a process with everything that is in its group or descends from it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children(recursive=True):
            _kill(process)
    with contextlib.suppress(OSError):
        if os.name != "nt":
            os.killpg(pid, signal.SIGKILL)
        else:  # pragma: no cover
            os.kill(pid, signal.SIGTERM)


def _end_all(kernels: dict[int, Kernel]) -> None:
    for pid in kernels:
        end_group(pid)
    for process in psutil.Process().children(recursive=True):  # what left its group
        _kill(process)


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.kill()


class Forked:
    """A kernel that is a copy of this process."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._status: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                _leave(request, parent)
                _serve(request["connection"], parent)
                code = 0
            except SystemExit as left:
                code = left.code if isinstance(left.code, int) else 1
            finally:
                os._exit(code)

    def status(self) -> int | None:
        """The exit status, a signal's number below zero; None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status


class Fresh:
    """A kernel in a Python of its own."""

    def __init__(self, request: dict[str, Any]) -> None:
        command = [sys.executable, "-m", "ipykernel_launcher", *_options(request["connection"])]
        with open(request["errors"], "wb") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**request["env"], "JPY_PARENT_PID": str(os.getpid())},
                cwd=request["cwd"],
                start_new_session=True,
            )
        self.pid = self._process.pid

    def status(self) -> int | None:
        """The exit status, a signal's number below zero; None while it runs."""
        return self._process.poll()


Kernel = Forked | Fresh


def _leave(request: dict[str, Any], parent: int) -> None:
    """Make a copy of the nursery a process of its own."""
    os.setsid()
    _control(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:  # it went before it could have told us
        os._exit(1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDWR)
    errors = os.open(request["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number, file in enumerate((nothing, nothing, errors)):
        os.dup2(file, number)
    faulthandler.enable(errors, all_threads=False)
    _limit(request["memory"])
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])


def _limit(memory: int) -> None:
    """Let it take so many bytes more than it has, and write no image of itself when it crashes."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        now = next(int(line.split()[1]) for line in status.splitlines() if "VmData" in line)
        most = memory + now * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _serve(connection: str, parent: int) -> None:
    """Be a kernel until it is told to stop."""
    import random

    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    gc.set_threshold(*SELDOM)
    random.seed()
    np.random.seed()  # noqa: NPY002 - else all copies would draw alike
    app = IPKernelApp.instance()
    app.initialize([*_options(connection), f"--IPKernelApp.parent_handle={parent}"])
    app.start()


def _options(connection: str) -> list[str]:
    """A kernel keeps no history of what ran in it."""
    return ["-f", connection, "--HistoryManager.enabled=False"]


def _control(what: int, value: int) -> None:
    """Ask Linux for something; elsewhere it is not to be had."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(what, value, 0, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1])
