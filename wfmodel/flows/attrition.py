"""Attrition: competing causes of leaving, each with one threshold for each person.

Accumulated hazard is a whole number of units of 2⁻⁵⁷ and a rate is whole units a second, so that a
sum does not depend on where it is split: a policy that changes nothing changes nothing at all.
"""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import part, phrase, rule
from wfmodel.units import DAY, HAZARD_UNITS, NEVER, YEAR, birthday, units_a_second

OTHER_COUNCIL, AGENCY, OUT_OF_PROFESSION, RETIREMENT, OTHER = range(5)
"""Causes with a hazard; the first three are destinations of a resignation."""
CAUSES = 5

(
    SEGMENTS,
    STARTS,
    NEXT_CHANGE,
    ROW_OF,
    FACTOR,
    RESIGNATION,
    OTHERS,
    RETIREMENTS,
    SERVICES,
    SERVICE_BANDS,
    SERVICE_EDGES,
    BY_SERVICE,
    AGES,
    AGE_BANDS,
    AGE_EDGES,
    BY_AGE,
    MOST,
    MAY_LEAVE,
    PRESSURES,
    MONTHS,
    KNOWN,
    SPEEDS,
) = range(22)
RATES_WIDTH = SPEEDS + CAUSES
FACTORS, MOST_FACTOR, PRESSURE_WIDTH = range(3)
"""What attrition reads, as a record in memory.

``STARTS`` is a list of the first seconds of ``SEGMENTS`` stretches in which no factor changes;
``ROW_OF`` the row of each cell; ``FACTOR`` others [rows, segments, causes]; ``NEXT_CHANGE`` [rows,
segments] the segment in which a row's factors are next different (−1: never). ``RESIGNATION``
others [roles, 3], ``OTHERS`` [roles], ``RETIREMENTS`` and ``BY_AGE`` [roles, ages], ``BY_SERVICE``
[roles, services]; ``SERVICE_BANDS`` and ``AGE_BANDS`` how many bands each role has, their edges in
seconds of service and in years of age. ``MOST`` others [rows, causes] the greatest factor of any
segment, ``MAY_LEAVE`` flags [roles, causes] where there is a hazard at all. ``PRESSURES`` is 0, or
by cell what shortage does to resignations (0: nothing), which is known of so many ``MONTHS`` (first
seconds) from the start: ``FACTORS`` others by month, and ``MOST_FACTOR`` the place of the greatest
that they may be. From ``SPEEDS`` on it is scratch.
"""


@rule("int64(uint64, uint64, int64)")
def threshold(stream, person, cause):  # type: ignore[no-untyped-def]
    """The accumulated hazard, in units, at which the person gives notice for this cause."""
    return math.ceil(draws.exponential(stream, person, cause) * HAZARD_UNITS)


@part
def _set_speeds(w, rates, role, row, service_band, age_band, bound):  # type: ignore[no-untyped-def]
    """Units a second of each cause: role base × service band × age band × policies and market in
    force; ``bound`` multiplies resignations. ``row`` is that of the cell and the segment."""
    m, f = w.m, w.f
    factor = m[rates + FACTOR] + row * CAUSES
    by_service = f[m[rates + BY_SERVICE] + role * m[rates + SERVICES] + service_band]
    by_age = f[m[rates + BY_AGE] + role * m[rates + AGES] + age_band]
    base = m[rates + RESIGNATION] + role * RETIREMENT
    for cause in range(RETIREMENT):
        hazard = f[base + cause] * by_service * by_age * f[factor + cause] * bound
        m[rates + SPEEDS + cause] = units_a_second(hazard)
    retiring = f[m[rates + RETIREMENTS] + role * m[rates + AGES] + age_band]
    m[rates + SPEEDS + RETIREMENT] = units_a_second(retiring * f[factor + RETIREMENT])
    m[rates + SPEEDS + OTHER] = units_a_second(f[m[rates + OTHERS] + role] * f[factor + OTHER])


@part
def surely_stays(  # type: ignore[no-untyped-def]
    w, rates, remaining, first, stream, key, since, until, role, cell, service_start, birth_day,
    start_day, bound,
):  # fmt: skip
    """Whether somebody reaches no threshold from ``since`` to ``until``, by the greatest hazards
    that they may meet; where this is False they may or may not.

    A threshold that is 0 in ``remaining`` is not drawn yet: a draw u is below e^(−H) where it is
    below 1 − H, which costs no logarithm. ``bound`` is the greatest multiplier on resignations.
    """
    m, f = w.m, w.f
    years = (until - since) / YEAR * (1.0 + 1e-9)
    bands = m[m[rates + SERVICE_BANDS] + role]
    edges = m[rates + SERVICE_EDGES] + role * m[rates + SERVICES]
    by_service = m[rates + BY_SERVICE] + role * m[rates + SERVICES]
    band = 0
    while band + 1 < bands and service_start + m[edges + band + 1] <= since:
        band += 1
    most = f[by_service + band]
    while band + 1 < bands and service_start + m[edges + band + 1] < until:
        band += 1
        most = max(most, f[by_service + band])
    ages, edges = m[m[rates + AGE_BANDS] + role], m[rates + AGE_EDGES] + role * m[rates + AGES]
    by_age = m[rates + BY_AGE] + role * m[rates + AGES]
    retiring = m[rates + RETIREMENTS] + role * m[rates + AGES]
    lived, band = start_day + since // DAY - birth_day, 0
    while band + 1 < ages and lived >= 366 * m[edges + band + 1]:
        band += 1
    most_by_age, most_retiring = f[by_age + band], f[retiring + band]
    lived += 1 + (until - since) // DAY
    while band + 1 < ages and lived >= 365 * m[edges + band + 1]:
        band += 1
        most_by_age = max(most_by_age, f[by_age + band])
        most_retiring = max(most_retiring, f[retiring + band])
    most *= most_by_age * bound
    if m[rates + PRESSURES] != 0 and m[m[rates + PRESSURES] + cell] != 0:
        most *= f[m[m[m[rates + PRESSURES] + cell] + MOST_FACTOR]]
    factor = m[rates + MOST] + m[m[rates + ROW_OF] + cell] * CAUSES
    for cause in range(CAUSES):
        if cause < RETIREMENT:
            hazard = f[m[rates + RESIGNATION] + role * RETIREMENT + cause] * most
        elif cause == RETIREMENT:
            hazard = most_retiring
        else:
            hazard = f[m[rates + OTHERS] + role]
        hazard *= f[factor + cause] * years
        left = remaining[first + cause]
        if hazard <= 0.0:
            continue
        if left > 0:
            if float(left) <= hazard * HAZARD_UNITS:
                return False
        elif hazard >= 1.0 or draws.uniform(stream, key, cause) >= 1.0 - hazard - 1e-9:
            return False
    return True


@phrase
def _reaches(birth_day, age, day):  # type: ignore[no-untyped-def]
    """Whether somebody is ``age`` by ``day``: years have 365 or 366 days, mostly that is enough."""
    lived = day - birth_day
    if lived >= 366 * age:
        return True
    return lived >= 365 * age and birthday(birth_day, age) <= day


@part
def next_notice(  # type: ignore[no-untyped-def]
    w,
    rates,
    remaining,
    first,
    since,
    until,
    role,
    cell,
    service_start,
    birth_day,
    start_day,
    bound_until,
    bound_multiplier,
):
    """When, and for which cause, somebody reaches a threshold after ``since`` and by ``until``.

    ``rates`` is a record, see `SPEEDS`. What each threshold still lacks stands in ``remaining``
    (int64) from ``first`` on; where none is reached it is advanced to ``until``.
    ``bound_multiplier`` is on resignations before ``bound_until`` (a learning agreement). Returns
    (time, cause), or (NEVER, −1). Of two causes at one instant the first in order is taken.
    A time in a month of which the pressure is not known yet is the earliest that it may be.
    """
    m = w.m
    time, starts, segments = since, m[rates + STARTS], m[rates + SEGMENTS]
    row = m[m[rates + ROW_OF] + cell] * segments
    segment = 0
    while segment + 1 < segments and m[starts + segment + 1] <= time:
        segment += 1
    bands = m[rates + SERVICE_BANDS]
    bands, edges = m[bands + role], m[rates + SERVICE_EDGES] + role * m[rates + SERVICES]
    service_band = 0
    while service_band + 1 < bands and service_start + m[edges + service_band + 1] <= time:
        service_band += 1
    ages = m[m[rates + AGE_BANDS] + role]
    age_edges = m[rates + AGE_EDGES] + role * m[rates + AGES]
    age_band, day = 0, start_day + time // DAY
    while age_band + 1 < ages and _reaches(birth_day, m[age_edges + age_band + 1], day):
        age_band += 1
    next_age = _next_age(birth_day, start_day, until, ages, age_edges, age_band, m)
    pressure, month, starts_of_months = 0, 0, m[rates + MONTHS]
    if m[rates + PRESSURES] != 0:
        pressure = m[m[rates + PRESSURES] + cell]
        while month < m[rates + KNOWN] and m[starts_of_months + month + 1] <= time:
            month += 1
    while time < until:
        end, bound = min(until, next_age), 1.0
        change = m[m[rates + NEXT_CHANGE] + row + segment]
        if change >= 0:
            end = min(end, m[starts + change])
        if service_band + 1 < bands:
            end = min(end, service_start + m[edges + service_band + 1])
        if time < bound_until:
            end, bound = min(end, bound_until), bound_multiplier
        if pressure != 0 and month < m[rates + KNOWN]:
            end = min(end, m[starts_of_months + month + 1])
            bound *= w.f[m[pressure + FACTORS] + month]
        elif pressure != 0:
            bound *= w.f[m[pressure + MOST_FACTOR]]
        _set_speeds(w, rates, role, row + segment, service_band, age_band, bound)
        reached, cause = _first_reached(w, rates, remaining, first, end - time)
        if cause >= 0:
            return time + reached, cause
        time = end
        if change >= 0 and m[starts + change] <= time:
            segment = change
        if service_band + 1 < bands and service_start + m[edges + service_band + 1] <= time:
            service_band += 1
        if pressure != 0 and month < m[rates + KNOWN]:
            month += 1 if m[starts_of_months + month + 1] <= time else 0
        if next_age <= time:
            age_band += 1
            next_age = _next_age(birth_day, start_day, until, ages, age_edges, age_band, m)
    return NEVER, -1


@part
def _next_age(birth_day, start_day, until, ages, edges, band, m):  # type: ignore[no-untyped-def]
    """The second at which somebody comes into the next age band; NEVER where not by ``until``."""
    if band + 1 >= ages:
        return NEVER
    age = m[edges + band + 1]
    if start_day + until // DAY - birth_day < 365 * age:
        return NEVER
    return (birthday(birth_day, age) - start_day) * DAY


@part
def _first_reached(w, rates, remaining, first, length):  # type: ignore[no-untyped-def]
    """How soon within ``length`` seconds a threshold is reached, and which: or (NEVER, −1), and
    all are advanced."""
    m = w.m
    soonest, cause = NEVER, -1
    for k in range(CAUSES):
        speed = m[rates + SPEEDS + k]
        # a division only where it may matter: what is left is far below where floats are coarse
        if float(speed) * float(length) >= 0.999 * float(remaining[first + k]):
            wait = (remaining[first + k] + speed - 1) // speed if speed > 0 else NEVER
            if wait <= length and wait < soonest:
                soonest, cause = wait, k
    if cause < 0:
        for k in range(CAUSES):
            remaining[first + k] -= m[rates + SPEEDS + k] * length
    return soonest, cause
