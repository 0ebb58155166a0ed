"""Redundancy pay, by the statute and the terms of a change event."""

from __future__ import annotations

from wfmodel.flows import pay, redeployment
from wfmodel.jit import part
from wfmodel.simulation.compiled import memory, staff, statute, terms
from wfmodel.units import DAY


@part
def severance(w, person, cell, fte, when, event):  # type: ignore[no-untyped-def]
    """Redundancy pay in whole pence for somebody whose contract ends at ``when``, by the terms of
    a change event (0: none)."""
    m, f = w.m, w.f
    if statute.service_years(w, person, when) < statute.figure(w, terms.QUALIFYING_YEARS, when):
        return 0
    day = m[terms.START_DAY]
    half_weeks = redeployment.redundancy_half_weeks(
        m[person + memory.BIRTH],
        day + m[person + memory.CONTINUOUS] // DAY,
        day + when // DAY,
        int(statute.figure(w, terms.MOST_YEARS, when)),
        int(statute.figure(w, terms.LOWER_AGE, when)),
        int(statute.figure(w, terms.UPPER_AGE, when)),
    )
    row = staff.pay_row(w, person, m[terms.role_of(w, cell) + terms.POINT_HIGH], when)
    week = pay.week_pence(_annual_pence(w, row, when), fte)
    cap = int(statute.figure(w, terms.WEEK_CAP, when))
    enhancement = 1.0
    if event != 0:
        enhancement = f[m[event + terms.EVENT_NUMBERS] + terms.ENHANCEMENT]
        if m[event + terms.ACTUAL_PAY] != 0:
            cap = 0
    most = int(statute.figure(w, terms.MOST_PAID_WEEKS, when))
    return redeployment.redundancy_pence(half_weeks, week, cap, enhancement, most)


@part
def _annual_pence(w, row, when):  # type: ignore[no-untyped-def]
    """Annual pay of a row at a time, pay awards included, in whole pence."""
    m = w.m
    table = m[terms.PAY_TABLES] - 1
    while m[m[terms.PAY_FROM] + table] > when:
        table -= 1
    return m[m[terms.PAY_AT] + table * m[terms.PAY_ROWS] + row]
