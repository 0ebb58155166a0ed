"""The event loop: what is due first happens, until nothing is due before the horizon."""

from __future__ import annotations

from wfmodel.jit import part, rule
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    agency,
    change,
    control,
    events,
    intakes,
    leaving,
    memory,
    opening,
    placement,
    pool,
    progression,
    settlement,
    staff,
    training,
    vacancies,
)


@rule
def run(w, most):  # type: ignore[no-untyped-def]
    """Let at most ``most`` things happen; whether any is left."""
    m, heap = w.m, w.heap
    while most > 0 and m[memory.DUE] > 0:
        most -= 1
        row = events.take_first(w)
        m[memory.NOW] = heap[row, events.WHEN] >> 3
        what = heap[row, events.ORDER] & 255
        a, b, c = heap[row, events.A], heap[row, events.B], heap[row, events.C]
        d, e = heap[row, events.D], heap[row, events.E]
        if what == events.SETTLE:
            settlement.settle(w)
        elif what < order.TRIAL_END:
            _of_staff_and_vacancies(w, what, a, b, c, d)
        elif what < events.SEGMENT_START:
            _of_pool_and_pipelines(w, what, a, b, c, d, e)
        else:
            _of_the_calendar(w, what, a, b, c)
    return m[memory.DUE] > 0


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
    else:
        agency.end(w, a)
