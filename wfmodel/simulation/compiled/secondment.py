"""Secondment: people who go to a partner for a time, and keep their post."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import away, events, leaving, memory, queues, staff, terms


@part
def start(w):  # type: ignore[no-untyped-def]
    """Wait for each policy's start; one from before the run's start is over."""
    m = w.m
    for number in range(m[terms.SECONDMENT_COUNT]):
        policy = m[terms.SECONDMENT_AT] + number * terms.SECONDMENT_WIDTH
        if m[policy + terms.FIRST] >= 0:
            events.at(
                w, m[policy + terms.FIRST], order.ENTRY,
                np.uint64(m[policy + terms.SECOND_NAME_KEY]), events.SECONDMENT_DAY,
                policy, 0, 0, 0, 0,
            )  # fmt: skip


@part
def second(w, policy):  # type: ignore[no-untyped-def]
    """So many of those settled in scope go, by keyed draw."""
    m = w.m
    stream, own = terms.stream(w, terms.SECONDMENT), np.uint64(m[policy + terms.SECOND_KEY])
    for role in range(m[terms.ROLES]):
        person = staff.longest_in(w, role)
        while person != 0:
            if m[m[policy + terms.SCOPE] + m[person + memory.CELL]] != 0 and staff.is_settled(
                m, person
            ):
                u = draws.uniform(stream, draws.join(own, memory.key_of(m, person)), 0)
                key = memory.key_of(m, person)
                queues.join(w, memory.SORTED, person, queues.fine(u), key, 0)
            person = m[person + memory.IN_ROLE + 1]
    left = m[policy + terms.SECOND_HEADS]
    while m[memory.SORTED] != 0:
        person = queues.leave(m, memory.SORTED)
        if left > 0:
            left -= 1
            key = draws.join(draws.join(own, memory.key_of(m, person)), np.uint64(1))
            away.go(w, person, m[policy + terms.SECOND_LEAVE], key, m[memory.NOW], 0)
    leaving.supervision_changed(w)
    events.settle_soon(w)
