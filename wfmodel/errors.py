"""What is wrong with an input, said in one line: place, what is wrong, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    ``place`` is ``file:line: path`` as far as it is known; ``what`` says what is wrong and
    what is allowed instead.
    """

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" if self.place else self.what


class InputError(Exception):
    """An input that can't be used; shown to the user as one line per problem, never as a traceback.

    >>> print(InputError("people.csv:3: fte", "is 1.4, allowed is 0.01 to 1.00"))
    people.csv:3: fte: is 1.4, allowed is 0.01 to 1.00
    """

    def __init__(self, place: str | list[Problem], what: str = "") -> None:
        self.problems = [Problem(place, what)] if isinstance(place, str) else list(place)
        # as the only argument, so that whoever copies it (a worker, SimPy) copies the problems
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
