"""Hours: assignments that end while others go on, or that go on with less."""

from __future__ import annotations

from wfmodel.jit import part, phrase
from wfmodel.results.fold import people, posts, rows, spells


@part
def change(moves, m, row):  # type: ignore[no-untyped-def]
    """One of several assignments ends, or the main one goes on with less. False: nobody to
    change."""
    person = people.at(m, moves[row + rows.PERSON])
    old = spells.find(m, person, moves[row + rows.POST], moves[row + rows.SOURCE])
    if old == 0:
        return False
    if moves[row + rows.CAUSE_OF] == rows.BLANK:
        return _ends(moves, m, row, person, old)
    freed = moves[row + rows.FTE]
    spell = spells.go_on(m, old)
    m[spell + spells.FTE] -= freed
    posts.occupy(m, posts.at(m, m[spell + spells.POST]), -freed)
    return True


@phrase
def _ends(moves, m, row, person, lost):  # type: ignore[no-untyped-def]
    """An assignment ends; where it was the main one, another becomes that."""
    if m[lost + spells.HEAD] == 1:
        other = spells.find(m, person, moves[row + rows.FROM_POST], moves[row + rows.TARGET])
        if other == 0:
            return False
        m[spells.go_on(m, other) + spells.HEAD] = 1
    spells.close(m, lost)
    return True
