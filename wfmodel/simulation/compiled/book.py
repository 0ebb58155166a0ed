"""The ledger while it is being written."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.simulation.compiled import memory
from wfmodel.simulation.ledger import NOWHERE


@part
def write(  # type: ignore[no-untyped-def]
    w, kind, person, post, assignment, source, target, cause, fte, from_post, head, note
):
    """Write one movement; columns as in `wfmodel.simulation.ledger.MOVEMENT`."""
    m = w.m
    row = m[memory.MOVES]
    if row >= w.moves.size:
        raise MemoryError(memory.FULL)
    m[memory.MOVES] = row + 1
    move = w.moves[row]
    move["time"] = m[memory.NOW]
    move["kind"] = kind
    move["person"] = m[person + memory.INDEX] if person != 0 else -1
    move["post"] = m[post + memory.INDEX] if post != 0 else -1
    move["assignment"] = assignment
    move["source"] = source
    move["target"] = target
    move["cause"] = cause
    move["fte"] = fte
    move["from_post"] = m[from_post + memory.INDEX] if from_post != 0 else -1
    move["head"] = head
    move["note"] = note


@phrase
def write_post(w, kind, post, source, target, cause, fte, note):  # type: ignore[no-untyped-def]
    """Write a movement of a post in which nobody moves."""
    write(w, kind, 0, post, -1, source, target, cause, fte, 0, 0, note)


@phrase
def write_person(w, kind, person, source, target, cause, note):  # type: ignore[no-untyped-def]
    """Write what happens to somebody who does not move."""
    write(w, kind, person, 0, -1, source, target, cause, 0, 0, 0, note)


@part
def add_post(w, key, cell, fte, supernumerary, employer, funding, event, row):  # type: ignore[no-untyped-def]
    """A new post, in the ledger's table of posts."""
    m = w.m
    index = m[memory.POSTS]
    if index >= w.posts.size:
        raise MemoryError(memory.FULL)
    m[memory.POSTS] = index + 1
    post = memory.new(w, memory.POST_WIDTH)
    m[post + memory.INDEX] = index
    m[post + memory.KEY] = key
    m[post + memory.POST_CELL] = cell
    m[post + memory.POST_FTE] = fte
    m[post + memory.SUPERNUMERARY] = supernumerary
    if m[memory.LAST_POST] == 0:
        m[memory.FIRST_POST] = post
    else:
        m[m[memory.LAST_POST] + memory.NEXT_POST] = post
    m[memory.LAST_POST] = post
    entry = w.posts[index]
    entry["key"] = np.uint64(key)
    entry["cell"] = cell
    entry["fte"] = fte
    entry["created"] = max(m[memory.NOW], 0)
    entry["supernumerary"] = supernumerary
    entry["employer"] = employer
    entry["funding"] = funding
    entry["event"] = event
    entry["row"] = row
    return post


__all__ = ["NOWHERE", "add_post", "write", "write_person", "write_post"]
