"""Where numbers of the scenario stand in a replication's vector, found once for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfmodel.scenario.roles import Rate
from wfmodel.scenario.unknowns import Numbers
from wfmodel.units import hazard_from_probability


class Slots:
    """Numbers at paths, each with its default, read as one array."""

    def __init__(
        self, numbers: Numbers, wanted: Sequence[tuple[str, float]], shape: tuple[int, ...]
    ) -> None:
        self._slots = np.array([numbers.index.get(path, -1) for path, _ in wanted], dtype=np.int64)
        self._defaults = np.array([default for _, default in wanted], dtype=np.float64)
        self._given = np.flatnonzero(self._slots >= 0)
        self._from = self._slots[self._given]
        self.shape = shape

    def read(self, vector: np.ndarray) -> np.ndarray:
        """The numbers of one replication, float64 [shape]."""
        found = self._defaults.copy()
        found[self._given] = vector[self._from]
        return found.reshape(self.shape)


class Hazards(Slots):
    """Yearly hazards of rates, whichever form each was given in; 0 where there is none."""

    def __init__(self, numbers: Numbers, rates: Sequence[tuple[Rate | None, str]]) -> None:
        forms = [None if rate is None else rate.given[0] for rate, _ in rates]
        wanted = [(f"{path}.{form}", 0.0) for form, (_, path) in zip(forms, rates, strict=True)]
        super().__init__(numbers, wanted, (len(rates),))
        self._probabilities = [k for k, form in enumerate(forms) if form == "annual_probability"]

    def read(self, vector: np.ndarray) -> np.ndarray:
        """The hazards of one replication, float64 [rates]."""
        found = super().read(vector)
        for k in self._probabilities:
            found[k] = hazard_from_probability(float(found[k]))
        return found
