"""Pressing work: at each month end what services can do is compared with what they need, and people
leave the more, the greater the shortage."""

from __future__ import annotations

import numpy as np

from wfmodel.flows import attrition, workload
from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation import workload as shared
from wfmodel.simulation.compiled import events, memory, staff, terms


@part
def start(w):  # type: ignore[no-untyped-def]
    """Wait for the month ends before the horizon."""
    m = w.m
    if m[terms.WORKLOAD] != 0:
        for month in range(1, m[terms.MONTHS]):
            events.at(
                w, m[m[terms.MONTH_STARTS] + month], order.CENSUS, np.uint64(0),
                events.MONTH_END, month, 0, 0, 0, 0,
            )  # fmt: skip


@part
def month_ends(w, month):  # type: ignore[no-untyped-def]
    """Take stock, and say what shortage makes of the month that begins."""
    m = w.m
    at, roles = m[terms.WORKLOAD], m[terms.ROLES]
    work, agency = m[memory.WORK], m[memory.WORK] + m[memory.WORK_CELLS]
    for k in range(2 * m[memory.WORK_CELLS]):
        m[work + k] = 0
    _add_people(w, work, agency)
    _add_vacancies(m, agency)
    _add_uses(m, agency)
    for number in range(m[at + shared.SERVICES]):
        service = m[at + shared.SERVICE_AT] + number * shared.RECORD_WIDTH
        first = m[service + shared.SERVICE] * roles
        capacity = 0
        for cell in range(first, first + roles):
            capacity += shared.capacity_of_cell(
                w, at, cell, month, m[work + cell], m[agency + cell]
            )
        shared.press(w, service, month, capacity)
    m[m[terms.RATES] + attrition.KNOWN] = month + 1


@part
def _add_people(w, work, agency):  # type: ignore[no-untyped-def]
    """Add everybody's work where it is done, and the agency work that covers for them."""
    m = w.m
    person = m[memory.FIRST_PERSON]
    while person < m[memory.FIRST_POST]:
        _add_person(w, person, work, agency)
        person += memory.PERSON_WIDTH
    node = m[memory.JOINERS]
    while node != 0:
        _add_person(w, m[node], work, agency)
        node = m[node + 1]


@part
def _add_person(w, person, work, agency):  # type: ignore[no-untyped-def]
    """Nowhere while away, or in the pool without a post; casual work is not counted."""
    m = w.m
    if m[person + memory.GONE] != 0 or m[person + memory.NEWLY] < 0:
        return
    away, seat = m[person + memory.AWAY], m[person + memory.SEAT]
    if away != 0:
        if m[away + memory.AWAY_COVER] == memory.WORKING:
            m[agency + m[away + memory.AWAY_COVER_CELL]] += m[away + memory.AWAY_COVER_FTE]
        return
    if seat == 0 and m[person + memory.PLACE] == 0 and m[person + memory.CELL] >= 0:
        _work(w, person, m[person + memory.CELL], m[person + memory.FTE], work)
    while seat != 0:
        cell = m[m[seat + memory.SEAT_POST] + memory.POST_CELL]
        _work(w, person, cell, m[seat + memory.SEAT_FTE], work)
        act = m[seat + memory.SEAT_ACTING]
        if act != 0:
            _work(w, person, m[act + memory.ACT_TARGET], m[act + memory.ACT_FTE], work)
            _work(w, person, m[act + memory.ACT_SOURCE], -m[act + memory.ACT_FTE], work)
        seat = m[seat + memory.SEAT_NEXT]
    trainee = m[person + memory.TRAINEE]
    if trainee != 0 and m[trainee + memory.T_QUALIFIED] == 0:
        at, pipeline = m[terms.WORKLOAD], m[trainee + memory.T_PIPELINE]
        off = shared.off_the_job(w, at, pipeline, m[trainee + memory.T_STAGE])
        load = shared.load(w, at, pipeline)
        less = workload.training(m[person + memory.FTE], off)
        less += workload.supervising(m[trainee + memory.T_SUPERVISION], load)
        m[work + m[person + memory.CELL]] -= less


@part
def _work(w, person, cell, fte, work):  # type: ignore[no-untyped-def]
    m = w.m
    at, newly = m[terms.WORKLOAD], workload.WORTH
    if m[m[at + shared.SERVICE_OF] + cell] == 0:
        return
    served = m[memory.NOW] - m[person + memory.SERVICE]
    worth = shared.experience(w, at, cell % m[terms.ROLES], served)
    if m[person + memory.NEWLY] != 0:
        newly = shared.newly_qualified(w, at, m[person + memory.NEWLY] - 1)
    m[work + cell] += workload.worked(fte, worth, newly)


@part
def _add_vacancies(m, agency):  # type: ignore[no-untyped-def]
    vacancy = m[memory.OPEN]
    while vacancy != 0:
        if m[vacancy + memory.V_COVER] == memory.WORKING:
            m[agency + m[vacancy + memory.V_COVER_CELL]] += m[vacancy + memory.V_COVER_FTE]
        vacancy = m[vacancy + memory.IN_OPEN + 1]


@part
def _add_uses(m, agency):  # type: ignore[no-untyped-def]
    for number in range(m[terms.USE_COUNT]):
        use = m[terms.USE_AT] + number * terms.USE_WIDTH
        if m[use + terms.FIRST] < m[memory.NOW] <= m[use + terms.LAST]:
            m[agency + m[use + terms.USE_CELL]] += m[use + terms.USE_FTE]


@phrase
def _is_planned(m, person, plan):  # type: ignore[no-untyped-def]
    return (
        m[person + memory.PLAN] == plan
        and m[person + memory.GONE] == 0
        and m[person + memory.NOTICE_AT] < 0
    )


@part
def look_ahead(w, person, plan):  # type: ignore[no-untyped-def]
    """What work presses is known for long enough to see further for somebody."""
    if _is_planned(w.m, person, plan):
        staff.advance(w, person)
        staff.plan(w, person)
