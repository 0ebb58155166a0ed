"""Pension strain: what a pension that is brought forward costs."""

from __future__ import annotations

import numpy as np

from wfmodel.flows.pay import strain_pence
from wfmodel.jit import part, phrase
from wfmodel.results.fold import payroll, people, places, spells
from wfmodel.units import DAY, NEVER, YEAR, age_on, birthday

PENSION_AGE = 67


@part
def of_dismissal(m, x, spell, cell):  # type: ignore[no-untyped-def]
    """Capital cost of the pension that the end of a spell brings forward, pence: for members at or
    above the minimum age."""
    return _of_pension(m, x, spell, _factor(m, x, m[spell + spells.PERSON], cell))


@part
def of_flexible_retirement(m, x, spell):  # type: ignore[no-untyped-def]
    """Capital cost of a pension drawn in part-time work after a spell, pence, where it is not
    reduced; what is earned from then on is a pension of its own."""
    cost = _of_pension(m, x, spell, 1.0)
    person = m[spell + spells.PERSON]
    if m[person + people.PENSION] < NEVER:
        m[person + people.PENSION] = m[places.NOW]
    return cost


@part
def _of_pension(m, x, spell, factor):  # type: ignore[no-untyped-def]
    """Capital cost of a pension brought forward to now, by what the spell before paid."""
    person, time = m[spell + spells.PERSON], m[places.NOW]
    birth, day = m[person + people.BIRTH], m[places.START_DAY] + time // DAY
    membership = (time - m[person + people.PENSION]) / YEAR
    if membership < _figure(m, x, places.VESTING, time):
        return 0
    if age_on(birth, day) < _figure(m, x, places.EARLIEST_PENSION, time):
        return 0
    early = (birthday(birth, np.int64(PENSION_AGE)) - day) * DAY / YEAR
    last = payroll.last_stretch(m, spell)
    if payroll.first_stretch(m, spell) <= last:
        since = payroll.aprils_before(m, m[spell + spells.ENTERED] + 1)
        whole = payroll.whole_pay(m, spell, payroll.row_in(m, spell, last, since))
        annual = (whole * m[spell + spells.FTE] + 50) // 100
    else:
        annual = m[m[places.PAY] + m[spell + spells.ROW]] * m[spell + spells.FTE] // 100
    return strain_pence(annual, membership, early, factor)


@phrase
def _figure(m, x, which, time):  # type: ignore[no-untyped-def]
    """A statutory figure in force at a time; the step is marked as asked for."""
    step = m[which]
    last = step + places.FIGURE_WIDTH * (m[which + 1] - 1)
    while step < last and m[step + places.FIGURE_WIDTH] <= time:
        step += places.FIGURE_WIDTH
    m[step + places.ASKED] = 1
    return x[m[step + places.FIGURE]]


@phrase
def _factor(m, x, person, cell):  # type: ignore[no-untyped-def]
    """The factor of the change event that ended the job: that of the person's time at risk, or of
    their exit."""
    event = m[person + people.RISK]
    if event == people.NOT_AT_RISK:
        event = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.EXIT]
    # where the post went with its funding, no event says
    return x[m[places.STRAIN_FACTORS] + event] if event >= 0 else 1.0
