"""Choices: which levers stand elsewhere than in the starting scenario, and the way there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wfmodel.exploring.levers import Value

State = Mapping[str, Value]
"""Values by the path of a lever; what is not in it stands as the scenario has it."""


class Choices:
    """The levers that were moved, with undo and redo."""

    def __init__(self) -> None:
        self._past: list[State] = [MappingProxyType({})]
        self._place = 0

    @property
    def now(self) -> State:
        """The levers that stand elsewhere than in the starting scenario."""
        return self._past[self._place]

    def move(self, path: str, value: Value) -> None:
        """Put one lever somewhere; what had been undone can't be redone any more."""
        self._go({**self.now, path: value})

    def put_back(self, path: str | None = None) -> None:
        """Put one lever back to where the scenario has it, or all of them."""
        self._go({p: v for p, v in self.now.items() if path is not None and p != path})

    def undo(self) -> bool:
        """Take the last move back; False where there is none."""
        return self._turn(-1)

    def redo(self) -> bool:
        """Make the move that was taken back again; False where there is none."""
        return self._turn(1)

    @property
    def can_undo(self) -> bool:
        """Whether there is a move to take back."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether a move was taken back."""
        return self._place < len(self._past) - 1

    def _go(self, state: dict[str, Value]) -> None:
        if state == dict(self.now):
            return
        del self._past[self._place + 1 :]
        self._past.append(MappingProxyType(state))
        self._place += 1

    def _turn(self, step: int) -> bool:
        there = self._place + step
        if not 0 <= there < len(self._past):
            return False
        self._place = there
        return True
