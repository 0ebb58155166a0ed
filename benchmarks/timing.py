"""Timing: the least and the middle of several repeats, in processor time of one core.

Processor time, so that what else a machine does at the moment is not counted.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

REPEATS = 7


@dataclass(frozen=True)
class Timing:
    """Seconds of one call: the least, and the median, of the repeats."""

    least: float
    median: float

    @property
    def ms(self) -> float:
        """The median in milliseconds."""
        return 1000 * self.median


def timed(call: Callable[[], object], calls: int = 1, repeats: int = REPEATS) -> Timing:
    """How long ``call`` takes, after one that is not counted; it does ``calls`` units of work."""
    call()
    found = []
    gc.collect()
    gc.freeze()  # nobody pays for looking through what others have left in this process
    for _ in range(repeats):
        began = time.process_time()
        call()
        found.append((time.process_time() - began) / calls)
    return Timing(min(found), statistics.median(found))


def on_one_core() -> None:
    """Keep this process on the last of its cores, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
