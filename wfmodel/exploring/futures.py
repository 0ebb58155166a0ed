"""Futures: one scenario simulated piece by piece, on the luck that every other one shares."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache

import numpy as np

from wfmodel import experiment
from wfmodel.experiment.compilation import compiling_once
from wfmodel.results.measured import keys_of
from wfmodel.results.run import Number, Run
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.workforce import load_workforce

PIECE = 25
"""Replications that a core does between two looks at whether anybody still wants them."""
CORES = os.cpu_count() or 1


class Overtaken(Exception):
    """Nobody wants these futures any more: a lever has moved on."""


class Futures:
    """The futures of one scenario, numbered from 0; more can be added to those that are there."""

    def __init__(self, scenario: Scenario, measures: Sequence[str], seed: int | None = None):
        self.scenario = scenario
        self.seed = scenario.run.seed if seed is None else seed
        self.inputs: Inputs = lower(scenario, load_workforce(scenario))
        self.wanted = experiment.Wanted(self.seed, "compiled", experiment.kept(scenario, measures))
        self.keys = keys_of(self.inputs, self.wanted.measures)
        self.done = 0
        self._values, self._vectors = self._room(0)

    def extend(self, count: int, stop: threading.Event | None = None) -> Run:
        """The futures 0 to ``count``; raises `Overtaken` once ``stop`` is set."""
        self._make_room(count)
        begun, numbers = self.done, list(range(self.done, count))
        room = self._values[begun:count], self._vectors[begun:count]
        for done in self._fold(numbers, *room, stop):
            self.done = begun + done
        return Run(
            self.inputs, self.seed, list(range(count)), self.keys, self._values[:count],
            self._vectors[:count],
        )  # fmt: skip

    def trim(self, count: int) -> None:
        """Forget the futures beyond the first ``count``: a thousand are half a gigabyte."""
        if len(self._values) > count:
            self._values = self._values[:count].copy()
            self._vectors = self._vectors[:count].copy()
            self.done = min(self.done, count)

    def _room(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        months = self.inputs.calendar.months + 1
        values = np.empty((count, len(self.keys), months))
        return values, np.empty((count, len(self.inputs.numbers.index)))

    def _make_room(self, count: int) -> None:
        """Room for so many futures, once: what is there is copied, and given runs stay as they
        are."""
        if len(self._values) < count:
            values, vectors = self._room(count)
            values[: self.done] = self._values[: self.done]
            vectors[: self.done] = self._vectors[: self.done]
            self._values, self._vectors = values, vectors

    def numbered(self, numbers: Sequence[Number], stop: threading.Event | None = None) -> Run:
        """The futures of these numbers, each an int or three; raises `Overtaken` once ``stop`` is
        set."""
        values, vectors = self._room(len(numbers))
        for _ in self._fold(numbers, values, vectors, stop):
            pass
        return Run(self.inputs, self.seed, list(numbers), self.keys, values, vectors)

    def _fold(
        self, numbers: Sequence[Number], values: np.ndarray, vectors: np.ndarray,
        stop: threading.Event | None,
    ) -> Iterator[int]:  # fmt: skip
        """Fill ``values`` and ``vectors``, a piece a core at a time; how many are done."""

        def piece(here: slice) -> None:
            _, drawn, _ = experiment.block(self.inputs, numbers[here], self.wanted, values[here])
            vectors[here] = drawn

        done = 0
        while done < len(numbers):
            if stop is not None and stop.is_set():
                raise Overtaken
            # the first alone: it may compile, and makes the plan of the fold
            wave = 1 if done == 0 else CORES * PIECE
            end = min(done + wave, len(numbers))
            pieces = [slice(n, min(n + PIECE, end)) for n in range(done, end, PIECE)]
            with compiling_once(self.wanted.simulation) if done == 0 else nullcontext():
                for _ in _threads().map(piece, pieces):
                    pass
            done = end
            yield done


@cache
def _threads() -> ThreadPoolExecutor:
    """Threads that simulate: compiled code lets go of the interpreter's lock."""
    return ThreadPoolExecutor(CORES, "exploring-futures")
