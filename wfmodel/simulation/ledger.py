"""The ledger: every change of one replication as one movement, with its people and posts.

All results are folded from it. Within the package it is columns of numbers; `Ledger.table` names
them.

How a movement counts (``source`` and ``target`` are cells, service × role, or a place below):

opening
    A person takes ``post`` at the start (``target`` cell, ``fte``); one row an assignment.
starter, transferred_in
    Joins from outside into ``post``; ``cause`` is the route.
intake
    Joins a pipeline. From outside: a new person at ``target`` (``post`` −1, or the vacancy taken).
    From staff: an employee begins training; ``source`` is their cell; when they leave their post
    ``from_post`` is it and ``post`` is −1.
notice_given
    Will leave; counts nothing else.
leaver
    Leaves ``post`` (or the pool, or training) for outside; ``cause`` says why.
promoted, moved_sideways
    From ``from_post`` (``source``) to ``post`` (``target``); with the post when both are one post,
    whose cell then becomes ``target``. ``from_post`` −1: from beside the establishment.
at_risk
    Loses ``post`` and enters the pool: still employed, and counted at ``source``.
redeployed
    From the pool into ``post``: a trial begins (``cause`` slotted_in: no trial).
trial_failed
    Back from ``post`` to the pool; counted at ``target``, their old cell.
redundant
    Out of the pool, dismissed; ``cause`` is blank, or unreasonable_refusal (no pay).
voluntary_exit, transferred_out
    Leaves ``post`` with redundancy pay; leaves with ``post``.
dropped_out
    Of training: from outside they leave, staff stay.
qualified
    Ends training; ``cause`` guaranteed, compete or not_converted (then they leave, from outside).
stepped_up
    The newly qualified period ends.
place_deferred, place_lost, post_held, post_released, post_advertised, campaign_failed,
probation_passed, probation_failed, coaching_start, coaching_end
    What they say; they move nobody (a leaver row follows probation_failed).
hours_changed
    ``cause`` blank: ``fte`` of an assignment to ``post`` ends while another goes on; ``head`` 1
    where it was the main one, whose place the one at ``target`` takes. Otherwise the assignment
    goes on with ``fte`` less.
absence_start, absence_end
    Away from ``post`` (−1: from the pool), which they keep, and back; ``cause`` is the kind of
    absence. They are employed all the while.
cover_start, cover_end
    ``cause`` acting_up: ``fte`` of work in ``post`` at ``target`` in place of as much in
    ``from_post`` at ``source``, which they keep.
post_created, post_deleted
    ``post`` joins the establishment at ``target`` with ``fte`` (``cause`` supernumerary: beside
    it); leaves it.
agency_start, agency_end
    ``fte`` of agency at ``target``; ``post`` where it covers a vacancy or, with ``person``, an
    absence; ``assignment`` the use.

A person with several assignments has one row for each; ``head`` is 1 on the row of the main one and
0 on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

KINDS = (
    "opening",
    "starter",
    "notice_given",
    "leaver",
    "promoted",
    "moved_sideways",
    "at_risk",
    "voluntary_exit",
    "redeployed",
    "trial_failed",
    "redundant",
    "transferred_in",
    "transferred_out",
    "hours_changed",
    "absence_start",
    "absence_end",
    "cover_start",
    "cover_end",
    "probation_passed",
    "probation_failed",
    "post_held",
    "post_released",
    "post_advertised",
    "campaign_failed",
    "post_deleted",
    "post_created",
    "agency_start",
    "agency_end",
    "intake",
    "place_deferred",
    "place_lost",
    "dropped_out",
    "qualified",
    "stepped_up",
    "coaching_start",
    "coaching_end",
)
"""Kinds of movement; the code is the position."""

CAUSES = (
    "",
    "other_council",
    "agency",
    "out_of_profession",
    "retirement",
    "other",
    "end_of_fixed_term",
    "probation_failed",
    "experienced",
    "newly_qualified",
    "returner",
    "referred",
    "agency_to_permanent",
    "trainee",
    "vacancy",
    "peak_or_project",
    "managed_team",
    "casual",
    "slotted_in",
    "unreasonable_refusal",
    "supernumerary",
    "absorbed",
    "guaranteed",
    "compete",
    "not_converted",
    "pipeline",
    "outside",
    "staff",
    "push",
    "conversion",
    "expired",
    "not_placed",
    "transfer",
    "funding",
    "flexible_retirement",
    "caring",
    "flexible_working",
    "family_leave",
    "long_sickness",
    "career_break",
    "other_leave",
    "secondment",
    "absence_cover",
    "acting_up",
    "seconded_in",
)
"""Causes, routes and reasons; the code is the position."""

KIND = {name: code for code, name in enumerate(KINDS)}
CAUSE = {name: code for code, name in enumerate(CAUSES)}

OUTSIDE, POOL, TRAINING, NOWHERE = -1, -2, -3, -4
PLACES = {OUTSIDE: "outside", POOL: "pool", TRAINING: "training", NOWHERE: ""}

MOVEMENT = np.dtype(
    [
        ("time", np.int64),
        ("kind", np.int8),
        ("person", np.int32),
        ("post", np.int32),
        ("assignment", np.int32),
        ("source", np.int32),
        ("target", np.int32),
        ("cause", np.int8),
        ("fte", np.int32),
        ("from_post", np.int32),
        ("head", np.int8),
        ("note", np.int64),
    ]
)
"""One movement. ``note`` is kind-specific: pipeline (intake, qualified, …), redundancy pay in pence
(redundant,
voluntary_exit), change event (at_risk, post_deleted,
post_created),
seconds since the vacancy opened (starter, promoted, moved_sideways, redeployed), in thousandths the
share of pay while away (absence_start; secondment: the share that the partner pays), 1 where the
council pays for a pension that is not reduced (hours_changed)."""

OPENING, STARTER, TRANSFER, TRAINEE = range(4)

PERSON = np.dtype(
    [
        ("key", np.uint64),
        ("origin", np.int8),
        ("origin_a", np.int32),
        ("origin_b", np.int32),
        ("origin_c", np.int32),
        ("birth_day", np.int32),
        ("start", np.int64),
        ("service_start", np.int64),
        ("continuous_start", np.int64),
        ("pension_start", np.int64),
        ("pay_point", np.int32),
        ("sex", np.int8),
        ("ethnicity", np.int8),
        ("disability", np.int8),
    ]
)
"""One person. Times are seconds since the scenario's start; ``start`` is when they joined (0 for
opening staff).
Origins: OPENING (row of the workforce), STARTER (post, how-manieth), TRANSFER (event, row),
TRAINEE (pipeline, intake, place). Characteristics are codes into `Inputs.characteristics`, −1 not
stated."""

POST = np.dtype(
    [
        ("key", np.uint64),
        ("cell", np.int32),
        ("fte", np.int32),
        ("created", np.int64),
        ("supernumerary", np.int8),
        ("employer", np.int16),
        ("funding", np.int16),
        ("event", np.int32),
        ("row", np.int32),
    ]
)
"""One post as it began: cell = service × number of roles + role; ``created`` 0 for the opening
ones."""


class Ledger:
    """One replication: ``movements`` [MOVEMENT] in order of time, ``people`` [PERSON] and ``posts``
    [POST].

    The same as ``numbers``: three int64 matrices [rows, fields], the fields in the order of the
    tables, keys as their bits. Either form is made from the other when it is first asked for.
    """

    def __init__(
        self,
        movements: np.ndarray,
        people: np.ndarray,
        posts: np.ndarray,
        replication: int,
        seed: int,
        names: Names,
    ) -> None:
        self.replication, self.seed, self.names = replication, seed, names
        self._tables = (movements, people, posts)

    @classmethod
    def of_numbers(
        cls, numbers: tuple[np.ndarray, np.ndarray, np.ndarray], replication: int, seed: int,
        names: Names,
    ) -> Ledger:  # fmt: skip
        """A ledger of movements, people and posts as int64 matrices; they are not copied."""
        ledger = cls.__new__(cls)
        ledger.replication, ledger.seed, ledger.names = replication, seed, names
        ledger.numbers = numbers
        return ledger

    @cached_property
    def numbers(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Movements, people and posts as int64 matrices."""
        movements, people, posts = (_as_numbers(table) for table in self._tables)
        return movements, people, posts

    @cached_property
    def _tables(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        movements, people, posts = self.numbers
        return _as_table(movements, MOVEMENT), _as_table(people, PERSON), _as_table(posts, POST)

    @property
    def movements(self) -> np.ndarray:
        """Every movement, [MOVEMENT]."""
        return self._tables[0]

    @property
    def people(self) -> np.ndarray:
        """Everybody who was ever employed, [PERSON]."""
        return self._tables[1]

    @property
    def posts(self) -> np.ndarray:
        """Every post as it began, [POST]."""
        return self._tables[2]

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{table.shape[0]} {what}"
            for what, table in zip(
                ("movements", "people", "posts"),
                self.__dict__.get("numbers") or self._tables,
                strict=True,
            )
        )
        return f"Ledger({counts}, replication={self.replication}, seed={self.seed})"

    def _repr_html_(self) -> str:
        counts = np.bincount(self.movements["kind"], minlength=len(KINDS))
        rows = "".join(
            f'<tr><th scope="row">{kind.replace("_", " ")}</th><td>{count:,}</td></tr>'
            for kind, count in zip(KINDS, counts.tolist(), strict=True)
            if count
        )
        return (
            f"<p>Replication {self.replication}, seed {self.seed}: {len(self.movements):,} "
            f"movements of {len(self.people):,} people and {len(self.posts):,} posts. "
            f"<code>table()</code> lists them.</p><table><tr><th>Kind of movement</th>"
            f"<th>How many</th></tr>{rows}</table>"
        )

    def table(self) -> pd.DataFrame:
        """The movements in words, a row a movement."""
        m, names = self.movements, self.names
        return pd.DataFrame(
            {
                "time": m["time"],
                "person": [names.person(self.people[p]) if p >= 0 else "" for p in m["person"]],
                "post": [names.post(self.posts[p]) if p >= 0 else "" for p in m["post"]],
                "assignment": m["assignment"],
                "kind": pd.Categorical.from_codes(
                    m["kind"].astype(np.int64), categories=pd.Index(KINDS)
                ),
                "from": [names.place(c) for c in m["source"]],
                "to": [names.place(c) for c in m["target"]],
                "cause": [CAUSES[c] for c in m["cause"]],
                "fte": m["fte"] / 100,
                "from_post": [names.post(self.posts[p]) if p >= 0 else "" for p in m["from_post"]],
                "head": m["head"],
                "note": m["note"],
            }
        )


def _as_numbers(table: np.ndarray) -> np.ndarray:
    """A table's fields as the columns of an int64 matrix."""
    names = table.dtype.names or ()
    found = np.empty((table.size, len(names)), dtype=np.int64)
    for column, name in enumerate(names):
        field = table[name]
        found[:, column] = field.view(np.int64) if field.dtype == np.uint64 else field
    return found


def _as_table(numbers: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """The table whose fields are the columns of an int64 matrix."""
    table = np.empty(numbers.shape[0], dtype=dtype)
    for column, name in enumerate(dtype.names or ()):
        field = numbers[:, column]
        table[name] = field.view(np.uint64) if dtype[name] == np.uint64 else field
    return table


@dataclass(frozen=True)
class Names:
    """What the numbers of a ledger are called."""

    services: tuple[str, ...]
    roles: tuple[str, ...]
    people: tuple[str, ...]
    posts: tuple[str, ...]
    events: tuple[str, ...]
    pipelines: tuple[str, ...]

    def place(self, cell: int) -> str:
        """``service/role``, or outside, pool, training."""
        if cell < 0:
            return PLACES[int(cell)]
        service, role = divmod(int(cell), len(self.roles))
        return f"{self.services[service]}/{self.roles[role]}"

    def post(self, post: np.void) -> str:
        """The post's id: the opening one's own, else event and number."""
        if post["event"] < 0:
            return self.posts[post["row"]]
        prefix = (
            self.pipelines[post["event"]] if post["supernumerary"] else self.events[post["event"]]
        )
        return f"{prefix}+{post['row']}"

    def person(self, person: np.void) -> str:
        """The person's id: the opening one's own, else where they came from and their number
        there."""
        a, b, c = (int(person[f"origin_{x}"]) for x in "abc")
        if person["origin"] == OPENING:
            return self.people[a]
        if person["origin"] == STARTER:
            return f"{self.posts[a] if a < len(self.posts) else f'new-{a}'}#{b}"
        if person["origin"] == TRANSFER:
            return f"{self.events[a]}#{b}"
        return f"{self.pipelines[a]}@{b}#{c}"
