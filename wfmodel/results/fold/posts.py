"""Posts while a ledger is folded: which stand, what of them is filled, held and covered."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import places
from wfmodel.simulation.ledger import POST

CELL, FTE, EXTRA, ALIVE, FILLED, HELD, FUNDING, POST_WIDTH = range(8)
"""Cell; FTE; 1 for a supernumerary one; 1 while it stands; what of its FTE is filled and held; what
pays for it."""

FIELDS = tuple(POST.names or ())
FIELD_COUNT = len(FIELDS)
_CELL, _FTE, _EXTRA = (FIELDS.index(name) for name in ("cell", "fte", "supernumerary"))
_EVENT, _FUNDING = FIELDS.index("event"), FIELDS.index("funding")
_ESTABLISHMENT, _POSTS = places.counts_of("establishment_fte"), places.counts_of("posts")
_FILLED, _EXTRA_FILLED = places.counts_of("filled_fte"), places.counts_of("extra_fte")
_HELD, _MANAGER_POSTS = places.counts_of("held_fte"), places.counts_of("manager_posts")


@part
def set_up(posts, m):  # type: ignore[no-untyped-def]
    """Write a record of every post of the ledger; those of the start stand."""
    for number in range(m[places.POSTS]):
        row, post = number * FIELD_COUNT, m[places.POSTS_AT] + number * POST_WIDTH
        m[post + CELL] = posts[row + _CELL]
        m[post + FTE] = posts[row + _FTE]
        m[post + EXTRA] = posts[row + _EXTRA]
        m[post + FILLED] = 0
        m[post + HELD] = 0
        m[post + FUNDING] = posts[row + _FUNDING]
        m[post + ALIVE] = 1 if posts[row + _EVENT] < 0 else 0
        if m[post + ALIVE] == 1:
            m[m[places.OPENING_FTE] + m[post + CELL]] += m[post + FTE]
            m[m[places.OPENING_POSTS] + m[post + CELL]] += 1


@part
def open_up(m):  # type: ignore[no-untyped-def]
    """Count the posts of the start, and what was filled of them, cell by cell."""
    m[places.MONTH] = 0
    for cell in range(m[places.CELLS]):
        number = m[m[places.OPENING_POSTS] + cell]
        if number > 0:
            count(m, m[_ESTABLISHMENT], cell, m[m[places.OPENING_FTE] + cell])
            count(m, m[_FILLED], cell, m[m[places.OPENING_FILLED] + cell])
            count(m, m[_POSTS], cell, number)
            if m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.MANAGES] == 1:
                count(m, m[_MANAGER_POSTS], cell, number)


@phrase
def at(m, number):  # type: ignore[no-untyped-def]
    """The record of a post of the ledger."""
    return m[places.POSTS_AT] + number * POST_WIDTH


@part
def count(m, counts, cell, amount):  # type: ignore[no-untyped-def]
    """Count an amount in a cell's groups, at the month end of the movement."""
    row, wide = counts + m[places.MONTH], m[places.WIDE]
    group = m[places.CELL_AT] + cell * places.CELL_WIDTH + places.GROUP
    for k in range(group, group + m[group - 1]):
        m[row + m[k] * wide] += amount


@phrase
def hold(m, post, fte):  # type: ignore[no-untyped-def]
    """Say how much of a post is held."""
    if m[post + HELD] != fte:
        count(m, m[_HELD], m[post + CELL], fte - m[post + HELD])
        m[post + HELD] = fte


@part
def occupy(m, post, fte):  # type: ignore[no-untyped-def]
    """Add ``fte`` (negative: take away) to what is filled of a post."""
    if m[post + EXTRA] == 1:
        count(m, m[_EXTRA_FILLED], m[post + CELL], fte)
    elif m[places.MONTH] == 0:
        m[m[places.OPENING_FILLED] + m[post + CELL]] += fte
    else:
        count(m, m[_FILLED], m[post + CELL], fte)
    m[post + FILLED] += fte
    if fte > 0 and m[post + HELD] > 0:
        hold(m, post, max(0, m[post + HELD] - fte))


@part
def stand(m, post):  # type: ignore[no-untyped-def]
    """Count a post in the establishment, now that it is alive, or no longer, now that it is not."""
    if m[post + EXTRA] == 0:
        cell, sign = m[post + CELL], 1 if m[post + ALIVE] == 1 else -1
        count(m, m[_ESTABLISHMENT], cell, sign * m[post + FTE])
        count(m, m[_POSTS], cell, sign)
        if m[m[places.CELL_AT] + cell * places.CELL_WIDTH + places.MANAGES] == 1:
            count(m, m[_MANAGER_POSTS], cell, sign)


@part
def move(m, post, cell):  # type: ignore[no-untyped-def]
    """A post changes its role or service, with whoever else holds a part of it."""
    filled, held = m[post + FILLED], m[post + HELD]
    occupy(m, post, -filled)
    hold(m, post, np.int64(0))
    m[post + ALIVE] = 0
    stand(m, post)
    m[post + CELL] = cell
    m[post + ALIVE] = 1
    stand(m, post)
    occupy(m, post, filled)
    hold(m, post, held)
