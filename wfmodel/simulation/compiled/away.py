"""Away: who keeps their post while they are gone for a time, and who covers for them."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.jit import part
from wfmodel.simulation import order
from wfmodel.simulation.compiled import (
    acting,
    agency,
    book,
    events,
    memory,
    statute,
    terms,
    words,
)
from wfmodel.units import DAY, MONTH, NEVER


@part
def length(w, leave, key):  # type: ignore[no-untyped-def]
    """How long an absence lasts: a day or more, lest they follow each other without end."""
    m = w.m
    stream = terms.stream(w, m[leave + terms.LEAVE_STREAM])
    lasts = agency.length(
        w, m[leave + terms.LEAVE_SHAPE], m[leave + terms.LEAVE_NUMBERS] + terms.LEAVE_LENGTH,
        stream, draws.join(key, np.uint64(1)), 1.0,
    )  # fmt: skip
    return max(lasts, DAY)


@part
def may_go(m, person):  # type: ignore[no-untyped-def]
    """Who holds a post, and neither leaves, is at risk, in training or away."""
    return (
        m[person + memory.SEAT] != 0
        and m[person + memory.NOTICE_AT] < 0
        and m[person + memory.PLACE] == 0
        and m[person + memory.TRAINEE] == 0
        and m[person + memory.AWAY] == 0
    )


@part
def go(w, person, leave, key, began, awaited):  # type: ignore[no-untyped-def]
    """Somebody goes, for a time that is known now; who covers for them comes after a lag."""
    m, f = w.m, w.f
    acting.stop(w, m[person + memory.SEAT])
    stream, numbers = terms.stream(w, m[leave + terms.LEAVE_STREAM]), m[leave + terms.LEAVE_NUMBERS]
    away = memory.new(w, memory.AWAY_WIDTH)
    cause, ends = m[leave + terms.LEAVE_CAUSE], began + length(w, leave, key)
    m[away + memory.AWAY_CAUSE] = cause
    m[away + memory.AWAY_ENDS] = ends
    returns = terms.happens(f[numbers + terms.RETURNS], stream, key, 1)
    m[away + memory.AWAY_RETURNS] = 1 if returns else 0
    m[away + memory.AWAY_AWAITED] = awaited
    m[person + memory.AWAY] = away
    _write(w, words.ABSENCE_START, person, cause, m[leave + terms.LEAVE_SHARE])
    if cause == words.FAMILY_LEAVE:
        months = statute.figure(w, terms.PROTECTED_MONTHS, began)
        until = max(ends, began + math.ceil(months * MONTH))
        m[person + memory.PROTECTED] = max(m[person + memory.PROTECTED], until)
    cell = m[m[m[person + memory.SEAT] + memory.SEAT_POST] + memory.POST_CELL]
    covered = f[numbers + terms.COVERED] * terms.effect(w, terms.COVER, cell, m[memory.SEGMENT])
    if terms.happens(covered, stream, key, 2):
        lag = agency.length(
            w, m[leave + terms.LEAVE_LAG_SHAPE], numbers + terms.LEAVE_LAG, stream,
            draws.join(key, np.uint64(2)), 1.0,
        )  # fmt: skip
        events.at(
            w, began + lag, order.ENDING, memory.key_of(m, person), order.ABSENCE_COVER,
            person, away, 0, 0, 0,
        )  # fmt: skip
    events.at(
        w, ends, order.ENDING, memory.key_of(m, person), order.ABSENCE_END, person, away, 0, 0, 0
    )


@part
def end(w, person):  # type: ignore[no-untyped-def]
    """Somebody is away no longer."""
    m = w.m
    away = m[person + memory.AWAY]
    uncover(w, person)
    m[person + memory.AWAY] = 0
    _write(w, words.ABSENCE_END, person, m[away + memory.AWAY_CAUSE], 0)


@part
def _write(w, kind, person, cause, note):  # type: ignore[no-untyped-def]
    """One movement for each assignment, or one for a place in the pool."""
    m = w.m
    seat, head = m[person + memory.SEAT], 1
    if seat == 0:
        cell = m[person + memory.CELL]
        book.write(w, kind, person, 0, -1, cell, cell, cause, m[person + memory.FTE], 0, 1, note)
    while seat != 0:
        post = m[seat + memory.SEAT_POST]
        cell = m[post + memory.POST_CELL]
        book.write(
            w, kind, person, post, m[seat + memory.SEAT_NUMBER], cell, cell, cause,
            m[seat + memory.SEAT_FTE], 0, head, note,
        )  # fmt: skip
        seat, head = m[seat + memory.SEAT_NEXT], 0


# --- cover


@part
def cover_comes(w, person, away):  # type: ignore[no-untyped-def]
    """Agency cover of the main post comes; it stays until the person is back, or too long."""
    m = w.m
    seat = m[person + memory.SEAT]
    if m[person + memory.AWAY] != away or seat == 0:
        return
    post = m[seat + memory.SEAT_POST]
    cell = m[post + memory.POST_CELL]
    m[away + memory.AWAY_COVER] = memory.WORKING
    m[away + memory.AWAY_COVER_FTE] = m[seat + memory.SEAT_FTE]
    m[away + memory.AWAY_COVER_CELL] = cell
    m[away + memory.AWAY_POST] = post
    _write_cover(w, words.AGENCY_START, person, away)
    longest = terms.limit(w, terms.LONGEST, cell, m[memory.SEGMENT])
    if longest < NEVER:
        events.at(
            w, m[memory.NOW] + longest, order.ENDING, memory.key_of(m, person),
            order.ABSENCE_COVER_END, person, away, 0, 0, 0,
        )  # fmt: skip


@part
def covered_long_enough(w, person, away):  # type: ignore[no-untyped-def]
    """The cover has lasted too long."""
    if w.m[person + memory.AWAY] == away:
        uncover(w, person)


@part
def uncover(w, person):  # type: ignore[no-untyped-def]
    """Nobody covers for somebody any longer: they are back, gone, or without their post."""
    m = w.m
    away = m[person + memory.AWAY]
    if away != 0 and m[away + memory.AWAY_COVER] == memory.WORKING:
        m[away + memory.AWAY_COVER] = memory.ENDED
        _write_cover(w, words.AGENCY_END, person, away)


@part
def _write_cover(w, kind, person, away):  # type: ignore[no-untyped-def]
    m = w.m
    book.write(
        w, kind, person, m[away + memory.AWAY_POST], -1, book.NOWHERE,
        m[away + memory.AWAY_COVER_CELL], words.ABSENCE_COVER, m[away + memory.AWAY_COVER_FTE],
        0, 0, 0,
    )  # fmt: skip
