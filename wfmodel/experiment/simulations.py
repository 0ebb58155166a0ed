"""The simulations by name: the compiled one, and the reference in SimPy that it is held to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from wfmodel.errors import InputError
from wfmodel.results.run import Number
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger

DEFAULT = "compiled"


class Simulate(Protocol):
    """What a simulation is: one replication's ledger, given or lent until the next is made."""

    def __call__(
        self, inputs: Inputs, vector: np.ndarray, replication: Number, seed: int, lend: bool = False
    ) -> Ledger: ...


def _reference() -> Simulate:
    from wfmodel.simulation.reference import simulate

    return simulate


def _compiled() -> Simulate:
    from wfmodel.simulation.compiled import simulate

    return simulate


SIMULATIONS: dict[str, Callable[[], Simulate]] = {"compiled": _compiled, "reference": _reference}
"""The simulations by name; all give identical ledgers."""


def simulation_named(name: str | Simulate) -> Simulate:
    """The simulation of a name, or the one that is given; InputError where there is none."""
    if not isinstance(name, str):
        return name
    if name not in SIMULATIONS:
        raise InputError("--simulation", f"{name!r} is not one of {', '.join(SIMULATIONS)}")
    return SIMULATIONS[name]()


def ledger_of(
    simulate: Simulate, inputs: Inputs, number: Number, seed: int, lend: bool = False
) -> tuple[np.ndarray, Ledger]:
    """One replication: its drawn numbers and its ledger."""
    vector = inputs.numbers.draw(seed, number if isinstance(number, int) else number[0])
    return vector, simulate(inputs, vector, number, seed, lend)
