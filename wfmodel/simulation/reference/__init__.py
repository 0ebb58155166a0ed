"""The reference simulation: one replication told as SimPy processes that read like the sentence."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial

import numpy as np

from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.parameters import realise
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.council import Council

Process = Callable[[Council], Steps]
"""A process of your own: a generator that waits for moments of the council's clock and acts."""


def simulate(
    inputs: Inputs,
    vector: np.ndarray,
    replication: int | tuple[int, int, int],
    seed: int,
    lend: bool = False,
    *,
    processes: tuple[Process, ...] = (),
) -> Ledger:
    """One replication's ledger.

    ``vector`` holds the drawn numbers (`Numbers.draw`); ``replication`` is one number, or three for
    (unknowns, market, chance). No ledger is lent: each has tables of its own.
    """
    _, market, chance = (replication,) * 3 if isinstance(replication, int) else replication
    parameters = realise(inputs, vector, seed, market)
    collecting = gc.isenabled()
    gc.disable()  # thousands of short-lived generators: collection would double the time
    try:
        council = Council(inputs, parameters, seed, chance)
        for process in processes:
            council.clock.process(process(council))
        return council.run(chance, seed)
    finally:
        if collecting:
            gc.enable()


def adding(*processes: Process) -> Callable[..., Ledger]:
    """The reference simulation with processes of your own, each begun at the start once everybody
    is seated; give it to `wfmodel.run` or `wfmodel.trace` as their ``simulation``."""
    return partial(simulate, processes=processes)
