"""Push progression: each 1 April some of those long enough in role move up, with their post."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    acting,
    agency,
    book,
    control,
    events,
    leaving,
    memory,
    queues,
    staff,
    terms,
    words,
)


@part
def start(w):  # type: ignore[no-untyped-def]
    """Wait for each 1 April, where some role has a push."""
    m = w.m
    if m[terms.PUSHES] != 0:
        for k in range(m[terms.APRIL_COUNT]):
            events.at(
                w, m[m[terms.APRILS] + k], order.ENTRY, np.uint64(0), events.APRIL, k, 0, 0, 0, 0
            )


@part
def april(w, number):  # type: ignore[no-untyped-def]
    """On a 1 April, push: whom is settled before anybody moves."""
    m = w.m
    year = np.uint64(m[m[terms.APRIL_YEARS] + number])
    stream = terms.stream(w, terms.PROGRESSION)
    for k in range(m[terms.ROLES]):
        role = m[terms.ROLE_AT] + k * terms.ROLE_WIDTH
        if m[role + terms.PUSH_TO] < 0:
            continue
        probability = w.f[m[role + terms.NUMBERS] + terms.PUSH_PROBABILITY]
        person = staff.longest_in(w, k)
        while person != 0:
            key = memory.key_of(m, person)
            if (
                staff.is_settled(m, person)
                and m[memory.NOW] - m[person + memory.ROLE_SINCE] >= m[role + terms.PUSH_AFTER]
                and draws.uniform(stream, draws.join(key, year), 0) < probability
            ):
                queues.join(w, memory.SORTED, person, 0, key, m[role + terms.PUSH_TO])
            person = m[person + memory.IN_ROLE + 1]
    while m[memory.SORTED] != 0:
        target = m[m[memory.SORTED] + queues.THIRD]
        step_up(w, queues.leave(m, memory.SORTED), target, words.PUSH)


@part
def step_up(w, person, role, cause):  # type: ignore[no-untyped-def]
    """The person's main post becomes one of ``role``, and whoever shares it goes up with it."""
    m, roles = w.m, w.m[terms.ROLES]
    post = m[m[person + memory.SEAT] + memory.SEAT_POST]
    source = m[post + memory.POST_CELL]
    target = source // roles * roles + role
    if target == source:
        return  # with somebody who shares the post, a moment ago
    seat = m[post + memory.POST_SEAT]
    while seat != 0:
        holder = m[seat + memory.SEAT_PERSON]
        staff.advance(w, holder)
        if m[holder + memory.SEAT] == seat:
            acting.stop(w, seat)
            staff.enter_role(w, holder, target)
            staff.relist(w, holder, target)
        control.count(w, source, -m[seat + memory.SEAT_FTE])
        control.count(w, target, m[seat + memory.SEAT_FTE])
        seat = m[seat + memory.SEAT_BESIDE]
    m[post + memory.POST_CELL] = target
    if m[post + memory.VACANCY] != 0:
        agency.end(w, m[post + memory.VACANCY])
        acting.end(w, m[post + memory.VACANCY])
    seat = m[post + memory.POST_SEAT]
    while seat != 0:
        holder = m[seat + memory.SEAT_PERSON]
        head = 1 if m[holder + memory.SEAT] == seat else 0
        book.write(
            w, words.PROMOTED, holder, post, m[seat + memory.SEAT_NUMBER], source, target, cause,
            m[seat + memory.SEAT_FTE], post, head, 0,
        )  # fmt: skip
        staff.follow(w, holder)
        seat = m[seat + memory.SEAT_BESIDE]
    leaving.supervision_changed(w)
