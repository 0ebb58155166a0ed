"""What is due: a binary heap ordered by time, class, stable key, kind, and first come first."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.simulation import order
from wfmodel.simulation.compiled import memory, terms

(
    SEGMENT_START,
    REVIEW,
    ANNOUNCEMENT,
    IMPLEMENTATION,
    FUNDING_END,
    NOTICE_EXPIRY,
    INTAKE_DAY,
    APRIL,
    SETTLE,
    COVER_LIMIT,
) = range(16, 26)
"""What else is due; these are alone in their class, and COVER_LIMIT is ordered as COVER_END."""

WHEN, WHO, ORDER, A, B, C, D, E = range(8)
"""Columns: time and class; key; kind, sequence and what; four or five numbers of its own."""


@phrase
def _before(heap, one, other):  # type: ignore[no-untyped-def]
    if heap[one, WHEN] != heap[other, WHEN]:
        return heap[one, WHEN] < heap[other, WHEN]
    if heap[one, WHO] != heap[other, WHO]:
        return np.uint64(heap[one, WHO]) < np.uint64(heap[other, WHO])
    return heap[one, ORDER] < heap[other, ORDER]


@phrase
def _swap(heap, one, other):  # type: ignore[no-untyped-def]
    for k in range(8):
        kept = heap[one, k]
        heap[one, k] = heap[other, k]
        heap[other, k] = kept


@part
def at(w, time, rank, key, what, a, b, c, d, e):  # type: ignore[no-untyped-def]
    """Make something due at ``time``, or now where that has passed; nothing from the horizon on."""
    m, heap = w.m, w.heap
    time = max(time, m[memory.NOW])
    if time >= w.c[terms.HORIZON]:
        return
    place = m[memory.DUE]
    if place + 1 >= heap.shape[0]:
        raise MemoryError(memory.FULL)
    m[memory.DUE] = place + 1
    m[memory.SEQUENCE] += 1
    kind = 0
    if what < SEGMENT_START:
        kind = what
    elif what == COVER_LIMIT:
        kind = order.COVER_END
    heap[place, WHEN] = time * 8 + rank
    heap[place, WHO] = np.int64(key)
    heap[place, ORDER] = (kind << 56) | (m[memory.SEQUENCE] << 8) | what
    heap[place, A] = a
    heap[place, B] = b
    heap[place, C] = c
    heap[place, D] = d
    heap[place, E] = e
    while place > 0:
        parent = (place - 1) >> 1
        if not _before(heap, place, parent):
            break
        _swap(heap, place, parent)
        place = parent


@part
def take_first(w):  # type: ignore[no-untyped-def]
    """Take what is due first out of the heap, into the row after the last one; that row."""
    m, heap = w.m, w.heap
    last = m[memory.DUE] - 1
    _swap(heap, 0, last)
    m[memory.DUE] = last
    place = 0
    while True:
        child = 2 * place + 1
        if child >= last:
            break
        if child + 1 < last and _before(heap, child + 1, child):
            child += 1
        if not _before(heap, child, place):
            break
        _swap(heap, child, place)
        place = child
    return last


@part
def settle_soon(w):  # type: ignore[no-untyped-def]
    """Settle once everything else at this instant has happened."""
    m = w.m
    if m[memory.SETTLING] == 0:
        m[memory.SETTLING] = 1
        at(w, m[memory.NOW], order.SETTLEMENT, np.uint64(0), SETTLE, 0, 0, 0, 0, 0)
