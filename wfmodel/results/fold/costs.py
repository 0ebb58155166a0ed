"""Costs by group and month, in pence: what employment, agency and change cost.

Recurring and one-off costs are kept apart. Nothing here counts twice: pay includes the pool's and
the trainees', protection and supplements come on top of it. Money that is no whole number of pence
is added up in the order of the movements.
"""

from __future__ import annotations

import math

from wfmodel.jit import part, phrase
from wfmodel.results.fold import accrual, people, places, rows, spells, strain
from wfmodel.simulation.ledger import STARTER

_STATED, _LINKED = places.counts_of("agency_stated"), places.counts_of("agency_linked")
_ABSENT_STATED, _ABSENT_LINKED = (places.counts_of(f"absent_{how}") for how in ("stated", "linked"))
_SUPPLEMENTS, _RETENTION = places.counts_of("supplements"), places.counts_of("retention")
_RECRUITMENT, _RETRAINING = places.values_of("recruitment"), places.values_of("retraining")
_REDUNDANCY, _STRAIN = places.values_of("redundancy"), places.values_of("strain")
PRICED = {
    "agency_start": ("agency_stated", "agency_linked", "absent_stated", "absent_linked"),
    "agency_end": ("agency_stated", "agency_linked", "absent_stated", "absent_linked"),
    "hours_changed": ("strain",),
    "post_advertised": ("recruitment",),
    "redeployed": ("retraining",),
    "redundant": ("redundancy", "strain"),
    "voluntary_exit": ("redundancy", "strain"),
}
"""Kinds of movement that cost something by themselves, and what it is counted as."""


@part
def of_movement(moves, m, x, row):  # type: ignore[no-untyped-def]
    """What the movement at ``row`` costs, just replayed."""
    kind = moves[row + rows.KIND_OF]
    if kind == rows.AGENCY_START or kind == rows.AGENCY_END:
        _cover(moves, m, x, row)
    elif m[places.MONTH] < m[places.ENDS]:
        if kind == rows.POST_ADVERTISED:
            cell = m[places.WENT_TO]
            if cell >= 0:
                role = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.ROLE]
                spend(m, x, m[_RECRUITMENT], cell, 100.0 * x[m[places.RECRUITING] + role])
        elif kind == rows.REDEPLOYED:
            _retrain(m, x)
        elif kind == rows.HOURS_CHANGED:
            if moves[row + rows.CAUSE_OF] == rows.FLEXIBLE_RETIREMENT:
                paid = moves[row + rows.NOTE] == 1
                cost = strain.of_flexible_retirement(m, x, m[places.CLOSED])
                spend(m, x, m[_STRAIN], m[places.CAME_FROM], float(cost) if paid else 0.0)
        else:
            spend(m, x, m[_REDUNDANCY], m[places.CAME_FROM], float(moves[row + rows.NOTE]))
            if m[places.WANTS_STRAIN] == 1:
                cost = strain.of_dismissal(m, x, m[places.CLOSED], m[places.CAME_FROM])
                spend(m, x, m[_STRAIN], m[places.CAME_FROM], float(cost))


@part
def spend(m, x, values, cell, amount):  # type: ignore[no-untyped-def]
    """Add an amount to a cell's groups, in the month of the movement."""
    row = values + m[places.MONTH]
    group = m[places.CELL_AT] + cell * places.CELL_WIDTH + places.GROUP
    for k in range(group, group + m[group - 1]):
        x[row + m[k] * m[places.ENDS]] += amount


@part
def _cover(moves, m, x, row):  # type: ignore[no-untyped-def]
    """Agency work costs what is stated, or its role's pay with on-costs and a premium (which pay
    awards raise)."""
    cell = moves[row + rows.TARGET]
    role = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.ROLE]
    stated, linked = 0.0, 0.0
    cause = moves[row + rows.CAUSE_OF]
    if cause != rows.VACANCY and cause != rows.ABSENCE_COVER:
        use = min(moves[row + rows.ASSIGNMENT], m[places.USES] - 1)
        if use >= 0:
            stated = 100.0 * x[m[places.USE_COST] + use]
    elif x[m[places.COVER_COST] + role] >= 0.0:
        stated = 100.0 * x[m[places.COVER_COST] + role]
    else:
        full = x[m[places.FULL_PAY] + role]
        linked = full * (1.0 + x[m[places.PREMIUM] + role])
    count = spells.cell_groups(m, cell, m[places.LIST])
    sign = 1 if moves[row + rows.KIND_OF] == rows.AGENCY_START else -1
    annual = linked if linked > 0.0 else stated
    time, last = moves[row + rows.TIME], m[places.HORIZON]
    rate = sign * math.floor(annual * moves[row + rows.FTE] / 100.0 + 0.5)
    accrual.accrue(m, m[_LINKED if linked > 0.0 else _STATED], count, time, last, rate)
    if cause == rows.ABSENCE_COVER:
        counts = m[_ABSENT_LINKED if linked > 0.0 else _ABSENT_STATED]
        accrual.accrue(m, counts, count, time, last, rate)


@phrase
def _retrain(m, x):  # type: ignore[no-untyped-def]
    """A redeployment costs the retraining of the dearest policy in force."""
    cell, spell, most = m[places.WENT_TO], m[places.CLOSED], 0.0
    for k in range(m[places.RETRAININGS]):
        policy = m[places.RETRAINING_AT] + k * places.SCOPED_WIDTH
        during = m[m[policy + places.DURING] + m[places.MONTH]] == 1
        if during and m[m[policy + places.SCOPE] + cell] == 1:
            most = max(most, 100.0 * x[m[policy + places.NUMBER]])
    head = spells.heads(m, spell)
    spend(m, x, m[_RETRAINING], cell, head * most)


@part
def of_spell(m, spell, count):  # type: ignore[no-untyped-def]
    """Pay supplements of those who joined from outside while a policy was in force, and what
    retention policies cost for each head, in scope; for the first groups in places.LIST."""
    cell, person = m[spell + spells.CELL], m[spell + spells.PERSON]
    first, last = m[spell + spells.START], m[spell + spells.END]
    for k in range(m[places.SUPPLEMENTS]):
        policy = m[places.SUPPLEMENT_AT] + k * places.SCOPED_WIDTH
        if m[person + people.ORIGIN] == STARTER and m[m[policy + places.SCOPE] + cell] == 1:
            joined = m[person + people.JOINED]
            if m[policy + places.FIRST] <= joined < m[policy + places.LAST]:
                fte = m[spell + spells.FTE] * m[person + people.COUNTED]
                annual = m[policy + places.AMOUNT] * fte // 100
                accrual.accrue(m, m[_SUPPLEMENTS], count, first, last, annual)
    for k in range(m[places.RETENTIONS]):
        policy = m[places.RETENTION_AT] + k * places.SCOPED_WIDTH
        if m[m[policy + places.SCOPE] + cell] == 1:
            head = m[spell + spells.HEAD] * m[person + people.COUNTED]
            begin = max(first, m[policy + places.FIRST])
            end = min(last, m[policy + places.LAST])
            accrual.accrue(m, m[_RETENTION], count, begin, end, head * m[policy + places.AMOUNT])
