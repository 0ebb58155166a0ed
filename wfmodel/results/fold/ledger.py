"""One ledger, folded: its movements replayed, its spells counted, and costs worked out."""

from __future__ import annotations

from numba import types

from wfmodel.jit import part, whole
from wfmodel.results.fold import (
    budget,
    capacity,
    costs,
    demand,
    employment,
    evaluation,
    gaps,
    levy,
    numbers,
    pay,
    payroll,
    people,
    places,
    policies,
    posts,
    replay,
    rows,
    spells,
    stocks,
    training,
)

SOUND = -1
"""What `fold_ledger` returns for a ledger that does not contradict itself."""


@whole
def fold_ledger(moves, everybody, stands, m, x, values, replication):  # type: ignore[no-untyped-def]
    """Fold one ledger, given row by row, into the ``values`` of a block's ``replication``.

    Returns SOUND; or the number of the first movement that contradicts those before it; or, where
    ``m`` has too little room, −2 less the places that it needs.
    """
    missing = _lay_out(moves, everybody, stands, m)
    if missing > 0:
        return SOUND - 1 - missing
    for place in range(m[places.COUNTS], m[places.MEMORY]):
        m[place] = 0
    for place in range(m[places.SUMS], m[places.SUMS_END]):
        x[place] = 0.0
    numbers.settle(m, x)
    people.meet(everybody, m)
    posts.set_up(stands, m)
    wrong = replay.replay(moves, m, x)
    if wrong >= 0:
        return wrong
    posts.open_up(m)
    _fold_spells(m, x)
    _close(m, x)
    evaluation.evaluate(m, x, values, replication)
    return SOUND


def compile_fold() -> None:
    """Compile the fold without a ledger, and keep it on disk."""
    whole_numbers, numbers = types.int64[::1], types.float64[::1]
    fold_ledger.compile((*[whole_numbers] * 4, *[numbers] * 2, types.int64))


@part
def _lay_out(moves, everybody, stands, m):  # type: ignore[no-untyped-def]
    """Where the ledger's records stand in ``m``; the places that it needs, where it has fewer."""
    m[places.MOVES] = moves.size // rows.MOVE_WIDTH
    m[places.PEOPLE] = everybody.size // people.FIELD_COUNT
    m[places.POSTS] = stands.size // posts.FIELD_COUNT
    m[places.PEOPLE_AT] = m[places.MEMORY]
    m[places.POSTS_AT] = m[places.PEOPLE_AT] + m[places.PEOPLE] * people.PERSON_WIDTH
    m[places.SPELLS_AT] = m[places.POSTS_AT] + m[places.POSTS] * posts.POST_WIDTH
    m[places.SPELLS] = 0
    most = m[places.MOVES]
    needed = m[places.SPELLS_AT] + most * spells.SPELL_WIDTH
    if needed <= m.size:
        return 0
    most = 0
    for number in range(m[places.MOVES]):
        acts = m[m[places.ACTS] + 2 * moves[number * rows.MOVE_WIDTH + rows.KIND_OF]]
        if acts > replay.COUNTS and acts < replay.COVERS:
            most += 1
    needed = m[places.SPELLS_AT] + most * spells.SPELL_WIDTH
    return needed if needed > m.size else 0


@part
def _fold_spells(m, x):  # type: ignore[no-untyped-def]
    """Count every spell, in the order in which they began."""
    groups = m[places.LIST]
    for number in range(m[places.SPELLS]):
        spell = m[places.SPELLS_AT] + number * spells.SPELL_WIDTH
        of_cells = spells.cell_groups(m, m[spell + spells.CELL], groups)
        count = of_cells + spells.own_groups(m, spell, groups + of_cells)
        of_money = of_cells + (1 if m[places.FUNDINGS] >= 0 else 0)
        if m[places.WANTS_STOCKS] == 1:
            stocks.of_spell(m, spell, count, of_cells)
        if m[places.WANTS_TIME] == 1:
            employment.of_spell(m, spell, count, of_cells)
        if m[places.WANTS_PAY] == 1:
            payroll.of_spell(m, x, spell, of_money, of_cells)
        if m[places.WANTS_EXTRAS] == 1:
            costs.of_spell(m, spell, of_cells)
        if m[places.WANTS_WORK] == 1:
            capacity.of_spell(m, x, spell)
        if m[places.WANTS_TRAINING] == 1:
            training.of_spell(m, x, spell)


@part
def _close(m, x):  # type: ignore[no-untyped-def]
    """Work out the statistics that follow from what was counted."""
    pay.close(m, x)
    if m[places.WANTS_EXACT] == 1:
        pay.close_exactly(m, x)
    if m[places.WANTS_GAPS] == 1:
        gaps.close(m, x)
    if m[places.WANTS_BUDGET] == 1:
        budget.close(m, x)
    if m[places.WANTS_WORK] == 1:
        capacity.close(m, x)
    if m[places.WANTS_DEMAND] == 1:
        demand.close(m, x)
    if m[places.WANTS_TRAINING] == 1:
        training.close(m, x)
    if m[places.WANTS_LEVY] == 1:
        levy.close(m, x)
    if m[places.WANTS_CENTRAL] == 1:
        policies.close(m, x)
    if m[places.WANTS_COST_OF_TRAINING] == 1:
        levy.close_training(m, x)
