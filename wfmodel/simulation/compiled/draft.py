"""A draft of ``c`` and ``f``: what every replication shares, and where its own numbers go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfmodel import draws
from wfmodel.simulation.inputs import Inputs
from wfmodel.units import NEVER

_AS_IT_IS, _ROUNDED_UP, _ROUNDED = range(3)


class Draft:
    """Whole numbers and others, appended record by record; `finish` makes them arrays.

    A number of the scenario is named by its path; its place is filled in for each replication.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.c: list[int] = []
        self.f: list[float] = [1.0]  # place 0: a multiplier that changes nothing
        self._fills: tuple[list[tuple[int, int, float]], ...] = ([], [], [])
        self._scopes: dict[bytes, int] = {}

    def whole(self, values: Sequence[int] | np.ndarray) -> int:
        """Append whole numbers; the place of the first."""
        self.c.extend(int(value) for value in values)
        return len(self.c) - len(values)

    def record(self, width: int, count: int = 1) -> int:
        """Append ``count`` records of ``width`` zeros; the handle of the first."""
        return self.whole([0] * (width * count))

    def other(self, count: int) -> int:
        """Append ``count`` zeros to ``f``; the place of the first."""
        self.f.extend([0.0] * count)
        return len(self.f) - count

    def scope(self, cells: np.ndarray) -> int:
        """A flag for each cell; the same flags are written once."""
        cells = np.asarray(cells, dtype=bool)
        found = cells.tobytes()
        if found not in self._scopes:
            self._scopes[found] = self.whole(cells.astype(np.int64))
        return self._scopes[found]

    def number(self, place: int, path: str, default: float) -> None:
        """``f[place]`` is the number at ``path``."""
        self._fill(_AS_IT_IS, place, path, default, 1.0)

    def rounded_up(self, place: int, path: str, default: float, unit: float) -> None:
        """``c[place]`` is the number at ``path`` × ``unit``, rounded up and at most NEVER."""
        self._fill(_ROUNDED_UP, place, path, default, unit)

    def rounded(self, place: int, path: str, default: float, times: float) -> None:
        """``c[place]`` is the number at ``path`` × ``times``, to the nearest, halves up."""
        self._fill(_ROUNDED, place, path, default, times)

    def length(
        self, shape: int, place: int, path: str, default: Sequence[float], unit: float
    ) -> None:
        """A length of time that may vary: its shape in ``c``, its parameters and unit in ``f``.

        ``default`` is one number, or the two ends of an even spread.
        """
        numbers = self.inputs.numbers
        self.f[place + 3] = unit
        if path in numbers.index:
            form = numbers.form(path, 0.0)
            self.c[shape] = form.shape
            for k, slot in enumerate(form.slots):
                self._fills[_AS_IT_IS].append((place + k, slot, 1.0))
        else:
            self.c[shape] = draws.FIXED if len(default) == 1 else draws.UNIFORM
            self.f[place : place + 3] = [default[0], default[-1], default[-1]]

    def _fill(self, how: int, place: int, path: str, default: float, times: float) -> None:
        slot = self.inputs.numbers.index.get(path)
        if slot is not None:
            self._fills[how].append((place, slot, times))
        elif how == _AS_IT_IS:
            self.f[place] = default
        elif how == _ROUNDED_UP:
            self.c[place] = min(int(np.ceil(default * times)), NEVER)
        else:
            self.c[place] = int(np.floor(default * times + 0.5))

    def finish(self) -> Form:
        """The form that each replication fills in."""
        return Form(self)


class Form:
    """``c`` and ``f`` as arrays, to be copied and filled in."""

    def __init__(self, draft: Draft) -> None:
        self.c = np.array(draft.c, dtype=np.int64)
        self.f = np.array(draft.f, dtype=np.float64)
        columns = [
            tuple(np.array(column) for column in zip(*fills, strict=True)) if fills else None
            for fills in draft._fills
        ]
        self._as_it_is, self._up, self._near = columns

    def filled(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Copies of ``c`` and ``f`` with the numbers of one replication."""
        c, f = self.c.copy(), self.f.copy()
        if self._as_it_is is not None:
            places, slots, _ = self._as_it_is
            f[places] = vector[slots]
        if self._up is not None:
            places, slots, units = self._up
            found = np.ceil(vector[slots] * units)
            c[places] = np.where(found >= NEVER, NEVER, found).astype(np.int64)
        if self._near is not None:
            places, slots, times = self._near
            c[places] = np.floor(vector[slots] * times + 0.5).astype(np.int64)
        return c, f
