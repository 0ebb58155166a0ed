"""Kernels of a batch: this Python's own, known by name, so that none is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import weakref
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets.config import Config

# Without it each kernel warns that it talks over unencrypted TCP.
CONFIG = Config({"KernelManager": {"transport_encryption": "auto"}})

_started: weakref.WeakSet[Kernel] = weakref.WeakSet()
_guard = threading.Lock()


class Kernel(AsyncKernelManager):
    """A kernel that runs the interpreter we run in, whatever kernels else are installed."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._kernel_spec = KernelSpec(**get_kernel_dict())
        with _guard:
            _started.add(self)

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]
        """Start it quiet: what it says about its own end is nobody's progress."""
        await super().start_kernel(**{"stderr": subprocess.DEVNULL, **settings})


def end_all() -> int:
    """End every kernel that a batch of this process has started and that still runs, with the
    workers it has started; how many.
    """
    ended = 0
    with _guard:
        kernels = list(_started)
    for kernel in kernels:
        process = getattr(kernel.provisioner, "process", None)
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                if os.name != "nt" and os.getpgid(process.pid) == process.pid:  # its own group
                    os.killpg(process.pid, signal.SIGTERM)
            process.kill()
            ended += 1
    return ended
