"""Openings: a post's unfilled FTE becomes a vacancy, and ceases to be one."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.jit import part, phrase
from wfmodel.simulation.compiled import (
    acting,
    agency,
    book,
    events,
    memory,
    queues,
    terms,
    words,
)


@phrase
def unfilled(m, post):  # type: ignore[no-untyped-def]
    """FTE of a post that nobody holds, in hundredths."""
    return m[post + memory.POST_FTE] - m[post + memory.FILLED]


@part
def await_settlement(w, vacancy):  # type: ignore[no-untyped-def]
    """The vacancy is considered, for the first time or again, at the next settlement."""
    m = w.m
    m[vacancy + memory.V_STATE] = memory.AWAITED
    post_key = memory.key_of(m, m[vacancy + memory.V_POST])
    queues.join(w, memory.FRESH, vacancy, m[vacancy + memory.V_OPENED], post_key, 0)


@part
def release(w, vacancy):  # type: ignore[no-untyped-def]
    """A held or reserved vacancy is considered again."""
    await_settlement(w, vacancy)
    events.settle_soon(w)


@part
def open_if_unfilled(w, post, noticed, under_way):  # type: ignore[no-untyped-def]
    """Open a vacancy where enough of the post is unfilled and none is open.

    ``noticed`` is when the holder gave notice (−1: there was none). One that stands open at the
    start is ``under_way``: a part of its first campaign has passed, and its cover has come.
    """
    m = w.m
    if (
        m[post + memory.DELETED] != 0
        or m[post + memory.SUPERNUMERARY] != 0
        or m[post + memory.VACANCY] != 0
        or unfilled(m, post) <= 0
    ):
        return
    smallest = terms.limit(w, terms.SMALLEST, m[post + memory.POST_CELL], m[memory.SEGMENT])
    if m[post + memory.POST_SEAT] != 0 and unfilled(m, post) < smallest:
        return  # a remainder too small to advertise
    m[post + memory.VACANCIES] += 1
    vacancy = memory.new(w, memory.V_WIDTH)
    key = draws.join(memory.key_of(m, post), np.uint64(m[post + memory.VACANCIES]))
    m[vacancy + memory.KEY] = np.int64(key)
    m[vacancy + memory.V_POST] = post
    m[vacancy + memory.V_OPENED] = m[memory.NOW]
    m[vacancy + memory.V_NOTICED] = noticed
    m[vacancy + memory.V_UNDER_WAY] = under_way
    m[post + memory.VACANCY] = vacancy
    memory.link(m, memory.OPEN, vacancy, memory.IN_OPEN)
    await_settlement(w, vacancy)
    agency.consider(w, vacancy)
    acting.consider(w, vacancy)
    events.settle_soon(w)


@part
def close(w, vacancy):  # type: ignore[no-untyped-def]
    """The vacancy is filled or its post deleted: its campaign is withdrawn and its cover ends."""
    m = w.m
    if m[vacancy + memory.V_STATE] == memory.CAMPAIGN:
        m[memory.RECRUITING] -= 1
    m[vacancy + memory.V_CLOSED] = 1
    m[m[vacancy + memory.V_POST] + memory.VACANCY] = 0
    memory.unlink(m, vacancy, memory.IN_OPEN)
    agency.end(w, vacancy)
    acting.end(w, vacancy)


@part
def delete(w, post, cause, number):  # type: ignore[no-untyped-def]
    """The post leaves the establishment: its campaign, recruiter and cover go with it."""
    m = w.m
    m[post + memory.DELETED] = 1
    if m[post + memory.VACANCY] != 0:
        close(w, m[post + memory.VACANCY])
    book.write_post(
        w, words.POST_DELETED, post, m[post + memory.POST_CELL], book.NOWHERE, cause,
        m[post + memory.POST_FTE], number,
    )  # fmt: skip


@part
def vacated(w, post, noticed):  # type: ignore[no-untyped-def]
    """What follows when somebody has given up a post: a vacancy, or the end of a supernumerary
    post."""
    m = w.m
    if m[post + memory.SUPERNUMERARY] != 0:
        if m[post + memory.POST_SEAT] == 0 and m[post + memory.DELETED] == 0:
            delete(w, post, words.SUPERNUMERARY, -1)
    else:
        open_if_unfilled(w, post, noticed, 0)
