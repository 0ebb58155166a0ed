"""Intakes of the pipelines: who joins when, who supervises, which vacancies wait for them."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import pipelines as rules
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    acting,
    book,
    control,
    events,
    memory,
    openings,
    placement,
    queues,
    staff,
    terms,
    training,
    vacancies,
    words,
)
from wfmodel.simulation.ledger import OUTSIDE, TRAINEE

UNSUPERVISED = 2**40


@part
def start(w):  # type: ignore[no-untyped-def]
    """Wait for each pipeline's intakes."""
    m = w.m
    for number in range(m[terms.PIPELINE_COUNT]):
        line = placement.line_of(w, number)
        for k in range(m[line + terms.DATE_COUNT]):
            date = m[line + terms.DATES] + 3 * k
            events.at(
                w, m[date], order.ENTRY, np.uint64(m[line + terms.PIPELINE_KEY]),
                events.INTAKE_DAY, number, m[date + 1], m[date + 2], 0, 0,
            )  # fmt: skip


@part
def intake(w, number, day, named):  # type: ignore[no-untyped-def]
    """On an intake's day as many places as it has join the queue for supervision."""
    m, f = w.m, w.f
    line = placement.line_of(w, number)
    key = draws.join(np.uint64(m[line + terms.PIPELINE_KEY]), np.uint64(day))
    n = m[line + terms.PIPELINE_NUMBERS] + terms.SIZE
    count = rules.places(
        m[line + terms.SIZE_SHAPE], f[n], f[n + 1], f[n + 2], terms.stream(w, terms.PIPELINES), key
    )
    for k in range(count):
        place = memory.new(w, memory.I_WIDTH)
        m[place + memory.I_PIPELINE] = number
        m[place + memory.KEY] = np.int64(draws.join(key, np.uint64(k + 1)))
        m[place + memory.I_INTAKE] = named
        m[place + memory.I_NUMBER] = k
        m[place + memory.I_JOINED] = m[memory.NOW]
        memory.link(m, memory.PLACES, place, memory.IN_PLACES)
    events.settle_soon(w)


@part
def grant_places(w):  # type: ignore[no-untyped-def]
    """Admit those for whom a supervisor, and a vacancy where they need one, is free; defer or lose
    the others. Whether anybody was admitted."""
    m = w.m
    moved = False
    place = m[memory.PLACES]
    while place != 0:
        key = memory.key_of(m, place)
        queues.join(w, memory.SORTED, place, m[place + memory.I_JOINED], key, 0)
        place = m[place + memory.IN_PLACES + 1]
    while m[memory.SORTED] != 0:
        place = queues.leave(m, memory.SORTED)
        if _admit(w, place):
            memory.unlink(m, place, memory.IN_PLACES)
            moved = True
        elif m[place + memory.I_DEFERRED] == 0:
            _put_off(w, place)
    return moved


@part
def _put_off(w, place):  # type: ignore[no-untyped-def]
    m = w.m
    line = placement.line_of(w, m[place + memory.I_PIPELINE])
    if (
        m[line + terms.SUPERVISED_BY_STAFF] == 0
        or m[line + terms.LOSES] != 0
        or m[line + terms.INTO_VACANCIES] != 0
    ):
        _lose(w, place)
        return
    m[place + memory.I_DEFERRED] = 1
    book.write_post(
        w, words.PLACE_DEFERRED, 0, book.NOWHERE, book.NOWHERE, words.BLANK, 0,
        m[place + memory.I_PIPELINE],
    )  # fmt: skip
    events.at(
        w, m[memory.NOW] + m[line + terms.LONGEST_WAIT], order.ENDING, memory.key_of(m, place),
        order.PLACE_WAIT, place, 0, 0, 0, 0,
    )  # fmt: skip


@part
def _lose(w, place):  # type: ignore[no-untyped-def]
    memory.unlink(w.m, place, memory.IN_PLACES)
    book.write_post(
        w, words.PLACE_LOST, 0, book.NOWHERE, book.NOWHERE, words.BLANK, 0,
        w.m[place + memory.I_PIPELINE],
    )  # fmt: skip


@part
def waited_long_enough(w, place):  # type: ignore[no-untyped-def]
    """A deferred place found no supervisor in time."""
    if w.m[place + memory.IN_PLACES] != 0:
        _lose(w, place)


@part
def _admit(w, place):  # type: ignore[no-untyped-def]
    m = w.m
    number = m[place + memory.I_PIPELINE]
    line = placement.line_of(w, number)
    needed = m[m[line + terms.STAGES] + terms.STAGE_SUPERVISION]
    if needed > 0 and _supervisors(w, line) - _in_use(w, line) < needed:
        return False
    if m[line + terms.FROM_STAFF] != 0:
        person = _employee(w, place, line)
    elif m[line + terms.INTO_VACANCIES] != 0:
        person = _into_vacancy(w, place, line)
    else:
        person = _beside_establishment(w, place, line)
    if person == 0:
        return False
    trainee = m[person + memory.TRAINEE]
    m[trainee + memory.T_SUPERVISION] = needed
    m[m[memory.PIPELINES] + number * memory.PIPELINE_WIDTH + memory.SUPERVISED] += needed
    training.begin_stage(w, person, trainee, 0)
    return True


@part
def _supervisors(w, line):  # type: ignore[no-untyped-def]
    """Places (thousandths) that present staff can supervise; without limit where nobody is
    named."""
    m = w.m
    if m[line + terms.SUPERVISED_BY_STAFF] == 0:
        return UNSUPERVISED
    total = 0
    for k in range(m[line + terms.SUPERVISOR_COUNT]):
        role = m[m[line + terms.SUPERVISORS] + k]
        each = m[m[terms.ROLE_AT] + role * terms.ROLE_WIDTH + terms.SUPERVISES]
        person = staff.longest_in(w, role)
        while person != 0:
            trainee = m[person + memory.TRAINEE]
            here = trainee == 0 or m[trainee + memory.T_EXTERNAL] == 0
            if here and m[person + memory.AWAY] == 0:
                total += each
            person = m[person + memory.IN_ROLE + 1]
    return total


@part
def _in_use(w, line):  # type: ignore[no-untyped-def]
    """Places taken by all pipelines that share a supervising role with this one."""
    m = w.m
    total = 0
    for other in range(m[terms.PIPELINE_COUNT]):
        if m[m[line + terms.SHARING] + other] != 0:
            total += m[m[memory.PIPELINES] + other * memory.PIPELINE_WIDTH + memory.SUPERVISED]
    return total


# --- who joins


@part
def _new_trainee(w, person, place, external):  # type: ignore[no-untyped-def]
    m = w.m
    trainee = memory.new(w, memory.T_WIDTH)
    m[trainee + memory.T_PIPELINE] = m[place + memory.I_PIPELINE]
    m[trainee + memory.T_KEY] = m[place + memory.KEY]
    m[trainee + memory.T_EXTERNAL] = external
    m[trainee + memory.T_WAITING_SINCE] = -1
    m[person + memory.TRAINEE] = trainee


@part
def _newcomer(w, place, line, role):  # type: ignore[no-untyped-def]
    m = w.m
    person = staff.newcomer(
        w, memory.key_of(m, place), TRAINEE, m[place + memory.I_PIPELINE],
        m[place + memory.I_INTAKE], role, m[line + terms.TRAINEE_AGE_SHAPE],
        m[line + terms.PIPELINE_NUMBERS] + terms.TRAINEE_AGE, 0,
    )  # fmt: skip
    row = m[memory.PEOPLE_AT] + m[person + memory.INDEX] * book.PERSON_WIDTH
    m[row + book.ORIGIN_C] = m[place + memory.I_NUMBER]
    m[person + memory.PERMANENT] = 0
    m[person + memory.EXPOSED] = 0
    _new_trainee(w, person, place, 1)
    return person


@part
def _beside_establishment(w, place, line):  # type: ignore[no-untyped-def]
    m = w.m
    cell, fte = m[line + terms.TRAINEE_CELL], m[line + terms.PIPELINE_FTE]
    person = _newcomer(w, place, line, terms.role_of(w, cell))
    m[person + memory.CELL] = cell
    m[person + memory.FTE] = fte
    control.count(w, cell, fte)
    book.write(
        w, words.INTAKE, person, 0, -1, OUTSIDE, cell, words.OUTSIDE, fte, 0, 1,
        m[place + memory.I_PIPELINE],
    )  # fmt: skip
    return person


@part
def _into_vacancy(w, place, line):  # type: ignore[no-untyped-def]
    """Take the oldest vacancy of the target role, held ones apart; 0 where there is none."""
    m = w.m
    vacancy = _vacancy_for(w, line, m[place + memory.I_PIPELINE])
    if vacancy == 0:
        return 0
    post = m[vacancy + memory.V_POST]
    fte = openings.unfilled(m, post)
    person = _newcomer(w, place, line, terms.role_of(w, m[post + memory.POST_CELL]))
    openings.close(w, vacancy)
    vacancies.seat_newcomer(
        w, person, post, fte, words.INTAKE, words.OUTSIDE, m[place + memory.I_PIPELINE]
    )
    return person


@part
def _vacancy_for(w, line, number):  # type: ignore[no-untyped-def]
    m = w.m
    best = 0
    vacancy = m[memory.OPEN]
    while vacancy != 0:
        post = m[vacancy + memory.V_POST]
        if (
            m[m[line + terms.TARGETS] + m[post + memory.POST_CELL]] != 0
            and m[vacancy + memory.V_STATE] != memory.HELD
            and (
                m[vacancy + memory.V_STATE] != memory.RESERVED
                or m[vacancy + memory.V_RESERVED_FOR] == number + 1
            )
            and (best == 0 or _older(m, vacancy, best))
        ):
            best = vacancy
        vacancy = m[vacancy + memory.IN_OPEN + 1]
    return best


@phrase
def _older(m, one, other):  # type: ignore[no-untyped-def]
    opened, best = m[one + memory.V_OPENED], m[other + memory.V_OPENED]
    if opened != best:
        return opened < best
    return memory.key_of(m, m[one + memory.V_POST]) < memory.key_of(m, m[other + memory.V_POST])


@part
def _employee(w, place, line):  # type: ignore[no-untyped-def]
    """A settled holder of one of the roles, by keyed draw; 0 where there is none."""
    m = w.m
    stream, key = terms.stream(w, terms.PIPELINES), memory.key_of(m, place)
    best, smallest = 0, 2.0
    for k in range(m[line + terms.FROM_ROLE_COUNT]):
        person = staff.longest_in(w, m[m[line + terms.FROM_ROLES] + k])
        while person != 0:
            if staff.is_settled(m, person):
                u = draws.uniform(stream, draws.join(key, memory.key_of(m, person)), 5)
                if u < smallest or (
                    u == smallest and memory.key_of(m, person) < memory.key_of(m, best)
                ):
                    best, smallest = person, u
            person = m[person + memory.IN_ROLE + 1]
    if best != 0:
        _train_employee(w, best, place, line)
    return best


@part
def _train_employee(w, person, place, line):  # type: ignore[no-untyped-def]
    """An employee begins training, in their post or away from it."""
    m = w.m
    number, cell = m[place + memory.I_PIPELINE], m[person + memory.CELL]
    seat = m[person + memory.SEAT]
    acting.stop(w, seat)
    _new_trainee(w, person, place, 0)
    post = m[seat + memory.SEAT_POST]
    if w.m[line + terms.KEEPS_POST] != 0 or m[seat + memory.SEAT_NEXT] != 0:
        book.write(w, words.INTAKE, person, post, -1, cell, cell, words.STAFF, 0, 0, 0, number)
        return
    fte = m[person + memory.FTE]
    staff.give_up(w, seat)
    m[person + memory.FTE] = fte
    control.count(w, cell, fte)  # still employed, beside the establishment
    book.write(
        w, words.INTAKE, person, 0, m[seat + memory.SEAT_NUMBER], cell, cell, words.STAFF, fte,
        post, 1, number,
    )  # fmt: skip
    openings.vacated(w, post, -1)


# --- apprenticeship first


@part
def reserve(w, vacancy):  # type: ignore[no-untyped-def]
    """Keep a vacancy for the next intake, where a policy says so; whether one did."""
    m = w.m
    if m[vacancy + memory.V_RESERVED_FOR] != 0:
        return False
    post, now = m[vacancy + memory.V_POST], m[memory.NOW]
    for number in range(m[terms.RESERVE_COUNT]):
        reserve = m[terms.RESERVE_AT] + number * terms.RESERVE_WIDTH
        if terms.in_force(w, reserve, m[post + memory.POST_CELL], now):
            m[vacancy + memory.V_RESERVED_FOR] = m[reserve + terms.RESERVE_PIPELINE]
            m[vacancy + memory.V_STATE] = memory.RESERVED
            events.at(
                w, now + m[reserve + terms.RESERVE_WAIT], order.ENDING, memory.key_of(m, post),
                order.RESERVE_END, vacancy, 0, 0, 0, 0,
            )  # fmt: skip
            return True
    return False


@part
def reserved_long_enough(w, vacancy):  # type: ignore[no-untyped-def]
    """The next intake did not take it."""
    m = w.m
    if m[vacancy + memory.V_CLOSED] == 0 and m[vacancy + memory.V_STATE] == memory.RESERVED:
        openings.release(w, vacancy)
