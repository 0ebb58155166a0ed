"""A run: one scenario's measures in every replication."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from wfmodel.errors import InputError
from wfmodel.results.groups import ALL
from wfmodel.results.measures import MEASURES, Key, measure, nearest
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger

Number = int | tuple[int, int, int]
"""A replication: one number, or three for (unknowns, market, chance)."""


@dataclass
class Run:
    """One scenario's replications.

    ``values`` is float64 [replications, keys, months + 1], ``vectors`` the drawn numbers
    [replications, numbers]; ``ledgers`` are kept only where asked for.
    """

    inputs: Inputs
    seed: int
    numbers: list[Number]
    keys: tuple[Key, ...]
    values: np.ndarray
    vectors: np.ndarray
    seconds: float = 0.0
    ledgers: list[Ledger] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._place = {key: n for n, key in enumerate(self.keys)}

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.inputs.scenario

    @cached_property
    def unknowns(self) -> dict[str, int]:
        """Paths of what is drawn once per replication, with the number that shows it.

        What all roles share is one unknown (``roles.*.…``), shown by the first role that has it.
        """
        found: dict[str, int] = {}
        for path, slot, *_ in self.inputs.numbers.unknown:
            found.setdefault(path, slot)
        return found

    def drawn(self, path: str) -> np.ndarray:
        """What a number was in each replication, float64 [replications]."""
        index = self.inputs.numbers.index
        return self.vectors[:, index[path] if path in index else self.unknowns[path]]

    def series(self, name: str, dimension: str = "council", group: str = ALL) -> np.ndarray:
        """A measure by replication and month end; InputError where it is not known or not kept."""
        if (name, dimension, group) in self._place:
            return self.values[:, self._place[name, dimension, group]]
        place = f"results of {self.scenario.name}"
        try:
            asked = measure(name)
        except KeyError:
            raise InputError(
                place, f"measure {name!r} is not known; nearest is {nearest(name, list(MEASURES))}"
            ) from None
        if not any(key[0] == asked.name for key in self.keys):
            raise InputError(place, f"measure {name} was not asked for; add it to measures")
        kept = [key[2] for key in self.keys if key[:2] == (asked.name, dimension)]
        if not kept:
            raise InputError(
                place, f"measure {name} is not kept by {dimension}; run.detail chooses, {name} "
                f"exists by {', '.join(asked.dimensions)}",
            )  # fmt: skip
        raise InputError(
            place, f"{dimension} {group!r} is not kept; nearest is {nearest(group, kept)}"
        )
