"""Hours: people who come to work less in their post, and the vacancy that this leaves."""

from __future__ import annotations

from wfmodel.flows import hours
from wfmodel.jit import part
from wfmodel.simulation.compiled import book, control, memory, openings, staff, terms, words


@part
def fall(w, person, one):  # type: ignore[no-untyped-def]
    """Work less in the main post from now on; whether the person could."""
    m = w.m
    seat = m[person + memory.SEAT]
    if not staff.is_settled(m, person) or m[seat + memory.SEAT_ACTING] != 0:
        return False
    fte = m[seat + memory.SEAT_FTE]
    left = hours.kept(fte, w.f[m[one + terms.O_NUMBERS] + terms.O_KEEPS])
    freed = fte - left
    if freed == 0:
        return True
    post = m[seat + memory.SEAT_POST]
    cell = m[post + memory.POST_CELL]
    m[seat + memory.SEAT_FTE] = left
    m[post + memory.FILLED] -= freed
    m[person + memory.FTE] -= freed
    control.count(w, cell, -freed)
    book.write(
        w, words.HOURS_CHANGED, person, post, m[seat + memory.SEAT_NUMBER], cell, cell,
        m[one + terms.O_CAUSE], freed, 0, 0, m[one + terms.O_UNREDUCED],
    )  # fmt: skip
    openings.open_if_unfilled(w, post, -1, 0)
    return True
