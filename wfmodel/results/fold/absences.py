"""Absences: who keeps their post while they are away."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.results.fold import people, places, rows, spells


@part
def turn(moves, m, row):  # type: ignore[no-untyped-def]
    """Someone is away from now on, or back, in one of their assignments. False: nobody to go."""
    person = people.at(m, moves[row + rows.PERSON])
    old = spells.find(m, person, moves[row + rows.POST], moves[row + rows.SOURCE])
    if old == 0:
        return False
    spell = spells.turn(m, old)
    m[spell + spells.AWAY] = 0
    m[spell + spells.SHARE] = spells.WHOLE_PAY
    if moves[row + rows.KIND_OF] == rows.ABSENCE_START:
        cause, share = moves[row + rows.CAUSE_OF], moves[row + rows.NOTE]
        m[spell + spells.AWAY] = cause
        m[spell + spells.SHARE] = share
        if cause == rows.SECONDMENT:
            m[spell + spells.SHARE] = spells.WHOLE_PAY - share
            m[places.MONTH] = max(m[places.MONTH], 1)  # nobody was on it before the start
    return True


@part
def is_on_leave(m, spell):  # type: ignore[no-untyped-def]
    """Whether somebody is on long absence: away, and not seconded."""
    return m[spell + spells.AWAY] != 0 and m[spell + spells.AWAY] != rows.SECONDMENT
