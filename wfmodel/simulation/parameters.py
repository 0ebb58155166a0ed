"""One replication's numbers as arrays: what `Inputs` leaves open because it is unknown or the
market's."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from wfmodel import draws
from wfmodel.flows import attrition
from wfmodel.scenario.rate import Rate
from wfmodel.scenario.roles import Role
from wfmodel.scenario.unknowns import View
from wfmodel.simulation import effects, tables
from wfmodel.simulation.alike import rows_of_cells
from wfmodel.simulation.hazards import CAUSES
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.tables import Tables
from wfmodel.simulation.world import World
from wfmodel.units import DAY, NEVER, WEEK, YEAR, hazard_from_probability

__all__ = [
    "CAUSES",
    "ROUTES",
    "Effects",
    "Lengths",
    "Parameters",
    "RoleNumbers",
    "realise",
]

ROUTES = ("experienced", "newly_qualified", "returner", "referred")


class Lengths(NamedTuple):
    """A varying duration: shape and parameters of `wfmodel.draws.vary`, and the seconds of its
    unit."""

    shape: int
    a: float
    b: float
    c: float
    unit: int


@dataclass
class RoleNumbers:
    """One role's numbers in one replication: durations in seconds, FTE in hundredths."""

    notice: int
    retirement_age: int
    fill_probability: float
    approval: Lengths
    time_to_hire: Lengths
    approval_from_notice: bool
    promotion: float
    sideways: float
    min_in_role: int
    routes: np.ndarray
    starter_age: Lengths
    continuous: Lengths
    continuous_share: float
    probation: int
    pass_probability: float
    cover_probability: float
    cover_lag: Lengths
    conversion: float
    supervises: int
    push_probability: float
    push_after: int


@dataclass
class Effects:
    """What policies and the market do to filling and cover: float64 [cells, segments]; the two
    limits int64 [cells, segments]; recruiters int64 [segments]."""

    odds: np.ndarray
    time: np.ndarray
    inside: np.ndarray
    cover: np.ndarray
    conversion: np.ndarray
    smallest_fte: np.ndarray
    longest_cover: np.ndarray
    recruiters: np.ndarray

    @classmethod
    def of(cls, inputs: Inputs, w: World, at: int) -> Effects:
        """The effects in a memory, by cell."""
        rows, segments = rows_of_cells(inputs), inputs.segment_start.size
        size = int(w.m[at + effects.ROWS]) * segments

        def by_cell(table: int) -> np.ndarray:
            place = int(w.m[at + table])
            numbers = w.m if table >= effects.SMALLEST else w.f
            return numbers[place : place + size].reshape(-1, segments)[rows]

        recruiters = int(w.m[at + effects.RECRUITERS])
        tables = [by_cell(table) for table in range(effects.RECRUITERS)]
        return cls(*tables, w.m[recruiters : recruiters + segments])  # type: ignore[call-arg]


@dataclass
class Parameters:
    """Everything that one replication's movements depend on, beside the inputs.

    ``tables`` is a memory, in which ``made`` is all that `wfmodel.simulation.tables` makes and
    ``rates`` what `wfmodel.flows.attrition` reads of it.
    """

    inputs: Inputs = field(repr=False)
    view: View
    tables: World = field(repr=False)
    made: int
    rates: int
    effects: Effects
    pay_from: list[int]
    pay_annual: list[np.ndarray]

    @cached_property
    def roles(self) -> list[RoleNumbers]:
        """Each role's numbers."""
        roles = self.inputs.scenario.roles
        return [_role(name, roles[name], self.view) for name in self.inputs.roles]

    @property
    def leaving(self) -> np.ndarray:
        """What policies, change and the market multiply hazards by, float64 [cells, segments,
        causes]."""
        segments = self.inputs.segment_start.size
        place = int(self.tables.m[self.rates + attrition.FACTOR])
        rows = rows_of_cells(self.inputs)
        size = (1 + int(rows.max(initial=0))) * segments * attrition.CAUSES
        found = self.tables.f[place : place + size]
        return found.reshape(-1, segments, attrition.CAUSES)[rows]

    def annual_pence(self, row: int, when: int) -> int:
        """Annual pay of a row at a time, pay awards included, in whole pence."""
        return int(self.pay_annual[bisect_right(self.pay_from, when) - 1][row])


def realise(inputs: Inputs, vector: np.ndarray, seed: int, market_replication: int) -> Parameters:
    """The parameters of one replication from its drawn numbers and its labour market."""
    shared = getattr(inputs, "_tables", None)
    if shared is None:
        shared = Tables(inputs)
        inputs._tables = shared  # type: ignore[attr-defined]  # the same in every replication
    w = shared.realise(vector, draws.stream_key(seed, market_replication, "market"))
    rates, known = (int(w.m[shared.at + k]) for k in (tables.RATES, tables.EFFECTS))
    view = inputs.numbers.view(vector)
    found = Effects.of(inputs, w, known)
    return Parameters(inputs, view, w, shared.at, rates, found, *_pay(inputs, view))


def _pay(inputs: Inputs, view: View) -> tuple[list[int], list[np.ndarray]]:
    """The pay table from each 1 April with an award after the start, int64 pence [rows]."""
    starts, tables, level = [-NEVER], [inputs.pay_annual], 1.0
    for april in inputs.aprils.tolist():
        level *= 1.0 + view.get(f"budget.pay_award.{inputs.calendar.date(april).year}", 0.0)
        starts.append(april)
        tables.append(np.floor(inputs.pay_annual * level + 0.5).astype(np.int64))
    return starts, tables


def hazard(rate: Rate | None, path: str, view: View) -> float:
    """The yearly hazard that a rate stands for, whichever form it was given in."""
    if rate is None:
        return 0.0
    form = rate.given[0]
    number = view.get(f"{path}.{form}", 0.0)
    return hazard_from_probability(number) if form == "annual_probability" else number


def lengths(path: str, default: float, unit: int, view: View) -> Lengths:
    """The duration at ``path`` as drawn for this replication."""
    if path not in view.numbers.index:
        return Lengths(draws.FIXED, default, default, default, unit)
    form = view.numbers.form(path, default)
    a, b, c = (float(view.vector[slot]) for slot in form.slots)
    return Lengths(form.shape, a, b, c, unit)


def _role(name: str, role: Role, view: View) -> RoleNumbers:
    path = f"roles.{name}"

    def get(key: str, default: float) -> float:
        return view.get(f"{path}.{key}", default)

    weights = np.array([get(f"recruitment.starters.routes.{route}", 0.0) for route in ROUTES])
    if weights.sum() <= 0:
        weights[0] = 1.0
    conversion = role.agency.conversion if role.agency else None
    month = YEAR // 12
    return RoleNumbers(
        notice=math.ceil(get("notice_weeks", 0.0) * WEEK),
        retirement_age=(role.attrition.retirement_age if role.attrition else None) or 0,
        fill_probability=get("recruitment.fill_probability", 1.0),
        approval=lengths(f"{path}.recruitment.approval_days", 0.0, DAY, view),
        time_to_hire=lengths(f"{path}.recruitment.time_to_hire_days", 0.0, DAY, view),
        approval_from_notice=bool(role.recruitment and role.recruitment.approval_from == "notice"),
        promotion=get("recruitment.inside.promotion", 0.0),
        sideways=get("recruitment.inside.sideways", 0.0),
        min_in_role=math.ceil(get("recruitment.inside.min_months_in_role", 12.0) * month),
        routes=weights,
        starter_age=_age_lengths(f"{path}.recruitment.starters.age_years", 25.0, 55.0, view),
        continuous=lengths(f"{path}.recruitment.starters.continuous_years", 0.0, YEAR, view),
        continuous_share=get("recruitment.starters.continuous_share", 0.0),
        probation=math.ceil(get("probation.months", 0.0) * month) if role.probation else -1,
        pass_probability=get("probation.pass_probability", 1.0),
        cover_probability=get("agency.cover_probability", 0.0),
        cover_lag=lengths(f"{path}.agency.lag_days", 0.0, DAY, view),
        conversion=hazard(conversion, f"{path}.agency.conversion", view),
        supervises=math.floor(get("supervises", 0.0) * 1000 + 0.5),
        push_probability=get("push.probability", 0.0),
        push_after=math.ceil(get("push.after_months", 0.0) * month),
    )


def _age_lengths(path: str, low: float, high: float, view: View) -> Lengths:
    if path in view.numbers.index:
        return lengths(path, low, YEAR, view)
    return Lengths(draws.UNIFORM, low, high, high, YEAR)
