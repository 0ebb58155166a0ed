"""Series and their formulas, step by step, as places in the arrays of a fold."""

from __future__ import annotations

from collections.abc import Sequence

from wfmodel.results.fold import places
from wfmodel.results.fold.sheet import Sheet
from wfmodel.results.formulas import DIVIDE, DIVIDE_BY, READ, Formula, Series
from wfmodel.results.groups import Groups
from wfmodel.results.statistics import CODE

MONTHS_AT_A_TIME = 512
"""About how many months of groups are worked on at a time, so that they stay in the nearest
cache."""


def lower_series(sheet: Sheet, groups: Groups, series: Sequence[Series]) -> None:
    """Every series with its groups and its steps, and rooms to work in."""
    m, ends = sheet.m, sheet.m[places.ENDS]
    m[places.ROWS_AT_A_TIME] = max(1, MONTHS_AT_A_TIME // ends)
    m[places.ROOM_WIDTH] = m[places.ROWS_AT_A_TIME] * ends
    depth = max((_depth(one.formula) for one in series), default=0)
    m[places.ROOMS] = sheet.others([0.0] * (depth * m[places.ROOM_WIDTH]))
    records, kept = [], 0
    for one in series:
        first, last = 0, groups.size(one.reach)
        if one.among is not None:
            first = groups.place(one.reach, *one.among)
            last = first + 1
        steps = _steps(sheet, one.formula, m[places.ROOMS])
        at = sheet.whole(number for step in steps for number in step)
        divides = any(does == DIVIDE for does, *_ in steps)
        records += [first, last, one.since, divides, at, len(steps)]
        kept += last - first
    m[places.SERIES], m[places.SERIES_AT] = len(series), sheet.whole(records)
    m[places.KEPT] = kept


def _depth(formula: Formula) -> int:
    """How many rooms a formula takes."""
    return max((k + _depth(part) for k, part in enumerate(formula.parts)), default=1)


def _steps(sheet: Sheet, formula: Formula, room: int) -> list[tuple[int, int, int]]:
    """What is done, to what, and in which room, in order."""
    steps, what = [], 0
    for k, part in enumerate(formula.parts):
        steps += _steps(sheet, part, room + k * sheet.m[places.ROOM_WIDTH])
    if formula.does == READ:
        what = places.STATISTIC_AT + places.STATISTIC_WIDTH * CODE[formula.name]
    elif formula.does == DIVIDE_BY:
        what = sheet.others([formula.number])
    return [*steps, (formula.does, what, room)]
