"""The event loop: what is due first happens, until nothing is due before the horizon."""

from __future__ import annotations

from wfmodel.jit import part, whole
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    absence,
    acting,
    agency,
    away,
    change,
    control,
    events,
    intakes,
    leaving,
    memory,
    opening,
    placement,
    pool,
    pressing,
    progression,
    secondment,
    settlement,
    staff,
    terms,
    training,
    vacancies,
)
from wfmodel.simulation.world import World

OVER, GOES_ON, IMPOSSIBLE = range(3)
"""How a stretch of a run ends: nothing is left before the horizon; something is; the turnover that
is asked for can't be."""


@whole
def run(m, f, begins, seed, market, chance, most):  # type: ignore[no-untyped-def]
    """Let at most ``most`` things happen, after the start of a replication where one ``begins``."""
    w = World(m, f)
    if begins and not opening.start(w, seed, market, chance):
        return IMPOSSIBLE
    while most > 0:
        time = events.next_due(w)
        if m[memory.SETTLING] != 0 and time > m[memory.NOW]:
            settlement.settle(w)
        elif time >= m[terms.HORIZON]:
            return OVER
        else:
            _happen(w, events.take_first(w), time)
        most -= 1
    return GOES_ON


@part
def _happen(w, row, time):  # type: ignore[no-untyped-def]
    m = w.m
    m[memory.NOW] = time
    what = m[row + events.ORDER] & 255
    a, b, c = m[row + events.A], m[row + events.B], m[row + events.C]
    d, e = m[row + events.D], m[row + events.E]
    if what < order.TRIAL_END:
        _of_staff_and_vacancies(w, what, a, b, c, d)
    elif what < order.ABSENCE_END:
        _of_pool_and_pipelines(w, what, a, b, c, d, e)
    elif what < events.SEGMENT_START:
        _of_absence_and_acting(w, what, a, b, c, d)
    else:
        _of_the_calendar(w, what, a, b, c)


@part
def _of_staff_and_vacancies(w, what, a, b, c, d):  # type: ignore[no-untyped-def]
    if what == order.NOTICE:
        staff.gives_notice(w, a, b, c, d)
    elif what == order.LEAVE:
        leaving.leaves(w, a, b, d)
    elif what == order.PROBATION:
        leaving.probation_ends(w, a, b)
    elif what == order.CAMPAIGN_END:
        vacancies.campaign_ends(w, a, b, c)
    elif what == order.COVER_START:
        agency.cover_begins(w, a, b)
    elif what == order.COVER_END:
        vacancies.cover_may_stay(w, a, b, c)
    elif what == order.HOLD_END:
        control.held_long_enough(w, a, b)
    else:
        intakes.reserved_long_enough(w, a)


@part
def _of_pool_and_pipelines(w, what, a, b, c, d, e):  # type: ignore[no-untyped-def]
    if what == order.TRIAL_END:
        pool.trial_over(w, a, b, c, d, e)
    elif what == order.COACHING_END:
        pool.coaching_ends(w, a, b)
    elif what == order.STAGE_END:
        training.stage_ends(w, a, b, c, d)
    elif what == order.PLACE_WAIT:
        intakes.waited_long_enough(w, a)
    elif what == order.POST_WAIT:
        training.waited_long_enough(w, a, b)
    elif what == order.FIRST_TIME_END:
        placement.first_time_ends(w, a, b)
    elif what == order.USE_START:
        agency.use_begins(w, a)
    else:
        agency.use_ends(w, a)


@part
def _of_absence_and_acting(w, what, a, b, c, d):  # type: ignore[no-untyped-def]
    if what == order.ABSENCE_END:
        absence.ends(w, a, b)
    elif what == order.ABSENCE_COVER_END:
        away.covered_long_enough(w, a, b)
    elif what == order.ABSENCE_COVER:
        away.cover_comes(w, a, b)
    elif what == order.ACTING_START:
        acting.look(w, a)
    else:
        absence.comes(w, a, b, c, d)


@part
def _of_the_calendar(w, what, a, b, c):  # type: ignore[no-untyped-def]
    if what == events.SEGMENT_START:
        opening.segment_starts(w, a)
    elif what == events.REVIEW:
        control.review(w, a, b)
    elif what == events.ANNOUNCEMENT:
        change.announce(w, a)
    elif what == events.IMPLEMENTATION:
        change.implement(w, a, b)
    elif what == events.FUNDING_END:
        change.funding_ends(w, a)
    elif what == events.NOTICE_EXPIRY:
        pool.notice_expires(w, a, b)
    elif what == events.INTAKE_DAY:
        intakes.intake(w, a, b, c)
    elif what == events.APRIL:
        progression.april(w, a)
    elif what == events.SECONDMENT_DAY:
        secondment.second(w, a)
    elif what == events.MONTH_END:
        pressing.month_ends(w, a)
    elif what == events.LOOK_AHEAD:
        pressing.look_ahead(w, a, b)
    else:
        agency.end(w, a)
