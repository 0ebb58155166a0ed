"""Absence and effective capacity: who is there to do the work, against what the work needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.flows.absence import year_factor
from wfmodel.results.groups import ALL, Groups
from wfmodel.results.state import IN_POOL
from wfmodel.results.stocks import stock
from wfmodel.results.timing import in_force, years_of_months
from wfmodel.results.training import stage_stretches
from wfmodel.scenario.context import Demand
from wfmodel.scenario.policies import SicknessEffect
from wfmodel.simulation.inputs import Inputs
from wfmodel.units import YEAR, add_months

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication
    from wfmodel.scenario.unknowns import View

WORKING_DAYS = 253
"""Working days in a year of one FTE: 365 less week-ends and bank holidays, as in DfE's absence
rate.
"""

CAUSES = ("stress", "other")


def by_cell(one: Replication, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """`absence_<cause>` (working days lost in the month) and `capacity` (hundredths of FTE),
    float64 [cells, months].
    """
    days = {cause: sick_days(one, cause) for cause in CAUSES}
    fte_years = (found["fte_seconds_whole"] + found["fte_seconds_rest"] / YEAR) / 100
    result = {f"absence_{cause}": fte_years * days[cause] for cause in CAUSES}
    present = np.maximum(0.0, 1.0 - sum(days.values()) / WORKING_DAYS)
    worked = _experienced(one) - _in_training(one) - _supervising(one)
    agency = sum(
        found[f"agency_{reason}_fte"]
        for reason in ("vacancy", "peak_or_project", "managed_team", "casual")
    )
    result["capacity"] = np.maximum(0.0, worked * present + agency * _agency_factor(one)[:, None])
    return result


def sick_days(one: Replication, cause: str) -> np.ndarray:
    """Working days lost per FTE and year in each month, float64 [cells, months]."""
    inputs, view, cells = one.inputs, one.view, one.spells.cells
    roles = cells % len(inputs.roles)
    base = np.array([view.get(f"roles.{r}.sickness.{cause}", 0.0) for r in inputs.roles])[roles]
    cv = np.array([view.get(f"roles.{r}.sickness.year_cv", 0.0) for r in inputs.roles])[roles]
    stream = draws.stream_key(one.ledger.seed, chance_number(one.ledger.replication), "absence")
    years = years_of_months(inputs.calendar)
    luck = {
        (c, y): year_factor(c, stream, draws.text_key(cause), int(y))
        for c in np.unique(cv).tolist()
        for y in np.unique(years).tolist()
    }
    factors = np.array([[luck[c, y] for y in years.tolist()] for c in cv.tolist()])
    days = base[:, None] * factors.reshape(cells.size, years.size)
    for name, policy in inputs.scenario.policies.items():
        if isinstance(policy, SicknessEffect):
            factor = view.get(f"policies.{name}.{cause}_multiplier", 1.0)
            scope = inputs.in_scope(policy.services, policy.roles)[cells]
            during = in_force(inputs.calendar, policy.start, policy.end)
            days *= 1.0 + scope[:, None] * during * (factor - 1.0)
    return days


def chance_number(replication: int | tuple[int, int, int]) -> int:
    """The replication number of chance: the third of three, or the only one."""
    return replication[2] if isinstance(replication, tuple) else replication


def _experienced(one: Replication) -> np.ndarray:
    """FTE outside the pool × experience by years of service, [cells, months]."""
    inputs, view, table = one.inputs, one.view, one.spells.table
    starts, size = inputs.calendar.month_starts, one.spells.cells.size
    role = one.spells.cells[table["cell"]] % len(inputs.roles)
    served = one.ledger.people["service_start"][table["person"]]
    weight = one.weights.fte * (table["place"] != IN_POOL) * _newly_qualified(one)
    total = np.zeros((size, one.months))
    edges = [list(inputs.scenario.roles[name].experience or [0]) for name in inputs.roles]
    for band in range(max(map(len, edges))):
        begins = np.array([e[band] if band < len(e) else -1 for e in edges])
        ends = np.array([e[band + 1] if band + 1 < len(e) else 10_000 for e in edges])
        factor = np.array(
            [
                view.get(f"roles.{r}.experience.{e[band]}", 1.0) if band < len(e) else 0.0
                for r, e in zip(inputs.roles, edges, strict=True)
            ]
        )
        first = np.searchsorted(starts, served + begins[role] * YEAR, side="left") * (band > 0)
        last = np.searchsorted(starts, served + ends[role] * YEAR, side="left")
        total += stock(
            size, one.months, table["cell"], np.maximum(one.spells.opens, first),
            np.minimum(one.spells.closes, last), weight * factor[role],
        )  # fmt: skip
    return total


def _newly_qualified(one: Replication) -> np.ndarray:
    """Capacity of the newly qualified as a share, 1 for everybody else, by spell."""
    shares = [
        one.view.get(f"pipelines.{name}.newly_qualified.capacity", 1.0)
        for name in one.inputs.scenario.pipelines
    ]
    return np.array([*shares, 1.0])[one.spells.table["qualified"]]


def _in_training(one: Replication) -> np.ndarray:
    """FTE away from work for training, [cells, months]."""
    away = stage_stretches(one)
    share = one.weights.fte[away.spell] * away.off_the_job
    cell = one.spells.table["cell"][away.spell]
    return stock(one.spells.cells.size, one.months, cell, away.opens, away.closes, share)


def _supervising(one: Replication) -> np.ndarray:
    """FTE that supervisors give to trainees, at the cell where the training is, [cells, months]."""
    inputs, view = one.inputs, one.view
    load = []
    for pipeline in inputs.scenario.pipelines.values():
        names = pipeline.supervision.roles if pipeline.supervision else []
        loads = [view.get(f"roles.{name}.supervision_load", 0.0) for name in names]
        load.append(100.0 * sum(loads) / len(loads) if loads else 0.0)
    away = stage_stretches(one)
    weight = one.weights.head[away.spell] * away.supervision * np.array([*load, 0.0])[away.pipeline]
    cell = one.spells.table["cell"][away.spell]
    return stock(one.spells.cells.size, one.months, cell, away.opens, away.closes, weight)


def _agency_factor(one: Replication) -> np.ndarray:
    roles = one.spells.cells % len(one.inputs.roles)
    return np.array([one.view.get(f"roles.{r}.agency.capacity", 1.0) for r in one.inputs.roles])[
        roles
    ]


def demand(one: Replication, groups: Groups, capacity: np.ndarray) -> dict[str, np.ndarray]:
    """`required` FTE and the `able` FTE of the same services, float64 [groups, months]; NaN
    without demand.
    """
    inputs = one.inputs
    shape = (len(groups.keys), one.months)
    required, able = np.full(shape, np.nan), np.full(shape, np.nan)
    council = groups.index("council", ALL)
    for service, need in inputs.scenario.demand.items():
        path = required_fte(inputs, one.view, service, need)
        number = inputs.services.index(service)
        here = capacity[one.spells.cells // len(inputs.roles) == number].sum(axis=0) / 100
        for place in (council, *groups.find("service", service)):
            required[place] = np.nan_to_num(required[place]) + path
            able[place] = np.nan_to_num(able[place]) + here
    return {"required": required, "able": able}


def required_fte(inputs: Inputs, view: View, service: str, need: Demand) -> np.ndarray:
    """Required FTE at each month end, float64 [months]; before the first date of a path, its first
    value.
    """
    path, calendar = f"demand.{service}", inputs.calendar
    dates = [add_months(calendar.start, m) for m in range(calendar.months + 1)]
    cover = view.get(f"{path}.shift_cover", 1.0)
    if need.annual_growth is not None:
        growth = view.get(f"{path}.annual_growth", 0.0)
        number = inputs.services.index(service)
        opening = inputs.posts.fte[inputs.posts.cell // len(inputs.roles) == number].sum() / 100
        years = calendar.month_starts / YEAR
        return opening * (1.0 + growth) ** years * cover
    name, by_date = ("fte", need.fte) if need.fte is not None else ("cases", need.cases)
    assert by_date is not None
    steps = sorted(by_date)
    values = [view.get(f"{path}.{name}.{step}", 0.0) for step in steps]
    place = [max(0, sum(step <= date for step in steps) - 1) for date in dates]
    per_fte = view.get(f"{path}.cases_per_fte", 1.0)
    return np.array([values[p] for p in place]) / per_fte * cover
