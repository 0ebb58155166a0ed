"""What multiplies hazards, chances and times in one replication: the one making of it, which both
simulations read."""

from __future__ import annotations

import numpy as np

from wfmodel.flows import attrition
from wfmodel.jit import part, whole
from wfmodel.simulation import draft, effects, hazards, market, workload, world
from wfmodel.simulation.draft import Draft
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.world import World

RATES, HAZARDS, EFFECTS, MARKET, WORKLOAD, WIDTH = range(6)
"""The rates that attrition reads; what hazards, effects, the market and shortage's pressure are
made of."""


def lower_tables(given: Draft) -> int:
    """All that the tables of a replication are made of, and room for them, as a record."""
    at, m = given.record(WIDTH), given.m
    m[at + RATES] = given.record(attrition.RATES_WIDTH)
    m[at + HAZARDS] = hazards.lower_hazards(given, m[at + RATES])
    m[at + EFFECTS] = effects.lower_effects(given)
    m[at + MARKET] = market.lower_market(given)
    m[at + WORKLOAD] = workload.lower_workload(given, m[at + RATES])
    return at


@part
def realise_tables(w, at, stream):  # type: ignore[no-untyped-def]
    """Make the tables of a replication from its numbers and its market's ``stream``; whether they
    can give the turnover that is asked for."""
    m, f = w.m, w.f
    rates, known = m[at + RATES], m[at + HAZARDS]
    factor = m[rates + attrition.FACTOR]
    for k in range(m[known + hazards.ROWS] * m[rates + attrition.SEGMENTS] * attrition.CAUSES):
        f[factor + k] = 1.0
    effects.reset_effects(w, m[at + EFFECTS])
    if m[at + MARKET] != 0:
        odds = m[m[at + EFFECTS] + effects.ODDS]
        market.realise_market(w, m[at + MARKET], stream, factor, odds)
    effects.realise_effects(w, m[at + EFFECTS])
    if m[at + WORKLOAD] != 0:
        workload.realise_workload(w, m[at + WORKLOAD], rates)
    return hazards.realise_hazards(w, known, rates)


@whole
def _realise(m, f, at, stream):  # type: ignore[no-untyped-def]
    w = World(m, f)
    draft.fill(w)
    return realise_tables(w, at, np.uint64(stream))


class Tables:
    """The tables of a scenario, made for one replication after another."""

    def __init__(self, inputs: Inputs) -> None:
        given = Draft(inputs)
        self.inputs, self.at = inputs, lower_tables(given)
        self._memory = given.finish()

    def realise(self, vector: np.ndarray, stream: np.uint64) -> World:
        """A memory with the tables of one replication; InputError where its turnover can't be."""
        w = World.of(self._memory.copy())
        numbers = w.m[world.NUMBERS]
        w.f[numbers : numbers + len(self.inputs.numbers.base)] = vector
        signed = np.uint64(stream).astype(np.int64)  # Numba takes a number of Python's for signed
        if not _realise(w.m, w.f, self.at, signed):
            hazards.refuse(self.inputs, w, int(w.m[self.at + HAZARDS]))
        return w
