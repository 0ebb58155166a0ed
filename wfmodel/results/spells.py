"""Spells: who was where from when to when, replayed from the movements in one compiled pass.

A spell is one assignment of one person unchanged: in a post, in the pool, or in training. The pass
also counts the posts: how many FTE stand in the establishment, are filled, held, covered by agency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfmodel.results.replay import replay_movements
from wfmodel.results.state import (
    AGENCY,
    DONE,
    ESTABLISHMENT,
    HOLDER,
    MOVE,
    PLACE,
    POSTS,
    REASONS,
    SPELL,
    STANDING,
    State,
)  # fmt: skip
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import KIND, Ledger

_OPENING, _AGENCY_START = KIND["opening"], KIND["agency_start"]


@dataclass(frozen=True)
class Spells:
    """The spells of one ledger, what each movement did, and the posts' stocks.

    ``table`` holds `SPELL` records; a spell counts at month ends from ``opens`` to before
    ``closes``. ``cells`` are the full cell numbers by compact cell. By movement: the ``month`` end
    at which it is first counted, ``marks``, ``came_from`` and ``went_to`` (compact cells),
    ``closed`` and ``opened`` (spells), all −1 for none. By person: ``pipeline`` and ``left_by`` (a
    movement). ``stocks`` [stock, cell, month] as changes.
    """

    table: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    cells: np.ndarray
    month: np.ndarray
    marks: np.ndarray
    came_from: np.ndarray
    went_to: np.ndarray
    closed: np.ndarray
    opened: np.ndarray
    pipeline: np.ndarray
    left_by: np.ndarray
    stocks: np.ndarray


def take(values: np.ndarray, rows: np.ndarray, otherwise: np.ndarray | int = -1) -> np.ndarray:
    """``values`` at ``rows``, and ``otherwise`` where a row is −1; also where there are no values
    at all.

    >>> take(np.array([7, 8]), np.array([1, -1]))
    array([ 8, -1])
    """
    found = np.broadcast_to(np.asarray(otherwise, dtype=np.int64), rows.shape).copy()
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def months_of(times: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The month end at which something that happens at ``times`` is first counted, int64.

    A month end is the first second of the next month and precedes everything else then.
    """
    return np.searchsorted(starts, times, side="right")


def replay(inputs: Inputs, ledger: Ledger) -> Spells:
    """The spells of a ledger; ValueError where a movement contradicts those before it."""
    moves, posts = ledger.movements, ledger.posts
    seen = np.zeros(inputs.cells, dtype=bool)
    for named in (posts["cell"], moves["source"], moves["target"]):
        seen[named[named >= 0]] = True
    cells = np.flatnonzero(seen)
    state = _new_state(inputs, ledger, cells)
    opening = posts["event"] < 0
    cell = state.posts["cell"][opening]
    np.add.at(state.stocks[ESTABLISHMENT, :, 0], cell, posts["fte"][opening])
    np.add.at(state.stocks[POSTS, :, 0], cell, 1)
    wrong = replay_movements(state)
    if wrong >= 0:
        raise ValueError(f"the ledger contradicts itself at movement {wrong}: {moves[wrong]}")
    month, table = state.moves["month"], state.spells[: state.number[0]]
    done = {name: np.ascontiguousarray(state.done[name]) for name in DONE.names or ()}
    opens = np.zeros(table.size, dtype=np.int64)
    opens[done["opened"][done["opened"] >= 0]] = month[done["opened"] >= 0]
    never = inputs.calendar.months + 1
    return Spells(
        table=table,
        opens=opens,
        closes=take(month, table["closed_by"], never),
        cells=cells,
        month=np.ascontiguousarray(month),
        pipeline=np.ascontiguousarray(state.people["pipeline"]),
        left_by=np.ascontiguousarray(state.people["left_by"]),
        stocks=state.stocks,
        **done,
    )


def _new_state(inputs: Inputs, ledger: Ledger, cells: np.ndarray) -> State:
    """Everything as it is before the first movement."""
    posts, size = ledger.posts, ledger.movements.size
    compact = np.full(inputs.cells + 4, -1, dtype=np.int64)
    compact[cells] = np.arange(cells.size)
    compact[-4:] = [-4, -3, -2, -1]  # the places that are no cells keep their numbers
    people = np.zeros(ledger.people.size, dtype=HOLDER)
    people["pay_row"] = ledger.people["pay_point"]
    for name in ("last", "pipeline", "left_by"):
        people[name] = -1
    standing = np.zeros(posts.size, dtype=STANDING)
    standing["cell"], standing["fte"] = compact[posts["cell"]], posts["fte"]
    standing["extra"], standing["alive"] = posts["supernumerary"], posts["event"] < 0
    places = np.zeros(cells.size, dtype=PLACE)
    places["role"] = cells % len(inputs.roles)
    places["low"] = inputs.role_point_low[places["role"]]
    places["high"] = inputs.role_point_high[places["role"]]
    newly = [int(p.newly_qualified is not None) for p in inputs.scenario.pipelines.values()]
    months = inputs.calendar.months + 1
    done = np.full((size, len(DONE.names or ())), -1, dtype=np.int64).view(DONE).reshape(size)
    done["marks"] = 0
    return State(
        moves=_moves(inputs, ledger, compact),
        done=done,
        people=people,
        posts=standing,
        spells=np.zeros(size, dtype=SPELL),
        places=places,
        stocks=np.zeros((AGENCY + len(REASONS), cells.size, months + 1), dtype=np.int64),
        aprils=inputs.aprils,
        newly=np.array(newly or [0], dtype=np.int64),
        number=np.zeros(1, dtype=np.int64),
    )


def _moves(inputs: Inputs, ledger: Ledger, compact: np.ndarray) -> np.ndarray:
    """The movements as `MOVE` records."""
    given = ledger.movements
    moves = np.empty(given.size, dtype=MOVE)
    for name in MOVE.names or ():
        if name != "month":
            moves[name] = given[name]
    moves["source"], moves["target"] = compact[given["source"]], compact[given["target"]]
    month = months_of(given["time"], inputs.calendar.month_starts)
    # what exists at the start is in the opening census
    month[
        (given["kind"] == _OPENING) | ((given["kind"] == _AGENCY_START) & (given["time"] <= 0))
    ] = 0
    moves["month"] = month
    return moves
