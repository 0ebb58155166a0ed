"""What is due: a row for each event, put under its day, and in order within the day that has come.

A heap holds what is due today, ordered by time, class, stable key, kind, and first come first; the
days to come are lists in no order.
"""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import memory, terms
from wfmodel.units import DAY as SECONDS

(
    SEGMENT_START,
    REVIEW,
    ANNOUNCEMENT,
    IMPLEMENTATION,
    FUNDING_END,
    NOTICE_EXPIRY,
    INTAKE_DAY,
    APRIL,
    SECONDMENT_DAY,
    MONTH_END,
    LOOK_AHEAD,
    COVER_LIMIT,
) = range(order.ACTING_START + 1, order.ACTING_START + 13)
"""What else is due; these are alone in their class, and COVER_LIMIT is ordered as COVER_END."""

WHEN, WHO, ORDER, A, B, C, D, E, NEXT, ROW_WIDTH = range(10)
"""A row: time and class; key; kind, sequence and what; numbers of its own; the next one of its
day."""


@phrase
def _before(m, one, other):  # type: ignore[no-untyped-def]
    if m[one + WHEN] != m[other + WHEN]:
        return m[one + WHEN] < m[other + WHEN]
    if m[one + WHO] != m[other + WHO]:
        return np.uint64(m[one + WHO]) < np.uint64(m[other + WHO])
    return m[one + ORDER] < m[other + ORDER]


@part
def _push(m, row):  # type: ignore[no-untyped-def]
    """Put a row among those that are due today."""
    heap, place = m[memory.DUE_AT], m[memory.DUE]
    m[memory.DUE] = place + 1
    while place > 0:
        parent = (place - 1) >> 1
        if not _before(m, row, m[heap + parent]):
            break
        m[heap + place] = m[heap + parent]
        place = parent
    m[heap + place] = row


@part
def _pop(m):  # type: ignore[no-untyped-def]
    """Take the first row that is due today."""
    heap, last = m[memory.DUE_AT], m[memory.DUE] - 1
    m[memory.DUE] = last
    found, row = m[heap], m[heap + last]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= last:
            break
        if child + 1 < last and _before(m, m[heap + child + 1], m[heap + child]):
            child += 1
        if not _before(m, m[heap + child], row):
            break
        m[heap + place] = m[heap + child]
        place = child
    m[heap + place] = row
    return found


@part
def at(w, time, rank, key, what, a, b, c, d, e):  # type: ignore[no-untyped-def]
    """Make something due at ``time``, or now where that has passed; nothing from the horizon on."""
    m = w.m
    time = max(time, m[memory.NOW])
    if time >= m[terms.HORIZON]:
        return
    row = m[memory.FREE_ROW]
    if row != 0:
        m[memory.FREE_ROW] = m[row + NEXT]
    else:
        row = m[memory.ROWS_TOP]
        if row + ROW_WIDTH > m[memory.ROWS_END]:
            raise MemoryError(memory.FULL)
        m[memory.ROWS_TOP] = row + ROW_WIDTH
    m[memory.SEQUENCE] += 1
    kind = 0
    if what < SEGMENT_START:
        kind = what
    elif what == COVER_LIMIT:
        kind = order.COVER_END
    m[row + WHEN] = time * 8 + rank
    m[row + WHO] = np.int64(key)
    m[row + ORDER] = (kind << 56) | (m[memory.SEQUENCE] << 8) | what
    m[row + A] = a
    m[row + B] = b
    m[row + C] = c
    m[row + D] = d
    m[row + E] = e
    day = time // SECONDS
    if day <= m[memory.DAY]:
        _push(m, row)
    else:
        m[row + NEXT] = m[m[memory.DAYS_AT] + day]
        m[m[memory.DAYS_AT] + day] = row


@part
def next_due(w):  # type: ignore[no-untyped-def]
    """The time of what is due first; the horizon where nothing is left."""
    m = w.m
    last = (m[terms.HORIZON] - 1) // SECONDS
    while m[memory.DUE] == 0:
        day = m[memory.DAY]
        if day >= last:
            return m[terms.HORIZON]
        day += 1
        m[memory.DAY] = day
        row = m[m[memory.DAYS_AT] + day]
        while row != 0:
            following = m[row + NEXT]
            _push(m, row)
            row = following
    return m[m[m[memory.DUE_AT]] + WHEN] >> 3


@part
def take_first(w):  # type: ignore[no-untyped-def]
    """Take what is due first; its row, which may be written over from now on."""
    m = w.m
    row = _pop(m)
    m[row + NEXT] = m[memory.FREE_ROW]
    m[memory.FREE_ROW] = row
    return row


@phrase
def settle_soon(w):  # type: ignore[no-untyped-def]
    """Settle once everything else at this instant has happened."""
    w.m[memory.SETTLING] = 1
