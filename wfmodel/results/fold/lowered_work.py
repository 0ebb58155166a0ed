"""Absence, experience, demand, pipelines and the levy, as places in the arrays of a fold."""

from __future__ import annotations

import numpy as np

from wfmodel import draws
from wfmodel.flows import workload
from wfmodel.results.fold import places
from wfmodel.results.fold.lowered_staff import supervisors
from wfmodel.results.fold.sheet import Sheet
from wfmodel.results.groups import Groups
from wfmodel.scenario.context import Demand
from wfmodel.scenario.pipelines import Pipeline
from wfmodel.simulation.inputs import Inputs
from wfmodel.units import add_months

CAUSES = ("stress", "other")
_LEVY_RULES = ("levy_rate", "levy_allowance_gbp")
_LEVY_TERMS = ("levy_top_up", "levy_expiry_months", "levy_co_investment")


def lower_work(sheet: Sheet, inputs: Inputs) -> None:
    """Sickness by role, what experience is worth, and what agency workers can do."""
    m, roles, ends = sheet.m, inputs.roles, sheet.m[places.ENDS]
    for cause, name in enumerate(CAUSES):
        m[places.STRESS + cause] = int(draws.text_key(name).astype(np.int64))
    m[places.SICK_BASE] = sheet.drawn(
        [(f"roles.{r}.sickness.{cause}", 0.0) for cause in CAUSES for r in roles]
    )
    m[places.SICK_SPREAD] = sheet.drawn([(f"roles.{r}.sickness.year_cv", 0.0) for r in roles])
    m[places.SICK_YEARS] = sheet.others([0.0] * (len(CAUSES) * len(roles) * m[places.YEARS]))
    m[places.SICK_DAYS] = sheet.others([0.0] * (len(CAUSES) * ends))
    m[places.COVER_CAPACITY] = sheet.drawn([(f"roles.{r}.agency.capacity", 1.0) for r in roles])
    bands = []
    for name in roles:
        edges = list(inputs.scenario.roles[name].experience or [0])
        values = sheet.drawn([(f"roles.{name}.experience.{edge}", 1.0) for edge in edges])
        listed = [n for k, edge in enumerate(edges) for n in (edge, values + k)]
        bands += [sheet.whole(listed), len(edges)]
    m[places.BANDS] = sheet.whole(bands)


def lower_demand(sheet: Sheet, inputs: Inputs, groups: Groups) -> None:
    """What services require, by month."""
    m, demand = sheet.m, inputs.scenario.demand
    records = [
        number
        for service, need in demand.items()
        for number in _demand(sheet, inputs, groups, service, need)
    ]
    m[places.DEMANDS], m[places.DEMAND_AT] = len(demand), sheet.whole(records)
    m[places.DEMANDED] = sheet.others([0.0] * (len(demand) * m[places.ENDS]))


def _demand(
    sheet: Sheet, inputs: Inputs, groups: Groups, service: str, need: Demand
) -> tuple[int, int, int]:
    """One record: its group, its steps, its numbers; before the first date, its first value."""
    path, calendar, steps_at = f"demand.{service}", inputs.calendar, -1
    kept = ("service", service) in groups.keys
    group = groups.place("services", "service", service) if kept else 0
    name, by_date = ("fte", need.fte) if need.fte is not None else ("cases", need.cases)
    if by_date is not None:
        steps = sorted(by_date)
        values = sheet.drawn([(f"{path}.{name}.{step}", 0.0) for step in steps])
        dates = [add_months(calendar.start, month) for month in range(calendar.months + 1)]
        known = [max(0, sum(step <= date for step in steps) - 1) for date in dates]
        steps_at = sheet.whole(values + place for place in known)
    here = inputs.posts.cell // len(inputs.roles) == inputs.services.index(service)
    bounds = need.elasticity_bounds or workload.BOUNDS
    numbers = sheet.others([inputs.posts.fte[here].sum() / 100, *bounds])
    sheet.drawn(
        [
            (f"{path}.annual_growth", 0.0),
            (f"{path}.cases_per_fte", 1.0),
            (f"{path}.shift_cover", 1.0),
            (f"{path}.elasticity", 0.0),
        ]
    )
    return group, steps_at, numbers


def lower_pipelines(sheet: Sheet, inputs: Inputs) -> None:
    """Pipelines, with their stages and their supervisors."""
    m, pipelines = sheet.m, inputs.scenario.pipelines
    records = [number for name, p in pipelines.items() for number in _pipeline(sheet, name, p)]
    m[places.PIPELINES], m[places.PIPELINE_AT] = len(pipelines), sheet.whole(records)
    m[places.TRAINING_ROWS] = sheet.others([0.0] * (2 * m[places.ENDS]))
    roles = supervisors(inputs)
    m[places.SUPERVISORS] = len(roles)
    m[places.SUPERVISOR_AT] = sheet.flags(
        role in (p.supervision.roles if p.supervision else [])
        for role in roles
        for p in pipelines.values()
    )
    m[places.SUPERVISES] = sheet.drawn([(f"roles.{role}.supervises", 0.0) for role in roles])


def _pipeline(sheet: Sheet, name: str, pipeline: Pipeline) -> list[int]:
    """One record; its stages' numbers, its own, and the loads of its supervisors."""
    path, cost = f"pipelines.{name}", pipeline.cost
    stages = sheet.drawn(
        [
            (f"{path}.stages.{n}.{key}", 0.0)
            for n in range(len(pipeline.stages))
            for key in ("months", "off_the_job", "supervision")
        ]
    )
    numbers = sheet.drawn(
        [
            (f"{path}.cost.fee_gbp", 0.0),
            (f"{path}.cost.salary_gbp", 0.0),
            (f"{path}.cost.one_off_gbp", 0.0),
            (f"{path}.newly_qualified.capacity", 1.0),
        ]
    )
    sheet.others([0.0])  # the load, which is worked out
    roles = pipeline.supervision.roles if pipeline.supervision else []
    loads = sheet.drawn([(f"roles.{role}.supervision_load", 0.0) for role in roles])
    salary = 0 if cost is not None and cost.salary_gbp is not None else -1
    return [
        pipeline.newly_qualified is not None, bool(cost and cost.levy), salary, 0, 0,
        len(pipeline.stages), stages, numbers, loads, len(roles),
    ]  # fmt: skip


def lower_levy(sheet: Sheet, inputs: Inputs) -> None:
    """The levy account, with the rules of each month."""
    m, calendar, ends = sheet.m, inputs.calendar, sheet.m[places.ENDS]
    budget = inputs.scenario.budget
    if budget is None or budget.levy is None:
        return
    m[places.LEVIED], m[places.HAS_PAY_BILL] = 1, budget.levy.paybill_gbp is not None
    m[places.LEVY_NUMBERS] = sheet.drawn(
        [
            ("budget.levy.opening_balance_gbp", 0.0),
            ("budget.levy.age_months", 12.0),
            ("budget.levy.other_spend_annual_gbp", 0.0),
            ("budget.levy.paybill_gbp", 0.0),
        ]
    )
    dates = [add_months(calendar.start, max(0, month - 1)) for month in range(ends)]

    def by_month(names: tuple[str, ...]) -> int:
        return sheet.others(inputs.rules.at(name, date) for name in names for date in dates)

    m[places.LEVY_RULES] = by_month(_LEVY_RULES)
    m[places.LEVY_TERMS] = sheet.others([0.0] * (2 * ends))  # what is paid in, and the price
    terms = by_month(_LEVY_TERMS)
    longest = int(max(sheet.x[terms + ends : terms + 2 * ends]))
    m[places.LEVY_FUND_COUNT] = ends + longest + 1
    m[places.LEVY_FUNDS] = sheet.others([0.0] * (ends + longest + 1))
