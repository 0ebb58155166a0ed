"""A draft of a run's memory: what every replication shares, and where its own numbers go."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wfmodel import draws
from wfmodel.jit import part
from wfmodel.scenario.rate import Rate
from wfmodel.simulation import world
from wfmodel.simulation.inputs import Inputs
from wfmodel.units import NEVER

_AS_IT_IS, _ROUNDED_UP, _ROUNDED, _HAZARD = range(4)
_FILL_WIDTH = 4


class Draft:
    """The memory that all replications start from, appended record by record.

    A number of the scenario is named by its path; its place is filled in for each replication by
    `fill`.
    """

    def __init__(self, inputs: Inputs, header: int = world.FIRST_FREE) -> None:
        self.inputs = inputs
        self.m: list[int] = [0] * header
        self.f: dict[int, float] = {world.ONE: 1.0}
        self._fills: list[tuple[int, int, int, float]] = []
        self._scopes: dict[bytes, int] = {}

    def whole(self, values: Sequence[int] | np.ndarray) -> int:
        """Append whole numbers; the place of the first."""
        self.m.extend(np.asarray(values, dtype=np.int64).tolist())
        return len(self.m) - len(values)

    def keys(self, values: Sequence[np.uint64] | np.ndarray) -> int:
        """Append keys; the place of the first."""
        return self.whole(np.asarray(values, dtype=np.uint64).view(np.int64))

    def record(self, width: int, count: int = 1) -> int:
        """Append ``count`` records of ``width`` zeros; the handle of the first."""
        self.m.extend([0] * (width * count))
        return len(self.m) - width * count

    def others(self, values: Sequence[float]) -> int:
        """Append numbers that are not whole; the place of the first."""
        at = self.record(len(values))
        self.f.update((at + k, float(value)) for k, value in enumerate(values))
        return at

    def scope(self, cells: np.ndarray) -> int:
        """A flag for each cell; the same flags are written once."""
        cells = np.asarray(cells, dtype=bool)
        found = cells.tobytes()
        if found not in self._scopes:
            self._scopes[found] = self.whole(cells.astype(np.int64))
        return self._scopes[found]

    def number(self, place: int, path: str, default: float) -> None:
        """``f[place]`` is the number at ``path``."""
        if not self._fill(_AS_IT_IS, place, path, 1.0):
            self.f[place] = default

    def hazard(self, place: int, rate: Rate | None, path: str) -> None:
        """``f[place]`` is the yearly hazard of a rate, whichever form it is given in; 0 without
        one."""
        self.f[place] = 0.0
        if rate is not None:
            form = rate.given[0]
            how = _HAZARD if form == "annual_probability" else _AS_IT_IS
            self._fill(how, place, f"{path}.{form}", 1.0)

    def rounded_up(self, place: int, path: str, default: float, unit: float) -> None:
        """``m[place]`` is the number at ``path`` × ``unit``, rounded up and at most NEVER."""
        if not self._fill(_ROUNDED_UP, place, path, unit):
            self.m[place] = min(math.ceil(default * unit), NEVER)

    def rounded(self, place: int, path: str, default: float, times: float) -> None:
        """``m[place]`` is the number at ``path`` × ``times``, to the nearest, halves up."""
        if not self._fill(_ROUNDED, place, path, times):
            self.m[place] = math.floor(default * times + 0.5)

    def length(
        self, shape: int, place: int, path: str, default: Sequence[float], unit: float
    ) -> None:
        """A length of time that may vary: its shape in ``m``, its three parameters and its unit
        from ``f[place]`` on.

        ``default`` is one number, or the two ends of an even spread.
        """
        numbers = self.inputs.numbers
        self.f[place + 3] = unit
        if path in numbers.index:
            form = numbers.form(path, 0.0)
            self.m[shape] = form.shape
            self._fills += [(_AS_IT_IS, place + k, slot, 1.0) for k, slot in enumerate(form.slots)]
        else:
            self.m[shape] = draws.FIXED if len(default) == 1 else draws.UNIFORM
            for k, number in enumerate((default[0], default[-1], default[-1])):
                self.f[place + k] = number

    def _fill(self, how: int, place: int, path: str, times: float) -> bool:
        slot = self.inputs.numbers.index.get(path)
        if slot is not None:
            self._fills.append((how, place, slot, times))
        return slot is not None

    def finish(self) -> np.ndarray:
        """The memory, int64; it ends with what is filled in and the numbers that it is filled
        from."""
        self.m[world.FILLS], self.m[world.FILL_COUNT] = len(self.m), len(self._fills)
        for how, place, slot, times in self._fills:
            self.m += [how, place, slot, 0]
            self.f[len(self.m) - 1] = times
        self.m[world.NUMBERS] = self.record(len(self.inputs.numbers.base))
        memory = np.array(self.m, dtype=np.int64)
        memory.view(np.float64)[list(self.f)] = list(self.f.values())
        return memory


@part
def fill(w):  # type: ignore[no-untyped-def]
    """Fill in the numbers of a replication, which stand in the memory already."""
    m, f = w.m, w.f
    numbers = m[world.NUMBERS]
    for k in range(m[world.FILL_COUNT]):
        at = m[world.FILLS] + _FILL_WIDTH * k
        how, place, number = m[at], m[at + 1], f[numbers + m[at + 2]]
        if how == _AS_IT_IS:
            f[place] = number
        elif how == _HAZARD:
            f[place] = -math.log1p(-number)
        elif how == _ROUNDED:
            m[place] = math.floor(number * f[at + 3] + 0.5)
        else:
            number = number * f[at + 3]
            m[place] = NEVER if number >= NEVER else math.ceil(number)
