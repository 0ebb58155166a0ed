"""The labour market: good and bad financial years that all staff, or all of a role group, share."""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import rule

FIRST_YEAR = 2000
"""The year in which every chain starts, stationary: scenarios that start in different years share
their years."""


@rule("float64(float64, float64, float64)")
def next_year(z, phi, fresh):  # type: ignore[no-untyped-def]
    """Z = φZ₋₁ + √(1−φ²)ε: what is left of last year, and what is new."""
    return phi * z + math.sqrt(1.0 - phi * phi) * fresh


@rule("float64(uint64, uint64, int64, float64)")
def chain(stream, group, year, phi):  # type: ignore[no-untyped-def]
    """Z of ``group`` in financial year ``year``, standard normal in each year."""
    z = draws.normal(stream, group, FIRST_YEAR)
    for y in range(FIRST_YEAR + 1, year + 1):
        z = next_year(z, phi, draws.normal(stream, group, y))
    return z


@rule
def mixed(council, role_group, council_share):  # type: ignore[no-untyped-def]
    """One Z from the council's and the role group's, again standard normal."""
    return math.sqrt(council_share) * council + math.sqrt(1.0 - council_share) * role_group


@rule
def factor(sigma, z):  # type: ignore[no-untyped-def]
    """F = exp(σZ − σ²/2): mean one."""
    return math.exp(sigma * z - 0.5 * sigma * sigma)
