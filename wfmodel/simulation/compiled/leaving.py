"""Leaving the council, the pool or training: what ends with it, and what becomes vacant."""

from __future__ import annotations

from wfmodel.jit import part, phrase
from wfmodel.simulation.compiled import (
    away,
    book,
    control,
    events,
    memory,
    openings,
    staff,
    terms,
    words,
)
from wfmodel.simulation.ledger import OUTSIDE


@phrase
def supervision_changed(w):  # type: ignore[no-untyped-def]
    """Staff have come or gone: deferred places may find a supervisor."""
    if w.m[memory.PLACES] != 0:
        events.settle_soon(w)


@part
def stop_training(w, trainee):  # type: ignore[no-untyped-def]
    """The trainee takes no more supervision."""
    m = w.m
    line = m[memory.PIPELINES] + m[trainee + memory.T_PIPELINE] * memory.PIPELINE_WIDTH
    m[line + memory.SUPERVISED] -= m[trainee + memory.T_SUPERVISION]
    m[trainee + memory.T_SUPERVISION] = 0
    supervision_changed(w)


@part
def interrupted(w, person):  # type: ignore[no-untyped-def]
    """Somebody leaves, or loses their post, while in training or waiting for a post at its end."""
    m = w.m
    if m[person + memory.IN_WAITING] != 0:
        memory.unlink(m, person, memory.IN_WAITING)
    trainee = m[person + memory.TRAINEE]
    if trainee == 0:
        return
    m[person + memory.TRAINEE] = 0
    if m[trainee + memory.T_QUALIFIED] == 0:
        stop_training(w, trainee)
        if m[trainee + memory.T_EXTERNAL] == 0:
            cell = m[person + memory.CELL]
            book.write_person(
                w, words.DROPPED_OUT, person, cell, cell, words.STAFF,
                m[trainee + memory.T_PIPELINE],
            )  # fmt: skip


@part
def end_coaching(w, person, place):  # type: ignore[no-untyped-def]
    """The coach is free again."""
    m = w.m
    if m[place + memory.POOL_COACHING] != 0:
        m[place + memory.POOL_COACHING] = 0
        m[memory.COACHING] -= 1
        book.write_person(
            w, words.COACHING_END, person, m[place + memory.POOL_CELL], book.NOWHERE, words.BLANK, 0
        )


@part
def leave_pool(w, person):  # type: ignore[no-untyped-def]
    """The person leaves the pool: their coach is free again."""
    m = w.m
    place = m[person + memory.PLACE]
    memory.unlink(m, place, memory.IN_POOL)
    if m[place + memory.IN_COACHLESS] != 0:
        memory.unlink(m, place, memory.IN_COACHLESS)
    end_coaching(w, person, place)
    m[person + memory.PLACE] = 0


@part
def leave(w, person, kind, cause, note):  # type: ignore[no-untyped-def]
    """Leave the council: one movement for each assignment; whatever becomes vacant is opened."""
    m = w.m
    interrupted(w, person)
    if m[person + memory.AWAY] != 0:
        away.end(w, person)
    m[person + memory.GONE] = 1
    cell = m[person + memory.CELL]
    if m[person + memory.PLACE] != 0:
        leave_pool(w, person)
    seat = m[person + memory.SEAT]
    if seat == 0:
        fte = m[person + memory.FTE]
        control.count(w, cell, -fte)
        book.write(w, kind, person, 0, -1, cell, OUTSIDE, cause, fte, 0, 1, note)
    head = 1
    while seat != 0:
        post = m[seat + memory.SEAT_POST]
        following = m[seat + memory.SEAT_NEXT]
        staff.give_up(w, seat)
        book.write(
            w, kind, person, post, m[seat + memory.SEAT_NUMBER], m[post + memory.POST_CELL],
            OUTSIDE, cause, m[seat + memory.SEAT_FTE], 0, head, note * head,
        )  # fmt: skip
        openings.vacated(w, post, m[person + memory.NOTICE_AT])
        seat, head = following, 0
    supervision_changed(w)
    events.settle_soon(w)


@part
def leaves(w, person, plan, cause):  # type: ignore[no-untyped-def]
    """Notice has been worked."""
    if w.m[person + memory.GONE] == 0 and w.m[person + memory.PLAN] == plan:
        leave(w, person, words.LEAVER, cause, 0)


@part
def probation_ends(w, person, role):  # type: ignore[no-untyped-def]
    """Pass probation, or leave."""
    m = w.m
    if m[person + memory.GONE] != 0:
        return
    cell, passing = m[person + memory.CELL], w.f[m[role + terms.NUMBERS] + terms.PASS]
    if terms.happens(passing, terms.stream(w, terms.PROBATION), memory.key_of(m, person), 0):
        book.write_person(w, words.PROBATION_PASSED, person, cell, book.NOWHERE, words.BLANK, 0)
    else:
        book.write_person(w, words.PROBATION_FAILED, person, cell, book.NOWHERE, words.BLANK, 0)
        leave(w, person, words.LEAVER, words.FAILED_PROBATION, 0)
