"""Futures: one scenario simulated piece by piece, on the luck that every other one shares."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from wfmodel import experiment
from wfmodel.results.measures import MEASURES
from wfmodel.results.results import Number, Run
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
        wanted = set(measures)
        own = [name for name in MEASURES if name in wanted]
        self.keys = tuple(
            key
            for key in experiment.keys_of(self.inputs)
            if key[0] in own or _asked(scenario, key[0])
        )
        self._pieces: list[tuple[np.ndarray, np.ndarray]] = []
        self.count = 0

    def extend(self, count: int, stop: threading.Event | None = None) -> Run:
        """The futures 0 to ``count``; raises `Overtaken` once ``stop`` is set."""
        while self.count < count:
            if stop is not None and stop.is_set():
                raise Overtaken
            numbers = range(self.count, min(self.count + PIECE, count))
            values, vectors, _ = experiment.block(
                self.inputs, list(numbers), self.seed, "compiled", self.keys, False
            )
            self._pieces.append((values, vectors))
            self.count = numbers.stop
        return self.run(count)

    def run(self, count: int | None = None) -> Run:
        """The first ``count`` of the futures there are, as a run."""
        values = np.concatenate([piece[0] for piece in self._pieces])[:count]
        vectors = np.concatenate([piece[1] for piece in self._pieces])[:count]
        self._pieces = [(values, vectors)] if count is None else self._pieces
        numbers: list[Number] = list(range(len(values)))
        return Run(self.inputs, self.seed, numbers, self.keys, values, vectors)


def _asked(scenario: Scenario, measure: str) -> bool:
    """Whether a target reads a measure."""
    return any(measure in (t.measure, f"{t.relative_to}_gbp") for t in scenario.targets.values())
