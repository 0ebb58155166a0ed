"""The labour market: good and bad financial years that all staff, or all of a role group, share."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.jit import rule

FIRST_YEAR = 2000
"""The year in which every chain starts, stationary: scenarios that start in different years share
their years."""


@rule("float64(uint64, uint64, int64, float64)")
def chain(stream, group, year, phi):  # type: ignore[no-untyped-def]
    """Z of ``group`` in financial year ``year``: Z = φZ₋₁ + √(1−φ²)ε, standard normal in each
    year."""
    z = draws.normal(stream, group, FIRST_YEAR)
    for y in range(FIRST_YEAR + 1, year + 1):
        z = phi * z + math.sqrt(1.0 - phi * phi) * draws.normal(stream, group, y)
    return z


@rule("float64[:, ::1](uint64, uint64[::1], int64[::1], float64)")
def chains(stream, groups, years, phi):  # type: ignore[no-untyped-def]
    """Z of each group in each of some rising financial years, float64 [groups, years]: as `chain`
    gives them one by one."""
    found = np.empty((groups.size, years.size))
    for k in range(groups.size):
        z = draws.normal(stream, groups[k], FIRST_YEAR)
        year = FIRST_YEAR
        for n in range(years.size):
            while year < years[n]:
                year += 1
                z = phi * z + math.sqrt(1.0 - phi * phi) * draws.normal(stream, groups[k], year)
            found[k, n] = z
    return found


@rule
def mixed(council, role_group, council_share):  # type: ignore[no-untyped-def]
    """One Z from the council's and the role group's, again standard normal."""
    return math.sqrt(council_share) * council + math.sqrt(1.0 - council_share) * role_group


@rule
def factor(sigma, z):  # type: ignore[no-untyped-def]
    """F = exp(σZ − σ²/2): mean one."""
    return math.exp(sigma * z - 0.5 * sigma * sigma)
