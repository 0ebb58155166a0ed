"""The council as it opens, laid out once for all replications: people, posts, seats, and the rows
with which every ledger begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfmodel.simulation import world
from wfmodel.simulation.compiled import memory, terms, words
from wfmodel.simulation.inputs import CONTRACTS, Inputs
from wfmodel.simulation.ledger import OPENING, OUTSIDE
from wfmodel.units import NEVER


@dataclass
class Seated:
    """A memory with the opening council in it, and the opening rows of the ledger's tables."""

    memory: np.ndarray
    moves: np.ndarray
    people: np.ndarray
    posts: np.ndarray


def seat(inputs: Inputs, drafted: np.ndarray) -> Seated:
    """Seat the opening workforce behind what has been ``drafted``."""
    drafted = np.pad(drafted, (0, -drafted.size % memory.LINE))
    council = _Council(inputs, drafted.size)
    laid = council.laid
    laid[: drafted.size] = drafted
    for place, value in council.header(drafted).items():
        laid[place] = value
    return Seated(laid, council.moves(), council.people_rows(), council.post_rows())


class _Council:
    def __init__(self, inputs: Inputs, first: int) -> None:
        self.inputs = inputs
        given, roles = inputs.people, len(inputs.roles)
        size = given.key.size + roles * memory.HOLDERS_WIDTH
        shapes = (
            (given.key.size, memory.PERSON_WIDTH),
            (inputs.posts.key.size, memory.POST_WIDTH),
            (inputs.assignments.person.size, memory.SEAT_WIDTH),
            (roles, memory.HOLDERS_WIDTH),
            (given.key.size + -size % memory.LINE, 1),
        )
        places = first + np.cumsum([0, *(long * wide for long, wide in shapes)])
        self.laid = np.zeros(places[-1], np.int64)
        self.people, self.posts, self.seats, self.holders, traits = (
            self.laid[place : place + long * wide].reshape(long, wide)
            for place, (long, wide) in zip(places[:-1], shapes, strict=True)
        )
        (
            self.first_person,
            self.first_post,
            self.first_seat,
            self.first_holders,
            self.traits_at,
            self.end,
        ) = places.tolist()
        for shift, column in ((0, given.sex), (8, given.ethnicity), (16, given.disability)):
            traits[: len(self.people), 0] |= (column.astype(np.int64) + 1) << shift
        self._fill_people()
        self._fill_posts()
        self._fill_seats()
        self._list_holders()

    def _person(self, row: np.ndarray) -> np.ndarray:
        return self.first_person + row * memory.PERSON_WIDTH

    def _post(self, row: np.ndarray) -> np.ndarray:
        return self.first_post + row * memory.POST_WIDTH

    def _seat(self, row: np.ndarray) -> np.ndarray:
        return self.first_seat + row * memory.SEAT_WIDTH

    def _fill_people(self) -> None:
        given, people = self.inputs.people, self.people
        for field, values in (
            (memory.INDEX, np.arange(len(people))),
            (memory.KEY, given.key.view(np.int64)),
            (memory.BIRTH, given.birth_day),
            (memory.SERVICE, given.service_start),
            (memory.CONTINUOUS, given.continuous_start),
            (memory.PROTECTED, given.protected_until),
            (memory.PERMANENT, given.contract == 0),
            (memory.CONTRACT_END, given.contract_end),
            (memory.NEWLY, -1 * (given.contract == CONTRACTS.index("casual"))),
            (memory.SKILLS, given.skills),
            (memory.ROW, given.point),
            (memory.CELL, -1),
            (memory.EXPOSED, 1),
            (memory.NOTICE_AT, -1),
            (memory.BOUND_UNTIL, -NEVER),
            (memory.BOUND_BY, world.ONE),
        ):
            people[:, field] = values

    def _fill_posts(self) -> None:
        given, posts = self.inputs.posts, self.posts
        rows = np.arange(len(posts))
        posts[:, memory.INDEX] = rows
        posts[:, memory.KEY] = given.key.view(np.int64)
        posts[:, memory.POST_CELL], posts[:, memory.POST_FTE] = given.cell, given.fte
        posts[:-1, memory.NEXT_POST] = self._post(rows[1:])

    def _fill_seats(self) -> None:
        given, seats = self.inputs.assignments, self.seats
        rows = np.arange(len(seats))
        seats[:, memory.SEAT_NUMBER] = rows
        seats[:, memory.SEAT_PERSON] = self._person(given.person.astype(np.int64))
        seats[:, memory.SEAT_POST] = self._post(given.post.astype(np.int64))
        seats[:, memory.SEAT_FTE] = given.fte
        same = given.person[1:] == given.person[:-1]
        seats[:-1, memory.SEAT_NEXT] = np.where(same, self._seat(rows[1:]), 0)
        by_post = np.argsort(given.post, kind="stable")
        post = given.post[by_post]
        same = post[1:] == post[:-1]
        seats[by_post[:-1], memory.SEAT_BESIDE] = np.where(same, self._seat(by_post[1:]), 0)
        first = by_post[np.flatnonzero(np.r_[True, ~same][: post.size])]
        self.posts[given.post[first], memory.POST_SEAT] = self._seat(first)
        np.add.at(self.posts[:, memory.FILLED], given.post, given.fte)
        np.add.at(self.people[:, memory.FTE], given.person, given.fte)
        self.main = np.flatnonzero(np.r_[True, given.person[1:] != given.person[:-1]][: rows.size])
        person, since = given.person[self.main], np.minimum(given.start[self.main], 0)
        self.people[person, memory.SEAT] = self._seat(self.main)
        self.people[person, memory.CELL] = self.inputs.posts.cell[given.post[self.main]]
        self.people[person, memory.ROLE_SINCE] = since
        self.people[person, memory.POST_SINCE] = since

    def _list_holders(self) -> None:
        """Each role's holders, from the longest in it to the newest; by key where they came at
        once."""
        people = self.people
        person = self.inputs.assignments.person[self.main].astype(np.int64)
        role = people[person, memory.CELL] % len(self.inputs.roles)
        since, key = people[person, memory.ROLE_SINCE], self.inputs.people.key[person]
        order = np.lexsort((key, since, role))
        person, role = person[order], role[order]
        if not person.size:
            return
        same = role[1:] == role[:-1]
        people[person[1:], memory.IN_ROLE] = np.where(same, self._person(person[:-1]), 0)
        people[person[:-1], memory.IN_ROLE + 1] = np.where(same, self._person(person[1:]), 0)
        first, last = np.r_[True, ~same], np.r_[~same, True]
        self.holders[role[first], memory.FIRST_HOLDER] = self._person(person[first])
        self.holders[role[last], memory.LAST_HOLDER] = self._person(person[last])

    def header(self, drafted: np.ndarray) -> dict[int, int]:
        """Where the blocks stand, and what policies count of the council as it opens."""
        found = {
            memory.FIRST_PERSON: self.first_person,
            memory.FIRST_POST: self.first_post,
            memory.LAST_POST: self.first_post + self.posts.size - memory.POST_WIDTH
            if len(self.posts)
            else 0,
            memory.HOLDERS: self.first_holders,
            memory.TRAITS: self.traits_at,
            memory.SEATS: len(self.seats),
            memory.TOP: self.end,
        }
        given = self.inputs.assignments
        cell, controls = self.inputs.posts.cell[given.post], int(drafted[memory.CONTROLS])
        for number in range(int(drafted[terms.CONTROL_COUNT])):
            control = int(drafted[terms.CONTROL_AT]) + number * terms.CONTROL_WIDTH
            scope = int(drafted[control + terms.SCOPE])
            inside = drafted[scope + cell.astype(np.int64)] != 0
            place = controls + number * memory.CONTROL_WIDTH
            found[place + memory.CONTROL_FTE] = int(given.fte[inside].sum())
            found[place + memory.CONTROL_OPENING] = -1
        ends, horizon = self.inputs.posts.funding_end, self.inputs.calendar.horizon
        for k, row in enumerate(np.flatnonzero((ends >= 0) & (ends < horizon)).tolist()):
            place = int(drafted[terms.FUNDING_ENDS]) + 2 * k
            found[place], found[place + 1] = (
                self.first_post + row * memory.POST_WIDTH,
                int(ends[row]),
            )
        return found

    # --- the ledger

    def moves(self) -> np.ndarray:
        """The opening movements, int64 [assignments, columns]."""
        given, size = self.inputs.assignments, len(self.seats)
        main = np.zeros(size, np.int64)
        main[self.main] = 1
        return _rows(
            size, 0, words.OPENING, given.person, given.post, np.arange(size), OUTSIDE,
            self.inputs.posts.cell[given.post], words.BLANK, given.fte, -1, main, 0,
        )  # fmt: skip

    def people_rows(self) -> np.ndarray:
        """The opening people, int64 [people, columns]."""
        given, size = self.inputs.people, len(self.people)
        return _rows(
            size, given.key.view(np.int64), OPENING, np.arange(size), 0, 0, given.birth_day, 0,
            given.service_start, given.continuous_start, given.pension_start, given.point,
            given.sex, given.ethnicity, given.disability,
        )  # fmt: skip

    def post_rows(self) -> np.ndarray:
        """The opening posts, int64 [posts, columns]."""
        given, size = self.inputs.posts, len(self.posts)
        return _rows(
            size, given.key.view(np.int64), given.cell, given.fte, 0, 0, given.employer,
            given.funding, -1, np.arange(size),
        )  # fmt: skip


def _rows(size: int, *columns: np.ndarray | int) -> np.ndarray:
    """Columns side by side, int64 [size, columns]; a number stands in every row."""
    rows = np.empty((size, len(columns)), np.int64)
    for number, column in enumerate(columns):
        rows[:, number] = column
    return rows
