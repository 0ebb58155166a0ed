"""Spells: who was where from when to when.

A spell is one assignment of one person unchanged: in a post, in the pool, or in training.
"""

from __future__ import annotations

from wfmodel.flows.pay import row_now, row_on_move
from wfmodel.jit import part, phrase
from wfmodel.results.fold import people, places, posts, rows
from wfmodel.units import NEVER

(
    PERSON,
    POST,
    CELL,
    FTE,
    HEAD,
    PLACE,
    START,
    END,
    OPENS,
    CLOSES,
    LEFT_AT_START,
    LEFT_AT_END,
    ROW,
    ENTERED,
    FROZEN,
    FROZEN_AT,
    TRAINING,
    QUALIFIED,
    CONVERTED,
    FUNDING,
    AWAY,
    SHARE,
    ACTS_IN,
    ACTS_FOR,
    BEFORE,
    SPELL_WIDTH,
) = range(26)
"""A person's record; a post's number, −1 for none; the cell; FTE, and 1 for the main assignment;
where it is; seconds [START, END), the month ends [OPENS, CLOSES) at which it counts, and what is
left of the months in which it begins and ends (see `accrual`); pay row at ENTERED, when the role
was entered; the better row that pay protection keeps, −1 for none, and since when; the pipeline
while it trains, while newly qualified, and where it is the post taken out of one, else −1; what
pays for it: its post's funding, or that of the post held before; the cause of an absence, 0 for
none, and the thousandths of pay that the council pays; the cell in which its holder acts up, −1 for
none, and for how much FTE; the spell before, 0 for none."""
WHOLE_PAY = 1000

IN_POST, IN_EXTRA, IN_POOL, IN_TRAINING = range(4)
"""Where a spell is: in a post of the establishment or a supernumerary one, in the redeployment
pool, in training (or waiting for a post after it) without a post."""


@part
def find(m, person, post, cell):  # type: ignore[no-untyped-def]
    """A person's open spell in ``post``; with post −1 one without a post, best in ``cell``; or
    0."""
    found, spell = 0, m[person + people.LAST]
    while spell != 0:
        if m[spell + END] == NEVER and m[spell + POST] == post:
            if post >= 0 or m[spell + CELL] == cell:
                return spell
            found = spell
        spell = m[spell + BEFORE]
    return found


@part
def close(m, spell):  # type: ignore[no-untyped-def]
    """End a spell with the movement."""
    m[spell + END] = m[places.NOW]
    m[spell + CLOSES] = m[places.MONTH]
    m[spell + LEFT_AT_END] = m[places.LEFT]
    m[places.CLOSED] = spell
    m[places.CAME_FROM] = m[spell + CELL]
    if m[spell + POST] >= 0:
        posts.occupy(m, posts.at(m, m[spell + POST]), -m[spell + FTE])


@part
def begin(moves, m, row, old, post, cell):  # type: ignore[no-untyped-def]
    """Begin a spell with the movement at ``row``; the rest carries over from the spell ``old`` (0:
    joins)."""
    spell = m[places.SPELLS_AT] + m[places.SPELLS] * SPELL_WIDTH
    m[places.SPELLS] += 1
    person = people.at(m, moves[row + rows.PERSON])
    m[spell + PERSON] = person
    m[spell + POST] = post
    m[spell + CELL] = cell
    m[spell + START] = m[places.NOW]
    m[spell + END] = NEVER
    m[spell + OPENS] = m[places.MONTH]
    m[spell + CLOSES] = m[places.ENDS]
    m[spell + LEFT_AT_START] = m[places.LEFT]
    m[spell + FROZEN] = -1
    m[spell + FROZEN_AT] = m[places.NOW]
    m[spell + CONVERTED] = -1
    m[spell + AWAY] = 0
    m[spell + SHARE] = WHOLE_PAY
    m[spell + ACTS_IN] = -1
    m[spell + ACTS_FOR] = 0
    m[spell + BEFORE] = m[person + people.LAST]
    to = m[places.CELL_AT] + cell * places.CELL_WIDTH
    if old == 0:
        m[spell + FTE] = moves[row + rows.FTE]
        m[spell + HEAD] = moves[row + rows.HEAD]
        m[spell + TRAINING] = -1
        m[spell + QUALIFIED] = -1
        m[spell + ENTERED] = m[places.NOW]
        m[spell + ROW] = row_on_move(
            m[person + people.ROW], m[to + places.LOW], m[to + places.HIGH]
        )
    else:
        _carry_over(moves, m, row, spell, old, to)
    m[spell + PLACE] = IN_TRAINING
    m[spell + FUNDING] = 0
    if post >= 0:
        held = posts.at(m, post)
        m[spell + PLACE] = IN_EXTRA if m[held + posts.EXTRA] == 1 else IN_POST
        m[spell + FUNDING] = m[held + posts.FUNDING]
        posts.occupy(m, held, m[spell + FTE])
    elif m[spell + BEFORE] != 0:
        m[spell + FUNDING] = m[m[spell + BEFORE] + FUNDING]
    m[person + people.LAST] = spell
    m[places.OPENED] = spell
    m[places.WENT_TO] = cell
    return spell


@part
def go_on(m, old):  # type: ignore[no-untyped-def]
    """Someone stays where they are, but otherwise from the movement on: the spell that goes on, all
    as it was."""
    _stay(m, old)
    spell = m[places.SPELLS_AT] + m[places.SPELLS] * SPELL_WIDTH
    m[places.SPELLS] += 1
    for field in range(SPELL_WIDTH):
        m[spell + field] = m[old + field]
    m[old + END] = m[spell + START] = m[places.NOW]
    m[old + CLOSES] = m[spell + OPENS] = m[places.MONTH]
    m[old + LEFT_AT_END] = m[spell + LEFT_AT_START] = m[places.LEFT]
    m[spell + CONVERTED] = -1
    m[spell + BEFORE] = m[m[old + PERSON] + people.LAST]
    m[m[old + PERSON] + people.LAST] = spell
    m[places.OPENED] = spell
    return spell


@part
def turn(m, old):  # type: ignore[no-untyped-def]
    """The spell that goes on, or the old one where it has just begun: so what holds from the first
    second of the run is in the opening census."""
    if m[old + START] == m[places.NOW]:
        _stay(m, old)
        m[places.MONTH] = m[old + OPENS]
        return old
    return go_on(m, old)


@phrase
def _stay(m, spell):  # type: ignore[no-untyped-def]
    m[places.CLOSED] = spell
    m[places.OPENED] = spell
    m[places.CAME_FROM] = m[spell + CELL]
    m[places.WENT_TO] = m[spell + CELL]


@phrase
def _carry_over(moves, m, row, spell, old, to):  # type: ignore[no-untyped-def]
    """What stays as it was when somebody moves; the pay row, unless the role is another."""
    m[spell + FTE] = moves[row + rows.FTE] if moves[row + rows.FTE] > 0 else m[old + FTE]
    m[spell + HEAD] = m[old + HEAD]
    m[spell + TRAINING] = m[old + TRAINING]
    m[spell + QUALIFIED] = m[old + QUALIFIED]
    m[spell + ROW] = m[old + ROW]
    m[spell + ENTERED] = m[old + ENTERED]
    m[spell + AWAY] = m[old + AWAY]
    m[spell + SHARE] = m[old + SHARE]
    m[spell + ACTS_IN] = m[old + ACTS_IN]
    m[spell + ACTS_FOR] = m[old + ACTS_FOR]
    was = m[places.CELL_AT] + m[old + CELL] * places.CELL_WIDTH
    if m[was + places.ROLE] != m[to + places.ROLE]:
        m[spell + ROW] = row_on_move(row_of(m, old), m[to + places.LOW], m[to + places.HIGH])
        m[spell + ENTERED] = m[places.NOW]


@part
def row_of(m, spell):  # type: ignore[no-untyped-def]
    """The pay row that a spell has reached by the movement."""
    high = m[m[places.CELL_AT] + m[spell + CELL] * places.CELL_WIDTH + places.HIGH]
    first = m[places.APRILS]
    aprils = m[first : first + m[places.APRIL_COUNT]]
    return row_now(m[spell + ROW], high, m[spell + ENTERED], m[places.NOW], aprils)


@phrase
def heads(m, spell):  # type: ignore[no-untyped-def]
    """How many heads a spell counts as: 1 for a main assignment, none for casual work."""
    return m[spell + HEAD] * m[m[spell + PERSON] + people.COUNTED]


@phrase
def fte(m, spell):  # type: ignore[no-untyped-def]
    """How much FTE a spell counts as, in hundredths: none for casual work."""
    return m[spell + FTE] * m[m[spell + PERSON] + people.COUNTED]


@phrase
def first_month(m, spell):  # type: ignore[no-untyped-def]
    """The month in which a spell begins; who was here at the start begins with the first."""
    return m[spell + OPENS] if m[spell + OPENS] > 0 else 1


@phrase
def cell_groups(m, cell, at):  # type: ignore[no-untyped-def]
    """Write at ``at`` the groups that a cell belongs to; how many there are."""
    group = m[places.CELL_AT] + cell * places.CELL_WIDTH + places.GROUP
    for k in range(m[group - 1]):
        m[at + k] = m[group + k]
    return m[group - 1]


@phrase
def own_groups(m, spell, at):  # type: ignore[no-untyped-def]
    """Write at ``at`` the groups of what pays for a spell and of its holder; how many there are."""
    count, person = 0, m[spell + PERSON]
    if m[places.FUNDINGS] >= 0:
        m[at] = m[places.FUNDINGS] + m[spell + FUNDING]
        count = 1
    for k in range(m[person + people.OWN]):
        m[at + count + k] = m[person + people.OWN_1 + k]
    return count + m[person + people.OWN]


@phrase
def leave(moves, m, row, person):  # type: ignore[no-untyped-def]
    """Somebody leaves, by the row of their main assignment."""
    if moves[row + rows.HEAD] == 1:
        m[person + people.GONE] = m[places.MONTH]
