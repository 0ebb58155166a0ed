"""Appointing: who acts up in the posts that look for somebody."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.simulation.compiled import acting, memory, openings, queues, staff, terms


@part
def appoint(w):  # type: ignore[no-untyped-def]
    """Let the longest in role of those eligible act up; where nobody is, nobody does."""
    m = w.m
    while m[memory.LOOKING] != 0:
        vacancy = queues.leave(m, memory.LOOKING)
        if m[vacancy + memory.V_CLOSED] != 0 or m[vacancy + memory.V_COVER] == memory.WORKING:
            continue
        person = _longest(w, vacancy)
        if person != 0:
            seat = m[person + memory.SEAT]
            unfilled = openings.unfilled(m, m[vacancy + memory.V_POST])
            acting.begin(w, seat, vacancy, min(m[seat + memory.SEAT_FTE], unfilled))


@part
def _longest(w, vacancy):  # type: ignore[no-untyped-def]
    """Who has been longest in one of the feeding roles, in the same service; 0: nobody is."""
    m = w.m
    post, roles = m[vacancy + memory.V_POST], m[terms.ROLES]
    cell = m[post + memory.POST_CELL]
    service, role, best = cell // roles, terms.role_of(w, cell), 0
    for k in range(m[role + terms.FEEDERS]):
        person = staff.longest_in(w, m[m[role + terms.FEEDING] + k])
        while person != 0:
            if (
                m[person + memory.CELL] // roles == service
                and staff.is_settled(m, person)
                and m[m[person + memory.SEAT] + memory.SEAT_ACTING] == 0
                and not staff.holds(m, person, post)
            ):
                if best == 0 or staff.longer_in_role(m, person, best):
                    best = person
                break
            person = m[person + memory.IN_ROLE + 1]
    return best
