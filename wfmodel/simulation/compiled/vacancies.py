"""Vacancies filled from outside: advertised until somebody starts."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.flows import recruitment
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    agency,
    book,
    events,
    leaving,
    memory,
    openings,
    queues,
    staff,
    terms,
    words,
)
from wfmodel.simulation.ledger import OUTSIDE, STARTER
from wfmodel.units import DAY, NEVER

_STARTERS = np.uint64(0x5741)


@part
def wait_for_recruiter(w, vacancy):  # type: ignore[no-untyped-def]
    """The vacancy joins the queue for recruiters."""
    m = w.m
    m[vacancy + memory.V_STATE] = memory.QUEUED
    m[vacancy + memory.V_QUEUED] = m[memory.NOW]
    post_key = memory.key_of(m, m[vacancy + memory.V_POST])
    queues.join(w, memory.QUEUE, vacancy, m[memory.NOW], post_key, 0)


@part
def grant_recruiters(w):  # type: ignore[no-untyped-def]
    """Give free recruiters to the longest waiting vacancies; whether any was given."""
    m = w.m
    limit = m[m[terms.RECRUITERS] + m[memory.SEGMENT]]
    moved = False
    while m[memory.QUEUE] != 0 and m[memory.RECRUITING] < limit:
        vacancy = queues.leave(m, memory.QUEUE)
        if m[vacancy + memory.V_CLOSED] != 0:
            continue
        m[memory.RECRUITING] += 1
        m[vacancy + memory.V_STATE] = memory.CAMPAIGN
        m[vacancy + memory.V_CAMPAIGN] += 1
        _advertise(w, vacancy)
        moved = True
    return moved


@part
def _advertise(w, vacancy):  # type: ignore[no-untyped-def]
    m = w.m
    post = m[vacancy + memory.V_POST]
    key = draws.join(memory.key_of(m, vacancy), np.uint64(m[vacancy + memory.V_ATTEMPT] + 1))
    book.write_post(
        w, words.POST_ADVERTISED, post, book.NOWHERE, m[post + memory.POST_CELL], words.BLANK,
        openings.unfilled(m, post), 0,
    )  # fmt: skip
    ends = m[memory.NOW] + _duration(w, vacancy, post, key)
    events.at(
        w, ends, order.ENDING, memory.key_of(m, post), order.CAMPAIGN_END,
        vacancy, m[vacancy + memory.V_CAMPAIGN], np.int64(key), 0, 0,
    )  # fmt: skip


@part
def _duration(w, vacancy, post, key):  # type: ignore[no-untyped-def]
    """Approval (first campaign only; it may have begun at notice) and time to hire; a repeat takes
    a day or more."""
    m = w.m
    cell = m[post + memory.POST_CELL]
    role = terms.role_of(w, cell)
    numbers = m[role + terms.NUMBERS]
    stream = terms.stream(w, terms.RECRUITMENT)
    longer = terms.effect(w, terms.TIME, cell, m[memory.SEGMENT])
    hire = agency.length(
        w, m[role + terms.HIRE_SHAPE], numbers + terms.HIRE, stream,
        draws.join(key, np.uint64(1)), longer,
    )  # fmt: skip
    if m[vacancy + memory.V_ATTEMPT] > 0:
        return max(hire, DAY)
    approval = agency.length(
        w, m[role + terms.APPROVAL_SHAPE], numbers + terms.APPROVAL, stream,
        draws.join(key, np.uint64(2)), longer,
    )  # fmt: skip
    noticed = m[vacancy + memory.V_NOTICED]
    if m[role + terms.APPROVAL_FROM_NOTICE] != 0 and noticed >= 0:
        approval = max(0, approval - (m[memory.NOW] - noticed))
    if max(approval, hire) >= NEVER // 2:
        return NEVER
    if m[vacancy + memory.V_UNDER_WAY] != 0:
        return math.ceil((approval + hire) * draws.uniform(stream, key, 4))
    return approval + hire


@part
def campaign_ends(w, vacancy, number, key):  # type: ignore[no-untyped-def]
    """The outcome of a campaign: somebody starts, or it failed and is queued again."""
    m = w.m
    if m[vacancy + memory.V_CLOSED] != 0 or m[vacancy + memory.V_CAMPAIGN] != number:
        return
    post = m[vacancy + memory.V_POST]
    cell = m[post + memory.POST_CELL]
    odds = terms.effect(w, terms.ODDS, cell, m[memory.SEGMENT])
    fill = w.f[w.m[terms.role_of(w, cell) + terms.NUMBERS] + terms.FILL]
    if terms.happens(
        recruitment.fill_chance(fill, odds), terms.stream(w, terms.RECRUITMENT), np.uint64(key), 3
    ):
        start_newcomer(w, vacancy, words.BLANK)
    else:
        book.write_post(w, words.CAMPAIGN_FAILED, post, book.NOWHERE, cell, words.BLANK, 0, 0)
        m[memory.RECRUITING] -= 1
        m[vacancy + memory.V_ATTEMPT] += 1
        wait_for_recruiter(w, vacancy)
    events.settle_soon(w)


@part
def cover_may_stay(w, vacancy, longest, began):  # type: ignore[no-untyped-def]
    """A cover worker would become permanent; in a held or reserved post they can't."""
    m = w.m
    if m[vacancy + memory.V_CLOSED] != 0 or m[vacancy + memory.V_COVER] == memory.ENDED:
        return
    state = m[vacancy + memory.V_STATE]
    if state != memory.HELD and state != memory.RESERVED:
        start_newcomer(w, vacancy, words.AGENCY_TO_PERMANENT)
        events.settle_soon(w)
    else:
        agency.stay_at_most(w, vacancy, longest, began)


@part
def start_newcomer(w, vacancy, route):  # type: ignore[no-untyped-def]
    """Somebody from outside starts in the post; a blank ``route`` is drawn."""
    m, f = w.m, w.f
    post = m[vacancy + memory.V_POST]
    role = terms.role_of(w, m[post + memory.POST_CELL])
    numbers = m[role + terms.NUMBERS]
    m[post + memory.STARTERS] += 1
    number = m[post + memory.STARTERS]
    key = draws.join(draws.join(memory.key_of(m, post), _STARTERS), np.uint64(number))
    stream = terms.stream(w, terms.PROFILE)
    if route == words.BLANK:
        route = _route(w, numbers, stream, key)
    continuous = 0
    if route == words.EXPERIENCED and terms.happens(
        f[numbers + terms.CONTINUOUS_SHARE], stream, key, 3
    ):
        continuous = agency.length(
            w, m[role + terms.CONTINUOUS_SHAPE], numbers + terms.CONTINUOUS, stream,
            draws.join(key, np.uint64(2)), 1.0,
        )  # fmt: skip
    person = staff.newcomer(
        w, key, STARTER, m[post + memory.INDEX], number, role, m[role + terms.AGE_SHAPE],
        numbers + terms.AGE, continuous,
    )  # fmt: skip
    waited = m[memory.NOW] - m[vacancy + memory.V_OPENED]
    fte = openings.unfilled(m, post)
    openings.close(w, vacancy)
    seat_newcomer(w, person, post, fte, words.STARTER, route, waited)
    if m[role + terms.PROBATION_LENGTH] >= 0:
        ends = m[memory.NOW] + max(m[role + terms.PROBATION_LENGTH], DAY)
        events.at(
            w, ends, order.LEAVING, memory.key_of(m, person), order.PROBATION,
            person, role, 0, 0, 0,
        )  # fmt: skip


@part
def _route(w, numbers, stream, key):  # type: ignore[no-untyped-def]
    """The route by which somebody comes, by the role's shares; no draw where there is but one."""
    f, others = w.f, 0.0
    for place in range(numbers + terms.ROUTES + 1, numbers + terms.APPROVAL):
        others += f[place]
    if others == 0.0:
        return words.EXPERIENCED
    routes = f[numbers + terms.ROUTES : numbers + terms.APPROVAL]
    return words.EXPERIENCED + recruitment.choose(routes, draws.uniform(stream, key, 2))


@part
def seat_newcomer(w, person, post, fte, kind, cause, note):  # type: ignore[no-untyped-def]
    """Seat somebody who has just joined, and follow them."""
    m = w.m
    seat = staff.take(w, person, post, fte, False)
    book.write(
        w, kind, person, post, m[seat + memory.SEAT_NUMBER], OUTSIDE, m[post + memory.POST_CELL],
        cause, fte, 0, 1, note,
    )  # fmt: skip
    staff.follow(w, person)
    leaving.supervision_changed(w)
