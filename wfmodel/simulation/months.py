"""Months: their financial years, and how much of each a policy is in force."""

from __future__ import annotations

import datetime as dt

import numpy as np

from wfmodel.simulation.segments import span
from wfmodel.units import Calendar


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
