"""Stocks of people at month ends, by group: whole numbers only, so that every sum is exact."""

from __future__ import annotations

import numpy as np

from wfmodel.jit import part, phrase
from wfmodel.results.fold import absences, people, places, spells
from wfmodel.results.groups import AGE_EDGES

PENSION_AGE = 67
DUE_WITHIN_YEARS = 5

_HEADS, _FTE = places.counts_of("heads"), places.counts_of("fte")
_POOL, _TRAINING = places.counts_of("pool_heads"), places.counts_of("training_heads")
_NEWER, _UNDER_25 = places.counts_of("newer"), places.counts_of("under_25")
_AGED_55, _DUE = places.counts_of("aged_55"), places.counts_of("due")
_STAYED, _STATED = places.counts_of("stayed_12"), places.counts_of("sex_stated")
_MANAGERS, _FEEDERS = places.counts_of("managers"), places.counts_of("feeders")
_ABSENT, _SECONDED = places.counts_of("absent_heads"), places.counts_of("seconded_heads")
_ACTING, _ACTING_FTE = places.counts_of("acting_heads"), places.counts_of("acting_fte")
_DUE_AGE = PENSION_AGE - DUE_WITHIN_YEARS
_BANDS = len(AGE_EDGES) + 1


@part
def of_spell(m, spell, count, of_cells):  # type: ignore[no-untyped-def]
    """Count a spell in the first ``count`` groups of the list, the first ``of_cells`` of which are
    of cells, and in its age bands."""
    person = m[spell + spells.PERSON]
    if m[person + people.COUNTED] == 0:
        return
    opens, closes = m[spell + spells.OPENS], m[spell + spells.CLOSES]
    groups, head = m[places.LIST], m[spell + spells.HEAD]
    _here(m, spell, person, groups, count, opens, closes)
    if m[spell + spells.ACTS_IN] >= 0:
        acted = m[places.CELL_AT] + m[spell + spells.ACTS_IN] * places.CELL_WIDTH + places.GROUP
        for_fte = m[spell + spells.ACTS_FOR]
        _stand(m, m[_ACTING_FTE], acted, m[acted - 1], opens, closes, for_fte)
    if m[places.AGES] >= 0:
        _grow_older(m, spell, person, groups + count, opens, closes)
    if head == 1:
        _represent(m, spell, person, opens, closes)
        cell = m[places.CELL_AT] + m[spell + spells.CELL] * places.CELL_WIDTH
        if m[cell + places.MANAGES] == 1:
            _stand(m, m[_MANAGERS], groups, of_cells, opens, closes, head)
        if m[cell + places.FEEDS] == 1:
            _stand(m, m[_FEEDERS], groups, of_cells, opens, closes, head)


@phrase
def _grow_older(m, spell, person, group, opens, closes):  # type: ignore[no-untyped-def]
    """Count a spell in one age band after the other."""
    band, last = 0, 0
    while opens < closes:
        last = closes
        if band < _BANDS - 1:
            last = min(last, people.reaches(m, person, m[m[places.AGE_EDGES] + band]))
        if opens < last:
            m[group] = m[places.AGES] + band
            _here(m, spell, person, group, np.int64(1), opens, last)
            opens = last
        band += 1


@part
def _here(m, spell, person, groups, count, opens, closes):  # type: ignore[no-untyped-def]
    """Count a spell at the month ends [opens, closes)."""
    head, place = m[spell + spells.HEAD], m[spell + spells.PLACE]
    _stand(m, m[_FTE], groups, count, opens, closes, m[spell + spells.FTE])
    if head == 0:
        return
    _stand(m, m[_HEADS], groups, count, opens, closes, head)
    if place == spells.IN_POOL or place == spells.IN_TRAINING:
        beside = m[_POOL if place == spells.IN_POOL else _TRAINING]
        _stand(m, beside, groups, count, opens, closes, head)
    if m[spell + spells.AWAY] != 0:
        absent = m[_ABSENT if absences.is_on_leave(m, spell) else _SECONDED]
        _stand(m, absent, groups, count, opens, closes, head)
    if m[spell + spells.ACTS_IN] >= 0:
        _stand(m, m[_ACTING], groups, count, opens, closes, head)
    if m[places.WANTS_AGES] == 1:
        _aged(m, person, groups, count, opens, closes)


@part
def _aged(m, person, groups, count, opens, closes):  # type: ignore[no-untyped-def]
    """Count somebody by age and by service at the month ends [opens, closes)."""
    head, served = np.int64(1), min(closes, m[person + people.SERVED])
    if opens < served:
        _stand(m, m[_NEWER], groups, count, opens, served, head)
    born = m[person + people.BORN]
    if opens < born + 12 * 25:
        _stand(m, m[_UNDER_25], groups, count, opens, min(closes, born + 12 * 25), head)
    if closes > born + 12 * 55:
        _stand(m, m[_AGED_55], groups, count, max(opens, born + 12 * 55), closes, head)
        if closes > born + 12 * _DUE_AGE:
            _stand(m, m[_DUE], groups, count, max(opens, born + 12 * _DUE_AGE), closes, head)
    later = closes if closes >= m[places.ENDS] else closes + 12
    later = min(later, m[person + people.GONE])
    if opens + 12 < later:
        _stand(m, m[_STAYED], groups, count, opens + 12, later, head)


@phrase
def _stand(m, counts, groups, count, opens, closes, amount):  # type: ignore[no-untyped-def]
    """Count an amount at the month ends [opens, closes) in the groups listed at ``groups``."""
    if opens < m[places.ENDS]:
        closes = min(closes, m[places.ENDS])  # the place past the last month end
        for k in range(groups, groups + count):
            group = counts + m[k] * m[places.WIDE]
            m[group + opens] += amount
            m[group + closes] -= amount


@part
def _represent(m, spell, person, opens, closes):  # type: ignore[no-untyped-def]
    """Count who stated a characteristic and who has it, in the groups of cells and of grades."""
    has = m[person + people.HAS]
    if has == 0 or opens >= m[places.ENDS]:
        return
    cell = m[places.CELL_AT] + m[spell + spells.CELL] * places.CELL_WIDTH
    groups, grades = cell + places.GROUP, m[cell + places.GRADE]
    _represent_in(m, has, groups, m[groups - 1], opens, closes)
    _represent_in(m, has, grades, m[cell + places.GRADE_COUNT], opens, closes)


@phrase
def _represent_in(m, has, groups, count, opens, closes):  # type: ignore[no-untyped-def]
    """Count someone's characteristics in the groups listed at ``groups``."""
    for k in range(groups, groups + count):
        row, bits, counts = m[k] * m[places.WIDE], has, _STATED
        while bits != 0:
            if bits & 1:
                m[m[counts] + row + opens] += 1
                m[m[counts] + row + closes] -= 1
            bits >>= 1
            counts += places.STATISTIC_WIDTH
