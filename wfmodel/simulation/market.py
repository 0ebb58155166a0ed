"""The labour market's factors by row of cells and segment, in one replication."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.flows import attrition, market
from wfmodel.jit import part
from wfmodel.simulation.alike import rows_of_cells
from wfmodel.simulation.draft import Draft

_PARTS = ("leave", "fill")
_NUMBERS = (
    ("leaving_sigma", 0.0),
    ("filling_sigma", 0.0),
    ("phi", 0.0),
    ("correlation", 0.0),
    ("council_share", 0.7),
    ("stress.leaving_multiplier", 1.0),
    ("stress.filling_odds_multiplier", 1.0),
)
(
    NUMBERS,
    OWNERS,
    KEYS,
    YEARS,
    YEAR_COUNT,
    YEAR_OF,
    STRESSED,
    GROUP_OF,
    ROWS,
    SEGMENTS,
    CHAINS,
    FACTORS,
    WIDTH,
) = range(13)
"""``NUMBERS`` others as in `_NUMBERS`; ``OWNERS`` of a chain are the council and the groups of
roles, ``KEYS`` theirs [leave or fill, owners]; ``YEAR_OF`` and ``STRESSED`` by segment,
``GROUP_OF`` by row. ``CHAINS`` and ``FACTORS`` are scratch."""
_LEAVING, _FILLING, _PHI, _TIE, _SHARE, _STRESS_LEAVING, _STRESS_FILLING = range(7)


def lower_market(draft: Draft) -> int:
    """Who shares whose years, as a record; 0 where there is no labour market."""
    inputs, m = draft.inputs, draft.m
    if inputs.scenario.labour_market is None:
        return 0
    at = draft.record(WIDTH)
    m[at + NUMBERS] = draft.record(len(_NUMBERS))
    for k, (key, default) in enumerate(_NUMBERS):
        draft.number(m[at + NUMBERS] + k, f"labour_market.{key}", default)
    owners = ["council", *(f"group/{name}" for name in inputs.market_group_names)]
    m[at + OWNERS] = len(owners)
    m[at + KEYS] = draft.keys(
        [draws.text_key(f"{owner}/{part}") for part in _PARTS for owner in owners]
    )
    year, stressed = inputs.market_segments.T
    years, year_of = np.unique(year, return_inverse=True)
    m[at + YEARS], m[at + YEAR_COUNT] = draft.whole(years), years.size
    m[at + YEAR_OF], m[at + STRESSED] = draft.whole(year_of), draft.whole(stressed)
    row_of = rows_of_cells(inputs)
    group_of = np.zeros(1 + int(row_of.max(initial=0)), dtype=np.int64)
    group_of[row_of] = np.tile(inputs.market_groups, len(inputs.services))
    m[at + GROUP_OF], m[at + ROWS] = draft.whole(group_of), group_of.size
    m[at + SEGMENTS] = inputs.segment_start.size
    m[at + CHAINS] = draft.record(2 * len(owners) * years.size)
    m[at + FACTORS] = draft.record(2 * (len(owners) - 1) * years.size)
    return at


@part
def realise_market(w, at, stream, leaving, filling):  # type: ignore[no-untyped-def]
    """Put the market's factors of a replication on leaving (others [rows, segments, causes]) and
    on the odds of filling (others [rows, segments]) in their places."""
    m, f = w.m, w.f
    numbers, years = m[at + NUMBERS], m[at + YEAR_COUNT]
    moves = max(f[numbers + _LEAVING], f[numbers + _FILLING]) > 0
    if moves:
        _share(w, at, stream)
    groups = m[at + OWNERS] - 1
    for row in range(m[at + ROWS]):
        factors = m[at + FACTORS] + m[m[at + GROUP_OF] + row] * years
        for segment in range(m[at + SEGMENTS]):
            leave, fill = 1.0, 1.0
            if moves:
                year = m[m[at + YEAR_OF] + segment]
                leave, fill = f[factors + year], f[factors + groups * years + year]
            if m[m[at + STRESSED] + segment] != 0:
                leave *= f[numbers + _STRESS_LEAVING]
                fill *= f[numbers + _STRESS_FILLING]
            place = row * m[at + SEGMENTS] + segment
            f[filling + place] = fill
            for cause in range(attrition.RETIREMENT):
                f[leaving + place * attrition.CAUSES + cause] = leave


@part
def _share(w, at, stream):  # type: ignore[no-untyped-def]
    """The factors by group and year: the council's own and the group's share of it mixed."""
    m, f = w.m, w.f
    numbers, owners, years = m[at + NUMBERS], m[at + OWNERS], m[at + YEAR_COUNT]
    chains = m[at + CHAINS]
    for k in range(2 * owners):
        _chain(w, at, stream, np.uint64(m[m[at + KEYS] + k]), chains + k * years)
    tie = f[numbers + _TIE]
    for group in range(owners - 1):
        for year in range(years):
            own = chains + (group + 1) * years + year
            share = f[numbers + _SHARE]
            first = market.mixed(f[chains + year], f[own], share)
            other = owners * years
            second = market.mixed(f[chains + other + year], f[own + other], share)
            second = tie * first + math.sqrt(max(0.0, 1.0 - tie * tie)) * second
            place = m[at + FACTORS] + group * years + year
            f[place] = market.factor(f[numbers + _LEAVING], first)
            f[place + (owners - 1) * years] = market.factor(f[numbers + _FILLING], second)


@part
def _chain(w, at, stream, key, place):  # type: ignore[no-untyped-def]
    """Z of one owner in each year, as `wfmodel.flows.market.chain` gives them one by one."""
    m, f = w.m, w.f
    phi, years = f[m[at + NUMBERS] + _PHI], m[at + YEARS]
    z, year = draws.normal(stream, key, market.FIRST_YEAR), market.FIRST_YEAR
    for n in range(m[at + YEAR_COUNT]):
        while year < m[years + n]:
            year += 1
            z = market.next_year(z, phi, draws.normal(stream, key, year))
        f[place + n] = z
