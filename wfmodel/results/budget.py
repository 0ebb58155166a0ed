"""The staffing budget, and what the opening establishment costs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from wfmodel.results.timing import month_shares, years_of_months
from wfmodel.simulation.inputs import Inputs
from wfmodel.units import DAY, Calendar

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication
    from wfmodel.scenario.unknowns import View

NI_RULES = ("national_insurance_rate", "national_insurance_threshold_gbp")


def middle_pay(inputs: Inputs) -> np.ndarray:
    """Annual pence of one FTE in the middle of each role's pay points, int64 [roles]."""
    return inputs.pay_annual[(inputs.role_point_low + inputs.role_point_high) // 2]


def with_on_costs(inputs: Inputs, view: View, annual: np.ndarray) -> np.ndarray:
    """Annual pay of full-time members of the pension scheme with on-costs at the opening rules,
    pence.
    """
    annual = annual.astype(np.float64)
    on_costs = inputs.scenario.budget.on_costs if inputs.scenario.budget else None
    if on_costs is None:
        return annual
    total = annual * (
        1.0 + view.get("budget.on_costs.pension", 0.0) + view.get("budget.on_costs.other", 0.0)
    )
    if on_costs.national_insurance:
        rate, threshold = (inputs.rules.at(name, inputs.calendar.start) for name in NI_RULES)
        total = total + np.maximum(0.0, annual - 100 * threshold) * rate
    return total


def _opening_cost(one: Replication, found: dict[str, np.ndarray]) -> np.ndarray:
    """What the opening establishment costs a year with on-costs: those in post at their pay,
    vacancies at mid-grade.
    """
    inputs, paid, view = one.inputs, one.payroll, one.view
    table, size = one.spells.table, one.spells.cells.size
    opening = (paid.opens == 0) & (paid.closes > 0)
    cell = table["cell"][paid.spell[opening]]
    annual = paid.annual[opening].astype(np.float64)
    factor = one.factors[0]
    on_costs = paid.insurance[opening] + annual * factor * (
        paid.pensionable[opening] * view.get("budget.on_costs.pension", 0.0)
        + view.get("budget.on_costs.other", 0.0)
    )
    held = np.bincount(cell, annual * factor + on_costs, size)
    vacant = np.maximum(0, found["establishment_fte"][:, 0] - found["filled_fte"][:, 0]) / 100
    role = one.spells.cells % len(inputs.roles)
    return held + vacant * with_on_costs(inputs, view, middle_pay(inputs) * factor)[role]


def by_cell(one: Replication, found: dict[str, np.ndarray]) -> np.ndarray:
    """The staffing budget, float64 pence [cells, months].

    As given by financial year (shared out as the opening establishment costs; after the last year
    given it falls on by the yearly reduction), or the opening establishment × (1 − vacancy factor)
    × pay awards × what the yearly reductions leave.
    """
    budget, view, calendar = one.inputs.scenario.budget, one.view, one.inputs.calendar
    if budget is None:
        return np.full((one.spells.cells.size, one.months), np.nan)
    opening, years = _opening_cost(one, found), years_of_months(calendar)
    shares = month_shares(calendar)
    left = 1.0 - view.get("budget.annual_reduction", 0.0)
    if budget.staffing_gbp is None:
        kept = opening * (1.0 - view.get("budget.vacancy_factor", 0.0))
        return kept[:, None] * (
            shares * one.by_month / one.by_month[0] * left ** (years - years[0])
        )
    given = sorted(budget.staffing_gbp)
    by_year = {}
    for year in sorted(set(years.tolist())):
        known = max((y for y in given if y <= year), default=given[0])
        amount = 100 * view.get(f"budget.staffing_gbp.{known}", 0.0)
        by_year[year] = amount * left ** max(0, year - known) if year > given[-1] else amount
    whole = np.array([by_year[y] for y in years.tolist()])
    part = opening / opening.sum() if opening.sum() > 0 else np.zeros(opening.size)
    return part[:, None] * (whole * _share_of_year(calendar, years))


def _share_of_year(calendar: Calendar, years: np.ndarray) -> np.ndarray:
    """Each month's share of its financial year's days, [months]; position 0 is 0."""
    days = np.diff(calendar.month_starts, prepend=calendar.month_starts[0]) / DAY
    whole = np.array([(dt.date(y + 1, 4, 1) - dt.date(y, 4, 1)).days for y in years.tolist()])
    return days / whole
