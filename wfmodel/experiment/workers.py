"""Workers: the processes that replications are spread over; none outlives whoever started it."""

from __future__ import annotations

import os
import threading
import time

import joblib
import psutil
from joblib.parallel import get_active_backend

EVERY = 1.0
"""Seconds between two looks at whether whoever started a worker is still there."""


def workers(jobs: int) -> joblib.Parallel:
    """Processes to spread work over, as many as ``jobs`` (-1: as many as cores), results in order.

    Where joblib was told to use something else than processes of its own, that is used.
    """
    backend, _ = get_active_backend()
    own = {"initializer": follow, "initargs": (os.getpid(),)} if _is_loky(backend) else {}
    return joblib.Parallel(n_jobs=jobs, return_as="generator", **own)


def follow(parent: int) -> None:
    """End this process soon after ``parent``, its own, has ended, however that ended.

    A worker that waits for work does not notice otherwise, and would stay for minutes.
    """
    threading.Thread(target=_watch, args=(parent,), name="follow", daemon=True).start()


def _watch(parent: int) -> None:
    try:
        process = psutil.Process(parent)
        while os.getppid() == parent and process.is_running():
            time.sleep(EVERY)
    except psutil.NoSuchProcess:
        pass
    os._exit(1)


def _is_loky(backend: object) -> bool:
    return type(backend).__name__ == "LokyBackend"
