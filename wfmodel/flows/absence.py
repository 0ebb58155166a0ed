"""Absence: sickness days, with good and bad years, and the time that is left to work."""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import rule

WORKING_DAYS = 253
"""Working days in a year of one FTE: 365 less week-ends and bank holidays, as in DfE's absence
rate."""


@rule("float64(float64, uint64, uint64, int64)")
def year_factor(cv, stream, cause, year):  # type: ignore[no-untyped-def]
    """What a financial year multiplies sickness by: lognormal, mean one, coefficient of variation
    ``cv``."""
    if cv <= 0.0:
        return 1.0
    variance = math.log(1.0 + cv * cv)
    return math.exp(math.sqrt(variance) * draws.normal(stream, cause, year) - 0.5 * variance)


@rule
def present(days):  # type: ignore[no-untyped-def]
    """The share of working time left after so many days of sickness a year."""
    return max(0.0, 1.0 - days / WORKING_DAYS)
