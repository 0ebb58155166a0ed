"""Agency and casual work: cover of vacancies, and uses that begin and end by date."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import recruitment
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import book, events, memory, terms, words
from wfmodel.units import NEVER


@part
def length(w, shape, numbers, stream, key, multiplier):  # type: ignore[no-untyped-def]
    """A length of time in whole seconds: ``numbers`` is the place of a, b, c and the unit in f."""
    f = w.f
    return recruitment.duration(
        shape, f[numbers], f[numbers + 1], f[numbers + 2], stream, key, f[numbers + 3] * multiplier
    )


@part
def open_uses(w):  # type: ignore[no-untyped-def]
    """Begin the uses under way, and wait for the others."""
    m = w.m
    for number in range(m[terms.USE_COUNT]):
        use = m[terms.USE_AT] + number * terms.USE_WIDTH
        if m[use + terms.LAST] > max(m[use + terms.FIRST], 0) and m[use + terms.USE_FTE] > 0:
            if m[use + terms.FIRST] <= 0:
                use_begins(w, number)
            else:
                events.at(
                    w, m[use + terms.FIRST], order.ENDING, np.uint64(number), order.USE_START,
                    number, 0, 0, 0, 0,
                )  # fmt: skip


@part
def _write_use(w, kind, number):  # type: ignore[no-untyped-def]
    m = w.m
    use = m[terms.USE_AT] + number * terms.USE_WIDTH
    book.write(
        w, kind, 0, 0, number, book.NOWHERE, m[use + terms.USE_CELL], m[use + terms.USE_CAUSE],
        m[use + terms.USE_FTE], 0, 0, 0,
    )  # fmt: skip


@part
def use_begins(w, number):  # type: ignore[no-untyped-def]
    """One use that does not cover a vacancy begins, and will end."""
    _write_use(w, words.AGENCY_START, number)
    last = w.m[w.m[terms.USE_AT] + number * terms.USE_WIDTH + terms.LAST]
    if last < NEVER:
        events.at(w, last, order.ENDING, np.uint64(number), order.USE_END, number, 0, 0, 0, 0)


@part
def use_ends(w, number):  # type: ignore[no-untyped-def]
    """One use that does not cover a vacancy ends."""
    _write_use(w, words.AGENCY_END, number)


@part
def consider(w, vacancy):  # type: ignore[no-untyped-def]
    """Cover a new vacancy after a lag, or not."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    cell = m[post + memory.POST_CELL]
    role = terms.role_of(w, cell)
    numbers = m[role + terms.NUMBERS]
    probability = w.f[numbers + terms.COVER_PROBABILITY]
    if probability <= 0:
        return
    more = terms.effect(w, terms.COVER, cell, m[memory.SEGMENT])
    stream, key = terms.stream(w, terms.AGENCY), memory.key_of(m, vacancy)
    if draws.uniform(stream, key, 0) < probability * more:
        lag = length(
            w, m[role + terms.LAG_SHAPE], numbers + terms.LAG, stream,
            draws.join(key, np.uint64(1)), 1.0,
        )  # fmt: skip
        if m[vacancy + memory.V_UNDER_WAY] != 0:
            lag = 0
        events.at(
            w, m[memory.NOW] + lag, order.ENDING, memory.key_of(m, post), order.COVER_START,
            vacancy, role, 0, 0, 0,
        )  # fmt: skip


@part
def cover_begins(w, vacancy, role):  # type: ignore[no-untyped-def]
    """Cover comes, unless the post is filled; it stays until then, too long, or for good."""
    m = w.m
    if m[vacancy + memory.V_CLOSED] != 0 or m[vacancy + memory.V_ACTING] != 0:
        return
    post = m[vacancy + memory.V_POST]
    cell = m[post + memory.POST_CELL]
    fte = m[post + memory.POST_FTE] - m[post + memory.FILLED]
    m[vacancy + memory.V_COVER] = memory.WORKING
    m[vacancy + memory.V_COVER_FTE] = fte
    m[vacancy + memory.V_COVER_CELL] = cell
    book.write_post(w, words.AGENCY_START, post, book.NOWHERE, cell, words.VACANCY, fte, 0)
    segment, now = m[memory.SEGMENT], m[memory.NOW]
    hazard = w.f[w.m[role + terms.NUMBERS] + terms.CONVERSION] * terms.effect(
        w, terms.CONVERTS, cell, segment
    )
    key = memory.key_of(m, vacancy)
    wait = recruitment.waiting_time(
        draws.exponential(terms.stream(w, terms.AGENCY), key, 1), hazard
    )
    longest = terms.limit(w, terms.LONGEST, cell, segment)
    if wait < longest:
        events.at(
            w, now + wait, order.ENDING, memory.key_of(m, post), order.COVER_END,
            vacancy, longest, now, 0, 0,
        )  # fmt: skip
    else:
        stay_at_most(w, vacancy, longest, now)


@part
def stay_at_most(w, vacancy, longest, began):  # type: ignore[no-untyped-def]
    """The cover will have lasted too long."""
    if longest < NEVER:
        post = w.m[vacancy + memory.V_POST]
        events.at(
            w, began + longest, order.ENDING, memory.key_of(w.m, post), events.COVER_LIMIT,
            vacancy, 0, 0, 0, 0,
        )  # fmt: skip


@part
def end(w, vacancy):  # type: ignore[no-untyped-def]
    """The cover of a vacancy ends, where it has any."""
    m = w.m
    if m[vacancy + memory.V_COVER] == memory.WORKING:
        m[vacancy + memory.V_COVER] = memory.ENDED
        book.write_post(
            w, words.AGENCY_END, m[vacancy + memory.V_POST], book.NOWHERE,
            m[vacancy + memory.V_COVER_CELL], words.VACANCY, m[vacancy + memory.V_COVER_FTE], 0,
        )  # fmt: skip
