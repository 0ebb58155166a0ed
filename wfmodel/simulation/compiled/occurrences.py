"""Occurrences: what may come to people in their role at a yearly rate, and when it does."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import occurrence
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import away, book, events, memory, terms
from wfmodel.units import NEVER, units_a_second


@part
def follow(w, person):  # type: ignore[no-untyped-def]
    """Wait for what may come to somebody in their role, where this is a new one."""
    m = w.m
    number = m[person + memory.CELL] % m[terms.ROLES]
    block = m[person + memory.AWAITS]
    if block != 0:
        if m[block + memory.AWAITS_IN] == number + 1:
            return
        _bring_up(w, person, block)
    role = m[terms.ROLE_AT] + number * terms.ROLE_WIDTH
    for k in range(m[role + terms.OCCURRENCE_COUNT]):
        one = m[role + terms.OCCURRENCES] + k * terms.O_WIDTH
        since = m[memory.NOW]
        if m[one + terms.O_LEAVE] != 0 and m[memory.OPENING] != 0:
            since = max(-occurrence.LOOK_BACK, m[person + memory.SERVICE])
        opens, closes = _ages(w, person, one)
        if not _concerns(w, person, one, since, opens, closes):
            continue
        if block == 0:
            block = memory.new(w, memory.FIRST_AWAITED + memory.W_WIDTH * m[terms.NAME_COUNT])
            m[person + memory.AWAITS] = block
        m[block + memory.AWAITS_IN] = number + 1
        awaited = _record(m, block, one)
        if m[awaited + memory.W_NAME] == 0:
            m[awaited + memory.W_NAME] = m[one + terms.O_NAME]
            m[awaited + memory.W_SINCE] = since
        _await(w, person, one, awaited, opens, closes)
    if block != 0:
        m[block + memory.AWAITS_IN] = number + 1


@phrase
def _record(m, block, one):  # type: ignore[no-untyped-def]
    return block + memory.FIRST_AWAITED + m[one + terms.O_PLACE] * memory.W_WIDTH


@part
def _ages(w, person, one):  # type: ignore[no-untyped-def]
    """The seconds between which it may come to somebody, by their age."""
    m = w.m
    birth, day = m[person + memory.BIRTH], m[terms.START_DAY]
    closes = NEVER
    if m[one + terms.O_TO] > 0:
        closes = occurrence.from_birthday(birth, m[one + terms.O_TO], day)
    return occurrence.from_birthday(birth, m[one + terms.O_FROM], day), closes


@part
def _of_their_sex(w, person, one):  # type: ignore[no-untyped-def]
    m = w.m
    sex = m[one + terms.O_SEX]
    row = m[memory.PEOPLE_AT] + m[person + memory.INDEX] * book.PERSON_WIDTH
    return sex == -1 or sex == m[row + book.SEX]


@part
def _concerns(w, person, one, since, opens, closes):  # type: ignore[no-untyped-def]
    """Whether it may come to somebody after ``since`` and before the horizon."""
    return (
        w.f[w.m[one + terms.O_NUMBERS] + terms.O_RATE] > 0.0
        and max(since, opens) < min(closes, w.m[terms.HORIZON])
        and _of_their_sex(w, person, one)
    )


@part
def _bring_up(w, person, block):  # type: ignore[no-untyped-def]
    """Bring to this instant what was awaited in the role before."""
    m = w.m
    role = m[terms.ROLE_AT] + (m[block + memory.AWAITS_IN] - 1) * terms.ROLE_WIDTH
    for k in range(m[role + terms.OCCURRENCE_COUNT]):
        one = m[role + terms.OCCURRENCES] + k * terms.O_WIDTH
        awaited = _record(m, block, one)
        if m[awaited + memory.W_NAME] != 0 and m[awaited + memory.W_OVER] == 0:
            opens, closes = _ages(w, person, one)
            _draw(w, person, awaited)
            m[awaited + memory.W_LACKING] = occurrence.lacking(
                m[awaited + memory.W_LACKING], _speed(w, one), m[awaited + memory.W_SINCE],
                m[memory.NOW], opens, closes,
            )  # fmt: skip
    awaited = block + memory.FIRST_AWAITED
    for _ in range(m[terms.NAME_COUNT]):
        m[awaited + memory.W_SINCE] = m[memory.NOW]
        m[awaited + memory.W_PLAN] += 1
        awaited += memory.W_WIDTH


@phrase
def _speed(w, one):  # type: ignore[no-untyped-def]
    return units_a_second(w.f[w.m[one + terms.O_NUMBERS] + terms.O_RATE])


@part
def _draw(w, person, awaited):  # type: ignore[no-untyped-def]
    """How much hazard it must accumulate, where that was not drawn yet."""
    m = w.m
    if m[awaited + memory.W_LACKING] == 0:
        stream = terms.stream(w, m[m[awaited + memory.W_NAME] + terms.NAME_STREAM])
        m[awaited + memory.W_LACKING] = occurrence.threshold(
            stream, _entity(m, person, awaited), m[awaited + memory.W_NUMBER]
        )


@phrase
def _entity(m, person, awaited):  # type: ignore[no-untyped-def]
    name = np.uint64(m[m[awaited + memory.W_NAME] + terms.NAME_KEY_OF])
    return draws.join(memory.key_of(m, person), name)


@part
def _due(w, person, one, awaited, opens, closes):  # type: ignore[no-untyped-def]
    """When it comes; NEVER where surely not before the horizon."""
    m = w.m
    since = m[awaited + memory.W_SINCE]
    if m[awaited + memory.W_LACKING] == 0:
        stream = terms.stream(w, m[m[awaited + memory.W_NAME] + terms.NAME_STREAM])
        u = draws.uniform(stream, _entity(m, person, awaited), m[awaited + memory.W_NUMBER])
        hazard = w.f[w.m[one + terms.O_NUMBERS] + terms.O_RATE]
        if occurrence.surely_later(u, hazard, since, m[terms.HORIZON], opens, closes):
            return NEVER
        _draw(w, person, awaited)
    return occurrence.due(m[awaited + memory.W_LACKING], _speed(w, one), since, opens, closes)


@part
def _next(m, awaited, since):  # type: ignore[no-untyped-def]
    """It may come another time."""
    m[awaited + memory.W_NUMBER] += 1
    m[awaited + memory.W_SINCE] = since
    m[awaited + memory.W_LACKING] = 0


@part
def _await(w, person, one, awaited, opens, closes):  # type: ignore[no-untyped-def]
    m = w.m
    if m[awaited + memory.W_OVER] != 0:
        return
    due = _due(w, person, one, awaited, opens, closes)
    while due < 0:  # an absence from before the start, over by then or still under way
        leave = m[one + terms.O_LEAVE]
        ends = due + away.length(w, leave, _absence_key(m, person, awaited))
        if ends > 0 and begin_absence(w, person, leave, awaited, due):
            return
        _next(m, awaited, min(ends, 0))
        due = _due(w, person, one, awaited, opens, closes)
    what = order.FEWER_HOURS if m[one + terms.O_LEAVE] == 0 else order.ABSENCE_START
    events.at(
        w, due, order.ENDING, memory.key_of(m, person), what,
        person, awaited, one, m[awaited + memory.W_PLAN], 0,
    )  # fmt: skip


@phrase
def _absence_key(m, person, awaited):  # type: ignore[no-untyped-def]
    number = np.uint64(m[awaited + memory.W_NUMBER] + 1)
    return draws.join(_entity(m, person, awaited), number)


@part
def begin_absence(w, person, leave, awaited, began):  # type: ignore[no-untyped-def]
    """An absence begins, or began before the start; whether the person could be away."""
    m = w.m
    if not away.may_go(m, person):
        return False
    m[awaited + memory.W_OVER] = 1
    away.go(w, person, leave, _absence_key(m, person, awaited), began, awaited)
    return True


@part
def again(w, person, awaited):  # type: ignore[no-untyped-def]
    """Wait for the next time, from now on."""
    m = w.m
    m[awaited + memory.W_OVER] = 0
    m[awaited + memory.W_PLAN] += 1
    _next(m, awaited, m[memory.NOW])
    number = m[m[person + memory.AWAITS] + memory.AWAITS_IN] - 1
    role = m[terms.ROLE_AT] + number * terms.ROLE_WIDTH
    for k in range(m[role + terms.OCCURRENCE_COUNT]):
        one = m[role + terms.OCCURRENCES] + k * terms.O_WIDTH
        if m[one + terms.O_NAME] == m[awaited + memory.W_NAME] and _of_their_sex(w, person, one):
            opens, closes = _ages(w, person, one)
            _await(w, person, one, awaited, opens, closes)
