"""The labour market's factors by cell and segment, in one replication."""

from __future__ import annotations

import math

import numpy as np

from wfmodel import draws
from wfmodel.flows import market
from wfmodel.scenario.unknowns import View
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.segments import covers, span
from wfmodel.units import DAY, NEVER, financial_year

PARTS = ("leave", "fill")


class Market:
    """What is the same in every replication: who shares whose years."""

    def __init__(self, inputs: Inputs) -> None:
        self.labour = inputs.scenario.labour_market
        self.shape = (inputs.cells, inputs.segment_start.size)
        groups = [inputs.scenario.roles[r].market_group or "all" for r in inputs.roles]
        names = sorted(set(groups))
        self._cells = np.tile([names.index(g) for g in groups], len(inputs.services))
        years = [
            financial_year(inputs.calendar.date(-DAY if s == -NEVER else s))
            for s in inputs.segment_start.tolist()
        ]
        self._years = np.array(sorted(set(years)), dtype=np.int64)
        self._columns = np.searchsorted(self._years, years)
        owners = ["council", *(f"group/{name}" for name in names)]
        self._keys = np.array(
            [draws.text_key(f"{owner}/{part}") for part in PARTS for owner in owners], np.uint64
        )
        self._owners = len(owners)
        self._during = np.zeros(self.shape[1], dtype=bool)
        if self.labour is not None and self.labour.stress is not None:
            stress = self.labour.stress
            self._during = covers(
                inputs.segment_start, *span(inputs.calendar, stress.start, stress.end)
            )

    def factors(self, view: View, seed: int, replication: int) -> tuple[np.ndarray, np.ndarray]:
        """Factors on leaving and on the odds of filling, float64 [cells, segments]."""
        get = view.get
        leaving, filling = np.ones(self.shape), np.ones(self.shape)
        if self.labour is None:
            return leaving, filling
        sigmas = get("labour_market.leaving_sigma", 0.0), get("labour_market.filling_sigma", 0.0)
        if max(sigmas) > 0:
            tables = self._shared(view, sigmas, draws.stream_key(seed, replication, "market"))
            where = np.ix_(self._cells, self._columns)
            leaving, filling = tables[0][where], tables[1][where]
        if self.labour.stress is not None:
            leaving[:, self._during] *= get("labour_market.stress.leaving_multiplier", 1.0)
            filling[:, self._during] *= get("labour_market.stress.filling_odds_multiplier", 1.0)
        return leaving, filling

    def _shared(self, view: View, sigmas: tuple[float, float], stream: np.uint64) -> np.ndarray:
        """Factors on leaving and filling by group and year, float64 [2, groups, years]."""
        phi, tie = view.get("labour_market.phi", 0.0), view.get("labour_market.correlation", 0.0)
        share = view.get("labour_market.council_share", 0.7)
        z = market.chains(stream, self._keys, self._years, phi)
        left, filled = z[: self._owners], z[self._owners :]
        found = np.empty((2, self._owners - 1, self._years.size))
        for group in range(self._owners - 1):
            for year in range(self._years.size):
                first = market.mixed(left[0, year], left[group + 1, year], share)
                second = market.mixed(filled[0, year], filled[group + 1, year], share)
                second = tie * first + math.sqrt(max(0.0, 1.0 - tie * tie)) * second
                found[0, group, year] = market.factor(sigmas[0], first)
                found[1, group, year] = market.factor(sigmas[1], second)
        return found
