"""Pay: every spell cut at the Aprils, with what it costs a year in whole pence.

A stretch lies between two Aprils: pay points rise and pay is awarded at each. Pay is counted before
awards, national insurance on pay after them.
"""

from __future__ import annotations

import math

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import absences, accrual, acting, people, places, rows, spells
from wfmodel.units import DAY, NEVER, age_on

_POST, _POOL = places.counts_of("pay_post"), places.counts_of("pay_pool")
_TRAINING, _PIPELINE_PAY = places.counts_of("pay_training"), places.counts_of("pipeline_pay")
_PENSIONABLE, _INSURANCE = places.counts_of("pay_pensionable"), places.counts_of("insurance")
_PROTECTION, _ACTING = places.counts_of("protection"), places.counts_of("pay_acting")


@part
def of_spell(m, x, spell, count, of_cells):  # type: ignore[no-untyped-def]
    """Pay, insurance and protection of a spell, and its heads by pay row, stretch by stretch.

    The first ``count`` groups of the list are those of money, of which ``of_cells`` are of cells.
    """
    opens = m[spell + spells.OPENS]
    if m[spell + spells.START] >= m[places.HORIZON] and opens != 0:
        return
    first, last = first_stretch(m, spell), last_stretch(m, spell)
    since = aprils_before(m, m[spell + spells.ENTERED] + 1)
    month, left = spells.first_month(m, spell), m[spell + spells.LEFT_AT_START]
    ranked, protected = _ranked(m, spell), m[spell + spells.FROZEN] >= 0
    before, due_before, row_before = 0, 0, np.int64(-1)
    for stretch in range(first, last + 1):
        row = row_in(m, spell, stretch, since)
        whole = whole_pay(m, spell, row)
        annual, due = _paid(m, x, spell, stretch, whole)
        if stretch > first:
            month, left = m[m[places.EDGE_ENDS] + stretch], 0
            opens = month
        _turn(m, spell, count, month, left, annual - before, due - due_before)
        if ranked >= 0 and row != row_before:
            _rank(m, spell, ranked, row_before, row, opens)
        if protected:
            _protect(m, spell, count, stretch, whole)
        if m[spell + spells.ACTS_IN] >= 0:
            _act(m, spell, count, stretch, acting.extra_pay(m, spell, whole))
        if opens == 0 and m[places.WANTS_BUDGET] == 1:
            _open(m, x, spell, of_cells, stretch, whole)
        before, due_before, row_before = annual, due, row
    if last >= first:
        month, left = m[spell + spells.CLOSES], m[spell + spells.LEFT_AT_END]
        if month < m[places.ENDS]:
            _turn(m, spell, count, month, left, -before, -due_before)
        if ranked >= 0:
            _rank(m, spell, ranked, row_before, np.int64(-1), m[spell + spells.CLOSES])


@phrase
def first_stretch(m, spell):  # type: ignore[no-untyped-def]
    """The stretch in which a spell begins."""
    return aprils_before(m, m[spell + spells.START] + 1)


@part
def last_stretch(m, spell):  # type: ignore[no-untyped-def]
    """The stretch in which a spell ends; before the first where it has no length at an April.

    Who moves in the first second of the run has been in the opening one.
    """
    end = m[spell + spells.END]
    if end > 0:
        return aprils_before(m, end)
    return 0 if m[spell + spells.OPENS] == 0 else -1


@part
def aprils_before(m, time):  # type: ignore[no-untyped-def]
    """How many 1 Aprils of the run are before ``time``."""
    count, first = 0, m[places.APRILS]
    while count < m[places.APRIL_COUNT] and m[first + count] < time:
        count += 1
    return count


@phrase
def row_in(m, spell, stretch, since):  # type: ignore[no-untyped-def]
    """The pay row of a spell in a stretch: one up each April since that in which the role was
    entered."""
    high = m[m[places.CELL_AT] + m[spell + spells.CELL] * places.CELL_WIDTH + places.HIGH]
    return min(m[spell + spells.ROW] + max(0, stretch - since), high)


@phrase
def whole_pay(m, spell, row):  # type: ignore[no-untyped-def]
    """Annual pence of one FTE: what the pipeline says that its trainees are paid, or the row's."""
    pipeline = m[spell + spells.TRAINING]
    if pipeline >= 0:
        stated = m[m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH + places.SALARY]
        if stated >= 0:
            return stated
    return m[m[places.PAY] + row]


@part
def _paid(m, x, spell, stretch, whole):  # type: ignore[no-untyped-def]
    """Annual pence of pay and of insurance: with what acting up adds, less what an absence takes.

    Leave is paid in part; of secondment a partner pays a part, of what everything costs.
    """
    annual, share = (whole * m[spell + spells.FTE] + 50) // 100, m[spell + spells.SHARE]
    if m[spell + spells.ACTS_IN] >= 0:
        annual += acting.extra_pay(m, spell, whole)
    if share == spells.WHOLE_PAY:
        return annual, insurance(m, x, spell, stretch, annual)
    if m[spell + spells.AWAY] == rows.SECONDMENT:
        due = insurance(m, x, spell, stretch, annual)
        return _part(annual, share), _part(due, share)
    annual = _part(annual, share)
    return annual, insurance(m, x, spell, stretch, annual)


@phrase
def _part(pence, share):  # type: ignore[no-untyped-def]
    """So many thousandths of whole pence."""
    return (pence * share + spells.WHOLE_PAY // 2) // spells.WHOLE_PAY


@part
def insurance(m, x, spell, stretch, annual):  # type: ignore[no-untyped-def]
    """Employer's national insurance, pence a year; the threshold goes once to each person, and
    young apprentices are below one of their own."""
    if m[places.INSURED] == 0:
        return 0
    rates = m[places.INSURANCE] + stretch * places.INSURANCE_WIDTH
    paid = annual * x[m[places.FACTORS] + stretch]
    person, pipeline = m[spell + spells.PERSON], m[spell + spells.TRAINING]
    apprentice = m[person + people.APPRENTICE] == 1
    if pipeline >= 0:
        record = m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH
        apprentice = apprentice or m[record + places.ON_LEVY] == 1
    if apprentice and paid <= x[rates + places.APPRENTICE_LIMIT]:
        day = m[places.START_DAY] + m[m[places.EDGES] + stretch] // DAY
        if age_on(m[person + people.BIRTH], day) < x[rates + places.APPRENTICE_AGE]:
            return 0
    above = max(0.0, paid - m[spell + spells.HEAD] * x[rates + places.THRESHOLD])
    return math.floor(above * x[rates + places.RATE] + 0.5)


@part
def _turn(m, spell, count, month, left, annual, due):  # type: ignore[no-untyped-def]
    """Pay changes by ``annual`` and insurance by ``due``, ``left`` seconds before a month's end."""
    place, counts = m[spell + spells.PLACE], m[_POST]
    if place == spells.IN_POOL:
        counts = m[_POOL]
    elif place == spells.IN_TRAINING:
        counts = m[_TRAINING]
        pipeline = m[spell + spells.TRAINING]
        if pipeline >= 0:
            accrual.turn_pipeline(m, m[_PIPELINE_PAY], pipeline, month, left, annual)
    member = m[m[spell + spells.PERSON] + people.PENSION] < NEVER
    pensionable, wide, groups = annual if member else 0, m[places.WIDE], m[places.LIST]
    pensions, dues = m[_PENSIONABLE], m[_INSURANCE]
    if left == 0:
        for k in range(groups, groups + count):
            row = 2 * wide * m[k] + wide + month
            m[counts + row] += annual
            m[pensions + row] += pensionable
            m[dues + row] += due
    else:
        accrual.turn(m, counts, count, month, left, annual)
        accrual.turn(m, pensions, count, month, left, pensionable)
        accrual.turn(m, dues, count, month, left, due)


@part
def _protect(m, spell, count, stretch, whole):  # type: ignore[no-untyped-def]
    """What pay protection adds in a stretch, while a policy protects."""
    start, cell, until = m[spell + spells.FROZEN_AT], m[spell + spells.CELL], 0
    for k in range(m[places.PROTECTIONS]):
        policy = m[places.PROTECTION_AT] + k * places.SCOPED_WIDTH
        during = m[policy + places.FIRST] <= start < m[policy + places.LAST]
        if during and m[m[policy + places.SCOPE] + cell] == 1:
            until = max(until, start + m[policy + places.AMOUNT])
    extra = max(0, m[m[places.PAY] + m[spell + spells.FROZEN]] - whole)
    annual = (extra * m[spell + spells.FTE] + 50) // 100
    _accrue(m, spell, m[_PROTECTION], count, stretch, until, annual)


@part
def _act(m, spell, count, stretch, annual):  # type: ignore[no-untyped-def]
    """What acting up adds to pay in a stretch."""
    _accrue(m, spell, m[_ACTING], count, stretch, NEVER, annual)


@phrase
def _accrue(m, spell, counts, count, stretch, until, annual):  # type: ignore[no-untyped-def]
    """Accrue a rate in the part of a stretch in which a spell lasts."""
    edge = m[places.EDGES] + stretch
    first = max(m[spell + spells.START], m[edge])
    last = min(min(m[spell + spells.END], m[edge + 1]), until)
    accrual.accrue(m, counts, count, first, last, annual)


@phrase
def _ranked(m, spell):  # type: ignore[no-untyped-def]
    """Where the heads of the sex of a spell's holder are counted by pay row, or −1: not while leave
    takes some of their pay."""
    on_full_pay = m[spell + spells.SHARE] == spells.WHOLE_PAY or not absences.is_on_leave(m, spell)
    if m[places.WANTS_GAPS] == 1 and on_full_pay:
        sex = m[m[spell + spells.PERSON] + people.SEX]
        if sex >= 0 and sex == m[places.MAN]:
            return m[places.ROW_COUNTS]
        if sex >= 0 and sex == m[places.WOMAN]:
            return m[places.ROW_COUNTS] + m[places.ROWS] * m[places.WIDE]
    return -1


@phrase
def _rank(m, spell, ranked, before, row, month):  # type: ignore[no-untyped-def]
    """A head moves from pay row ``before`` to ``row`` (below 0: none) at a month end."""
    head = spells.heads(m, spell)
    if before >= 0:
        m[ranked + before * m[places.WIDE] + month] -= head
    if row >= 0:
        m[ranked + row * m[places.WIDE] + month] += head


@phrase
def _open(m, x, spell, of_cells, stretch, whole):  # type: ignore[no-untyped-def]
    """What somebody of the start costs a year in their post, with on-costs."""
    annual = (whole * m[spell + spells.FTE] + 50) // 100
    due = insurance(m, x, spell, stretch, annual)
    paid = annual * x[m[places.FACTORS]]
    member = 1.0 if m[m[spell + spells.PERSON] + people.PENSION] < NEVER else 0.0
    rate = member * x[m[places.ON_COSTS]] + x[m[places.ON_COSTS] + 1]
    cost = paid + (due + paid * rate)
    groups = m[places.LIST]
    for k in range(groups, groups + of_cells):
        x[m[places.OPENING_COST] + m[k]] += cost
