"""What policies and the market do to filling and cover, in one replication.

They stand in memory by row of cells and segment; see `wfmodel.simulation.alike`.
"""

from __future__ import annotations

import math

import numpy as np

from wfmodel.jit import part
from wfmodel.scenario.policies import AgencyControl, RecruitmentEffort
from wfmodel.simulation.alike import rows_of_cells
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.segments import covers, span
from wfmodel.units import NEVER, YEAR

UNLIMITED = 2**40
_DEFAULT_SMALLEST = 40

(
    ODDS,
    TIME,
    INSIDE,
    COVER,
    CONVERTS,
    SMALLEST,
    LONGEST,
    RECRUITERS,
    ROWS,
    SEGMENTS,
    ENTRIES,
    COUNT,
    WIDTH,
) = range(13)
"""The first five are others [rows, segments], the next two whole [rows, segments]: the smallest
FTE that is advertised in hundredths, the longest cover in seconds. ``RECRUITERS`` whole
[segments]."""
_TABLE, _HOW, _NUMBER, _PLACES, _PLACE_COUNT, _ENTRY_WIDTH = range(6)
_MULTIPLIES, _BY_SUPPLEMENT, _SMALLEST_IS, _LONGEST_IS = range(4)
"""What an entry does with its number: multiplies; the multiplier for each £1,000 is followed by the
supplement in £; states the smallest FTE; limits cover to months."""
_RECRUITMENT = (
    (ODDS, "odds_multiplier"),
    (TIME, "time_multiplier"),
    (INSIDE, "inside_multiplier"),
)
_AGENCY = ((COVER, "cover_multiplier"), (CONVERTS, "conversion_multiplier"))


def lower_effects(draft: Draft) -> int:
    """Which policies touch filling and cover, where and when, as a record."""
    inputs, m = draft.inputs, draft.m
    at, row_of = draft.record(WIDTH), rows_of_cells(inputs)
    m[at + ROWS], m[at + SEGMENTS] = 1 + int(row_of.max(initial=0)), inputs.segment_start.size
    for table in range(RECRUITERS):
        m[at + table] = draft.record(m[at + ROWS] * m[at + SEGMENTS])
    recruiters = np.full(m[at + SEGMENTS], UNLIMITED, dtype=np.int64)
    entries: list[int] = []
    for name, policy in inputs.scenario.policies.items():
        if not isinstance(policy, RecruitmentEffort | AgencyControl):
            continue
        during = covers(inputs.segment_start, *span(inputs.calendar, policy.start, policy.end))
        rows = np.unique(row_of[inputs.in_scope(policy.services, policy.roles)])
        places = rows[:, None] * m[at + SEGMENTS] + np.flatnonzero(during)
        found = [draft.whole(places.ravel()), places.size]
        for table, how, number in _entries(draft, f"policies.{name}", policy):
            entries += [table, how, number, *found]
        if isinstance(policy, RecruitmentEffort) and policy.recruiters is not None:
            recruiters[during] = np.minimum(recruiters[during], policy.recruiters)
    m[at + RECRUITERS] = draft.whole(recruiters)
    m[at + ENTRIES], m[at + COUNT] = draft.whole(entries), len(entries) // _ENTRY_WIDTH
    return at


def _entries(
    draft: Draft, path: str, policy: RecruitmentEffort | AgencyControl
) -> list[tuple[int, int, int]]:
    """What a policy does: table, how, and the place of its number."""
    index, found = draft.inputs.numbers.index, []

    def number(key: str, default: float = 1.0) -> int:
        place = draft.record(1)
        draft.number(place, f"{path}.{key}", default)
        return place

    multipliers = _RECRUITMENT if isinstance(policy, RecruitmentEffort) else _AGENCY
    for table, key in multipliers:
        if f"{path}.{key}" in index:
            found.append((table, _MULTIPLIES, number(key)))
    if isinstance(policy, RecruitmentEffort):
        if policy.supplement_gbp is not None:
            per_thousand = number("odds_per_1000_gbp")
            number("supplement_gbp", 0.0)  # which stands behind it
            found.append((ODDS, _BY_SUPPLEMENT, per_thousand))
        if policy.smallest_advertised_fte is not None:
            found.append((SMALLEST, _SMALLEST_IS, number("smallest_advertised_fte", 0.4)))
    elif policy.longest_months is not None:
        found.append((LONGEST, _LONGEST_IS, number("longest_months", 0.0)))
    return found


@part
def reset_effects(w, at):  # type: ignore[no-untyped-def]
    """As things are without any policy or market."""
    m, f = w.m, w.f
    for k in range(m[at + ROWS] * m[at + SEGMENTS]):
        for table in range(SMALLEST):
            f[m[at + table] + k] = 1.0
        m[m[at + SMALLEST] + k] = _DEFAULT_SMALLEST
        m[m[at + LONGEST] + k] = NEVER


@part
def realise_effects(w, at):  # type: ignore[no-untyped-def]
    """The effects of a replication, upon the market's factor on the odds, which stands there."""
    m, f = w.m, w.f
    for k in range(m[at + COUNT]):
        entry = m[at + ENTRIES] + _ENTRY_WIDTH * k
        table, how = m[at + m[entry + _TABLE]], m[entry + _HOW]
        number = f[m[entry + _NUMBER]]
        if how == _BY_SUPPLEMENT:
            number = math.pow(number, f[m[entry + _NUMBER] + 1] / 1000)
        for n in range(m[entry + _PLACE_COUNT]):
            place = table + m[m[entry + _PLACES] + n]
            if how == _SMALLEST_IS:
                m[place] = math.floor(number * 100 + 0.5)
            elif how == _LONGEST_IS:
                m[place] = min(m[place], math.ceil(number * YEAR / 12))
            else:
                f[place] *= number
