"""Absence and effective capacity: who is there to do the work.

Capacity is no whole number: each cell's is added up month by month in the order of its spells, and
the groups' in the order of the cells.
"""

from __future__ import annotations

import numpy as np

from wfmodel.flows.absence import WORKING_DAYS, present, year_factor
from wfmodel.jit import part, phrase
from wfmodel.results.fold import accrual, months, people, places, rows, spells
from wfmodel.units import YEAR

_STRESS, _OTHER = places.values_of("absence_stress"), places.values_of("absence_other")
_LONG = places.values_of("absence_long")
_WITH_LONG_SICKNESS = 2
"""Said of a cell that is seen, in place of 1."""
_CAPACITY = places.values_of("capacity")


@part
def see(m, x, cell):  # type: ignore[no-untyped-def]
    """Somebody works in a cell: from now on it is counted."""
    if m[m[places.CELL_SEEN] + cell] == 0:
        m[m[places.CELL_SEEN] + cell] = 1
        first = _counted(m, cell, 0)
        for k in range(first, first + places.COUNTED_OF_CELL * m[places.WIDE]):
            m[k] = 0
        row = m[places.WORKED] + m[places.ENDS] * cell
        for k in range(row, row + m[places.ENDS]):
            x[k] = 0.0


@part
def cover(m, x, cell, fte):  # type: ignore[no-untyped-def]
    """Agency work in a cell begins (or, below 0, ends) with the movement."""
    see(m, x, cell)
    m[_counted(m, cell, places.COVERED) + m[places.MONTH]] += fte


@phrase
def _counted(m, cell, what):  # type: ignore[no-untyped-def]
    """The first of a cell's rows in which something is counted."""
    return m[places.CELL_COUNTS] + (places.COUNTED_OF_CELL * cell + what) * m[places.WIDE]


@part
def of_spell(m, x, spell):  # type: ignore[no-untyped-def]
    """Count a spell's time and its work; who is away or in the pool does none."""
    person, cell = m[spell + spells.PERSON], m[spell + spells.CELL]
    fte = m[spell + spells.FTE] * m[person + people.COUNTED]
    if fte == 0:
        return
    see(m, x, cell)
    if m[spell + spells.AWAY] != 0:
        if m[spell + spells.AWAY] == rows.LONG_SICKNESS:
            m[m[places.CELL_SEEN] + cell] = _WITH_LONG_SICKNESS
            _time(m, spell, _counted(m, cell, places.ON_LEAVE), fte)
        return
    _time(m, spell, _counted(m, cell, places.TIME), fte)
    if m[spell + spells.PLACE] != spells.IN_POOL:
        acted = m[spell + spells.ACTS_FOR]
        if acted > 0:
            see(m, x, m[spell + spells.ACTS_IN])
            _work(m, x, spell, person, m[spell + spells.ACTS_IN], acted)
        _work(m, x, spell, person, cell, fte - acted)


@part
def _work(m, x, spell, person, cell, fte):  # type: ignore[no-untyped-def]
    """Add a spell's FTE × experience by years of service to the work of a cell."""
    weight = float(fte)
    pipeline = m[spell + spells.QUALIFIED]
    if pipeline >= 0:
        record = m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH
        weight *= x[m[record + places.PIPELINE_NUMBERS] + places.NEWLY_CAPACITY]
    role = m[places.CELL_AT] + cell * places.CELL_WIDTH + places.ROLE
    bands = m[m[places.BANDS] + 2 * m[role]]
    last_band = bands + 2 * (m[m[places.BANDS] + 2 * m[role] + 1] - 1)
    first = m[spell + spells.OPENS]
    for band in range(bands, last_band + 1, 2):
        last = m[spell + spells.CLOSES]
        if band < last_band:
            last = min(last, months.by(m, m[person + people.SERVICE] + m[band + 2] * YEAR))
        work(m, x, cell, first, last, weight * x[m[band + 1]])
        first = max(first, last)


@phrase
def _time(m, spell, row, fte):  # type: ignore[no-untyped-def]
    """Accrue a spell's FTE in a cell's rows."""
    month, left = spells.first_month(m, spell), m[spell + spells.LEFT_AT_START]
    accrual.turn_row(m, row, month, left, fte)
    month, left = m[spell + spells.CLOSES], m[spell + spells.LEFT_AT_END]
    if month < m[places.ENDS]:
        accrual.turn_row(m, row, month, left, -fte)


@part
def work(m, x, cell, opens, closes, weight):  # type: ignore[no-untyped-def]
    """Add work at the month ends [opens, closes) of a cell."""
    row = m[places.WORKED] + cell * m[places.ENDS]
    for month in range(row + opens, row + min(closes, m[places.ENDS])):
        x[month] += weight


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """Days of absence and effective capacity of every group, from those of its cells."""
    _good_and_bad_years(m, x)
    ends = m[places.ENDS]
    for k in range(m[places.DEMANDS] * ends):
        x[m[places.DEMANDED] + k] = 0.0
    for cell in range(m[places.CELLS]):
        if m[m[places.CELL_SEEN] + cell] != 0:
            days, row = m[places.SICK_DAYS], m[places.WORKED] + ends * cell
            if m[m[places.CELL_SEEN] + cell] == _WITH_LONG_SICKNESS:
                _long_sick_days(m, x, cell, days)
                _add(m, x, m[_LONG], cell, days)
            _sick_days(m, x, cell, days)
            _worked(m, x, cell, row, days)
            _add(m, x, m[_STRESS], cell, days)
            _add(m, x, m[_OTHER], cell, days + ends)
            _add(m, x, m[_CAPACITY], cell, row)
            demand = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.DEMAND]
            if demand >= 0:
                for month in range(ends):
                    x[m[places.DEMANDED] + demand * ends + month] += x[row + month]


@part
def _good_and_bad_years(m, x):  # type: ignore[no-untyped-def]
    """What each role's sickness is multiplied by, by cause and financial year; the same for all
    roles of one spread."""
    stream, years = np.uint64(m[places.ABSENCE]), m[places.YEARS]
    for cause in range(2):
        key = np.uint64(m[places.STRESS + cause])
        for role in range(m[places.ROLES]):
            out = m[places.SICK_YEARS] + (cause * m[places.ROLES] + role) * years
            spread = m[places.SICK_SPREAD] + role
            alike = role > 0 and x[spread] == x[spread - (1 if role > 0 else 0)]
            for year in range(years):
                if alike:
                    x[out + year] = x[out - years + year]
                else:
                    x[out + year] = year_factor(x[spread], stream, key, m[m[places.YEAR_AT] + year])


@part
def _sick_days(m, x, cell, out):  # type: ignore[no-untyped-def]
    """Working days lost per FTE and year in each month of a cell, by cause, at ``out``."""
    role = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.ROLE]
    ends, years = m[places.ENDS], m[places.YEARS]
    for cause in range(2):
        base = x[m[places.SICK_BASE] + cause * m[places.ROLES] + role]
        factors = m[places.SICK_YEARS] + (cause * m[places.ROLES] + role) * years
        row = out + cause * ends
        for month in range(ends):
            x[row + month] = base * x[factors + m[m[places.YEAR_OF_MONTH] + month]]
        for k in range(m[places.SICKNESS]):
            policy = m[places.SICKNESS_AT] + k * places.SCOPED_WIDTH
            if m[m[policy + places.SCOPE] + cell] == 1:
                change = x[m[policy + places.NUMBER] + cause] - 1.0
                for month in range(ends):
                    x[row + month] *= 1.0 + x[m[policy + places.DURING] + month] * change


@part
def _worked(m, x, cell, row, days):  # type: ignore[no-untyped-def]
    """Make a cell's work at ``row`` its capacity, and its days per FTE those of the month."""
    ends, covered = m[places.ENDS], _counted(m, cell, places.COVERED)
    counts = _counted(m, cell, places.TIME)
    role = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.ROLE]
    useful = x[m[places.COVER_CAPACITY] + role]
    cover, running = 0, 0
    for month in range(ends):
        cover += m[covered + month]
        running += m[counts + m[places.WIDE] + month]
        years = _years(m, running, counts, month)
        stress, other = x[days + month], x[days + ends + month]
        here = present(stress + other)
        x[days + month], x[days + ends + month] = years * stress, years * other
        x[row + month] = max(0.0, x[row + month] * here + cover * useful)


@phrase
def _years(m, running, counts, month):  # type: ignore[no-untyped-def]
    """Years of FTE in a month, of what runs on through it and of what changes within."""
    starts = m[places.STARTS] + month
    length = m[starts] - m[starts - 1] if month > 0 else 0
    return (running * length + m[counts + month]) / (100.0 * YEAR)


@part
def _long_sick_days(m, x, cell, out):  # type: ignore[no-untyped-def]
    """Working days lost to long sickness in each month of a cell, at ``out``."""
    counts, running = _counted(m, cell, places.ON_LEAVE), 0
    for month in range(m[places.ENDS]):
        running += m[counts + m[places.WIDE] + month]
        x[out + month] = WORKING_DAYS * _years(m, running, counts, month)


@part
def _add(m, x, values, cell, row):  # type: ignore[no-untyped-def]
    """Add a cell's months to those of its groups."""
    group = m[places.CELL_AT] + cell * places.CELL_WIDTH + places.GROUP
    for k in range(group, group + m[group - 1]):
        out = values + m[k] * m[places.ENDS]
        for month in range(m[places.ENDS]):
            x[out + month] += x[row + month]
