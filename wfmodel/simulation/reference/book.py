"""The ledger while it is being written."""

from __future__ import annotations

import numpy as np

from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import CAUSE, KIND, MOVEMENT, NOWHERE, PERSON, POST, Ledger
from wfmodel.simulation.reference.state import Person, Post


class Book:
    """Movements, people and posts, each a row."""

    def __init__(self) -> None:
        self.movements: list[tuple] = []
        self.people: list[tuple] = []
        self.posts: list[tuple] = []
        self.assignments = 0

    def write(
        self,
        time: int,
        kind: str,
        person: Person | None = None,
        post: Post | None = None,
        *,
        assignment: int = -1,
        source: int = NOWHERE,
        target: int = NOWHERE,
        cause: str = "",
        fte: int = 0,
        from_post: Post | None = None,
        head: int = 0,
        note: int = 0,
    ) -> None:
        """Write one movement; columns as in `wfmodel.simulation.ledger.MOVEMENT`."""
        self.movements.append(
            (
                time,
                KIND[kind],
                -1 if person is None else person.index,
                -1 if post is None else post.index,
                assignment,
                source,
                target,
                CAUSE[cause],
                fte,
                -1 if from_post is None else from_post.index,
                head,
                note,
            )
        )

    def new_assignment(self) -> int:
        """The next assignment's number."""
        self.assignments += 1
        return self.assignments - 1

    def close(self, inputs: Inputs, replication: int, seed: int) -> Ledger:
        """The finished ledger."""
        return Ledger(
            movements=np.array(self.movements, dtype=MOVEMENT),
            people=np.array(self.people, dtype=PERSON),
            posts=np.array(self.posts, dtype=POST),
            replication=replication,
            seed=seed,
            names=inputs.names,
        )
