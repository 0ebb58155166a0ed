"""The memory of a run: one array in which every record is the place of its first field.

``m`` and ``f`` are the same memory, read as whole numbers and as others. A record is a handle: the
place of its first field, so that ``m[person + CELL]`` is where a person is counted. A list is the
place of its first element and how many there are. Flags are 0 or 1, keys are held as the 64 bits
that they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

ONE, NUMBERS, FILLS, FILL_COUNT, FIRST_FREE = range(5)
"""The first places of every memory: the number one (place 0 is also nobody and nothing), a list of
the scenario's numbers in this replication, and what is filled in from them (see `Draft`)."""


class World(NamedTuple):
    """One memory, ``m`` int64 and ``f`` float64."""

    m: np.ndarray
    f: np.ndarray

    @classmethod
    def of(cls, memory: np.ndarray) -> World:
        """The world in an int64 array."""
        return cls(memory, memory.view(np.float64))
