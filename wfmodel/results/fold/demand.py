"""Demand: the FTE that work requires, and the capacity of the same services."""

from __future__ import annotations

import math

from wfmodel.flows import workload
from wfmodel.jit import part, phrase
from wfmodel.results.fold import places

_REQUIRED, _ABLE = places.values_of("required"), places.values_of("able")
_PRESSURE = places.values_of("pressure")


@part
def close(m, x):  # type: ignore[no-untyped-def]
    """Required FTE, and what the services that require it can do, by service and of all together;
    undefined without demand. And what shortage makes of resignations in the month that begins."""
    ends = m[places.ENDS]
    required, able = m[_REQUIRED], m[_ABLE]
    for k in range(m[places.SERVICE_GROUPS] * ends):
        x[required + k] = math.nan
        x[able + k] = math.nan
        x[m[_PRESSURE] + k] = math.nan
    for number in range(m[places.DEMANDS]):
        demand = m[places.DEMAND_AT] + number * places.DEMAND_WIDTH
        own, numbers = m[demand + places.DEMAND_GROUP] * ends, m[demand + places.DEMAND_NUMBERS]
        for month in range(ends):
            needs = _required(m, x, demand, month)
            can = x[m[places.DEMANDED] + number * ends + month] / 100.0
            if number == 0:
                x[required + month], x[able + month] = 0.0, 0.0
            x[required + month] += needs
            x[able + month] += can
            if own > 0:  # 0 is the council's
                x[required + own + month] = needs
                x[able + own + month] = can
                x[m[_PRESSURE] + own + month] = workload.multiplier(
                    needs, can * workload.FTE, x[numbers + places.ELASTICITY],
                    x[numbers + places.LEAST], x[numbers + places.MOST],
                )  # fmt: skip


@phrase
def _required(m, x, demand, month):  # type: ignore[no-untyped-def]
    """The FTE that one service requires at a month end."""
    numbers = m[demand + places.DEMAND_NUMBERS]
    needs = x[numbers + places.OPENING_REQUIRED]
    if m[demand + places.DEMAND_STEPS] >= 0:
        needs = x[m[m[demand + places.DEMAND_STEPS] + month]] / x[numbers + places.CASES_PER_FTE]
    else:
        needs = workload.grown(needs, x[numbers + places.GROWTH], m[m[places.STARTS] + month])
    return needs * x[numbers + places.SHIFT_COVER]
