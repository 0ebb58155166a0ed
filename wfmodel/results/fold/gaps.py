"""Pay gaps: hourly pay of men and women at each month end, from how many are on each pay row.

Hourly pay is the annual pay of one FTE in the main assignment; pay awards raise all alike.
"""

from __future__ import annotations

import math

from wfmodel.jit import part, phrase
from wfmodel.results.fold import places

_MEAN, _MEDIAN = places.values_of("mean_gap"), places.values_of("median_gap")


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """Mean and median gap at each month end: (men − women) ÷ men; undefined without either."""
    men = m[places.ROW_COUNTS]
    women = men + m[places.ROWS] * m[places.WIDE]
    for month in range(m[places.ENDS]):
        of_men, of_women = _heads(m, men, month), _heads(m, women, month)
        gap, middle_gap = math.nan, math.nan
        if m[places.MAN] >= 0 and m[places.WOMAN] >= 0 and of_men > 0 and of_women > 0:
            gap = _gap(_mean(m, men, month, of_men), _mean(m, women, month, of_women))
            middle = _median(m, men, month, of_men)
            middle_gap = _gap(middle, _median(m, women, month, of_women))
        x[m[_MEAN] + month], x[m[_MEDIAN] + month] = gap, middle_gap


@part
def _heads(m, counts, month):  # type: ignore[no-untyped-def]
    """Make the changes of a month heads on each pay row; how many there are."""
    heads = 0
    for row in range(m[places.ROWS]):
        at = counts + row * m[places.WIDE] + month
        if month > 0:
            m[at] += m[at - 1]
        heads += m[at]
    return heads


@part
def _mean(m, counts, month, heads):  # type: ignore[no-untyped-def]
    """Mean pay of some heads."""
    pay = 0
    for row in range(m[places.ROWS]):
        pay += m[counts + row * m[places.WIDE] + month] * m[m[places.PAY] + row]
    return pay / heads


@part
def _median(m, counts, month, heads):  # type: ignore[no-untyped-def]
    """Median pay of some heads: the mean of the two middle ones where their number is even."""
    below, rank, low = 0, 0, -1
    while True:
        row = m[m[places.RANKED] + rank]
        below += m[counts + row * m[places.WIDE] + month]
        if low < 0 and below >= (heads + 1) // 2:
            low = m[m[places.PAY] + row]
        if below >= heads // 2 + 1:
            return (low + m[m[places.PAY] + row]) / 2.0
        rank += 1


@phrase
def _gap(men, women):  # type: ignore[no-untyped-def]
    return (men - women) / men if men != 0.0 else math.nan
