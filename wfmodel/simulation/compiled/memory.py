"""What happens in a run, as records in its memory (see `wfmodel.simulation.world`).

The terms of the run stand first (see `terms`), then the council as it opens, then whatever joins
it. Behind them lie the calendar of what is due and the ledger's three tables as they are written,
each of them with room for so many rows.
"""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.simulation.compiled import terms

# --- the run itself
(
    TOP,
    RECORDS_END,
    NOW,
    SEGMENT,
    MONTH,
    SEQUENCE,
    SETTLING,
    NEWCOMERS,
    RECRUITING,
    COACHING,
    FRESH,
    QUEUE,
    SORTED,
    ROUND,
    OPEN,
    POOL,
    COACHLESS,
    WAITING,
    GUARANTEED,
    PLACES,
    LOOKING,
    OPENING,
    FIRST_POST,
    LAST_POST,
    FIRST_PERSON,
    TRAITS,
    HOLDERS,
    CONTROLS,
    PIPELINES,
    SCRATCH,
    WORK,
    WORK_CELLS,
    JOINERS,
    FREE_NODE,
    MISSING_RULE,
    MISSING_WHEN,
    DAYS_AT,
    DAY,
    ROWS_AT,
    ROWS_END,
    ROWS_TOP,
    FREE_ROW,
    DUE_AT,
    DUE,
    MOVES_AT,
    MOVES_END,
    MOVES,
    PEOPLE_AT,
    PEOPLE_END,
    PEOPLE,
    POSTS_AT,
    POSTS_END,
    POSTS,
    SEATS,
    HEADER,
) = range(terms.RUN_END, terms.RUN_END + 55)
"""``FRESH``, ``QUEUE``, ``SORTED``, ``ROUND`` and ``LOOKING`` (for somebody to act up) are roots of
queues; ``OPEN`` … ``PLACES`` heads of lists; ``OPENING`` is 1 while the council opens; ``HOLDERS``,
``CONTROLS``, ``PIPELINES``, ``SCRATCH`` and ``WORK`` (by cell: of people, of agency) handles of
blocks; ``JOINERS`` a list of those who join, where work presses. From ``DAYS_AT`` to ``DUE`` it is
the calendar (see `events`), then the ledger's tables (see `book`). ``TRAITS`` are the opening
people's characteristics, a packed number for each."""

LINE = 8
"""Numbers in a line of the processor's cache: every record begins with one."""

# --- a person: what is asked for together stands together, eight to a line
(
    INDEX,
    KEY,
    CELL,
    SEAT,
    PLAN,
    AWAY,
    GONE,
    NOTICE_AT,
    TRAINEE,
    PLACE,
    FTE,
    IN_WAITING,
    _IN_WAITING_NEXT,
    IN_ROLE,
    _IN_ROLE_NEXT,
    EXPOSED,
    SINCE,
    SERVICE,
    BIRTH,
    BOUND_UNTIL,
    BOUND_BY,
    CONTRACT_END,
    PERMANENT,
    POST_SINCE,
    ROLE_SINCE,
    REMAINING,
    _,
    _,
    _,
    _,
    CONTINUOUS,
    PROTECTED,
    SKILLS,
    ROW,
    ROW_SINCE,
    VOLUNTEER,
    IN_GUARANTEED,
    _IN_GUARANTEED_NEXT,
    AWAITS,
    NEWLY,
    PERSON_WIDTH,
) = range(41)
"""``IN_…`` are links of lists, each followed by that to the next; ``NOTICE_AT`` is −1 before they
give notice, ``AWAY`` an absence, ``AWAITS`` what may come to them, ``NEWLY`` the pipeline and one
while newly qualified, −1 for casual workers; ``BOUND_BY`` is the place of a
multiplier; ``REMAINING`` begins five numbers, 0 where a threshold is not drawn yet."""

# --- what may come to a person: their role's number and one, then a record for each name
AWAITS_IN, FIRST_AWAITED = range(2)
W_NAME, W_SINCE, W_LACKING, W_NUMBER, W_PLAN, W_OVER, W_WIDTH = range(7)
"""``W_NAME`` 0: not awaited yet; ``W_LACKING`` 0: its threshold is not drawn yet; ``W_OVER``: it
has come, and is not awaited now."""

# --- an absence
(
    AWAY_CAUSE,
    AWAY_ENDS,
    AWAY_RETURNS,
    AWAY_AWAITED,
    AWAY_COVER,
    AWAY_COVER_FTE,
    AWAY_COVER_CELL,
    AWAY_POST,
    AWAY_WIDTH,
) = range(9)
"""``AWAY_POST`` is the post that agency covers, ``AWAY_COVER`` the state of that cover."""

# --- the holders of a role, from the longest in it to the newest
FIRST_HOLDER, LAST_HOLDER, HOLDERS_WIDTH = range(3)

# --- a post (its INDEX and KEY stand where a person's do)
(
    POST_CELL,
    POST_FTE,
    POST_SEAT,
    FILLED,
    SUPERNUMERARY,
    DELETED,
    VACANCY,
    VACANCIES,
    STARTERS,
    NEXT_POST,
) = range(2, 12)
POST_WIDTH = 2 * LINE

# --- a seat: somebody's share of a post
SEAT_NUMBER, SEAT_PERSON, SEAT_POST, SEAT_FTE, SEAT_NEXT, SEAT_BESIDE, SEAT_ACTING = range(7)
SEAT_WIDTH = LINE
"""``SEAT_NEXT`` is the person's next one, ``SEAT_BESIDE`` the post's; ``SEAT_ACTING`` what its
holder does in another post meanwhile."""

# --- somebody who acts up
ACT_SEAT, ACT_VACANCY, ACT_FTE, ACT_SOURCE, ACT_TARGET, ACT_WIDTH = range(6)

# --- a vacancy (its KEY stands where a person's does)
(
    V_OPENED,
    _V_KEY,
    V_POST,
    V_NOTICED,
    V_UNDER_WAY,
    V_STATE,
    V_QUEUED,
    V_ATTEMPT,
    V_CAMPAIGN,
    V_CONTROLLED,
    V_ASKED_INSIDE,
    V_RESERVED_FOR,
    V_HOLDER,
    V_CLOSED,
    V_COVER,
    V_COVER_FTE,
    V_COVER_CELL,
    V_CONSIDERED,
    IN_OPEN,
    _IN_OPEN_NEXT,
    V_ACTING,
    V_WIDTH,
) = range(22)
ABSENT, WORKING, ENDED = range(3)
"""States of the agency cover of a vacancy or an absence."""
AWAITED, HELD, RESERVED, QUEUED, CAMPAIGN = range(5)
"""States of a vacancy: to be considered; held; kept for a pipeline; waiting for a recruiter; being
recruited."""

# --- a place in the pool
(
    POOL_ENTERED,
    POOL_EXPIRES,
    POOL_CELL,
    POOL_FTE,
    POOL_EVENT,
    POOL_ROW,
    POOL_ROW_SINCE,
    POOL_ROLE_SINCE,
    POOL_POST_SINCE,
    POOL_SKILLS,
    POOL_COACHED,
    POOL_COACHING,
    POOL_ON_TRIAL,
    POOL_EXPIRED,
    POOL_FORFEITED,
    POOL_PERSON,
    IN_POOL,
    _IN_POOL_NEXT,
    IN_COACHLESS,
    _IN_COACHLESS_NEXT,
    POOL_WIDTH,
) = range(21)

# --- a trainee, and a place in an intake
(
    T_PIPELINE,
    T_KEY,
    T_EXTERNAL,
    T_SUPERVISION,
    T_QUALIFIED,
    T_WAITING_SINCE,
    T_STAGE,
    T_WIDTH,
) = range(8)
(
    I_PIPELINE,
    _I_KEY,
    I_INTAKE,
    I_NUMBER,
    I_JOINED,
    I_DEFERRED,
    IN_PLACES,
    _IN_PLACES_NEXT,
    I_WIDTH,
) = range(9)

# --- what a control and a pipeline keep count of
CONTROL_FTE, CONTROL_OPENING, CONTROL_HELD, CONTROL_WIDTH = range(4)
SUPERVISED, BESIDE, PIPELINE_WIDTH = range(3)

FULL = "full"
"""What an overflow is called; the run is done again with more room."""


@part
def new(w, width):  # type: ignore[no-untyped-def]
    """A new record of ``width`` fields, all 0; MemoryError where there is no more room."""
    m = w.m
    handle = m[TOP]
    if handle + width > m[RECORDS_END]:
        raise MemoryError(FULL)
    m[TOP] = handle + (width + LINE - 1) // LINE * LINE
    for k in range(handle, handle + width):
        m[k] = 0
    return handle


@phrase
def link(m, head, item, field):  # type: ignore[no-untyped-def]
    """Put ``item`` at the front of the list that starts at ``m[head]``."""
    first = m[head]
    m[item + field] = -head
    m[item + field + 1] = first
    if first != 0:
        m[first + field] = item
    m[head] = item


@phrase
def unlink(m, item, field):  # type: ignore[no-untyped-def]
    """Take ``item`` out of the list that it is in."""
    before, after = m[item + field], m[item + field + 1]
    if before < 0:
        m[-before] = after
    else:
        m[before + field + 1] = after
    if after != 0:
        m[after + field] = before
    m[item + field] = 0


@phrase
def key_of(m, record):  # type: ignore[no-untyped-def]
    """The stable key of a person, post, vacancy or place in an intake."""
    return np.uint64(m[record + KEY])
