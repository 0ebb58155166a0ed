"""Trainees: what the movements of training do to spells."""

from __future__ import annotations

from wfmodel.jit import part, phrase
from wfmodel.results.fold import people, places, posts, rows, spells
from wfmodel.results.fold.flows import CONVERTED, FILLED_INSIDE, FILLED_OUTSIDE, JOINED, LEFT
from wfmodel.simulation.ledger import OUTSIDE
from wfmodel.units import NEVER


@part
def train(moves, m, row):  # type: ignore[no-untyped-def]
    """Intake, drop-out, qualification, step up. False: nobody to move."""
    kind, post, cell = moves[row + rows.KIND_OF], moves[row + rows.POST], moves[row + rows.TARGET]
    person = people.at(m, moves[row + rows.PERSON])
    old = _trainee(moves, m, row, person)
    ends = kind == rows.DROPPED_OUT or kind == rows.QUALIFIED
    if old == 0 and (ends or (kind == rows.INTAKE and moves[row + rows.SOURCE] != OUTSIDE)):
        return False
    if old == 0 and kind == rows.STEPPED_UP:
        return True
    held = -1
    if old != 0:
        held = m[old + spells.POST]
        if cell < 0:
            cell = m[old + spells.CELL]
        if post < 0 and not (kind == rows.INTAKE and moves[row + rows.FROM_POST] >= 0):
            post = held
        spells.close(m, old)
    else:
        m[places.MARKS] = JOINED
    if ends and moves[row + rows.TARGET] == OUTSIDE:
        m[places.MARKS] |= LEFT
        spells.leave(moves, m, row, person)
        return True
    if post >= 0:
        place = posts.at(m, post)
        if post == held:
            if kind == rows.STEPPED_UP and m[place + posts.CELL] != cell:
                posts.move(m, place, cell)
        elif m[place + posts.EXTRA] == 0:
            m[places.MARKS] |= FILLED_OUTSIDE if old == 0 else FILLED_INSIDE
    _flag(moves, m, row, spells.begin(moves, m, row, old, post, cell), person)
    return True


@phrase
def _trainee(moves, m, row, person):  # type: ignore[no-untyped-def]
    """The spell that a training movement changes: of staff who begin, of those who train, or newly
    qualified."""
    kind = moves[row + rows.KIND_OF]
    if kind == rows.INTAKE:
        m[person + people.PIPELINE] = moves[row + rows.NOTE]
        origin = moves[row + rows.FROM_POST]
        post = origin if origin >= 0 else moves[row + rows.POST]
        return spells.find(m, person, post, moves[row + rows.SOURCE])
    flag = spells.QUALIFIED if kind == rows.STEPPED_UP else spells.TRAINING
    spell = m[person + people.LAST]
    while spell != 0 and not (m[spell + spells.END] == NEVER and m[spell + flag] >= 0):
        spell = m[spell + spells.BEFORE]
    return spell


@phrase
def _flag(moves, m, row, spell, person):  # type: ignore[no-untyped-def]
    """Set what a spell is after intake, drop-out, qualification or step up."""
    kind = moves[row + rows.KIND_OF]
    if kind == rows.INTAKE:
        m[spell + spells.TRAINING] = m[person + people.PIPELINE]
    elif kind == rows.STEPPED_UP:
        m[spell + spells.QUALIFIED] = -1
    else:
        m[spell + spells.TRAINING] = -1
        if kind == rows.QUALIFIED and moves[row + rows.CAUSE_OF] != rows.NOT_CONVERTED:
            m[person + people.PENDING] = 1
            if m[spell + spells.PLACE] == spells.IN_POST and _joined_to_train(m, spell):
                m[places.MARKS] |= convert(m, spell)  # already in the vacancy they trained in


@part
def convert(m, spell):  # type: ignore[no-untyped-def]
    """A qualified trainee has a post: newly qualified for a while, where the pipeline says so."""
    person = m[spell + spells.PERSON]
    pipeline = m[person + people.PIPELINE]
    m[person + people.PENDING] = 0
    m[spell + spells.CONVERTED] = pipeline
    record = m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH
    if m[record + places.NEWLY_QUALIFIES] == 1:
        m[spell + spells.QUALIFIED] = pipeline
    return CONVERTED


@phrase
def _joined_to_train(m, spell):  # type: ignore[no-untyped-def]
    """Whether the person of a spell joined as a trainee: their first spell trains."""
    while m[spell + spells.BEFORE] != 0:
        spell = m[spell + spells.BEFORE]
    return m[spell + spells.TRAINING] >= 0
