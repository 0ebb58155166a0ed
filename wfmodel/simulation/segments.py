"""Stretches of time in which no policy, market year or change event begins or ends."""

from __future__ import annotations

import datetime as dt

import numpy as np

from wfmodel.scenario.schema import Scenario
from wfmodel.units import NEVER, Calendar


def segment_starts(scenario: Scenario, calendar: Calendar) -> np.ndarray:
    """First seconds of the segments, int64, rising; the first reaches back before the start."""
    dates: set[dt.date] = set()
    for policy in scenario.policies.values():
        dates.update(d for d in (policy.start, policy.end) if d)
    for event in scenario.change_events.values():
        dates.update((event.announced or event.implemented, event.implemented))
    market = scenario.labour_market
    if market is not None and market.stress is not None:
        dates.update(d for d in (market.stress.start, market.stress.end) if d)
    if market is not None:
        first, last = calendar.start.year, calendar.date(calendar.horizon).year
        dates.update(dt.date(year, 4, 1) for year in range(first - 1, last + 1))
    inside = {calendar.seconds(date) for date in dates}
    starts = sorted(s for s in inside if s <= calendar.horizon)
    return np.array([-NEVER, *starts], dtype=np.int64)


def covers(starts: np.ndarray, first: int, last: int) -> np.ndarray:
    """Which segments lie within [first, last) in seconds, bool [segments]."""
    return (starts >= first) & (starts < last)


def span(calendar: Calendar, start: dt.date | None, end: dt.date | None) -> tuple[int, int]:
    """[start, end) in seconds; the start reaches back and the end reaches on where not given."""
    return (
        -NEVER if start is None else calendar.seconds(start),
        NEVER if end is None else calendar.seconds(end),
    )
