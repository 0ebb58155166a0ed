"""What the simulation knows of each person, post, vacancy, place in the pool and trainee."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from wfmodel.units import NEVER


@dataclass(slots=True, eq=False)
class Seat:
    """An assignment: a person in a post for some FTE."""

    number: int
    person: Person
    post: Post
    fte: int


@dataclass(slots=True, eq=False)
class Person:
    """Somebody, from joining to leaving. ``cell`` and ``fte`` say where and how much they are
    counted."""

    index: int
    key: np.uint64
    birth_day: int
    service_start: int
    continuous_start: int
    pension_start: int
    protected_until: int
    permanent: bool
    contract_end: int
    skills: int
    row: int
    row_since: int
    cell: int = -1
    fte: int = 0
    seats: list[Seat] = field(default_factory=list)
    role_since: int = 0
    post_since: int = 0
    remaining: np.ndarray = field(default_factory=lambda: np.zeros(5, np.int64))
    since: int = 0
    exposed: bool = True
    plan: int = 0
    leaving: bool = False
    notice_at: int = -1
    gone: bool = False
    bound_until: int = -NEVER
    bound_multiplier: float = 1.0
    pool: PoolPlace | None = None
    trainee: Trainee | None = None
    sex: int = -1
    away: Away | None = None
    acting: StandIn | None = None
    awaited: dict[np.uint64, Awaited] = field(default_factory=dict)
    awaits_in: int = -1
    newly_qualified: int = -1
    casual: bool = False
    sight: int = 0
    order: int = 0

    def __post_init__(self) -> None:
        self.order = int(self.key)

    def holds(self, post: Post) -> bool:
        """Whether one of their assignments is to the post."""
        return any(seat.post is post for seat in self.seats)


@dataclass(slots=True, eq=False)
class Post:
    """A funded position, or a supernumerary one (``guarantee`` names the pipeline)."""

    index: int
    key: np.uint64
    cell: int
    fte: int
    seats: list[Seat] = field(default_factory=list)
    filled: int = 0
    supernumerary: bool = False
    deleted: bool = False
    vacancy: Vacancy | None = None
    vacancies: int = 0
    starters: int = 0
    order: int = 0

    def __post_init__(self) -> None:
        self.order = int(self.key)

    @property
    def unfilled(self) -> int:
        """FTE that nobody holds, in hundredths."""
        return self.fte - self.filled


FRESH, HELD, RESERVED, QUEUED, CAMPAIGN = range(5)
"""States of a vacancy: to be considered; held; kept for a pipeline; waiting for a recruiter; being
recruited."""


@dataclass(slots=True, eq=False)
class Vacancy:
    """A post's unfilled FTE, from opening to filling; ``key`` is that of (post, how-manieth
    vacancy)."""

    post: Post
    number: int
    key: np.uint64
    opened: int
    noticed: int = -1
    under_way: bool = False
    state: int = FRESH
    queued: int = 0
    attempt: int = 0
    campaign: int = 0
    controlled: bool = False
    asked_inside: bool = False
    reserved_for: str = ""
    holder: int = -1
    closed: bool = False
    cover: Cover | None = None
    acting: StandIn | None = None
    considered: set[int] = field(default_factory=set)

    @property
    def rank(self) -> tuple[int, int]:
        """Its place among vacancies: the oldest first, then by post."""
        return (self.opened, self.post.order)


@dataclass(slots=True, eq=False)
class Cover:
    """Agency cover of a vacancy or an absence."""

    fte: int
    cell: int
    ended: bool = False


@dataclass(slots=True, eq=False)
class StandIn:
    """Somebody who acts in an open post: for how much, from where (their ``own`` post) to where."""

    person: Person
    vacancy: Vacancy
    own: Post
    fte: int
    source: int
    target: int


@dataclass(slots=True, eq=False)
class Awaited:
    """What may come to a person: how much hazard it still lacks, and for the how-manieth time it
    comes. ``over``: it has come, and is not awaited now."""

    what: str
    key: np.uint64
    since: int
    lacking: int = 0
    number: int = 0
    plan: int = 0
    over: bool = False


@dataclass(slots=True, eq=False)
class Away:
    """An absence, and the agency cover of the post that is ``covered``."""

    cause: str
    ends: int
    returns: bool
    awaited: Awaited | None
    cover: Cover | None = None
    covered: Post | None = None


@dataclass(slots=True, eq=False)
class PoolPlace:
    """A place in the redeployment pool: what the person lost, and when their notice runs out.

    ``row`` to ``skills`` are those of the old contract, to which a failed trial returns.
    """

    entered: int
    expires: int
    cell: int
    fte: int
    event: str
    event_number: int
    row: int
    row_since: int
    role_since: int
    post_since: int
    skills: int
    coached: bool = False
    coaching: bool = False
    on_trial: bool = False
    expired: bool = False
    forfeited: bool = False


@dataclass(slots=True, eq=False)
class Trainee:
    """Somebody in a pipeline, from intake to a post or not."""

    pipeline: int
    key: np.uint64
    external: bool
    stage: int = 0
    supervision: int = 0
    qualified: bool = False
    waiting_since: int = -1
    home: Post | None = None


__all__ = [
    "CAMPAIGN",
    "FRESH",
    "HELD",
    "QUEUED",
    "RESERVED",
    "Awaited",
    "Away",
    "Cover",
    "Person",
    "PoolPlace",
    "Post",
    "Seat",
    "StandIn",
    "Trainee",
    "Vacancy",
]
