"""What policies and the market do to filling and cover, in one replication."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wfmodel.scenario.policies import AgencyControl, RecruitmentEffort
from wfmodel.scenario.unknowns import View
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.segments import covers, span
from wfmodel.units import NEVER, YEAR, hundredths

UNLIMITED = 2**40


@dataclass
class Effects:
    """float64 [cells, segments]; the two limits int64 [cells, segments]; recruiters int64
    [segments]."""

    odds: np.ndarray
    time: np.ndarray
    inside: np.ndarray
    smallest_fte: np.ndarray
    cover: np.ndarray
    conversion: np.ndarray
    longest_cover: np.ndarray
    recruiters: np.ndarray


class Reach:
    """Which policies touch filling and cover, where and when."""

    def __init__(self, inputs: Inputs) -> None:
        self.shape = (inputs.cells, inputs.segment_start.size)
        table = np.arange(self.shape[0] * self.shape[1]).reshape(self.shape)
        self._policies = []
        for name, policy in inputs.scenario.policies.items():
            if isinstance(policy, RecruitmentEffort | AgencyControl):
                during = covers(
                    inputs.segment_start, *span(inputs.calendar, policy.start, policy.end)
                )
                scope = inputs.in_scope(policy.services, policy.roles)
                cells = table[np.ix_(scope, during)].ravel()
                self._policies.append((f"policies.{name}", policy, during, cells))

    def effects(self, view: View, filling: np.ndarray) -> Effects:
        """The effects of one replication; ``filling`` is the market's factor on the odds."""
        effects = Effects(
            odds=filling.copy(),
            time=np.ones(self.shape),
            inside=np.ones(self.shape),
            smallest_fte=np.full(self.shape, 40, dtype=np.int64),
            cover=np.ones(self.shape),
            conversion=np.ones(self.shape),
            longest_cover=np.full(self.shape, NEVER, dtype=np.int64),
            recruiters=np.full(self.shape[1], UNLIMITED, dtype=np.int64),
        )
        for path, policy, during, cells in self._policies:
            if isinstance(policy, RecruitmentEffort):
                _recruit(effects, view, path, policy, during, cells)
            else:
                _cover(effects, view, path, policy, cells)
        return effects


def _multiply(table: np.ndarray, cells: np.ndarray, multiplier: float) -> None:
    if multiplier != 1.0:
        table.reshape(-1)[cells] *= multiplier


def _recruit(
    effects: Effects,
    view: View,
    path: str,
    policy: RecruitmentEffort,
    during: np.ndarray,
    cells: np.ndarray,
) -> None:
    per_thousand = view.get(f"{path}.odds_per_1000_gbp", 1.0)
    supplement = view.get(f"{path}.supplement_gbp", 0.0)
    odds = view.get(f"{path}.odds_multiplier", 1.0) * per_thousand ** (supplement / 1000)
    _multiply(effects.odds, cells, odds)
    _multiply(effects.time, cells, view.get(f"{path}.time_multiplier", 1.0))
    _multiply(effects.inside, cells, view.get(f"{path}.inside_multiplier", 1.0))
    if policy.smallest_advertised_fte is not None:
        smallest = hundredths(view.get(f"{path}.smallest_advertised_fte", 0.4))
        effects.smallest_fte.reshape(-1)[cells] = smallest
    if policy.recruiters is not None:
        effects.recruiters[during] = np.minimum(effects.recruiters[during], policy.recruiters)


def _cover(
    effects: Effects, view: View, path: str, policy: AgencyControl, cells: np.ndarray
) -> None:
    _multiply(effects.cover, cells, view.get(f"{path}.cover_multiplier", 1.0))
    _multiply(effects.conversion, cells, view.get(f"{path}.conversion_multiplier", 1.0))
    if policy.longest_months is not None:
        longest = math.ceil(view.get(f"{path}.longest_months", 0.0) * YEAR / 12)
        flat = effects.longest_cover.reshape(-1)
        flat[cells] = np.minimum(flat[cells], min(longest, NEVER))
