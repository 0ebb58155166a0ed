"""Accrual: what adds up over time at a yearly rate, exactly, by group and month.

Rates are whole numbers (pence a year, heads, hundredths of FTE), times whole seconds, so every sum
is exact; rate × seconds are divided by the seconds of a year once, at the end. A group's counts are
two rows of months: what is due from changes within the month, and changes that run on from its
start.
"""

from __future__ import annotations

from wfmodel.jit import part, phrase
from wfmodel.results.fold import months, places
from wfmodel.units import YEAR


@phrase
def last_part(m, time, month):  # type: ignore[no-untyped-def]
    """Seconds from ``time`` to the end of its month; 0 at the month's first second, from where it
    runs on, and from the end of the run."""
    if time >= m[places.HORIZON]:
        return 0
    starts = m[places.STARTS] + month
    return 0 if time == m[starts - 1] else m[starts] - time


@phrase
def turn_row(m, row, month, left, change):  # type: ignore[no-untyped-def]
    """Change the rate of one group's rows ``left`` seconds before the end of ``month``; with 0 from
    its first second."""
    if left == 0:
        m[row + m[places.WIDE] + month] += change
    else:
        m[row + month] += change * left
        m[row + m[places.WIDE] + month + 1] += change


@phrase
def turn(m, counts, count, month, left, change):  # type: ignore[no-untyped-def]
    """Change a statistic's rate in the first groups of the list."""
    wide, groups = m[places.WIDE], m[places.LIST]
    if left == 0:
        counts += wide + month
        for k in range(groups, groups + count):
            m[counts + 2 * wide * m[k]] += change
    else:
        counts += month
        for k in range(groups, groups + count):
            row = counts + 2 * wide * m[k]
            m[row] += change * left
            m[row + wide + 1] += change


@part
def turn_pipeline(m, counts, pipeline, month, left, change):  # type: ignore[no-untyped-def]
    """Change a statistic's rate for a pipeline and for all together."""
    turn_row(m, counts, month, left, change)
    turn_row(m, counts + 2 * m[places.WIDE] * (1 + pipeline), month, left, change)


@part
def accrue(m, counts, count, first, last, rate):  # type: ignore[no-untyped-def]
    """Accrue a rate from ``first`` to ``last``, both cut to the run, in the first groups of the
    list."""
    first, last = max(first, 0), min(last, m[places.HORIZON])
    if first < last and rate != 0:
        begins, ends = months.after(m, first), months.after(m, last)
        left, left_over = last_part(m, first, begins), last_part(m, last, ends)
        turn(m, counts, count, begins, left, rate)
        turn(m, counts, count, ends, left_over, -rate)


@phrase
def of_month(running, due, length):  # type: ignore[no-untyped-def]
    """Rate × seconds of a month of ``length``: whole years' worth of the rate, and the rest.

    Years and seconds are multiplied apart, so that no product leaves 64 bits.
    """
    seconds = running % YEAR * length + due
    return running // YEAR * length + seconds // YEAR, seconds % YEAR


@part
def close(m, x, counts, group, out):  # type: ignore[no-untyped-def]
    """Write a group's accrued amount by month at ``out``: years' worth of the rate."""
    row, running = counts + 2 * m[places.WIDE] * group, 0
    x[out] = 0.0
    for month in range(1, m[places.ENDS]):
        running += m[row + m[places.WIDE] + month]
        starts = m[places.STARTS] + month
        length = float(m[starts] - m[starts - 1])
        x[out + month] = (running * length + m[row + month]) / YEAR
