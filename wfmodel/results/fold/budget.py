"""The staffing budget: what the opening establishment costs, or what is given by year."""

from __future__ import annotations

import math

from wfmodel.jit import part, phrase
from wfmodel.results.fold import places

_BUDGET = places.values_of("budget")


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """The staffing budget of every group, undefined without one.

    As given by financial year (shared out as the opening establishment costs; after the last year
    given it falls on by the yearly reduction), or the opening establishment × (1 − vacancy factor)
    × pay awards × what the yearly reductions leave.
    """
    ends, out, costs = m[places.ENDS], m[_BUDGET], m[places.OPENING_COST]
    _cost_vacancies(m, x)
    for month in range(ends):
        whole = _whole(m, x, month)
        for group in range(m[places.CELL_GROUPS]):
            x[out + group * ends + month] = x[costs + group] * whole


@part
def _cost_vacancies(m, x):  # type: ignore[no-untyped-def]
    """Add the vacancies of the start at mid-grade to what those in post cost."""
    for cell in range(m[places.CELLS]):
        empty = m[m[places.OPENING_FTE] + cell] - m[m[places.OPENING_FILLED] + cell]
        if empty > 0:
            role = m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.ROLE]
            cost = empty / 100.0 * x[m[places.MIDDLE_COST] + role]
            group = m[places.CELL_AT] + cell * places.CELL_WIDTH + places.GROUP
            for k in range(group, group + m[group - 1]):
                x[m[places.OPENING_COST] + m[k]] += cost


@phrase
def _whole(m, x, month):  # type: ignore[no-untyped-def]
    """What a month's budget is for each £ that the opening establishment costs a year."""
    if m[places.BUDGETED] == 0:
        return math.nan
    year = m[m[places.YEAR_OF_MONTH] + month]
    left = 1.0 - x[m[places.BUDGET_NUMBERS] + places.REDUCTION]
    if m[places.BUDGET_GIVEN] == 0:
        factors = m[places.BY_MONTH]
        kept = 1.0 - x[m[places.BUDGET_NUMBERS] + places.VACANCY_FACTOR]
        rise = x[factors + month] / x[factors] * math.pow(left, float(year))
        return kept * x[m[places.LENGTHS] + month] * rise
    given = m[places.BUDGET_GIVEN_AT] + 2 * year  # its number, and years since the last given
    amount = 100.0 * x[m[given]] * math.pow(left, float(m[given + 1]))
    opening = x[m[places.OPENING_COST]]
    return amount * x[m[places.SHARES] + month] / opening if opening > 0.0 else 0.0
