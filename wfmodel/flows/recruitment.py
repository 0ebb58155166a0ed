"""Recruitment: how long it takes, whether a campaign fills, by which route the starter comes."""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import rule
from wfmodel.units import NEVER, YEAR


@rule("int64(int64, float64, float64, float64, uint64, uint64, float64)")
def duration(shape, a, b, c, stream, entity, unit):  # type: ignore[no-untyped-def]
    """A drawn length of time in whole seconds, rounded up once and at most `NEVER`; ``unit`` is the
    seconds of the quantity's unit."""
    seconds = draws.vary(shape, a, b, c, stream, entity) * unit
    return NEVER if seconds >= NEVER else max(0, math.ceil(seconds))


@rule("int64(float64, float64)")
def waiting_time(unit_exponential, annual_hazard):  # type: ignore[no-untyped-def]
    """Seconds until something of constant hazard happens; `NEVER` where it doesn't."""
    if annual_hazard <= 0.0:
        return NEVER
    seconds = unit_exponential / annual_hazard * YEAR
    return NEVER if seconds >= NEVER else math.ceil(seconds)


@rule
def fill_chance(probability, odds_multiplier):  # type: ignore[no-untyped-def]
    """The chance that a campaign fills, with its odds multiplied: p=0 and p=1 stay what they
    are."""
    if probability <= 0.0:
        return 0.0
    if probability >= 1.0:
        return 1.0
    odds = probability / (1.0 - probability) * odds_multiplier
    return odds / (1.0 + odds)


@rule
def choose(weights, u):  # type: ignore[no-untyped-def]
    """The position that ``u`` picks among ``weights`` (float64, not all zero)."""
    total = 0.0
    for weight in weights:
        total += weight
    reach = u * total
    chosen = 0
    for k in range(weights.size):
        if weights[k] > 0.0:
            chosen = k
            if reach < weights[k]:
                return k
            reach -= weights[k]
    return chosen


@rule
def path_fte(opening, annual_reduction, straight, months):  # type: ignore[no-untyped-def]
    """Where FTE (whole hundredths) should be ``months`` after ``opening``, never below zero."""
    years = months / 12.0
    if straight:
        return max(0, math.floor(opening * (1.0 - annual_reduction * years)))
    return math.floor(opening * math.exp(years * math.log(max(1.0 - annual_reduction, 1e-12))))
