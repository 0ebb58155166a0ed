"""What comes to people at a yearly rate between two birthdays: fewer hours, long absence.

Like hazards of leaving it accumulates in whole units, up to one threshold for each person, name and
time that it comes.
"""

from __future__ import annotations

import math

from wfmodel import draws
from wfmodel.jit import rule
from wfmodel.units import DAY, HAZARD_UNITS, NEVER, YEAR, birthday

LOOK_BACK = 5 * YEAR
"""Absences that began up to so long before the start may still be under way at the start."""


@rule("int64(uint64, uint64, int64)")
def threshold(stream, entity, number):  # type: ignore[no-untyped-def]
    """The accumulated hazard, in units, at which it comes for the how-manieth time (0: the
    first)."""
    return math.ceil(draws.exponential(stream, entity, number) * HAZARD_UNITS)


@rule
def from_birthday(birth_day, age, start_day):  # type: ignore[no-untyped-def]
    """The second of a birthday; long past for an age of 0."""
    return -NEVER if age <= 0 else (birthday(birth_day, age) - start_day) * DAY


@rule
def due(remaining, speed, since, opens, closes):  # type: ignore[no-untyped-def]
    """When a threshold that lacks ``remaining`` units at ``since`` is reached, at ``speed`` units a
    second from ``opens`` to ``closes``; NEVER where it is not."""
    first = max(since, opens)
    if speed <= 0 or first >= closes:
        return NEVER
    wait = (remaining + speed - 1) // speed
    return first + wait if wait <= closes - first else NEVER


@rule
def lacking(remaining, speed, since, until, opens, closes):  # type: ignore[no-untyped-def]
    """What a threshold that lacked ``remaining`` units at ``since``, and is not reached before
    ``until``, lacks then: at least one."""
    length = min(until, closes) - max(since, opens)
    return remaining if length <= 0 else max(remaining - speed * length, 1)


@rule
def surely_later(u, annual_hazard, since, until, opens, closes):  # type: ignore[no-untyped-def]
    """Whether a threshold of the uniform draw ``u`` is surely not reached by ``until``, without
    taking its logarithm; where this is False it may or may not be."""
    length = min(until, closes) - max(since, opens)
    return length <= 0 or u < 1.0 - annual_hazard * (1.0 + 1e-9) * (length / YEAR) - 1e-9
