"""Moves inside: from one post, or from beside the establishment, into a vacancy."""

from __future__ import annotations

from wfmodel import draws
from wfmodel.jit import part
from wfmodel.simulation.compiled import (
    book,
    control,
    leaving,
    memory,
    openings,
    staff,
    terms,
    words,
)

FTE_TOLERANCE = 20
"""How much (hundredths) the FTE of somebody who moves inside may differ from the vacancy's."""


@part
def move(w, person, seat, vacancy, kind, cause):  # type: ignore[no-untyped-def]
    """Move somebody from one post into a vacancy; their own post becomes vacant at the same
    instant."""
    m, roles = w.m, w.m[terms.ROLES]
    post, old = m[vacancy + memory.V_POST], m[seat + memory.SEAT_POST]
    staff.advance(w, person)
    fte = min(m[seat + memory.SEAT_FTE], openings.unfilled(m, post))
    waited = m[memory.NOW] - m[vacancy + memory.V_OPENED]
    openings.close(w, vacancy)
    source, cell = m[old + memory.POST_CELL], m[post + memory.POST_CELL]
    if cell % roles != source % roles:
        staff.enter_role(w, person, cell)
    staff.give_up(w, seat)
    new = staff.take(w, person, post, fte, True)
    m[person + memory.POST_SINCE] = m[memory.NOW]
    book.write(
        w, kind, person, post, m[new + memory.SEAT_NUMBER], source, cell, cause, fte, old, 1, waited
    )
    staff.follow(w, person)
    openings.vacated(w, old, -1)
    openings.open_if_unfilled(w, post, -1, 0)
    leaving.supervision_changed(w)


@part
def seat_from_beside(w, person, post, kind, source, source_fte, cause, vacancy):  # type: ignore[no-untyped-def]
    """From beside the establishment, where they are counted at ``source``, into a post; the
    ``vacancy`` (0: none) is closed."""
    m, roles = w.m, w.m[terms.ROLES]
    staff.advance(w, person)
    control.count(w, source, -source_fte)
    m[person + memory.FTE] = 0
    fte = min(source_fte, openings.unfilled(m, post))
    waited = 0
    if vacancy != 0:
        waited = m[memory.NOW] - m[vacancy + memory.V_OPENED]
        openings.close(w, vacancy)
    cell = m[post + memory.POST_CELL]
    if cell % roles != source % roles:
        staff.enter_role(w, person, cell)
    seat = staff.take(w, person, post, fte, False)
    m[person + memory.POST_SINCE] = m[memory.NOW]
    book.write(
        w, kind, person, post, m[seat + memory.SEAT_NUMBER], source, cell, cause, fte, 0, 1, waited
    )
    staff.follow(w, person)
    openings.open_if_unfilled(w, post, -1, 0)


@part
def fill_from_inside(w, vacancy):  # type: ignore[no-untyped-def]
    """Offer the vacancy inside, once and by chance; whether somebody moved."""
    m, f = w.m, w.f
    if m[vacancy + memory.V_ASKED_INSIDE] != 0:
        return False
    m[vacancy + memory.V_ASKED_INSIDE] = 1
    cell = m[m[vacancy + memory.V_POST] + memory.POST_CELL]
    role = terms.role_of(w, cell)
    numbers = m[role + terms.NUMBERS]
    more = terms.effect(w, terms.INSIDE, cell, m[memory.SEGMENT])
    promoted, sideways = f[numbers + terms.PROMOTION] * more, f[numbers + terms.SIDEWAYS] * more
    if promoted <= 0.0 and sideways <= 0.0:
        return False
    u = draws.uniform(terms.stream(w, terms.INSIDE_STREAM), memory.key_of(m, vacancy), 0)
    if u < promoted:
        best = 0
        for k in range(m[role + terms.FEEDERS]):
            best = _longest(w, vacancy, m[m[role + terms.FEEDING] + k], role, best)
        kind = words.PROMOTED
    elif u < promoted + sideways:
        best = _longest(w, vacancy, cell % m[terms.ROLES], role, 0)
        kind = words.MOVED_SIDEWAYS
    else:
        return False
    if best == 0:
        return False
    move(w, best, m[best + memory.SEAT], vacancy, kind, words.BLANK)
    return True


@part
def _longest(w, vacancy, from_role, role, best):  # type: ignore[no-untyped-def]
    """The eligible holder who has been longest in role, of ``from_role`` or the ``best`` so far."""
    m = w.m
    post = m[vacancy + memory.V_POST]
    wanted = openings.unfilled(m, post)
    # nobody moves twice at one instant
    longest_ago = m[memory.NOW] - max(w.m[role + terms.MIN_IN_ROLE], 1)
    person = staff.longest_in(w, from_role)
    while person != 0:
        seat = m[person + memory.SEAT]
        if (
            m[person + memory.POST_SINCE] <= longest_ago
            and staff.is_settled(m, person)
            and not staff.holds(m, person, post)
            and abs(m[seat + memory.SEAT_FTE] - wanted) <= FTE_TOLERANCE
        ):
            return person if best == 0 or staff.longer_in_role(m, person, best) else best
        person = m[person + memory.IN_ROLE + 1]
    return best
