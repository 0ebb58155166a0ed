"""Time in employment, by group and month, to the second."""

from __future__ import annotations

from wfmodel.jit import part
from wfmodel.results.fold import accrual, people, places, spells

_HEAD_SECONDS, _FTE_SECONDS = places.counts_of("head_seconds"), places.counts_of("fte_seconds")


@part
def of_spell(m, spell, count, of_cells):  # type: ignore[no-untyped-def]
    """Count a spell's seconds: as a head in the first ``count`` groups of the list, as FTE in the
    first ``of_cells``; casual workers count nothing."""
    counted = m[m[spell + spells.PERSON] + people.COUNTED]
    head, fte = m[spell + spells.HEAD] * counted, m[spell + spells.FTE] * counted
    begins, left = spells.first_month(m, spell), m[spell + spells.LEFT_AT_START]
    ends, left_over = m[spell + spells.CLOSES], m[spell + spells.LEFT_AT_END]
    accrual.turn(m, m[_HEAD_SECONDS], count * head, begins, left, head)
    accrual.turn(m, m[_FTE_SECONDS], of_cells, begins, left, fte)
    if ends < m[places.ENDS]:
        accrual.turn(m, m[_HEAD_SECONDS], count * head, ends, left_over, -head)
        accrual.turn(m, m[_FTE_SECONDS], of_cells, ends, left_over, -fte)
