"""Ledgers written by hand: a story told movement by movement, folded as if it had been
simulated.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from small import document, inputs_of, tables

from wfmodel.results.fold import fold
from wfmodel.results.measured import keys_of, plan_of
from wfmodel.results.statistics import Statistics
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import (
    CAUSE,
    KIND,
    MOVEMENT,
    NOWHERE,
    OPENING,
    OUTSIDE,
    PERSON,
    POOL,
    POST,
    STARTER,
    Ledger,
)  # fmt: skip
from wfmodel.units import NEVER, YEAR, day_number

WORKER, SENIOR, MANAGER = "worker", "senior", "manager"
ROLES: dict[str, Any] = {
    WORKER: {"salary_gbp": 24_000, "grade": 4},
    SENIOR: {"salary_gbp": 36_000, "grade": 6, "feeds_from": [WORKER]},
    MANAGER: {"salary_gbp": 60_000, "grade": 9, "manager": True, "feeds_from": [SENIOR]},
}
SERVICES = {"front": "Front", "back": "Back"}


class Story:
    """A scenario with three roles in two services, no opening staff, and whatever is told of it."""

    def __init__(self, *changes: Mapping[str, Any], **about: Any) -> None:
        text = document({"roles": ROLES, "workforce": {"services": SERVICES}}, *changes, **about)
        services = {n: {"service": s, "role": WORKER} for n, s in enumerate(SERVICES)}
        workforce = tables({f"p{n}": said for n, said in services.items()}, {"x": {}})
        inputs = inputs_of(text, dataclasses.replace(workforce, services=SERVICES))
        # people may be of any declared characteristic, though nobody opens with one
        self.inputs: Inputs = dataclasses.replace(
            inputs,
            characteristics={
                "sex": ("female", "male"),
                "ethnicity": ("ethnic_minority", "white"),
                "disability": ("disabled", "not_disabled"),
            },
        )
        self.movements: list[tuple] = []
        self.people: list[tuple] = []
        self.posts: list[tuple] = []

    def at(self, when: str | int) -> int:
        """Seconds of a date (ISO text), or seconds as they are."""
        return (
            self.inputs.calendar.seconds(dt.date.fromisoformat(when))
            if isinstance(when, str)
            else when
        )

    def cell(self, role: str, service: str = "front") -> int:
        return self.inputs.cell(service, role)

    def post(
        self, role: str = WORKER, service: str = "front", fte: int = 100, *, new: bool = False,
        extra: bool = False, funding: int = 0,
    ) -> int:  # fmt: skip
        """A post: one of the start, or a `new` one that a movement must create."""
        event = 0 if new or extra else -1
        self.posts.append(
            (len(self.posts), self.cell(role, service), fte, 0, extra, 0, funding, event, 0)
        )
        return len(self.posts) - 1

    def person(
        self, born: str = "1980-06-15", served: str = "2010-01-01", row: int = 0, *,
        member: bool = True,
        sex: int = -1, ethnicity: int = -1, disability: int = -1, joined: int = 0,
    ) -> int:  # fmt: skip
        since = self.at(served)
        self.people.append(
            (len(self.people), STARTER, 0, 0, 0, day_number(dt.date.fromisoformat(born)), joined,
            since, since,
             since if member else NEVER, row, sex, ethnicity, disability)
        )  # fmt: skip
        return len(self.people) - 1

    def move(
        self, when: str | int, kind: str, person: int = -1, post: int = -1, *,
        source: int = NOWHERE,
        target: int = NOWHERE, cause: str = "", fte: int = 100, from_post: int = -1, head: int = 1,
        note: int = 0, assignment: int = -1,
    ) -> None:  # fmt: skip
        self.movements.append(
            (self.at(when), KIND[kind], person, post, assignment, source, target, CAUSE[cause], fte,
             from_post, head, note)
        )  # fmt: skip

    def opens(self, person: int, post: int, **more: Any) -> None:
        """The person holds the post from the start."""
        cell, about = self.posts[post][1], self.people[person]
        self.people[person] = (about[0], OPENING, *about[2:])
        self.move(0, "opening", person, post, **({"source": OUTSIDE, "target": cell} | more))

    def holder(
        self, role: str = WORKER, service: str = "front", fte: int = 100, **about: Any
    ) -> tuple[int, int]:
        """Somebody in a post of theirs from the start: (person, post)."""
        row = int(self.inputs.role_point_low[self.inputs.roles.index(role)])
        person, post = self.person(**({"row": row} | about)), self.post(role, service, fte)
        self.opens(person, post, fte=fte)
        return person, post

    def starts(self, when: str | int, post: int, cause: str = "experienced", **about: Any) -> int:
        """Somebody joins from outside into a post."""
        person = self.person(joined=self.at(when), **about)
        cell = self.posts[post][1]
        self.move(when, "starter", person, post, source=OUTSIDE, target=cell, cause=cause)
        return person

    def leaves(
        self, when: str | int, person: int, post: int, cause: str = "other_council", **more: Any
    ) -> None:
        self.move(
            when,
            "leaver",
            person,
            post,
            source=self.posts[post][1],
            target=OUTSIDE,
            cause=cause,
            **more,
        )

    def at_risk(self, when: str | int, person: int, post: int, event: int = 0) -> None:
        """The post is deleted under its holder, who enters the pool."""
        cell = self.posts[post][1]
        self.move(
            when, "at_risk", person, post, source=cell, target=POOL, from_post=post, note=event
        )
        self.move(when, "post_deleted", post=post, source=cell)

    @property
    def ledger(self) -> Ledger:
        return Ledger(
            movements=np.array(self.movements, dtype=MOVEMENT),
            people=np.array(self.people, dtype=PERSON),
            posts=np.array(self.posts, dtype=POST),
            replication=0,
            seed=1,
            names=self.inputs.names,
        )

    def fold(self) -> Statistics:
        return fold(self.inputs, self.inputs.numbers.draw(1, 0), self.ledger)

    def values(self, name: str, dimension: str = "council", group: str = "all") -> np.ndarray:
        """A measure of the story, by month end."""
        told = [(self.inputs.numbers.draw(1, 0), self.ledger)]
        place = keys_of(self.inputs, [name]).index((name, dimension, group))
        return plan_of(self.inputs, [name]).fold(told, 1)[0, place]


def annual(pounds: float, seconds: int) -> float:
    """What a yearly amount comes to over some seconds, £."""
    return pounds * seconds / YEAR
