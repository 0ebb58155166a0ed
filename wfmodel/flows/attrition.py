"""Attrition: competing causes of leaving, each with one threshold for each person.

Accumulated hazard is a whole number of units of 2⁻⁵⁷ and a rate is whole units a second, so that a
sum does not depend on where it is split: a policy that changes nothing changes nothing at all.
"""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import rule
from wfmodel.units import DAY, NEVER, YEAR, birthday

OTHER_COUNCIL, AGENCY, OUT_OF_PROFESSION, RETIREMENT, OTHER = range(5)
"""Causes with a hazard; the first three are destinations of a resignation."""
CAUSES = 5

_UNITS = 2.0**57


@rule("int64(uint64, uint64, int64)")
def threshold(stream, person, cause):  # type: ignore[no-untyped-def]
    """The accumulated hazard, in units, at which the person gives notice for this cause."""
    return math.ceil(draws.exponential(stream, person, cause) * _UNITS)


@rule
def units_a_second(annual_hazard):  # type: ignore[no-untyped-def]
    """A yearly hazard as whole units a second."""
    return math.floor(annual_hazard * _UNITS / YEAR)


@rule
def band(edges, count, years):  # type: ignore[no-untyped-def]
    """The band in which ``years`` falls: bands are closed below."""
    found = 0
    for k in range(1, count):
        if years >= edges[k]:
            found = k
    return found


@rule
def annual_hazard(cause, role, cell, service_band, age_band, segment, rates):  # type: ignore[no-untyped-def]
    """Hazard of one cause: role base × service band × age band × policies and market in force.

    ``rates`` is a `wfmodel.simulation.parameters.Rates`.
    """
    factor = rates.factor[cause, cell, segment]
    if cause == RETIREMENT:
        return rates.retirement[role, age_band] * factor
    if cause == OTHER:
        return rates.other[role] * factor
    base = rates.resignation[role, cause]
    return (
        base
        * rates.service_multiplier[role, service_band]
        * rates.age_multiplier[role, age_band]
        * factor
    )


@rule
def next_notice(  # type: ignore[no-untyped-def]
    remaining,
    since,
    until,
    role,
    cell,
    service_start,
    birth_day,
    start_day,
    bound_until,
    bound_multiplier,
    rates,
):
    """When, and for which cause, somebody reaches a threshold after ``since`` and by ``until``.

    ``remaining`` (int64 [5]) is what each threshold still lacks; where none is reached it is
    advanced to ``until``.
    ``bound_multiplier`` is on resignations before ``bound_until`` (a learning agreement). Returns
    (time, cause),
    or (NEVER, −1). Of two causes at one instant the first in order is taken.
    """
    time = since
    segments = rates.segment_start.size
    segment = 0
    while segment + 1 < segments and rates.segment_start[segment + 1] <= time:
        segment += 1
    service_band = 0
    bands = rates.service_bands[role]
    while (
        service_band + 1 < bands
        and service_start + rates.service_edge[role, service_band + 1] <= time
    ):
        service_band += 1
    age_band = 0
    ages = rates.age_bands[role]
    next_age = NEVER
    while age_band + 1 < ages:
        next_age = (birthday(birth_day, rates.age_edge[role, age_band + 1]) - start_day) * DAY
        if next_age > time:
            break
        age_band += 1
        next_age = NEVER
    while time < until:
        end = until
        if segment + 1 < segments:
            end = min(end, rates.segment_start[segment + 1])
        if service_band + 1 < bands:
            end = min(end, service_start + rates.service_edge[role, service_band + 1])
        end = min(end, next_age)
        if time < bound_until:
            end = min(end, bound_until)
        length = end - time
        soonest = NEVER
        soonest_cause = -1
        for cause in range(CAUSES):
            hazard = annual_hazard(cause, role, cell, service_band, age_band, segment, rates)
            if cause < RETIREMENT and time < bound_until:
                hazard = hazard * bound_multiplier
            speed = units_a_second(hazard)
            if speed > 0:
                wait = (remaining[cause] + speed - 1) // speed
                if wait <= length and time + wait < soonest:
                    soonest = time + wait
                    soonest_cause = cause
        if soonest_cause >= 0:
            return soonest, soonest_cause
        for cause in range(CAUSES):
            hazard = annual_hazard(cause, role, cell, service_band, age_band, segment, rates)
            if cause < RETIREMENT and time < bound_until:
                hazard = hazard * bound_multiplier
            remaining[cause] -= units_a_second(hazard) * length
        time = end
        if segment + 1 < segments and rates.segment_start[segment + 1] <= time:
            segment += 1
        if (
            service_band + 1 < bands
            and service_start + rates.service_edge[role, service_band + 1] <= time
        ):
            service_band += 1
        if next_age <= time:
            age_band += 1
            next_age = NEVER
            if age_band + 1 < ages:
                next_age = (
                    birthday(birth_day, rates.age_edge[role, age_band + 1]) - start_day
                ) * DAY
    return NEVER, -1
