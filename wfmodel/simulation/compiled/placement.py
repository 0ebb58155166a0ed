"""Placement: a post at the end of training, waited for or guaranteed, and the first time in it."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    book,
    events,
    memory,
    moves,
    openings,
    progression,
    queues,
    staff,
    terms,
    words,
)


@phrase
def line_of(w, number):  # type: ignore[no-untyped-def]
    """A pipeline's terms, by its number."""
    return w.m[terms.PIPELINE_AT] + number * terms.PIPELINE_WIDTH


@part
def place_waiting(w, vacancy):  # type: ignore[no-untyped-def]
    """Give the vacancy to the longest waiting qualified trainee for its role and service; whether
    there was one."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    cell = m[post + memory.POST_CELL]
    best = 0
    person = m[memory.WAITING]
    while person != 0:
        line = line_of(w, m[m[person + memory.TRAINEE] + memory.T_PIPELINE])
        if (
            m[person + memory.NOTICE_AT] < 0
            and m[m[line + terms.TARGETS] + cell] != 0
            and not staff.holds(m, person, post)
            and (best == 0 or _sooner(m, person, best))
        ):
            best = person
        person = m[person + memory.IN_WAITING + 1]
    if best == 0:
        return False
    trainee, seat = m[best + memory.TRAINEE], m[best + memory.SEAT]
    memory.unlink(m, best, memory.IN_WAITING)
    if seat != 0:
        moves.move(w, best, seat, vacancy, words.PROMOTED, words.TRAINEE)
    else:
        _seat(w, best, post, words.TRAINEE, vacancy)
    settle(w, best, trainee)
    return True


@phrase
def _sooner(m, one, other):  # type: ignore[no-untyped-def]
    since = m[m[one + memory.TRAINEE] + memory.T_WAITING_SINCE]
    best = m[m[other + memory.TRAINEE] + memory.T_WAITING_SINCE]
    if since != best:
        return since < best
    return np.uint64(m[one + memory.KEY]) < np.uint64(m[other + memory.KEY])


@part
def _seat(w, person, post, cause, vacancy):  # type: ignore[no-untyped-def]
    m = w.m
    moves.seat_from_beside(
        w, person, post, words.MOVED_SIDEWAYS, m[person + memory.CELL], m[person + memory.FTE],
        cause, vacancy,
    )  # fmt: skip


@part
def guarantee(w, person, cell, number):  # type: ignore[no-untyped-def]
    """A supernumerary post, until the first vacancy of its role and service absorbs it."""
    m = w.m
    kept = m[memory.PIPELINES] + number * memory.PIPELINE_WIDTH
    stream = np.uint64(m[line_of(w, number) + terms.BESIDE_KEY])
    key = draws.join(
        draws.join(stream, memory.key_of(m, person)), np.uint64(m[person + memory.PLAN])
    )
    fte = m[person + memory.FTE]
    post = book.add_post(w, np.int64(key), cell, fte, 1, 0, 0, number, m[kept + memory.BESIDE])
    m[kept + memory.BESIDE] += 1
    book.write_post(
        w, words.POST_CREATED, post, book.NOWHERE, cell, words.SUPERNUMERARY, fte, number
    )
    _seat(w, person, post, words.GUARANTEED, 0)
    memory.link(m, memory.GUARANTEED, person, memory.IN_GUARANTEED)
    vacancy = m[memory.OPEN]
    while vacancy != 0:
        if (
            m[m[vacancy + memory.V_POST] + memory.POST_CELL] == cell
            and m[vacancy + memory.V_STATE] != memory.HELD
        ):
            post_key = memory.key_of(m, m[vacancy + memory.V_POST])
            queues.join(w, memory.SORTED, vacancy, m[vacancy + memory.V_OPENED], post_key, 0)
        vacancy = m[vacancy + memory.IN_OPEN + 1]
    absorbed = False
    while m[memory.SORTED] != 0:
        vacancy = queues.leave(m, memory.SORTED)
        if not absorbed:
            absorbed = absorb(w, vacancy)


@part
def absorb(w, vacancy):  # type: ignore[no-untyped-def]
    """Move the longest waiting supernumerary of the vacancy's role and service into it; whether
    there was one."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    cell, wanted = m[post + memory.POST_CELL], openings.unfilled(m, post)
    best = 0
    person = m[memory.GUARANTEED]
    while person != 0:
        seat = m[person + memory.SEAT]
        if (
            m[person + memory.CELL] == cell
            and m[person + memory.NOTICE_AT] < 0
            and m[m[seat + memory.SEAT_POST] + memory.SUPERNUMERARY] != 0
            and m[seat + memory.SEAT_FTE] <= wanted
            and (best == 0 or _longer(m, person, best))
        ):
            best = person
        person = m[person + memory.IN_GUARANTEED + 1]
    if best == 0:
        return False
    moves.move(w, best, m[best + memory.SEAT], vacancy, words.MOVED_SIDEWAYS, words.ABSORBED)
    return True


@phrase
def _longer(m, one, other):  # type: ignore[no-untyped-def]
    since, best = m[one + memory.POST_SINCE], m[other + memory.POST_SINCE]
    if since != best:
        return since < best
    return np.uint64(m[one + memory.KEY]) < np.uint64(m[other + memory.KEY])


@part
def settle(w, person, trainee):  # type: ignore[no-untyped-def]
    """A permanent member of staff from now: attrition begins, an agreement binds, the first time
    in post runs."""
    m = w.m
    number = m[trainee + memory.T_PIPELINE]
    line = line_of(w, number)
    m[person + memory.TRAINEE] = 0
    m[person + memory.PERMANENT] = 1
    staff.advance(w, person)
    m[person + memory.EXPOSED] = 1
    if m[line + terms.AGREEMENT] != 0:
        m[person + memory.BOUND_UNTIL] = m[memory.NOW] + m[line + terms.BOUND_FOR]
        m[person + memory.BOUND_BY] = m[line + terms.PIPELINE_NUMBERS] + terms.BOUND
    staff.follow(w, person)
    if m[line + terms.NEWLY_QUALIFIED] != 0:
        m[person + memory.NEWLY] = number + 1
        ends = m[memory.NOW] + m[line + terms.FIRST_TIME]
        events.at(
            w, ends, order.ENDING, memory.key_of(m, person), order.FIRST_TIME_END,
            person, number, 0, 0, 0,
        )  # fmt: skip


@part
def first_time_ends(w, person, number):  # type: ignore[no-untyped-def]
    """No longer newly qualified; perhaps a step up."""
    m = w.m
    if m[person + memory.GONE] != 0:
        return
    m[person + memory.NEWLY] = 0
    cell = m[person + memory.CELL]
    book.write_person(w, words.STEPPED_UP, person, cell, cell, words.BLANK, number)
    role = m[line_of(w, number) + terms.STEP_UP_TO]
    if role >= 0 and staff.is_settled(m, person) and cell % m[terms.ROLES] != role:
        progression.step_up(w, person, role, words.TRAINEE)
