"""The replay: what each movement does to the spells, in the order of time."""

from __future__ import annotations

from wfmodel.flows.pay import row_now
from wfmodel.jit import rule
from wfmodel.results.state import (
    CONVERTED,
    FILLED_INSIDE,
    FILLED_OUTSIDE,
    IN_EXTRA,
    IN_POOL,
    IN_POST,
    IN_TRAINING,
    JOINED,
    LEFT,
    OWN_POST,
    UNFILLED,
    close_spell,
    count_posts,
    find,
    move_post,
    occupy,
    open_spell,
    stand,
)  # fmt: skip
from wfmodel.simulation.ledger import CAUSE, KIND, OUTSIDE
from wfmodel.units import NEVER

_JOINS_OR_MOVES = (
    KIND["opening"], KIND["starter"], KIND["transferred_in"], KIND["promoted"],
    KIND["moved_sideways"],
    KIND["redeployed"],
)  # fmt: skip
_LEAVES_OR_WAITS = (
    KIND["leaver"], KIND["at_risk"], KIND["voluntary_exit"], KIND["redundant"],
    KIND["transferred_out"],
    KIND["trial_failed"],
)  # fmt: skip
_TRAINS = (KIND["intake"], KIND["dropped_out"], KIND["qualified"], KIND["stepped_up"])
_OPENING, _STARTER, _IN = KIND["opening"], KIND["starter"], KIND["transferred_in"]
_PROMOTED, _SIDEWAYS = KIND["promoted"], KIND["moved_sideways"]
_AT_RISK, _REDEPLOYED, _TRIAL_FAILED = KIND["at_risk"], KIND["redeployed"], KIND["trial_failed"]
_REDUNDANT, _OUT, _HOURS = KIND["redundant"], KIND["transferred_out"], KIND["hours_changed"]
_INTAKE, _DROPPED = KIND["intake"], KIND["dropped_out"]
_QUALIFIED, _STEPPED = KIND["qualified"], KIND["stepped_up"]
_TRAINEE, _GUARANTEED = CAUSE["trainee"], CAUSE["guaranteed"]
_NOT_CONVERTED, _OUTSIDE = CAUSE["not_converted"], OUTSIDE


@rule
def replay_movements(state):  # type: ignore[no-untyped-def]
    """Replay all movements; the number of the first that fits nobody, or −1."""
    for i in range(state.moves.size):
        kind = state.moves[i].kind
        fits = True
        if kind in _JOINS_OR_MOVES:
            fits = _joins_or_moves(state, i)
        elif kind in _LEAVES_OR_WAITS:
            fits = _leaves_or_waits(state, i)
        elif kind in _TRAINS:
            fits = _trains(state, i)
        elif kind == _HOURS:
            fits = _changes_hours(state, i)
        else:
            count_posts(state, i)
        if not fits:
            return i
    return -1


@rule
def _place(state, post):  # type: ignore[no-untyped-def]
    """Where a spell in ``post`` is; without a post it trains."""
    if post < 0:
        return IN_TRAINING
    return IN_EXTRA if state.posts[post].extra == 1 else IN_POST


@rule
def _joins_or_moves(state, i):  # type: ignore[no-untyped-def]
    """Opening, starter, transfer in, promotion, sideways move, redeployment. False: nobody to
    move.
    """
    move, done = state.moves[i], state.done[i]
    kind, post = move.kind, move.post
    old = -1
    if kind in (_PROMOTED, _SIDEWAYS):
        old = find(state, move.person, move.from_post, move.source)
    elif kind in (_REDEPLOYED, _STARTER):
        old = find(state, move.person, -1, move.source)
    if old < 0 and kind in (_PROMOTED, _SIDEWAYS, _REDEPLOYED):
        return False
    own = False
    if old >= 0:
        own = state.spells[old].post == post
        close_spell(state, old, i)
    else:
        done.marks |= JOINED
    if own:
        done.marks |= OWN_POST
        if state.posts[post].cell != move.target:
            move_post(state, post, move.target, move.month)
    elif kind != _OPENING and kind != _IN and state.posts[post].extra == 0:
        done.marks |= FILLED_OUTSIDE if old < 0 else FILLED_INSIDE
    s = open_spell(state, i, old, post, move.target, _place(state, post))
    if state.people[move.person].pending == 1 and (
        move.cause == _TRAINEE or move.cause == _GUARANTEED
    ):
        _convert(state, s, i)
    if kind == _REDEPLOYED:
        before = state.spells[old]
        high = state.places[before.cell].high
        state.spells[s].frozen = row_now(before.row, high, before.entered, move.time, state.aprils)
    return True


@rule
def _leaves_or_waits(state, i):  # type: ignore[no-untyped-def]
    """Leaving, at risk, redundancy, voluntary exit, transfer out, failed trial. False: nobody to
    move.
    """
    move, done = state.moves[i], state.done[i]
    kind, post = move.kind, move.post
    old = find(state, move.person, post, move.source)
    if old < 0:
        return False
    close_spell(state, old, i)
    if kind in (_AT_RISK, _TRIAL_FAILED):
        cell = state.spells[old].cell if kind == _AT_RISK else move.target
        s = open_spell(state, i, old, -1, cell, IN_POOL)
        state.spells[s].training = -1
        if kind == _TRIAL_FAILED:
            done.marks |= UNFILLED
            _pay_as_before(state, s)
        return True
    done.marks |= LEFT
    if move.head == 1:
        state.people[move.person].left_by = i
    if kind == _OUT and state.posts[post].alive == 1:
        stand(state, post, -1, move.month)
    return True


@rule
def _pay_as_before(state, s):  # type: ignore[no-untyped-def]
    """Back in the pool after a trial, the pay is again that of the lost post."""
    earlier = state.spells[s].previous
    while earlier >= 0:
        if state.spells[earlier].place == IN_POOL:
            state.spells[s].row = state.spells[earlier].row
            state.spells[s].entered = state.spells[earlier].entered
            return
        earlier = state.spells[earlier].previous


@rule
def _trains(state, i):  # type: ignore[no-untyped-def]
    """Intake, drop-out, qualification, step up. False: nobody to move."""
    move, done = state.moves[i], state.done[i]
    kind, post = move.kind, move.post
    old = _trainee(state, i)
    if old < 0 and (
        kind in (_DROPPED, _QUALIFIED) or (kind == _INTAKE and move.source != _OUTSIDE)
    ):
        return False
    if old < 0 and kind == _STEPPED:
        return True
    cell, held = move.target, -1
    if old >= 0:
        held = state.spells[old].post
        if cell < 0:
            cell = state.spells[old].cell
        if post < 0 and not (kind == _INTAKE and move.from_post >= 0):
            post = held
        close_spell(state, old, i)
    else:
        done.marks |= JOINED
    if kind in (_DROPPED, _QUALIFIED) and move.target == _OUTSIDE:
        done.marks |= LEFT
        if move.head == 1:
            state.people[move.person].left_by = i
        return True
    if post >= 0 and post == held and kind == _STEPPED and state.posts[post].cell != cell:
        move_post(state, post, cell, move.month)
    if post >= 0 and post != held and state.posts[post].extra == 0:
        done.marks |= FILLED_OUTSIDE if old < 0 else FILLED_INSIDE
    s = open_spell(state, i, old, post, cell, _place(state, post))
    _flag(state, s, i)
    return True


@rule
def _trainee(state, i):  # type: ignore[no-untyped-def]
    """The spell that a training movement changes: of staff who begin, of those who train, or newly
    qualified.
    """
    move = state.moves[i]
    holder = state.people[move.person]
    if move.kind == _INTAKE:
        holder.pipeline = move.note
        post = move.from_post if move.from_post >= 0 else move.post
        return find(state, move.person, post, move.source)
    s = holder.last
    while s >= 0:
        spell = state.spells[s]
        flag = spell.qualified if move.kind == _STEPPED else spell.training
        if spell.end == NEVER and flag >= 0:
            return s
        s = spell.previous
    return -1


@rule
def _flag(state, s, i):  # type: ignore[no-untyped-def]
    """Set what a spell is after intake, drop-out, qualification or step up."""
    move, spell = state.moves[i], state.spells[s]
    holder = state.people[spell.person]
    if move.kind == _INTAKE:
        spell.training = holder.pipeline
    elif move.kind == _STEPPED:
        spell.qualified = -1
    else:
        spell.training = -1
        if move.kind == _QUALIFIED and move.cause != _NOT_CONVERTED:
            holder.pending = 1
            if spell.place == IN_POST and _joined_to_train(state, s):
                _convert(state, s, i)  # already in the vacancy that they trained in


@rule
def _convert(state, s, i):  # type: ignore[no-untyped-def]
    """A qualified trainee has a post: newly qualified for a while, where the pipeline says so."""
    spell = state.spells[s]
    holder = state.people[spell.person]
    holder.pending = 0
    state.done[i].marks |= CONVERTED
    if state.newly[holder.pipeline] == 1:
        spell.qualified = holder.pipeline


@rule
def _joined_to_train(state, s):  # type: ignore[no-untyped-def]
    """Whether the person of a spell joined as a trainee: their first spell trains."""
    while state.spells[s].previous >= 0:
        s = state.spells[s].previous
    return state.spells[s].training >= 0


@rule
def _changes_hours(state, i):  # type: ignore[no-untyped-def]
    """One of several assignments ends; where it was the main one, another becomes that."""
    move = state.moves[i]
    lost = find(state, move.person, move.post, -1)
    if lost < 0:
        return False
    if state.spells[lost].head == 1:
        other = find(state, move.person, move.from_post, -1)
        if other < 0:
            return False
        close_spell(state, other, i)
        kept = state.spells[other]
        s = open_spell(state, i, other, kept.post, kept.cell, kept.place)
        occupy(state, kept.post, kept.fte - state.spells[s].fte, move.month)
        state.spells[s].head = 1
        state.spells[s].fte = kept.fte
    close_spell(state, lost, i)
    return True
