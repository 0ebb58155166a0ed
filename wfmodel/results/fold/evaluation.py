"""Formulas, worked out for some groups at a time: every step does one thing to rows of months.

What a step works out stands in a room, wide enough for the groups that are worked on at a time; a
step takes what it is done to from its own room and, where there are two, the next.
"""

from __future__ import annotations

import math

from wfmodel.jit import part, phrase
from wfmodel.results import formulas
from wfmodel.results.fold import accrual, places
from wfmodel.results.statistics import FLOW, PENCE, SECONDS, STOCK

YEAR_MONTHS = 12


@part
def evaluate(m, x, values, replication):  # type: ignore[no-untyped-def]
    """Work out all series of a replication and write them to ``values``."""
    ends = m[places.ENDS]
    out = replication * m[places.KEPT] * ends
    for number in range(m[places.SERIES]):
        series = m[places.SERIES_AT] + number * places.SERIES_WIDTH
        first, last = m[series + places.FIRST_GROUP], m[series + places.LAST_GROUP]
        if m[series + places.STEP_COUNT] == 1:  # nothing is calculated
            statistic = m[m[series + places.STEPS] + places.WHAT]
            for group in range(first, last):
                _read(m, x, values, statistic, group, out + (group - first) * ends)
            _forget(m, series, last - first, values, out)
            out += (last - first) * ends
            first = last
        while first < last:
            rows = min(last - first, m[places.ROWS_AT_A_TIME])
            step = m[series + places.STEPS]
            for _ in range(m[series + places.STEP_COUNT]):
                _do(m, x, step, first, rows)
                step += places.STEP_WIDTH
            _write(m, x, series, rows, values, out)
            out += rows * ends
            first += rows


@part
def _do(m, x, step, first, rows):  # type: ignore[no-untyped-def]
    """Do one step for some groups."""
    does, room = m[step + places.DOES], m[step + places.ROOM]
    other, end = m[places.ROOM_WIDTH], room + rows * m[places.ENDS]
    if does == formulas.READ:
        for row in range(rows):
            _read(m, x, x, m[step + places.WHAT], first + row, room + row * m[places.ENDS])
    elif does == formulas.ADD:
        for k in range(room, end):
            x[k] += x[other + k]
    elif does == formulas.SUBTRACT:
        for k in range(room, end):
            x[k] -= x[other + k]
    elif does == formulas.DIVIDE:
        for k in range(room, end):
            x[k] /= x[other + k]
    elif does == formulas.DIVIDE_BY:
        number = x[m[step + places.WHAT]]
        for k in range(room, end):
            x[k] /= number
    elif does == formulas.ABOVE_0:
        for k in range(room, end):
            x[k] = x[k] if x[k] > 0.0 else math.nan
    else:
        for row in range(rows):
            _along(m, x, does, room + row * m[places.ENDS])


@part
def _read(m, x, to, statistic, group, out):  # type: ignore[no-untyped-def]
    """Write a group's months of a statistic, as numbers that hold whole ones exactly."""
    kind, ends, wide = m[statistic + places.KIND], m[places.ENDS], m[places.WIDE]
    row, total = m[statistic + places.AT] + group * wide, 0
    if kind == STOCK:
        for month in range(ends):
            total += m[row + month]
            to[out + month] = total
    elif kind == FLOW:
        for month in range(ends):
            to[out + month] = m[row + month]
    elif kind == PENCE:
        accrual.close(m, to, m[statistic + places.AT], group, out)
    elif kind == SECONDS:
        row += group * wide
        for month in range(ends):
            total += m[row + wide + month]
            to[out + month] = total * m[m[places.SECONDS_OF_MONTH] + month] + m[row + month]
    else:
        row = m[statistic + places.OUT] + group * ends
        for month in range(ends):
            to[out + month] = x[row + month]


@phrase
def _along(m, x, does, row):  # type: ignore[no-untyped-def]
    """Do something along the months of a group."""
    ends = m[places.ENDS]
    if does != formulas.YEAR_BEFORE:
        for k in range(row + 1, row + ends):
            x[k] += x[k - 1]
    if does != formulas.CUMULATIVE:
        last = row + ends - 1
        for k in range(ends - YEAR_MONTHS):
            before = x[last - k - YEAR_MONTHS]
            x[last - k] = before if does == formulas.YEAR_BEFORE else x[last - k] - before
    if does == formulas.YEAR_BEFORE or does == formulas.MEAN_OF_YEAR:
        for k in range(row, row + min(YEAR_MONTHS, ends)):
            x[k] = math.nan
    if does == formulas.MEAN_OF_YEAR:
        starts = m[places.STARTS]
        for month in range(YEAR_MONTHS, ends):
            x[row + month] /= m[starts + month] - m[starts + month - YEAR_MONTHS]


@phrase
def _write(m, x, series, rows, values, out):  # type: ignore[no-untyped-def]
    """Write what has been worked out, undefined where it makes no sense."""
    ends, room = m[places.ENDS], m[places.ROOMS]
    if m[series + places.DIVIDES] == 1:
        for k in range(rows * ends):
            value = x[room + k]
            values[out + k] = value if value - value == 0.0 else math.nan
    else:
        for k in range(rows * ends):
            values[out + k] = x[room + k]
    _forget(m, series, rows, values, out)


@phrase
def _forget(m, series, rows, values, out):  # type: ignore[no-untyped-def]
    """Leave undefined what a series does not say of its first months."""
    ends = m[places.ENDS]
    for row in range(rows):
        for month in range(min(m[series + places.SINCE_MONTH], ends)):
            values[out + row * ends + month] = math.nan
