"""The statute's figures at a time, and redundancy pay by them."""

from __future__ import annotations

from wfmodel.flows import pay, redeployment
from wfmodel.jit import part
from wfmodel.simulation.compiled import memory, staff, terms
from wfmodel.units import DAY

NONE_YET = "no figure of the statute"
"""What is raised where a figure is asked for before its first date; memory holds which and when."""


@part
def figure(w, which, when):  # type: ignore[no-untyped-def]
    """The figure in force at a time of the run."""
    m = w.m
    record = m[terms.STATUTE_AT] + which * terms.FIGURE_WIDTH
    step = m[record + terms.FIGURE_COUNT] - 1
    while step >= 0 and m[m[record + terms.FIGURE_TIMES] + step] > when:
        step -= 1
    if step < 0:
        w.m[memory.MISSING_RULE] = which
        w.m[memory.MISSING_WHEN] = when
        raise KeyError(NONE_YET)
    return w.f[m[record + terms.FIGURE_VALUES] + step]


@part
def service_years(w, person, when):  # type: ignore[no-untyped-def]
    """Whole years of continuous service at a time."""
    day = w.m[terms.START_DAY]
    return redeployment.complete_years(
        day + w.m[person + memory.CONTINUOUS] // DAY, day + when // DAY
    )


@part
def severance(w, person, cell, fte, when, event):  # type: ignore[no-untyped-def]
    """Redundancy pay in whole pence for somebody whose contract ends at ``when``, by the terms of
    a change event (0: none)."""
    m, f = w.m, w.f
    if service_years(w, person, when) < figure(w, terms.QUALIFYING_YEARS, when):
        return 0
    day = m[terms.START_DAY]
    half_weeks = redeployment.redundancy_half_weeks(
        m[person + memory.BIRTH],
        day + m[person + memory.CONTINUOUS] // DAY,
        day + when // DAY,
        int(figure(w, terms.MOST_YEARS, when)),
        int(figure(w, terms.LOWER_AGE, when)),
        int(figure(w, terms.UPPER_AGE, when)),
    )
    row = staff.pay_row(w, person, m[terms.role_of(w, cell) + terms.POINT_HIGH], when)
    week = pay.week_pence(_annual_pence(w, row, when), fte)
    cap = int(figure(w, terms.WEEK_CAP, when))
    enhancement = 1.0
    if event != 0:
        enhancement = f[m[event + terms.EVENT_NUMBERS] + terms.ENHANCEMENT]
        if m[event + terms.ACTUAL_PAY] != 0:
            cap = 0
    most = int(figure(w, terms.MOST_PAID_WEEKS, when))
    return redeployment.redundancy_pence(half_weeks, week, cap, enhancement, most)


@part
def _annual_pence(w, row, when):  # type: ignore[no-untyped-def]
    """Annual pay of a row at a time, pay awards included, in whole pence."""
    m = w.m
    table = m[terms.PAY_TABLES] - 1
    while m[m[terms.PAY_FROM] + table] > when:
        table -= 1
    return m[m[terms.PAY_AT] + table * m[terms.PAY_ROWS] + row]
