"""A sheet of what a fold reads: two arrays as they are drawn up, and where a replication's numbers
go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from wfmodel.scenario.unknowns import Numbers


class Sheet:
    """Whole numbers (``m``) and others (``x``), appended table by table.

    A number of the scenario is named by its path; its place is filled in for each replication.
    """

    def __init__(self, numbers: Numbers, width: int) -> None:
        self.numbers = numbers
        self.m = [0] * width
        self.x: list[float] = []
        self._fills: list[tuple[int, int]] = []
        self._more_m = self._more_x = 0

    def whole(self, values: Iterable[int] | np.ndarray) -> int:
        """Append whole numbers; the place of the first."""
        first = len(self.m)
        self.m.extend(int(value) for value in values)
        return first

    def others(self, values: Iterable[float] | np.ndarray) -> int:
        """Append other numbers, the same in every replication; the place of the first."""
        first = len(self.x)
        self.x.extend(float(value) for value in values)
        return first

    def drawn(self, wanted: Sequence[tuple[str, float]]) -> int:
        """Append the numbers at paths, each with its default; the place of the first."""
        first = len(self.x)
        for place, (path, default) in enumerate(wanted, start=first):
            self.x.append(default)
            slot = self.numbers.index.get(path)
            if slot is not None:
                self._fills.append((place, slot))
        return first

    def flags(self, values: Iterable[bool] | np.ndarray) -> int:
        """Append flags, 0 or 1; the place of the first."""
        return self.whole(int(value) for value in values)

    def room_m(self, size: int) -> int:
        """Leave room for whole numbers behind all that is appended; the place of the first."""
        first, self._more_m = self.size_m, self._more_m + size
        return first

    def room_x(self, size: int) -> int:
        """Leave room for others behind all that is appended; the place of the first."""
        first, self._more_x = self.size_x, self._more_x + size
        return first

    @property
    def size_m(self) -> int:
        """How many whole numbers there are, with the room that is left."""
        return len(self.m) + self._more_m

    @property
    def size_x(self) -> int:
        """How many others there are, with the room that is left."""
        return len(self.x) + self._more_x

    @property
    def fills(self) -> tuple[np.ndarray, np.ndarray]:
        """Places in ``x``, and the slots of the vector that go there."""
        pairs = np.array(self._fills, dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0].copy(), pairs[:, 1].copy()
