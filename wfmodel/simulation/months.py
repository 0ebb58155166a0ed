"""Months: their financial years and lengths, and how much of each a policy is in force."""

from __future__ import annotations

import datetime as dt

import numpy as np

from wfmodel.simulation.segments import span
from wfmodel.units import YEAR, Calendar


def years_of_months(calendar: Calendar) -> np.ndarray:
    """Financial year of each month, int64 [months + 1]; position 0, the start, is in that of the
    first month.
    """
    months = [calendar.month_year(max(0, m - 1)) for m in range(calendar.months + 1)]
    return np.array(months, dtype=np.int64)


def in_force(calendar: Calendar, start: dt.date | None, end: dt.date | None) -> np.ndarray:
    """Share of each month that lies between two dates, float64 [months + 1]; position 0 is 0 or 1,
    at the start.
    """
    first, last = span(calendar, start, end)
    starts = calendar.month_starts
    share = np.zeros(starts.size)
    within = np.minimum(starts[1:], last) - np.maximum(starts[:-1], first)
    share[1:] = np.maximum(0, within) / np.diff(starts)
    share[0] = first <= 0 < last
    return share


def month_of(calendar: Calendar, date: dt.date | None) -> int:
    """The month in which a date falls, counted from 1; the first where it is not given or lies
    before the start.

    Later than the last month is one more than that.
    """
    if date is None:
        return 1
    return max(1, int(np.searchsorted(calendar.month_starts, calendar.seconds(date), side="right")))


def month_shares(calendar: Calendar) -> np.ndarray:
    """Length of each month in years of 365.25 days, float64 [months + 1]; position 0 is 0."""
    return np.diff(calendar.month_starts, prepend=calendar.month_starts[0]) / YEAR
