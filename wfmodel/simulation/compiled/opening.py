"""The start of a replication: its numbers and tables are made, and what has a date begins to wait
for it."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.jit import part
from wfmodel.simulation import draft, order, tables, workload
from wfmodel.simulation.compiled import (
    agency,
    change,
    control,
    events,
    intakes,
    memory,
    openings,
    pressing,
    progression,
    secondment,
    staff,
    terms,
)


@part
def start(w, seed, market, chance):  # type: ignore[no-untyped-def]
    """Make the replication's own of what the scenario asks, and let the council open; whether its
    hazards can give the turnover that is asked for."""
    m = w.m
    draft.fill(w)
    _make_streams(w, seed, chance)
    stream = _key(seed, market, m[m[terms.STREAM_KEYS] + terms.STREAMS])
    if not tables.realise_tables(w, m[terms.TABLES], stream):
        return False
    _make_pay(w)
    _make_routes(w)
    _open(w)
    return True


@part
def _key(seed, replication, name):  # type: ignore[no-untyped-def]
    """The key of a stream, as `wfmodel.draws.stream_key`."""
    own = draws.join(draws.join(np.uint64(0x77666D6F), np.uint64(seed)), np.uint64(replication))
    return draws.join(own, np.uint64(name))


@part
def _make_streams(w, seed, chance):  # type: ignore[no-untyped-def]
    m = w.m
    for k in range(terms.STREAMS):
        m[terms.ATTRITION + k] = np.int64(_key(seed, chance, m[m[terms.STREAM_KEYS] + k]))
    if m[terms.WORKLOAD] != 0:
        key = m[m[terms.STREAM_KEYS] + terms.STREAMS + 1]
        m[m[terms.WORKLOAD] + workload.STREAM] = np.int64(_key(seed, chance, key))


@part
def _make_pay(w):  # type: ignore[no-untyped-def]
    """The pay table after each award, in whole pence."""
    m, level = w.m, 1.0
    rows, first = m[terms.PAY_ROWS], m[terms.PAY_AT]
    for table in range(1, m[terms.PAY_TABLES]):
        level *= 1.0 + w.f[m[terms.AWARDS] + table]
        for row in range(rows):
            m[first + table * rows + row] = np.int64(np.floor(m[first + row] * level + 0.5))


@part
def _make_routes(w):  # type: ignore[no-untyped-def]
    """Where no weights are given all starters are experienced."""
    m, f = w.m, w.f
    for k in range(m[terms.ROLES]):
        routes = m[m[terms.ROLE_AT] + k * terms.ROLE_WIDTH + terms.NUMBERS] + terms.ROUTES
        total = 0.0
        for route in range(terms.APPROVAL - terms.ROUTES):
            total += f[routes + route]
        if total <= 0.0:
            f[routes] = 1.0


@part
def _open(w):  # type: ignore[no-untyped-def]
    """Follow the opening staff; whoever is about to leave has given notice already. Then wait for
    what is to come."""
    m = w.m
    starts = m[terms.SEGMENT_STARTS]
    for k in range(1, m[terms.SEGMENTS]):
        if m[starts + k] <= 0:
            m[memory.SEGMENT] = k
    m[memory.OPENING] = 1
    person = m[memory.FIRST_PERSON]
    while person < m[memory.FIRST_POST]:
        if m[person + memory.SEAT] != 0:
            role = terms.role_of(w, m[person + memory.CELL])
            m[person + memory.SINCE] = -m[role + terms.NOTICE]
            staff.follow(w, person)
        person += memory.PERSON_WIDTH
    m[memory.OPENING] = 0
    post, last = m[memory.FIRST_POST], m[memory.LAST_POST]
    while post <= last and last != 0:
        openings.open_if_unfilled(w, post, -1, 1)
        post += memory.POST_WIDTH
    for k in range(1, m[terms.SEGMENTS]):
        if m[starts + k] >= 0:
            events.at(
                w, m[starts + k], order.POLICY, np.uint64(0), events.SEGMENT_START, k, 0, 0, 0, 0
            )
    control.start(w)
    agency.open_uses(w)
    change.start(w)
    intakes.start(w)
    progression.start(w)
    secondment.start(w)
    pressing.start(w)
    events.settle_soon(w)


@part
def segment_starts(w, segment):  # type: ignore[no-untyped-def]
    """Policies, market years and change events begin and end."""
    m = w.m
    m[memory.SEGMENT] = segment
    m[memory.NEWCOMERS] = 1 if m[memory.POOL] != 0 else 0  # a policy may begin to cover them
    events.settle_soon(w)
