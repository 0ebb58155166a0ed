"""Futures: one scenario simulated piece by piece, on the luck that every other one shares."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from wfmodel import experiment
from wfmodel.results.measured import keys_of
from wfmodel.results.run import Number, Run
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.workforce import load_workforce

PIECE = 25
"""Replications between two looks at whether anybody still wants them."""


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
        self._there: Run | None = None

    def extend(self, count: int, stop: threading.Event | None = None) -> Run:
        """The futures 0 to ``count``; raises `Overtaken` once ``stop`` is set."""
        done = len(self._there.numbers) if self._there else 0
        for first in range(done, count, PIECE):
            piece = self.numbered(range(first, min(first + PIECE, count)), stop)
            self._there = piece if self._there is None else _joined(self._there, piece)
        assert self._there is not None
        return _first(self._there, count)

    def numbered(self, numbers: Sequence[Number], stop: threading.Event | None = None) -> Run:
        """The futures of these numbers, each an int or three; raises `Overtaken` once ``stop`` is
        set."""
        values, vectors = [], []
        for first in range(0, len(numbers), PIECE):
            if stop is not None and stop.is_set():
                raise Overtaken
            some = list(numbers[first : first + PIECE])
            piece = experiment.block(self.inputs, some, self.wanted)
            values.append(piece[0])
            vectors.append(piece[1])
        return Run(
            self.inputs, self.seed, list(numbers), self.keys, np.concatenate(values),
            np.concatenate(vectors),
        )  # fmt: skip


def _joined(one: Run, more: Run) -> Run:
    return Run(
        one.inputs, one.seed, [*one.numbers, *more.numbers], one.keys,
        np.concatenate([one.values, more.values]), np.concatenate([one.vectors, more.vectors]),
    )  # fmt: skip


def _first(run: Run, count: int) -> Run:
    if len(run.numbers) == count:
        return run
    return Run(
        run.inputs, run.seed, run.numbers[:count], run.keys, run.values[:count], run.vectors[:count]
    )
