"""Acting up: who does another's work for a time, in part or whole, and keeps their post."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.results.fold import people, places, rows, spells


@part
def turn(moves, m, row):  # type: ignore[no-untyped-def]
    """Someone acts up from now on, or no longer. False: nobody to do so."""
    person = people.at(m, moves[row + rows.PERSON])
    old = spells.find(m, person, moves[row + rows.FROM_POST], moves[row + rows.SOURCE])
    if old == 0:
        return False
    spell = spells.turn(m, old)
    starts = moves[row + rows.KIND_OF] == rows.COVER_START
    m[spell + spells.ACTS_IN] = moves[row + rows.TARGET] if starts else -1
    m[spell + spells.ACTS_FOR] = moves[row + rows.FTE] if starts else 0
    return True


@part
def extra_pay(m, spell, whole):  # type: ignore[no-untyped-def]
    """Annual pence that acting up adds to a spell paid ``whole`` for one FTE: up to the lowest
    point of the role that is acted in."""
    cell = m[places.CELL_AT] + m[spell + spells.ACTS_IN] * places.CELL_WIDTH
    low = m[cell + places.LOW]
    above = max(0, m[m[places.PAY] + low] - whole)
    return (above * m[spell + spells.ACTS_FOR] + 50) // 100
