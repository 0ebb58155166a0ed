"""Pay, what policies and events cost, and the budget, as places in the arrays of a fold."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd

from wfmodel.results.fold import places
from wfmodel.results.fold.sheet import Sheet
from wfmodel.scenario.policies import (
    Policy,
    RecruitmentEffort,
    Redeployment,
    Retention,
    SicknessEffect,
)
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.months import in_force, month_of, years_of_months
from wfmodel.simulation.segments import span
from wfmodel.units import DAY, financial_year

_OPENING_INSURANCE = ("national_insurance_threshold_gbp", "national_insurance_rate")
STATUTORY = {
    places.VESTING: "pension_vesting_years",
    places.EARLIEST_PENSION: "pension_minimum_age",
}
"""Figures of the law that are looked up by date, by the place of their steps."""
MULTIPLIERS = -1
_SCOPED: dict[int, tuple[type[Policy], str, int]] = {
    places.SUPPLEMENTS: (RecruitmentEffort, "supplement_gbp", places.IN_PENCE),
    places.RETENTIONS: (Retention, "annual_cost_per_head_gbp", places.IN_PENCE),
    places.PROTECTIONS: (Redeployment, "protection_months", places.IN_MONTHS),
    places.RETRAININGS: (Redeployment, "retraining_cost_gbp", places.AS_IT_IS),
    places.SICKNESS: (SicknessEffect, "", MULTIPLIERS),
}
"""Tables of policies that say something: which, the field that says it, and its unit."""


def lower_pay(sheet: Sheet, inputs: Inputs) -> None:
    """Pay rows, awards, on-costs and national insurance."""
    m, pay = sheet.m, inputs.pay_annual
    m[places.ROWS], m[places.PAY] = pay.size, sheet.whole(pay)
    m[places.RANKED] = sheet.whole(np.argsort(pay, kind="stable"))
    middle = (inputs.role_point_low + inputs.role_point_high) // 2
    m[places.MIDDLE_PAY] = sheet.whole(pay[middle])
    stretches = inputs.aprils.size + 1
    m[places.AWARDS] = sheet.drawn([(path, 0.0) for path in _awards(inputs)])
    m[places.FACTORS] = sheet.others([0.0] * stretches)
    m[places.BY_MONTH] = sheet.others([0.0] * m[places.ENDS])
    m[places.FULL_PAY] = sheet.others([0.0] * len(inputs.roles))
    m[places.MIDDLE_COST] = sheet.others([0.0] * len(inputs.roles))
    m[places.ON_COSTS] = sheet.drawn(
        [("budget.on_costs.pension", 0.0), ("budget.on_costs.other", 0.0)]
    )
    budget = inputs.scenario.budget
    insured = bool(budget and budget.on_costs and budget.on_costs.national_insurance)
    m[places.INSURED] = insured
    threshold, rate = 0.0, 0.0
    if insured:
        at = inputs.calendar.start
        threshold, rate = (inputs.rules.at(name, at) for name in _OPENING_INSURANCE)
    sheet.others([100 * threshold, rate])
    edges = [0, *inputs.aprils.tolist()] if insured else []
    m[places.INSURANCE] = sheet.others(x for edge in edges for x in _insurance(inputs, edge))


def _awards(inputs: Inputs) -> list[str]:
    """Paths of the pay awards of the stretches; none where the opening pay points hold it."""
    calendar, table = inputs.calendar, inputs.workforce.pay_points
    points_from = calendar.start
    if len(table):
        dates = pd.to_datetime(table["from"]).dt.date
        points_from = max((d for d in dates if d <= calendar.start), default=calendar.start)
    years = [financial_year(calendar.start) + n for n in range(inputs.aprils.size + 1)]
    return [f"budget.pay_award.{y}" if dt.date(y, 4, 1) > points_from else "" for y in years]


def _insurance(inputs: Inputs, edge: int) -> list[float]:
    """National insurance of the stretch from ``edge``; the tax year begins on 6 April."""
    date = inputs.calendar.date(edge)
    date = dt.date(date.year, 4, 6) if (date.month, date.day) == (4, 1) else date
    at = inputs.rules.at
    return [
        100 * at("national_insurance_threshold_gbp", date),
        at("national_insurance_rate", date),
        at("national_insurance_apprentice_age", date),
        100 * at("national_insurance_apprentice_threshold_gbp", date),
    ]


def lower_costs(sheet: Sheet, inputs: Inputs) -> None:
    """What movements cost: campaigns, agency, dismissals."""
    m, scenario = sheet.m, inputs.scenario
    m[places.RECRUITING] = _by_role(sheet, inputs, "recruitment.cost_gbp", 0.0)
    m[places.COVER_COST] = _by_role(sheet, inputs, "agency.annual_cost_gbp", -1.0)
    m[places.PREMIUM] = _by_role(sheet, inputs, "agency.premium", 0.0)
    uses = list(scenario.workforce.agency_uses)
    m[places.USES] = len(uses)
    m[places.USE_COST] = sheet.drawn(
        [(f"workforce.agency_uses.{use}.annual_cost_gbp", 0.0) for use in uses]
    )
    events = scenario.change_events
    m[places.STRAIN_FACTORS] = sheet.drawn(
        [(f"change_events.{name}.terms.strain_factor", 1.0) for name in events]
    )
    for place, name in STATUTORY.items():
        m[place], m[place + 1] = _figures(sheet, inputs, name)


def _by_role(sheet: Sheet, inputs: Inputs, key: str, default: float) -> int:
    return sheet.drawn([(f"roles.{name}.{key}", default) for name in inputs.roles])


def _figures(sheet: Sheet, inputs: Inputs, name: str) -> tuple[int, int]:
    """A statutory figure's steps in the run, and how many; undefined while there is none yet."""
    calendar, rule = inputs.calendar, inputs.rules.book.rules[name]
    last = calendar.date(calendar.horizon)
    dates = [calendar.start, *(d for d in rule.values if calendar.start < d <= last)]
    starts = [rule.start(date) for date in dates]
    first = sheet.others(math.nan if start is None else rule.values[start] for start in starts)
    steps = [n for k, date in enumerate(dates) for n in (calendar.seconds(date), first + k, 0)]
    return sheet.whole(steps), len(dates)


def lower_policies(sheet: Sheet, inputs: Inputs) -> None:
    """What policies cost, in their scope and by themselves, and events by themselves."""
    m, calendar, scenario = sheet.m, inputs.calendar, inputs.scenario
    records: list[int] = []
    tables = {}
    for place, (kind, key, unit) in _SCOPED.items():
        found = [
            _scoped(sheet, inputs, name, policy, key, unit)
            for name, policy in scenario.policies.items()
            if isinstance(policy, kind) and (unit == MULTIPLIERS or _states(policy, key))
        ]
        tables[place] = (len(found), len(records))
        records += [number for record in found for number in record]
    m[places.SCOPED_AT] = sheet.whole(records)
    m[places.SCOPED] = len(records) // places.SCOPED_WIDTH
    for place, (count, first) in tables.items():
        m[place], m[place + 1] = count, m[places.SCOPED_AT] + first
    policies, events = scenario.policies, scenario.change_events
    m[places.POLICIES], m[places.EVENTS] = len(policies), len(events)
    m[places.POLICY_MONTHS] = sheet.whole(month_of(calendar, p.start) for p in policies.values())
    m[places.POLICY_DURING] = sheet.others(
        share for p in policies.values() for share in in_force(calendar, p.start, p.end)
    )
    m[places.POLICY_YEARLY] = sheet.drawn(
        [(f"policies.{n}.annual_cost_gbp", 0.0) for n in policies]
    )
    m[places.POLICY_ONCE] = sheet.drawn([(f"policies.{n}.one_off_cost_gbp", 0.0) for n in policies])
    m[places.EVENT_MONTHS] = sheet.whole(month_of(calendar, e.implemented) for e in events.values())
    m[places.EVENT_ONCE] = sheet.drawn(
        [(f"change_events.{n}.one_off_cost_gbp", 0.0) for n in events]
    )


def _states(policy: Policy, key: str) -> bool:
    return getattr(policy, key) is not None


def _scoped(
    sheet: Sheet, inputs: Inputs, name: str, policy: Policy, key: str, unit: int
) -> list[int]:
    """One record: its scope, when it is in force, and its number."""
    calendar = inputs.calendar
    scope = sheet.flags(inputs.in_scope(policy.services, policy.roles))
    share = in_force(calendar, policy.start, policy.end)
    if unit == MULTIPLIERS:
        wanted = [(f"policies.{name}.{cause}_multiplier", 1.0) for cause in ("stress", "other")]
        during, unit = sheet.others(share), places.AS_IT_IS
    else:
        wanted, during = [(f"policies.{name}.{key}", 0.0)], sheet.flags(share > 0)
    return [
        scope, *span(calendar, policy.start, policy.end), during, sheet.drawn(wanted), unit, 0
    ]  # fmt: skip


def lower_budget(sheet: Sheet, inputs: Inputs) -> None:
    """The staffing budget, as given or of the opening establishment."""
    m, calendar, budget = sheet.m, inputs.calendar, inputs.scenario.budget
    m[places.BUDGETED] = budget is not None
    m[places.BUDGET_NUMBERS] = sheet.drawn(
        [("budget.annual_reduction", 0.0), ("budget.vacancy_factor", 0.0)]
    )
    years = years_of_months(calendar)
    days = np.diff(calendar.month_starts, prepend=calendar.month_starts[0]) / DAY
    whole = [(dt.date(y + 1, 4, 1) - dt.date(y, 4, 1)).days for y in years.tolist()]
    m[places.SHARES] = sheet.others(days / np.array(whole))
    if budget is not None and budget.staffing_gbp is not None:
        given = sorted(budget.staffing_gbp)
        m[places.BUDGET_GIVEN] = 1
        known = [max((g for g in given if g <= y), default=given[0]) for y in np.unique(years)]
        numbers = sheet.drawn([(f"budget.staffing_gbp.{year}", 0.0) for year in known])
        m[places.BUDGET_GIVEN_AT] = sheet.whole(
            n
            for k, year in enumerate(np.unique(years))
            for n in (numbers + k, year - known[k] if year > given[-1] else 0)
        )
