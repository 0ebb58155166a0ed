"""What employment costs by month, after pay awards: from what accrued."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.results.fold import accrual, places

_PAY, _POOL_PAY = places.values_of("pay"), places.values_of("pool_pay")
_TRAINEE_PAY, _ON_COSTS = places.values_of("trainee_pay"), places.values_of("on_costs")
_PROTECTED, _AGENCY = places.values_of("protected"), places.values_of("agency")
_STATED, _LINKED = places.counts_of("agency_stated"), places.counts_of("agency_linked")
_ACTING, _ACTED = places.values_of("acting"), places.counts_of("pay_acting")
_ABSENCE_COVER, _ABSENT_STATED = (
    places.values_of("absence_cover"),
    places.counts_of("absent_stated"),
)
_ABSENT_LINKED = places.counts_of("absent_linked")
_ACCRUED, _EXACT = places.counts_of("pay_post"), places.values_of("pay_post_whole")
"""`pay_post` is followed by `pay_pool`, `pay_training`, `pay_pensionable`, `insurance` and
`protection`; the whole pence of each of the first three by the rest."""
POST, POOL, TRAINING, PENSIONABLE, INSURANCE, PROTECTION, ROWS = range(7)
_WIDTH = places.STATISTIC_WIDTH


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """Pay, on-costs, protection and acting up of the groups of money, and agency of those of
    cells."""
    ends, rows = m[places.ENDS], m[places.PAY_ROWS]
    for group in range(m[places.MONEY_GROUPS] * m[places.WANTS_PAY]):
        for k in range(ROWS):
            accrual.close(m, x, m[_ACCRUED + _WIDTH * k], group, rows + k * ends)
        _after_awards(m, x, group, rows)
    for group in range(m[places.MONEY_GROUPS] * m[places.WANTS_ACTING]):
        accrual.close(m, x, m[_ACTED], group, rows)
        for month in range(ends):
            awarded = x[rows + month] * x[m[places.BY_MONTH] + month]
            x[m[_ACTING] + group * ends + month] = awarded
    for group in range(m[places.CELL_GROUPS]):
        if m[places.WANTS_COVER] == 1:
            _agency(m, x, group, m[_STATED], m[_LINKED], m[_AGENCY])
        if m[places.WANTS_ABSENCE_COVER] == 1:
            _agency(m, x, group, m[_ABSENT_STATED], m[_ABSENT_LINKED], m[_ABSENCE_COVER])


@part
def _agency(m, x, group, stated, linked, out):  # type: ignore[no-untyped-def]
    """Write what agency work costs a group: as stated, and linked to pay."""
    ends, rows = m[places.ENDS], m[places.PAY_ROWS]
    accrual.close(m, x, stated, group, rows)
    accrual.close(m, x, linked, group, rows + ends)
    for month in range(ends):
        awarded = x[rows + ends + month] * x[m[places.BY_MONTH] + month]
        x[out + group * ends + month] = x[rows + month] + awarded


@part
def _after_awards(m, x, group, rows):  # type: ignore[no-untyped-def]
    """Write a group's costs from rows of what accrued."""
    ends = m[places.ENDS]
    pension, other = x[m[places.ON_COSTS]], x[m[places.ON_COSTS] + 1]
    for month in range(ends):
        factor, row, out = x[m[places.BY_MONTH] + month], rows + month, group * ends + month
        pool, training = x[row + POOL * ends] * factor, x[row + TRAINING * ends] * factor
        basic = x[row + POST * ends] * factor + pool + training
        on_costs = x[row + INSURANCE * ends] + x[row + PENSIONABLE * ends] * factor * pension
        x[m[_PAY] + out] = basic
        x[m[_POOL_PAY] + out] = pool
        x[m[_TRAINEE_PAY] + out] = training
        x[m[_ON_COSTS] + out] = on_costs + basic * other
        x[m[_PROTECTED] + out] = x[row + PROTECTION * ends] * factor


@part
def close_exactly(m, x):  # type: ignore[no-untyped-def]
    """Write what pay accrued to the penny: whole pence, and pence × seconds of a year left over."""
    ends, wide = m[places.ENDS], m[places.WIDE]
    for k in range(TRAINING + 1):
        counts, exact = m[_ACCRUED + _WIDTH * k], _EXACT + 2 * _WIDTH * k
        for group in range(m[places.MONEY_GROUPS]):
            row, out, running = counts + 2 * wide * group, group * ends, 0
            for month in range(1, ends):
                running += m[row + wide + month]
                starts = m[places.STARTS] + month
                whole, rest = accrual.of_month(running, m[row + month], m[starts] - m[starts - 1])
                x[m[exact] + out + month], x[m[exact + _WIDTH] + out + month] = whole, rest
