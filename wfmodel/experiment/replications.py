"""Some replications of one scenario: each simulated, then folded at once into its measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from wfmodel.experiment.asked import Wanted
from wfmodel.experiment.simulations import ledger_of, simulation_named
from wfmodel.results.measured import plan_of
from wfmodel.results.run import Number
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger

Block = tuple[np.ndarray, np.ndarray, list[Ledger]]
"""Measures [replications, keys, months + 1], drawn numbers [replications, numbers], ledgers where
kept."""


def block(
    inputs: Inputs, numbers: Sequence[Number], wanted: Wanted, values: np.ndarray | None = None
) -> Block:
    """Replications one after another; their measures go into ``values`` where that is given.

    A ledger that is not kept is lent: the next replication is written over it.
    """
    simulate = simulation_named(wanted.simulation)
    vectors: list[np.ndarray] = []
    ledgers: list[Ledger] = []

    def simulated() -> Iterator[tuple[np.ndarray, Ledger]]:
        for number in numbers:
            vector, ledger = ledger_of(simulate, inputs, number, wanted.seed, not wanted.ledgers)
            vectors.append(vector[: len(inputs.numbers.index)])  # constants follow what is named
            if wanted.ledgers:
                ledgers.append(ledger)
            yield vector, ledger

    folded = plan_of(inputs, wanted.measures).fold(simulated(), len(numbers), values)
    return folded, np.array(vectors), ledgers
