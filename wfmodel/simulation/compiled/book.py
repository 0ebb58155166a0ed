"""The ledger while it is being written: three tables of whole numbers, row after row.

Columns are those of `wfmodel.simulation.ledger.MOVEMENT`, `PERSON` and `POST`, in their order.
"""

from __future__ import annotations

from wfmodel.jit import part, phrase
from wfmodel.simulation.compiled import memory
from wfmodel.simulation.ledger import MOVEMENT, NOWHERE, PERSON, POST

MOVE_WIDTH, PERSON_WIDTH, POST_WIDTH = (
    len(table.names or ()) for table in (MOVEMENT, PERSON, POST)
)
ORIGIN_C, SEX, ETHNICITY, DISABILITY = 4, 11, 12, 13
"""Columns of a person that are written or read by themselves."""
NOT_STATED = 0
"""Characteristics packed into one number: each code and one, eight bits each."""


@part
def write(  # type: ignore[no-untyped-def]
    w, kind, person, post, assignment, source, target, cause, fte, from_post, head, note
):
    """Write one movement."""
    m = w.m
    row = m[memory.MOVES]
    if row + MOVE_WIDTH > m[memory.MOVES_END]:
        raise MemoryError(memory.FULL)
    m[memory.MOVES] = row + MOVE_WIDTH
    m[row] = m[memory.NOW]
    m[row + 1] = kind
    m[row + 2] = m[person + memory.INDEX] if person != 0 else -1
    m[row + 3] = m[post + memory.INDEX] if post != 0 else -1
    m[row + 4] = assignment
    m[row + 5] = source
    m[row + 6] = target
    m[row + 7] = cause
    m[row + 8] = fte
    m[row + 9] = m[from_post + memory.INDEX] if from_post != 0 else -1
    m[row + 10] = head
    m[row + 11] = note


@phrase
def write_post(w, kind, post, source, target, cause, fte, note):  # type: ignore[no-untyped-def]
    """Write a movement of a post in which nobody moves."""
    write(w, kind, 0, post, -1, source, target, cause, fte, 0, 0, note)


@phrase
def write_person(w, kind, person, source, target, cause, note):  # type: ignore[no-untyped-def]
    """Write what happens to somebody who does not move."""
    write(w, kind, person, 0, -1, source, target, cause, 0, 0, 0, note)


@part
def add_person(  # type: ignore[no-untyped-def]
    w, key, origin, a, b, birth_day, start, service, continuous, pension, pay_row, like
):
    """A new row in the table of people, and its number; ``like`` is the number of somebody whose
    characteristics they share (−1: none stated)."""
    m = w.m
    row = m[memory.PEOPLE]
    if row + PERSON_WIDTH > m[memory.PEOPLE_END]:
        raise MemoryError(memory.FULL)
    m[memory.PEOPLE] = row + PERSON_WIDTH
    m[row] = key
    m[row + 1] = origin
    m[row + 2] = a
    m[row + 3] = b
    m[row + ORIGIN_C] = 0
    m[row + 5] = birth_day
    m[row + 6] = start
    m[row + 7] = service
    m[row + 8] = continuous
    m[row + 9] = pension
    m[row + 10] = pay_row
    traits = m[memory.TRAITS] + like
    stated = m[traits] if like >= 0 else NOT_STATED
    m[row + SEX] = (stated & 255) - 1
    m[row + ETHNICITY] = (stated >> 8 & 255) - 1
    m[row + DISABILITY] = (stated >> 16) - 1
    return (row - m[memory.PEOPLE_AT]) // PERSON_WIDTH


@part
def add_post(w, key, cell, fte, supernumerary, employer, funding, event, number):  # type: ignore[no-untyped-def]
    """A new post, in the ledger's table of posts."""
    m = w.m
    row = m[memory.POSTS]
    if row + POST_WIDTH > m[memory.POSTS_END]:
        raise MemoryError(memory.FULL)
    m[memory.POSTS] = row + POST_WIDTH
    post = memory.new(w, memory.POST_WIDTH)
    m[post + memory.INDEX] = (row - m[memory.POSTS_AT]) // POST_WIDTH
    m[post + memory.KEY] = key
    m[post + memory.POST_CELL] = cell
    m[post + memory.POST_FTE] = fte
    m[post + memory.SUPERNUMERARY] = supernumerary
    if m[memory.LAST_POST] == 0:
        m[memory.FIRST_POST] = post
    else:
        m[m[memory.LAST_POST] + memory.NEXT_POST] = post
    m[memory.LAST_POST] = post
    m[row] = key
    m[row + 1] = cell
    m[row + 2] = fte
    m[row + 3] = max(m[memory.NOW], 0)
    m[row + 4] = supernumerary
    m[row + 5] = employer
    m[row + 6] = funding
    m[row + 7] = event
    m[row + 8] = number
    return post


__all__ = ["NOWHERE", "add_person", "add_post", "write", "write_person", "write_post"]
