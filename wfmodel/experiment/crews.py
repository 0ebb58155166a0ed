"""Crews: who does an experiment's replications, block by block.

The compiled simulation lets go of the interpreter's lock, so that threads do it with nothing to
send; the reference needs processes; a cluster has workers on other machines. All give the same.
"""

from __future__ import annotations

import functools
import hashlib
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import joblib
import numpy as np

from wfmodel.errors import InputError
from wfmodel.experiment.asked import Wanted
from wfmodel.experiment.replications import Block, block
from wfmodel.experiment.simulations import Simulate
from wfmodel.experiment.workers import workers
from wfmodel.results.run import Number
from wfmodel.simulation.inputs import Inputs

WAIT_S = 10
"""Seconds in which a cluster must answer."""


class Crew(Protocol):
    """Whoever does blocks: in order, each into its part of ``values``."""

    def do(
        self, inputs: Inputs, blocks: Sequence[list[Number]], wanted: Wanted, values: np.ndarray
    ) -> Iterator[Block]: ...


@contextmanager
def crew(jobs: int, simulation: str | Simulate, dask: str | None) -> Iterator[Crew]:
    """The crew for so many jobs (0 and below: as many as cores, less), or of a cluster."""
    if dask is not None:
        with cluster(dask) as client:
            yield _Cluster(client)
    elif simulation == "compiled":
        with joblib.Parallel(jobs or -1, backend="threading", return_as="generator") as pool:
            yield _Threads(pool)
    else:
        with workers(jobs or -1) as pool:
            yield _Processes(pool, alone=jobs == 1)


class _Threads:
    """Threads of this process, which write where the measures are wanted."""

    def __init__(self, pool: joblib.Parallel) -> None:
        self._pool = pool

    def do(
        self, inputs: Inputs, blocks: Sequence[list[Number]], wanted: Wanted, values: np.ndarray
    ) -> Iterator[Block]:
        ends = np.cumsum([len(some) for some in blocks])
        parts = [values[end - len(some) : end] for some, end in zip(blocks, ends, strict=True)]
        return self._pool(
            joblib.delayed(block)(inputs, some, wanted, part)
            for some, part in zip(blocks, parts, strict=True)
        )


class _Apart:
    """Workers with a memory of their own, who are sent a parcel and send back what they found."""

    def do(
        self, inputs: Inputs, blocks: Sequence[list[Number]], wanted: Wanted, values: np.ndarray
    ) -> Iterator[Block]:
        done = 0
        for found, vectors, ledgers in self._found(inputs, blocks, wanted):
            here = slice(done, done + len(found))
            values[here] = found
            done = here.stop
            yield values[here], vectors, ledgers

    def _found(
        self, inputs: Inputs, blocks: Sequence[list[Number]], wanted: Wanted
    ) -> Iterator[Block]:
        raise NotImplementedError


class _Processes(_Apart):
    """Processes of this machine."""

    def __init__(self, pool: joblib.Parallel, alone: bool) -> None:
        self._pool, self._alone = pool, alone

    def _found(
        self, inputs: Inputs, blocks: Sequence[list[Number]], wanted: Wanted
    ) -> Iterator[Block]:
        if self._alone:
            return self._pool(joblib.delayed(block)(inputs, some, wanted) for some in blocks)
        sent = Parcel(inputs)
        return self._pool(joblib.delayed(unpacked)(sent, some, wanted) for some in blocks)


class _Cluster(_Apart):
    """The workers of a Dask cluster. A block whose worker dies is done by another."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def _found(
        self, inputs: Inputs, blocks: Sequence[list[Number]], wanted: Wanted
    ) -> Iterator[Block]:
        # A task that gives the parcel, not data put on a worker: it outlives the workers.
        sent = self._client.submit(_given, Parcel(inputs), pure=False)
        asked = [self._client.submit(unpacked, sent, some, wanted, pure=False) for some in blocks]
        for one in asked:
            try:
                yield one.result()
            except lost() as error:
                what = f"lost every worker that tried its replications ({type(error).__name__})"
                raise InputError("--dask", f"{self._client.scheduler.address} {what}") from None
            one.release()


class Parcel:
    """Inputs as they are sent: packed once, unpacked once in each process.

    An array, so that joblib puts what is large into memory that the processes share.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.packed = np.frombuffer(pickle.dumps(inputs, pickle.HIGHEST_PROTOCOL), np.uint8)
        self.name = hashlib.blake2b(self.packed.tobytes(), digest_size=16).digest()

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parcel) and self.name == other.name


@functools.lru_cache(maxsize=2)
def _inputs(sent: Parcel) -> Inputs:
    inputs: Inputs = pickle.loads(sent.packed.tobytes())
    return inputs


def unpacked(sent: Parcel, numbers: list[Number], wanted: Wanted) -> Block:
    """A block of what a parcel holds."""
    return block(_inputs(sent), numbers, wanted)


def _given(sent: Parcel) -> Parcel:
    return sent


def lost() -> tuple[type[Exception], ...]:
    """What is raised of a task that none of the workers who tried it has lived to end."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    return KilledWorker, FutureCancelledError, CancelledError


@contextmanager
def cluster(address: str) -> Iterator[Any]:
    """A client of the cluster at an address; InputError where there is none."""
    try:
        from distributed import Client
    except ImportError:
        what = 'needs the extra dask: pip install "wfmodel[dask]"'
        raise InputError("--dask", what) from None
    try:
        client = Client(address, timeout=WAIT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError("--dask", f"no cluster answers at {address}: {reason}") from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise InputError("--dask", f"the cluster at {address} has no worker")
        yield client
