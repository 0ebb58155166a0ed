"""What the replay keeps: spells by person, what is filled by post; and how both change.

All numbers are int64, so that every rule is compiled for one set of types.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wfmodel.flows.pay import row_now, row_on_move
from wfmodel.jit import rule
from wfmodel.simulation.ledger import CAUSE, KIND
from wfmodel.units import NEVER


def _whole(*names: str) -> np.dtype:
    return np.dtype([(name, np.int64) for name in names])


SPELL = _whole(
    "person", "post", "cell", "fte", "head", "place", "start", "end", "row", "entered", "frozen",
    "training", "qualified", "previous", "closed_by",
)  # fmt: skip
"""One spell. ``cell`` is compact (see `Spells.cells`); ``row`` is the pay row at ``entered``, when
the
role was entered; ``frozen`` the better row that pay protection keeps, or −1; ``training`` the
pipeline while it trains, ``qualified`` the pipeline while newly qualified; ``previous`` the
person's spell before."""

MOVE = _whole(
    "time", "month", "kind", "cause", "person", "post", "from_post", "source", "target", "fte",
    "head", "note"
)  # fmt: skip
"""One movement with the month end at which it is first counted; cells are compact."""

DONE = _whole("marks", "came_from", "went_to", "closed", "opened")
"""What a movement did: marks, the cells left and entered, the spells closed and opened (−1:
none).
"""

HOLDER = _whole("pay_row", "last", "pipeline", "pending", "left_by")
"""A person: pay row on joining, latest spell, pipeline, whether a qualified trainee without the
post that the
end of training promises, movement by which they left (−1: none)."""

STANDING = _whole("cell", "fte", "extra", "alive", "filled", "held")
"""A post: ``extra`` 1 for a supernumerary one; ``filled`` and ``held`` in hundredths of FTE."""

PLACE = _whole("role", "low", "high")
"""A cell's role with its lowest and highest pay row."""

IN_POST, IN_EXTRA, IN_POOL, IN_TRAINING = range(4)
"""Where a spell is: in a post of the establishment or a supernumerary one, in the redeployment
pool,
in training (or waiting for a post after it) without a post."""

JOINED, LEFT, FILLED_INSIDE, FILLED_OUTSIDE, UNFILLED, CONVERTED, OWN_POST = 1, 2, 4, 8, 16, 32, 64
"""Marks of a movement, as bits; OWN_POST: the post moved with its holder."""

ESTABLISHMENT, POSTS, FILLED, EXTRA_FILLED, HELD, AGENCY = range(6)
STOCKS = ("establishment_fte", "posts", "filled_fte", "extra_fte", "held_fte")
REASONS = ("vacancy", "peak_or_project", "managed_team", "casual")

_CREATED, _DELETED = KIND["post_created"], KIND["post_deleted"]
_POST_HELD, _RELEASED = KIND["post_held"], KIND["post_released"]
_AGENCY_START, _AGENCY_END = KIND["agency_start"], KIND["agency_end"]
_VACANCY = CAUSE["vacancy"]


class State(NamedTuple):
    """The replay's arrays: `MOVE`, `DONE`, `HOLDER`, `STANDING`, `SPELL`, `PLACE` records;
    ``stocks`` [stock,
    cell, month] as changes; ``aprils`` in seconds; ``newly`` 1 for pipelines with a newly
    qualified time; ``number`` [1] of spells."""

    moves: np.ndarray
    done: np.ndarray
    people: np.ndarray
    posts: np.ndarray
    spells: np.ndarray
    places: np.ndarray
    stocks: np.ndarray
    aprils: np.ndarray
    newly: np.ndarray
    number: np.ndarray


@rule
def hold(state, post, fte, month):  # type: ignore[no-untyped-def]
    """Say how much of a post is held."""
    standing = state.posts[post]
    state.stocks[HELD, standing.cell, month] += fte - standing.held
    standing.held = fte


@rule
def occupy(state, post, fte, month):  # type: ignore[no-untyped-def]
    """Add ``fte`` (negative: take away) to what is filled of a post."""
    standing = state.posts[post]
    stock = EXTRA_FILLED if standing.extra == 1 else FILLED
    state.stocks[stock, standing.cell, month] += fte
    standing.filled += fte
    if fte > 0 and standing.held > 0:
        hold(state, post, max(0, standing.held - fte), month)


@rule
def stand(state, post, sign, month):  # type: ignore[no-untyped-def]
    """Add a post to the establishment, or take it away."""
    standing = state.posts[post]
    standing.alive = 1 if sign > 0 else 0
    if standing.extra == 0:
        state.stocks[ESTABLISHMENT, standing.cell, month] += sign * standing.fte
        state.stocks[POSTS, standing.cell, month] += sign


@rule
def move_post(state, post, cell, month):  # type: ignore[no-untyped-def]
    """A post changes its role or service, with whoever else holds a part of it."""
    standing = state.posts[post]
    filled, held = standing.filled, standing.held
    occupy(state, post, -filled, month)
    hold(state, post, 0, month)
    stand(state, post, -1, month)
    standing.cell = cell
    stand(state, post, 1, month)
    occupy(state, post, filled, month)
    hold(state, post, held, month)


@rule
def find(state, person, post, cell):  # type: ignore[no-untyped-def]
    """The open spell of a person in ``post``; with post −1 one without a post, best in ``cell``;
    or −1.
    """
    found = -1
    s = state.people[person].last
    while s >= 0:
        spell = state.spells[s]
        if spell.end == NEVER and spell.post == post:
            if post >= 0 or spell.cell == cell:
                return s
            found = s
        s = spell.previous
    return found


@rule
def close_spell(state, s, i):  # type: ignore[no-untyped-def]
    """End a spell with movement ``i``."""
    move, spell, done = state.moves[i], state.spells[s], state.done[i]
    spell.end = move.time
    spell.closed_by = i
    done.closed = s
    done.came_from = spell.cell
    if spell.post >= 0:
        occupy(state, spell.post, -spell.fte, move.month)


@rule
def open_spell(state, i, old, post, cell, place):  # type: ignore[no-untyped-def]
    """Begin a spell with movement ``i``; the rest carries over from the spell ``old`` (−1:
    joins).
    """
    move, s = state.moves[i], state.number[0]
    state.number[0] += 1
    spell, holder = state.spells[s], state.people[move.person]
    spell.person, spell.post, spell.cell, spell.place = move.person, post, cell, place
    spell.start, spell.end, spell.entered = move.time, NEVER, move.time
    spell.previous, spell.closed_by, spell.frozen = holder.last, -1, -1
    to = state.places[cell]
    if old < 0:
        spell.fte, spell.head = move.fte, move.head
        spell.training, spell.qualified = -1, -1
        spell.row = row_on_move(holder.pay_row, to.low, to.high)
    else:
        before = state.spells[old]
        spell.fte, spell.head = (move.fte if move.fte > 0 else before.fte), before.head
        spell.training, spell.qualified = before.training, before.qualified
        spell.row, spell.entered = before.row, before.entered
        was = state.places[before.cell]
        if was.role != to.role:
            row = row_now(before.row, was.high, before.entered, move.time, state.aprils)
            spell.row, spell.entered = row_on_move(row, to.low, to.high), move.time
    holder.last = s
    state.done[i].opened = s
    state.done[i].went_to = cell
    if post >= 0:
        occupy(state, post, spell.fte, move.month)
    return s


@rule
def count_posts(state, i):  # type: ignore[no-untyped-def]
    """What happens to posts and agency, without anybody moving."""
    move, done = state.moves[i], state.done[i]
    post = move.post
    if move.kind == _AGENCY_START or move.kind == _AGENCY_END:
        reason = move.cause - _VACANCY if _VACANCY <= move.cause < _VACANCY + 4 else 0
        fte = move.fte if move.kind == _AGENCY_START else -move.fte
        state.stocks[AGENCY + reason, move.target, move.month] += fte
        done.went_to = move.target
    elif post < 0:
        done.went_to = move.target if move.target >= 0 else move.source
    else:
        standing = state.posts[post]
        if move.kind == _CREATED and standing.alive == 0:
            standing.cell = move.target
            stand(state, post, 1, move.month)
        elif move.kind == _DELETED and standing.alive == 1:
            hold(state, post, 0, move.month)
            stand(state, post, -1, move.month)
        elif move.kind == _POST_HELD:
            hold(state, post, max(0, standing.fte - standing.filled), move.month)
        elif move.kind == _RELEASED:
            hold(state, post, 0, move.month)
        done.went_to = standing.cell
