"""One replication's numbers as the fold needs them: rounded, multiplied out, by month."""

from __future__ import annotations

import math

from wfmodel.jit import part, phrase
from wfmodel.results.fold import places
from wfmodel.units import MONTH


@part
def settle(m, x):  # type: ignore[no-untyped-def]
    """Work out what depends on the drawn numbers alone."""
    _award(m, x)
    for role in range(m[places.ROLES]):
        middle = m[m[places.MIDDLE_PAY] + role]
        x[m[places.FULL_PAY] + role] = _with_on_costs(m, x, float(middle))
        x[m[places.MIDDLE_COST] + role] = _with_on_costs(m, x, middle * x[m[places.FACTORS]])
    for k in range(m[places.SCOPED]):
        policy = m[places.SCOPED_AT] + k * places.SCOPED_WIDTH
        unit, number = m[policy + places.UNIT], x[m[policy + places.NUMBER]]
        if unit == places.IN_PENCE:
            m[policy + places.AMOUNT] = _pence(number)
        elif unit == places.IN_MONTHS:
            m[policy + places.AMOUNT] = math.ceil(number * MONTH)
    for pipeline in range(m[places.PIPELINES]):
        _price(m, x, m[places.PIPELINE_AT] + pipeline * places.PIPELINE_WIDTH)


@phrase
def _pence(gbp):  # type: ignore[no-untyped-def]
    return math.floor(gbp * 100.0 + 0.5)


@part
def _award(m, x):  # type: ignore[no-untyped-def]
    """What pay awards have multiplied pay by since the opening pay points, by stretch and month."""
    factor = 1.0
    for stretch in range(m[places.APRIL_COUNT] + 1):
        factor *= 1.0 + x[m[places.AWARDS] + stretch]
        x[m[places.FACTORS] + stretch] = factor
    for month in range(m[places.ENDS]):
        stretch = m[m[places.STRETCH_OF_MONTH] + month]
        x[m[places.BY_MONTH] + month] = x[m[places.FACTORS] + stretch]


@phrase
def _with_on_costs(m, x, annual):  # type: ignore[no-untyped-def]
    """Annual pay of full-time members of the pension scheme with on-costs at the opening rules."""
    rates = m[places.ON_COSTS]
    total = annual * (1.0 + x[rates + places.PENSION] + x[rates + places.OTHER])
    above = max(0.0, annual - x[rates + places.OPENING_THRESHOLD])
    return total + above * x[rates + places.OPENING_RATE]


@part
def _price(m, x, pipeline):  # type: ignore[no-untyped-def]
    """What a pipeline costs and takes: pay, the yearly rate of its fee, supervision."""
    length, loads = 0.0, 0.0
    stages = m[pipeline + places.STAGE_NUMBERS]
    for stage in range(m[pipeline + places.STAGES]):
        length += x[stages + stage * places.STAGE_WIDTH + places.STAGE_MONTHS]
    numbers = m[pipeline + places.PIPELINE_NUMBERS]
    fee = _pence(x[numbers + places.FEE])
    m[pipeline + places.FEE_RATE] = round(fee * 12 / length) if length > 0.0 else 0
    m[pipeline + places.LENGTH] = round(length * MONTH)
    if m[pipeline + places.SALARY] >= 0:
        m[pipeline + places.SALARY] = _pence(x[numbers + places.SALARY_GBP])
    count = m[pipeline + places.LOAD_COUNT]
    for k in range(count):
        loads += x[m[pipeline + places.LOADS] + k]
    x[numbers + places.LOAD] = 100.0 * loads / count if count > 0 else 0.0
