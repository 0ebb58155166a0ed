"""What the scenario asks, as records in a run's memory (see `wfmodel.simulation.world`).

What one scenario asks is written by `lowering`, and its numbers filled in for each replication.
"""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.jit import phrase
from wfmodel.simulation import world
from wfmodel.simulation.effects import CONVERTS, COVER, INSIDE, LONGEST, ODDS, SMALLEST, TIME

# --- the run: the first places that are free
(
    HORIZON,
    START_DAY,
    MONTH_STARTS,
    MONTHS,
    SEGMENTS,
    SEGMENT_STARTS,
    ROLES,
    ROLE_AT,
    SKILL_COUNT,
    APRILS,
    APRIL_COUNT,
    APRIL_YEARS,
    PAY_FROM,
    PAY_TABLES,
    PAY_ROWS,
    PAY_AT,
    AWARDS,
    TABLES,
    RATES,
    EFFECTS,
    WORKLOAD,
    ROW_OF,
    RECRUITERS,
    CONTROL_COUNT,
    CONTROL_AT,
    POLICY_COUNT,
    POLICY_AT,
    USE_COUNT,
    USE_AT,
    EVENT_COUNT,
    EVENT_AT,
    PIPELINE_COUNT,
    PIPELINE_AT,
    RESERVE_COUNT,
    RESERVE_AT,
    NAME_COUNT,
    NAME_AT,
    ACTING_COUNT,
    ACTING_AT,
    SECONDMENT_COUNT,
    SECONDMENT_AT,
    STATUTE_AT,
    PUSHES,
    NO_EVENT_KEY,
    STREAM_KEYS,
    FUNDING_ENDS,
    FUNDING_END_COUNT,
    ATTRITION,
    PROFILE,
    PROBATION,
    RECRUITMENT,
    INSIDE_STREAM,
    CONTROL,
    AGENCY,
    ACCEPTANCE,
    TRIAL,
    COACHING,
    CHANGE,
    PIPELINES,
    PROGRESSION,
    HOURS,
    LONG_ABSENCE,
    ACTING,
    SECONDMENT,
    RUN_END,
) = range(world.FIRST_FREE, world.FIRST_FREE + 65)
"""``PAY_AT`` begins as many tables of ``PAY_ROWS`` as there are ``PAY_FROM``, each after the first
raised by one of ``AWARDS`` (others); ``TABLES``, ``RATES``, ``EFFECTS``, ``WORKLOAD``, ``ROW_OF``
and ``RECRUITERS`` are those of `wfmodel.simulation.tables`; from ``ATTRITION`` on stand the keys of
the streams, made of the ``STREAM_KEYS``; ``FUNDING_ENDS`` are opening posts and times (two)."""
STREAMS = RUN_END - ATTRITION

# --- a role, and its numbers from f[m[role + NUMBERS]]
(
    NUMBERS,
    NOTICE,
    RETIREMENT_AGE,
    APPROVAL_FROM_NOTICE,
    MIN_IN_ROLE,
    PROBATION_LENGTH,
    SUPERVISES,
    PUSH_TO,
    PUSH_AFTER,
    POINT_LOW,
    POINT_HIGH,
    MASK,
    GRADE,
    WEIGHTS,
    FEEDING,
    FEEDERS,
    LIKE,
    LIKES,
    LISTED,
    APPROVAL_SHAPE,
    HIRE_SHAPE,
    AGE_SHAPE,
    CONTINUOUS_SHAPE,
    LAG_SHAPE,
    OCCURRENCES,
    OCCURRENCE_COUNT,
    ROLE_WIDTH,
) = range(27)
"""``FEEDING``, ``FEEDERS``: the list of roles that feed it; ``LIKE``, ``LIKES``: a list of opening
people whose characteristics its starters share. ``LISTED``
where somebody may ask who holds it; ``OCCURRENCES``: what may come to its holders."""
(
    FILL,
    PROMOTION,
    SIDEWAYS,
    CONTINUOUS_SHARE,
    PASS,
    COVER_PROBABILITY,
    CONVERSION,
    PUSH_PROBABILITY,
    ROUTES,
    APPROVAL,
    HIRE,
    AGE,
    CONTINUOUS,
    LAG,
    ROLE_NUMBERS,
) = (*range(9), 12, 16, 20, 24, 28, 32)
"""From ``APPROVAL`` on four each: the three parameters of a length and the seconds of its unit."""

# --- what may come to holders of a role, by its name: fewer hours, long absence
NAME_KEY_OF, NAME_STREAM, NAME_WIDTH = range(3)
"""``NAME_STREAM`` is the place of the stream's key."""
(
    O_NAME,
    O_PLACE,
    O_CAUSE,
    O_FROM,
    O_TO,
    O_SEX,
    O_UNREDUCED,
    O_LEAVE,
    O_NUMBERS,
    O_WIDTH,
) = range(10)
O_RATE, O_KEEPS, O_FLOATS = range(3)
"""``O_PLACE``: which of a person's records; ``O_FROM`` and ``O_TO`` ages, 0 for none; ``O_SEX`` a
code, −1 for everybody; ``O_LEAVE`` the terms of the absence, 0 where it is about hours."""

# --- terms on which somebody is away, and their numbers from f[m[leave + LEAVE_NUMBERS]]
LEAVE_CAUSE, LEAVE_STREAM, LEAVE_SHARE, LEAVE_SHAPE, LEAVE_LAG_SHAPE, LEAVE_NUMBERS, LEAVE_WIDTH = (
    range(7)
)
RETURNS, COVERED, LEAVE_LENGTH, LEAVE_LAG, LEAVE_FLOATS = 0, 1, 2, 6, 10
"""``LEAVE_STREAM`` is the place of the stream's key; ``LEAVE_SHARE`` of pay, in thousandths."""

# --- a vacancy control
(
    FIRST,
    LAST,
    SCOPE,
    EXEMPT,
    MODE,
    HOLD,
    SHARE,
    REDUCTION,
    REDUCED,
    STRAIGHT,
    BEGUN,
    PATH,
    INSTANTS,
    INSTANT_COUNT,
    NAME_KEY,
    CONTROL_WIDTH,
) = range(16)
BY_SHARE, EVERYTHING, UNTIL_TARGET = range(3)
"""FIRST, LAST and SCOPE stand first in all that is in force from a time to a time in some cells."""

# --- a redeployment policy, and its numbers from f[m[policy + POLICY_NUMBERS]]
(
    POLICY_NUMBERS,
    COACHES,
    DISTANCE,
    JOB_TO_JOB,
    THRESHOLD,
    TOLERANCE,
    TRIAL_LENGTH,
    COACHING_SHAPE,
    POLICY_WIDTH,
) = range(3, 12)
POOL_WEEKS, ACCEPT, ACCEPT_COACHED, REFUSAL, TRIAL_PASS, TRIAL_PASS_COACHED, COACHING_LENGTH = (
    range(7)
)
POLICY_FLOATS = 11

# --- a policy of acting up, with its numbers from f[m[policy + ACT_NUMBERS]]; a secondment
ACT_NUMBERS, ACT_SHAPE, ACTING_WIDTH = range(3, 6)
ACT_PROBABILITY, ACT_LAG, ACT_FLOATS = 0, 1, 5
SECOND_KEY, SECOND_NAME_KEY, SECOND_HEADS, SECOND_LEAVE, SECONDMENT_WIDTH = range(3, 8)
"""``SECOND_KEY`` is that of its chance, ``SECOND_NAME_KEY`` orders it among others of its day."""

# --- a use of agency, a reservation for pipelines
USE_FTE, USE_CELL, USE_CAUSE, USE_WIDTH = range(3, 7)
RESERVE_WAIT, RESERVE_PIPELINE, RESERVE_WIDTH = range(3, 6)
"""``RESERVE_PIPELINE``: the pipeline's number and one."""

# --- a change event, and its numbers from f[m[event + EVENT_NUMBERS]]
(
    ANNOUNCED,
    IMPLEMENTED,
    EVENT_SCOPE,
    EVENT_NUMBERS,
    EVENT_KIND,
    EVENT_KEY,
    NAMED,
    NAMED_COUNT,
    COUNT,
    CONSULTATION_DAYS,
    IMPLEMENTED_DAY,
    VOLUNTARY,
    SLOTTING,
    ACTUAL_PAY,
    CREATIONS,
    CREATION_COUNT,
    TRANSFERRED_AGE,
    TRANSFERRED_SERVICE,
    AGE_BANDS,
    AGE_BAND_COUNT,
    SERVICE_BANDS,
    SERVICE_BAND_COUNT,
    EVENT_WIDTH,
) = range(23)
DELETE, CREATE, CONVERT, TRANSFER_OUT, TRANSFER_IN = range(5)
EVENT_SHARE, TAKE_UP, REFUSED, ENHANCEMENT, EVENT_FLOATS = range(5)
"""``NAMED`` is a rising list of opening posts (−1: posts are not named); ``COUNT`` −1: a share; a
band is its edge and the place of its multiplier in ``f``."""
CREATION_CELL, CREATION_POSTS, CREATION_FTE, CREATION_EMPLOYER, CREATION_FUNDING, CREATION_WIDTH = (
    range(6)
)

# --- a pipeline, its stages, and their numbers
(
    PIPELINE_KEY,
    BESIDE_KEY,
    FROM_STAFF,
    INTO_VACANCIES,
    KEEPS_POST,
    GUARANTEES,
    TRAINEE_CELL,
    TARGET_CELL,
    TARGETS,
    PIPELINE_FTE,
    STAGES,
    STAGE_COUNT,
    SUPERVISORS,
    SUPERVISOR_COUNT,
    SUPERVISED_BY_STAFF,
    LOSES,
    LONGEST_WAIT,
    SHARING,
    FROM_ROLES,
    FROM_ROLE_COUNT,
    DATES,
    DATE_COUNT,
    SIZE_SHAPE,
    TRAINEE_AGE_SHAPE,
    WAIT,
    AGREEMENT,
    BOUND_FOR,
    NEWLY_QUALIFIED,
    FIRST_TIME,
    STEP_UP_TO,
    PIPELINE_NUMBERS,
    PIPELINE_WIDTH,
) = range(32)
CONVERSION_SHARE, BOUND, SIZE, TRAINEE_AGE, PIPELINE_FLOATS = 0, 1, 2, 6, 10
"""``SHARING`` is a flag for each pipeline; a date is seconds, day and intake number (three)."""
STAGE_SHAPE, STAGE_SUPERVISION, STAGE_NUMBERS, STAGE_WIDTH = range(4)
"""Numbers of a stage: the three parameters of its months, then the chance to complete it."""

# --- the statute: a figure is a list of times, and as many values in ``f``
(
    SMALL_FROM,
    SMALL_DAYS,
    LARGE_FROM,
    LARGE_DAYS,
    WINDOW_DAYS,
    WEEKS_PER_YEAR,
    LEAST_WEEKS,
    MOST_WEEKS,
    QUALIFYING_YEARS,
    MOST_YEARS,
    MOST_PAID_WEEKS,
    WEEK_CAP,
    LOWER_AGE,
    UPPER_AGE,
    PROTECTED_MONTHS,
) = range(15)
"""In the order of `wfmodel.simulation.statute.STEERING`."""
FIGURE_TIMES, FIGURE_COUNT, FIGURE_VALUES, FIGURE_WIDTH = range(4)


@phrase
def role_of(w, cell):  # type: ignore[no-untyped-def]
    """The role of a cell, as a record."""
    return w.m[ROLE_AT] + cell % w.m[ROLES] * ROLE_WIDTH


@phrase
def in_force(w, record, cell, now):  # type: ignore[no-untyped-def]
    """Whether a policy is in force for a cell now."""
    m = w.m
    return m[record + FIRST] <= now < m[record + LAST] and m[m[record + SCOPE] + cell] != 0


@phrase
def _place(w, which, cell, segment):  # type: ignore[no-untyped-def]
    m = w.m
    return m[m[EFFECTS] + which] + m[m[ROW_OF] + cell] * m[SEGMENTS] + segment


@phrase
def effect(w, which, cell, segment):  # type: ignore[no-untyped-def]
    """What policies and the market multiply by; ``which`` is one of ODDS … CONVERTS."""
    return w.f[_place(w, which, cell, segment)]


@phrase
def limit(w, which, cell, segment):  # type: ignore[no-untyped-def]
    """SMALLEST advertised FTE or LONGEST cover."""
    return w.m[_place(w, which, cell, segment)]


@phrase
def happens(probability, stream, key, number):  # type: ignore[no-untyped-def]
    """Whether something of a probability happens by a keyed draw; what is certain takes none."""
    if probability <= 0.0:
        return False
    return probability >= 1.0 or draws.uniform(stream, key, number) < probability


@phrase
def stream(w, which):  # type: ignore[no-untyped-def]
    """The key of a stream, one of ATTRITION … PROGRESSION."""
    return np.uint64(w.m[which])


__all__ = ["CONVERTS", "COVER", "INSIDE", "LONGEST", "ODDS", "SMALLEST", "TIME"]
