"""The replay: what each movement does to the spells and posts, in the order of time."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import (
    absences,
    accrual,
    acting,
    capacity,
    costs,
    flows,
    hours,
    months,
    people,
    places,
    posts,
    rows,
    spells,
    trainees,
)
from wfmodel.results.fold.flows import (
    FILLED_INSIDE,
    FILLED_OUTSIDE,
    JOINED,
    LEFT,
    OWN_POST,
    UNFILLED,
)

COUNTS, JOINS_OR_MOVES, LEAVES_OR_WAITS, TRAINS, CHANGES_HOURS, TURNS_AWAY, ACTS_UP, COVERS = range(
    8
)
"""What a kind of movement does."""
ACTS = {
    "opening": JOINS_OR_MOVES,
    "starter": JOINS_OR_MOVES,
    "transferred_in": JOINS_OR_MOVES,
    "promoted": JOINS_OR_MOVES,
    "moved_sideways": JOINS_OR_MOVES,
    "redeployed": JOINS_OR_MOVES,
    "leaver": LEAVES_OR_WAITS,
    "at_risk": LEAVES_OR_WAITS,
    "voluntary_exit": LEAVES_OR_WAITS,
    "redundant": LEAVES_OR_WAITS,
    "transferred_out": LEAVES_OR_WAITS,
    "trial_failed": LEAVES_OR_WAITS,
    "intake": TRAINS,
    "dropped_out": TRAINS,
    "qualified": TRAINS,
    "stepped_up": TRAINS,
    "hours_changed": CHANGES_HOURS,
    "absence_start": TURNS_AWAY,
    "absence_end": TURNS_AWAY,
    "cover_start": ACTS_UP,
    "cover_end": ACTS_UP,
    "agency_start": COVERS,
    "agency_end": COVERS,
}
"""By kind; all others count where they happen, and move nobody."""

_AGENCY = places.counts_of("agency_vacancy_fte")


@part
def replay(moves, m, x):  # type: ignore[no-untyped-def]
    """Replay all movements; the number of the first that fits nobody, or −1."""
    for number in range(m[places.MOVES]):
        row = number * rows.MOVE_WIDTH
        kind, time = moves[row + rows.KIND_OF], moves[row + rows.TIME]
        acts, costly = m[m[places.ACTS] + 2 * kind], m[m[places.ACTS] + 2 * kind + 1]
        m[places.NOW] = time
        month = months.after(m, time)
        m[places.MONTH] = month
        m[places.LEFT] = accrual.last_part(m, time, month)
        if kind == rows.OPENING or (kind == rows.AGENCY_START and time <= 0):
            m[places.MONTH] = 0  # what exists at the start is in the opening census
        m[places.MARKS] = 0
        m[places.CAME_FROM] = -1
        m[places.WENT_TO] = -1
        m[places.CLOSED] = 0
        m[places.OPENED] = 0
        fits = True
        if acts == JOINS_OR_MOVES:
            fits = _joins_or_moves(moves, m, row)
        elif acts == LEAVES_OR_WAITS:
            fits = _leaves_or_waits(moves, m, row)
        elif acts == TRAINS:
            fits = trainees.train(moves, m, row)
        elif acts == CHANGES_HOURS:
            fits = hours.change(moves, m, row)
        elif acts == TURNS_AWAY:
            fits = absences.turn(moves, m, row)
        elif acts == ACTS_UP:
            fits = acting.turn(moves, m, row)
        elif acts == COVERS:
            _covers(moves, m, x, row)
        else:
            _counts(moves, m, row)
        if not fits:
            return number
        if m[places.WANTS_MOVES] == 1 and 0 < m[places.MONTH] < m[places.ENDS]:
            flows.count(moves, m, row)
        if costly == 1:
            costs.of_movement(moves, m, x, row)
    return -1


@part
def _joins_or_moves(moves, m, row):  # type: ignore[no-untyped-def]
    """Opening, starter, transfer in, promotion, sideways move, redeployment. False: nobody to
    move."""
    kind, post, target = moves[row + rows.KIND_OF], moves[row + rows.POST], moves[row + rows.TARGET]
    person = people.at(m, moves[row + rows.PERSON])
    old, marks, origin = 0, 0, moves[row + rows.FROM_POST]
    if kind == rows.REDEPLOYED or kind == rows.STARTER:
        origin = -1  # from beside the posts, where not from outside
    if kind != rows.OPENING and kind != rows.TRANSFERRED_IN:
        old = spells.find(m, person, origin, moves[row + rows.SOURCE])
    if old == 0 and (
        kind == rows.PROMOTED or kind == rows.MOVED_SIDEWAYS or kind == rows.REDEPLOYED
    ):
        return False
    own = False
    if old != 0:
        own = m[old + spells.POST] == post
        spells.close(m, old)
    else:
        marks = JOINED
    held = posts.at(m, post)
    if own:
        marks |= OWN_POST
        if m[held + posts.CELL] != target:
            posts.move(m, held, target)
    elif kind != rows.OPENING and kind != rows.TRANSFERRED_IN and m[held + posts.EXTRA] == 0:
        marks |= FILLED_OUTSIDE if old == 0 else FILLED_INSIDE
    spell = spells.begin(moves, m, row, old, post, target)
    cause = moves[row + rows.CAUSE_OF]
    if m[person + people.PENDING] == 1 and (cause == rows.TRAINEE or cause == rows.GUARANTEED):
        marks |= trainees.convert(m, spell)
    if kind == rows.REDEPLOYED:
        m[spell + spells.FROZEN] = spells.row_of(m, old)
        m[spell + spells.FROZEN_AT] = m[places.NOW]
    m[places.MARKS] = marks
    return True


@part
def _leaves_or_waits(moves, m, row):  # type: ignore[no-untyped-def]
    """Leaving, at risk, redundancy, voluntary exit, transfer out, failed trial. False: nobody to
    move."""
    kind, post = moves[row + rows.KIND_OF], moves[row + rows.POST]
    person = people.at(m, moves[row + rows.PERSON])
    old = spells.find(m, person, post, moves[row + rows.SOURCE])
    if old == 0:
        return False
    spells.close(m, old)
    if kind == rows.AT_RISK or kind == rows.TRIAL_FAILED:
        cell = m[old + spells.CELL] if kind == rows.AT_RISK else moves[row + rows.TARGET]
        spell = spells.begin(moves, m, row, old, np.int64(-1), cell)
        m[spell + spells.PLACE] = spells.IN_POOL
        m[spell + spells.TRAINING] = -1
        if kind == rows.AT_RISK:
            m[person + people.RISK] = moves[row + rows.NOTE]
        else:
            m[places.MARKS] = UNFILLED
            _pay_as_before(m, spell)
        return True
    m[places.MARKS] = LEFT
    spells.leave(moves, m, row, person)
    held = posts.at(m, post)
    if kind == rows.TRANSFERRED_OUT and m[held + posts.ALIVE] == 1:
        m[held + posts.ALIVE] = 0
        posts.stand(m, held)
    return True


@phrase
def _pay_as_before(m, spell):  # type: ignore[no-untyped-def]
    """Back in the pool after a trial, the pay is again that of the lost post."""
    earlier = m[spell + spells.BEFORE]
    while earlier != 0 and m[earlier + spells.PLACE] != spells.IN_POOL:
        earlier = m[earlier + spells.BEFORE]
    if earlier != 0:
        m[spell + spells.ROW] = m[earlier + spells.ROW]
        m[spell + spells.ENTERED] = m[earlier + spells.ENTERED]


@part
def _covers(moves, m, x, row):  # type: ignore[no-untyped-def]
    """Agency work begins or ends."""
    cell, cause = moves[row + rows.TARGET], moves[row + rows.CAUSE_OF]
    fte = moves[row + rows.FTE]
    if moves[row + rows.KIND_OF] == rows.AGENCY_END:
        fte = -fte
    reason = cause - rows.VACANCY  # the first four follow each other
    if not 0 <= reason < 4:
        reason = 4 if cause == rows.ABSENCE_COVER else 5 if cause == rows.SECONDED_IN else 0
    posts.count(m, m[_AGENCY + places.STATISTIC_WIDTH * reason], cell, fte)
    if m[places.WANTS_WORK] == 1:
        capacity.cover(m, x, cell, fte)
    m[places.WENT_TO] = cell


@part
def _counts(moves, m, row):  # type: ignore[no-untyped-def]
    """What happens to posts, and what is only counted."""
    kind, fte = moves[row + rows.KIND_OF], np.int64(0)
    if moves[row + rows.POST] < 0:
        target = moves[row + rows.TARGET]
        m[places.WENT_TO] = target if target >= 0 else moves[row + rows.SOURCE]
        return
    post = posts.at(m, moves[row + rows.POST])
    if kind == rows.POST_CREATED and m[post + posts.ALIVE] == 0:
        m[post + posts.CELL] = moves[row + rows.TARGET]
        m[post + posts.ALIVE] = 1
        posts.stand(m, post)
    elif kind == rows.POST_DELETED and m[post + posts.ALIVE] == 1:
        posts.hold(m, post, fte)
        m[post + posts.ALIVE] = 0
        posts.stand(m, post)
    elif kind == rows.POST_HELD or kind == rows.POST_RELEASED:
        if kind == rows.POST_HELD and m[post + posts.FILLED] < m[post + posts.FTE]:
            fte = m[post + posts.FTE] - m[post + posts.FILLED]
        posts.hold(m, post, fte)
    m[places.WENT_TO] = m[post + posts.CELL]
