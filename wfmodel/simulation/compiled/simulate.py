"""One replication, from a scenario's inputs to its ledger."""

from __future__ import annotations

import threading

import numpy as np

from wfmodel.simulation import hazards, tables, world
from wfmodel.simulation.compiled import book, events, loop, memory, terms
from wfmodel.simulation.compiled.lowering import lower
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.statute import STEERING
from wfmodel.simulation.world import World
from wfmodel.units import DAY

STRETCH = 20_000
"""Events between two returns to Python, so that an interrupt is heard."""


def simulate(
    inputs: Inputs,
    vector: np.ndarray,
    replication: int | tuple[int, int, int],
    seed: int,
    lend: bool = False,
) -> Ledger:
    """One replication's ledger; the same as the reference's, to the byte.

    ``vector`` holds the drawn numbers (`Numbers.draw`); ``replication`` is one number, or three for
    (unknowns, market, chance). A ledger that is lent is written over by the next run.
    """
    kept = inputs.__dict__
    runs = kept.get("_runs") or kept.setdefault("_runs", _Runs(inputs))
    _, market, chance = (replication,) * 3 if isinstance(replication, int) else replication
    return runs.run(vector, market, chance, seed, lend)


class _Runs:
    """The runs of one scenario, one after another in the memory of their thread."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.start = lower(inputs)
        self.room = self._first_room()
        self._own = threading.local()

    def _first_room(self) -> dict[str, int]:
        """How much a run is likely to need: more is found out by running."""
        posts, people = len(self.start.posts), len(self.start.people)
        moving = 256 + posts * (2 + self.inputs.calendar.months // 12) // 2
        return {
            "records": 65_536 + 64 * moving,
            "events": events.ROW_WIDTH * (1024 + 2 * (people + posts)),
            "moves": book.MOVE_WIDTH * (1024 + len(self.start.moves) + 4 * moving),
            "people": book.PERSON_WIDTH * (64 + people + moving),
            "posts": book.POST_WIDTH * (64 + 2 * posts),
        }

    def run(self, vector: np.ndarray, market: int, chance: int, seed: int, lend: bool) -> Ledger:
        """One replication's ledger."""
        while True:
            w = self._memory()
            self._begin(w, vector)
            try:
                how = loop.run(*w, True, seed, market, chance, STRETCH)
                while how == loop.GOES_ON:
                    how = loop.run(*w, False, seed, market, chance, STRETCH)
            except MemoryError:
                room = {name: 2 * size for name, size in self._own.room.items()}
                self.room = {name: max(size, room[name]) for name, size in self.room.items()}
                self.forget()
                continue
            except KeyError:
                name = STEERING[w.m[memory.MISSING_RULE]]
                self.inputs.statute.at(name, int(w.m[memory.MISSING_WHEN]))
                raise
            if how == loop.IMPOSSIBLE:
                at = int(w.m[w.m[terms.TABLES] + tables.HAZARDS])
                hazards.refuse(self.inputs, w, at)
            return self._ledger(w, chance, seed, lend)

    def forget(self) -> None:
        """Let the thread's memory go: its next run is given as much as there is ``room`` for."""
        self._own.world = None

    def _memory(self) -> World:
        if getattr(self._own, "world", None) is None:
            self._own.room = self.room
            self._own.world = self._lay_out(self.room)
        world: World = self._own.world
        return world

    def _lay_out(self, room: dict[str, int]) -> World:
        """A memory with room behind the council for what joins it, the calendar and the ledger."""
        rows = room["events"] // events.ROW_WIDTH
        days = 1 + self.inputs.calendar.horizon // DAY
        sizes = (room["records"], days, room["events"], rows)
        tables = (room[name] for name in ("moves", "people", "posts"))
        ends = self.start.memory.size + np.cumsum([*sizes, *tables])
        raw = np.empty(ends[-1] + memory.LINE, np.int64)
        first = -(raw.ctypes.data // raw.itemsize) % memory.LINE
        w = World.of(raw[first : first + ends[-1]])
        for first, given in zip(
            ends[3:6], (self.start.moves, self.start.people, self.start.posts), strict=True
        ):
            w.m[first : first + given.size] = given.ravel()  # nobody writes over these
        return w

    def _begin(self, w: World, vector: np.ndarray) -> None:
        m, start, room = w.m, self.start, self._own.room
        m[: start.memory.size] = start.memory
        records_end = start.memory.size + room["records"]
        rows_at = records_end + 1 + self.inputs.calendar.horizon // DAY
        due_at = rows_at + room["events"]
        moves_at = due_at + room["events"] // events.ROW_WIDTH
        people_at = moves_at + room["moves"]
        posts_at = people_at + room["people"]
        m[records_end:rows_at] = 0
        for place, value in (
            (memory.RECORDS_END, records_end),
            (memory.DAYS_AT, records_end),
            (memory.ROWS_AT, rows_at),
            (memory.ROWS_TOP, rows_at),
            (memory.ROWS_END, due_at),
            (memory.DUE_AT, due_at),
            (memory.MOVES_AT, moves_at),
            (memory.MOVES_END, people_at),
            (memory.PEOPLE_AT, people_at),
            (memory.PEOPLE_END, posts_at),
            (memory.POSTS_AT, posts_at),
            (memory.POSTS_END, m.size),
            (memory.MOVES, moves_at + start.moves.size),
            (memory.PEOPLE, people_at + start.people.size),
            (memory.POSTS, posts_at + start.posts.size),
        ):
            m[place] = value
        numbers = m[world.NUMBERS]
        w.f[numbers : numbers + vector.size] = vector

    def _ledger(self, w: World, chance: int, seed: int, lend: bool) -> Ledger:
        m = w.m

        def table(first: int, end: int, width: int) -> np.ndarray:
            rows = m[m[first] : m[end]].reshape(-1, width)
            return rows if lend else rows.copy()

        numbers = (
            table(memory.MOVES_AT, memory.MOVES, book.MOVE_WIDTH),
            table(memory.PEOPLE_AT, memory.PEOPLE, book.PERSON_WIDTH),
            table(memory.POSTS_AT, memory.POSTS, book.POST_WIDTH),
        )
        return Ledger.of_numbers(numbers, chance, seed, self.inputs.names)
