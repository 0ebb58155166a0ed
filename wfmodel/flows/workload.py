"""Workload: what demand requires, what those at work can do, and what the gap does to leaving.

Capacity is a whole number of units, so that it does not depend on the order in which people are
added up; only the multiplier divides.
"""

from __future__ import annotations

import math

from wfmodel.jit import rule
from wfmodel.units import YEAR

WORTH = 1000
"""Thousandths: of an experienced, a newly qualified, or an agency worker's capacity."""
PRESENCE = 10_000
"""Ten-thousandths of the time that people are not off sick."""
FTE = 100 * WORTH * WORTH * PRESENCE
"""Units of capacity in one FTE: hundredths × experience × newly qualified × presence."""
BOUNDS = (0.5, 2.0)
"""Least and most that resignations are multiplied by, where nothing is said."""


@rule
def grown(opening_fte, annual_growth, seconds):  # type: ignore[no-untyped-def]
    """The FTE required so long after the start, where it grows from what it was then."""
    return opening_fte * math.pow(1.0 + annual_growth, seconds / YEAR)


@rule
def worked(fte, experience, newly_qualified):  # type: ignore[no-untyped-def]
    """What so many hundredths of FTE are worth by experience, before sickness."""
    return fte * experience * newly_qualified


@rule
def training(fte, off_the_job):  # type: ignore[no-untyped-def]
    """What so many hundredths of FTE do less for training, before sickness."""
    return fte * off_the_job * WORTH


@rule
def supervising(supervision, load):  # type: ignore[no-untyped-def]
    """What supervisors do less for so many thousandths of supervision, before sickness."""
    return 100 * supervision * load


@rule
def of_cell(work, present, agency_fte, agency_worth):  # type: ignore[no-untyped-def]
    """The capacity of a role in a service: the work of those present, and of agency."""
    return max(0, work * present + agency_fte * agency_worth * WORTH * PRESENCE)


@rule
def multiplier(required_fte, capacity, elasticity, least, most):  # type: ignore[no-untyped-def]
    """What resignations are multiplied by: (required ÷ capacity)^elasticity within bounds; without
    any capacity the upper bound, without elasticity 1."""
    if elasticity == 0.0:
        return 1.0
    if capacity <= 0:
        return most
    return min(max(math.pow(required_fte * FTE / capacity, elasticity), least), most)
