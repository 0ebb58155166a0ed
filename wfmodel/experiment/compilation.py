"""Compilation: once for each version on a machine, said before it begins."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from wfmodel import jit
from wfmodel.experiment.simulations import DEFAULT, Simulate

_FOLD = "import gc; gc.disable(); from wfmodel.results.fold import compile_fold; compile_fold()"


@contextmanager
def compiling_once(simulation: str | Simulate) -> Iterator[None]:
    """Whatever runs first here compiles; the fold meanwhile, where there is a second core for it.

    The note that all is compiled is made where this ends well.
    """
    simulation = simulation if isinstance(simulation, str) else "reference"  # which it adds to
    if jit.is_compiled(simulation):
        yield
        return
    what = "compiling the simulation, once for this version on this machine: about 20 seconds"
    print(f"wfmodel: {what}", file=sys.stderr, flush=True)
    beside = None
    if simulation == DEFAULT and (os.cpu_count() or 1) > 1:
        nowhere = subprocess.DEVNULL
        command = [sys.executable, "-c", _FOLD]
        beside = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    collects = gc.isenabled()
    gc.disable()  # a compiler keeps nearly all that it makes
    try:
        yield
    finally:
        if collects:
            gc.enable()
        if beside is not None:
            beside.kill()
            beside.wait()
    jit.note_compiled(simulation)
