"""The opening workforce takes its seats, and everything that has a date begins to wait for it."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, rule
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    agency,
    book,
    change,
    control,
    events,
    intakes,
    memory,
    openings,
    progression,
    staff,
    terms,
    words,
)
from wfmodel.simulation.ledger import OPENING, OUTSIDE


@rule
def begin(w):  # type: ignore[no-untyped-def]
    """Lay out the memory, open the council, and wait for what is to come."""
    m, c = w.m, w.c
    for k in range(memory.RUN_WIDTH):
        m[k] = 0
    m[memory.TOP] = memory.RUN_WIDTH
    m[memory.HOLDERS] = memory.new(w, c[terms.ROLES])
    m[memory.CONTROLS] = memory.new(w, c[terms.CONTROL_COUNT] * memory.CONTROL_WIDTH)
    for k in range(c[terms.CONTROL_COUNT]):
        m[m[memory.CONTROLS] + k * memory.CONTROL_WIDTH + memory.CONTROL_OPENING] = -1
    m[memory.PIPELINES] = memory.new(w, c[terms.PIPELINE_COUNT] * memory.PIPELINE_WIDTH)
    m[memory.SCRATCH] = memory.new(w, 5)
    starts = c[terms.SEGMENT_STARTS]
    for k in range(1, c[terms.SEGMENTS]):
        if c[starts + k] <= 0:
            m[memory.SEGMENT] = k
    _open(w)
    for k in range(1, c[terms.SEGMENTS]):
        if c[starts + k] >= 0:
            events.at(
                w, c[starts + k], order.POLICY, np.uint64(0), events.SEGMENT_START, k, 0, 0, 0, 0
            )
    control.start(w)
    agency.open_uses(w)
    change.start(w)
    intakes.start(w)
    progression.start(w)
    events.settle_soon(w)


@part
def segment_starts(w, segment):  # type: ignore[no-untyped-def]
    """Policies, market years and change events begin and end."""
    m = w.m
    m[memory.SEGMENT] = segment
    m[memory.NEWCOMERS] = 1 if m[memory.POOL] != 0 else 0  # a policy may begin to cover them
    events.settle_soon(w)


@part
def _open(w):  # type: ignore[no-untyped-def]
    """Seat the opening workforce; whoever is about to leave has given notice already."""
    m, c, o = w.m, w.c, w.o
    posts, at = o[terms.OPENING_POSTS], o[terms.POST_COLUMNS]
    for row in range(posts):
        book.add_post(
            w, o[at + terms.O_POST_KEY * posts + row], o[at + terms.O_POST_CELL * posts + row],
            o[at + terms.O_POST_FTE * posts + row], 0, o[at + terms.O_EMPLOYER * posts + row],
            o[at + terms.O_FUNDING * posts + row], -1, row,
        )  # fmt: skip
    first_post = m[memory.FIRST_POST]
    first_person = m[memory.TOP]
    people = o[terms.OPENING_PEOPLE]
    for row in range(people):
        _opening_person(w, row)
    seats, at = o[terms.OPENING_SEATS], o[terms.SEAT_COLUMNS]
    for row in range(seats):
        person = first_person + o[at + row] * memory.PERSON_WIDTH
        post = first_post + o[at + terms.O_SEAT_POST * seats + row] * memory.POST_WIDTH
        fte = o[at + terms.O_SEAT_FTE * seats + row]
        seat = staff.take(w, person, post, fte, False)
        head = 1 if m[person + memory.SEAT] == seat else 0
        if head == 1:
            since = min(o[at + terms.O_SEAT_START * seats + row], 0)
            m[person + memory.ROLE_SINCE] = since
            m[person + memory.POST_SINCE] = since
        book.write(
            w, words.OPENING, person, post, m[seat + memory.SEAT_NUMBER], OUTSIDE,
            m[post + memory.POST_CELL], words.BLANK, fte, 0, head, 0,
        )  # fmt: skip
    for row in range(people):
        person = first_person + row * memory.PERSON_WIDTH
        if m[person + memory.SEAT] != 0:
            role = terms.role_of(w, m[person + memory.CELL])
            m[person + memory.SINCE] = -c[role + terms.NOTICE]
            staff.follow(w, person)
    post = first_post
    for _ in range(posts):
        openings.open_if_unfilled(w, post, -1, 1)
        post = m[post + memory.NEXT_POST]


@part
def _opening_person(w, row):  # type: ignore[no-untyped-def]
    m, o = w.m, w.o
    n, at = o[terms.OPENING_PEOPLE], o[terms.PEOPLE_COLUMNS] + row
    person = staff.add(
        w, np.uint64(o[at + terms.O_KEY * n]), OPENING, row, 0, o[at + terms.O_BIRTH * n],
        o[at + terms.O_SERVICE * n], o[at + terms.O_CONTINUOUS * n], o[at + terms.O_PENSION * n],
        o[at + terms.O_POINT * n], o[at + terms.O_SKILLS * n], row,
    )  # fmt: skip
    m[person + memory.PERMANENT] = 1 if o[at + terms.O_CONTRACT * n] == 0 else 0
    m[person + memory.CONTRACT_END] = o[at + terms.O_CONTRACT_END * n]
    m[person + memory.PROTECTED] = o[at + terms.O_PROTECTED * n]
