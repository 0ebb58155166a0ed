"""Pay: every spell cut at the Aprils, with what it costs a year in whole pence."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wfmodel.results.ages import ages_at
from wfmodel.results.spells import Spells
from wfmodel.results.stocks import contracts
from wfmodel.scenario.policies import Redeployment
from wfmodel.scenario.unknowns import View
from wfmodel.simulation.inputs import CONTRACTS, Inputs
from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.segments import span
from wfmodel.units import MONTH, NEVER, financial_year, pence


@dataclass(frozen=True)
class Payroll:
    """Stretches of spells at one pay: spell, seconds, month ends [opens, closes), pay row, pence a
    year.

    ``annual`` is basic pay before pay awards; ``insurance`` the employer's national insurance on
    it after them; ``protection`` what pay protection adds, until ``protected``; ``pensionable`` is
    1 for members.
    """

    spell: np.ndarray
    first: np.ndarray
    last: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    row: np.ndarray
    annual: np.ndarray
    insurance: np.ndarray
    protection: np.ndarray
    protected: np.ndarray
    pensionable: np.ndarray


def award_factors(inputs: Inputs, view: View) -> np.ndarray:
    """What pay awards have multiplied pay by since the opening pay points, float64 by stretch
    between Aprils.
    """
    calendar = inputs.calendar
    years = [financial_year(calendar.start) + n for n in range(inputs.aprils.size + 1)]
    table = inputs.workforce.pay_points
    points_from = calendar.start
    if len(table):
        dates = pd.to_datetime(table["from"]).dt.date
        points_from = max((d for d in dates if d <= calendar.start), default=calendar.start)
    factor, factors = 1.0, []
    for year in years:
        if dt.date(year, 4, 1) > points_from:
            factor *= 1.0 + view.get(f"budget.pay_award.{year}", 0.0)
        factors.append(factor)
    return np.array(factors)


def month_factors(inputs: Inputs, factors: np.ndarray) -> np.ndarray:
    """The factor in force in each month, float64 [months + 1]; month 0 is the opening one."""
    begins = np.concatenate([[0], inputs.calendar.month_starts[:-1]])
    return factors[np.searchsorted(inputs.aprils, begins, side="right")]


def payroll(
    inputs: Inputs, view: View, ledger: Ledger, spells: Spells, factors: np.ndarray
) -> Payroll:
    """Every spell's pay, stretch by stretch."""
    table, aprils = spells.table, inputs.aprils
    edges = np.concatenate([[0], aprils, [inputs.calendar.horizon]])
    months = np.searchsorted(inputs.calendar.month_starts, edges, side="right")
    high = inputs.role_point_high[spells.cells[table["cell"]] % len(inputs.roles)]
    stated = _stated_pay(inputs, view, table)
    until = _protected_until(inputs, view, spells)
    steps = np.searchsorted(aprils, table["entered"], side="right")
    parts = []
    for year in range(edges.size - 1):
        first, last = edges[year], edges[year + 1]
        lasts = (table["start"] < last) & (table["end"] > first)
        opening = (spells.opens == 0) & (year == 0)  # also who moves in the first second
        here = np.flatnonzero(lasts | opening)
        begin = np.maximum(table["start"][here], first)
        row = table["row"][here] + np.maximum(0, year - steps[here])
        row = np.minimum(row, high[here])
        fte = table["fte"][here].astype(np.int64)
        whole = np.where(stated[here] >= 0, stated[here], inputs.pay_annual[row])
        annual = (whole * fte + 50) // 100
        frozen = table["frozen"][here]
        extra = np.maximum(0, inputs.pay_annual[np.maximum(frozen, 0)] - whole) * (frozen >= 0)
        parts.append(
            (
                here,
                begin,
                np.minimum(table["end"][here], last),
                np.where(
                    begin == first,
                    np.maximum(spells.opens[here], months[year] if year else 0),
                    spells.opens[here],
                ),
                np.where(
                    table["end"][here] < last,
                    spells.closes[here],
                    np.minimum(spells.closes[here], months[year + 1]),
                ),
                row,
                annual,
                _insurance(inputs, ledger, table[here], annual, factors[year], int(first)),
                (extra * fte + 50) // 100,
                until[here],
                (ledger.people["pension_start"][table["person"][here]] < NEVER).astype(np.int64),
            )
        )
    return Payroll(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _stated_pay(inputs: Inputs, view: View, table: np.ndarray) -> np.ndarray:
    """Annual pence of one FTE where a pipeline states what its trainees are paid, else −1, by
    spell.
    """
    stated = np.full(table.size, -1, dtype=np.int64)
    for number, (name, pipeline) in enumerate(inputs.scenario.pipelines.items()):
        if pipeline.cost is not None and pipeline.cost.salary_gbp is not None:
            stated[table["training"] == number] = pence(
                view.get(f"pipelines.{name}.cost.salary_gbp", 0.0)
            )
    return stated


def _protected_until(inputs: Inputs, view: View, spells: Spells) -> np.ndarray:
    """Second at which a redeployed person's pay protection ends, by spell."""
    table = spells.table
    until = np.zeros(table.size, dtype=np.int64)
    for name, policy in inputs.scenario.policies.items():
        if not isinstance(policy, Redeployment) or policy.protection_months is None:
            continue
        length = math.ceil(view.get(f"policies.{name}.protection_months", 0.0) * MONTH)
        first, last = span(inputs.calendar, policy.start, policy.end)
        scope = inputs.in_scope(policy.services, policy.roles)[spells.cells[table["cell"]]]
        covered = (
            scope & (table["frozen"] >= 0) & (table["start"] >= first) & (table["start"] < last)
        )
        until[covered] = np.maximum(until[covered], table["start"][covered] + length)
    return until


def _insurance(
    inputs: Inputs, ledger: Ledger, table: np.ndarray, annual: np.ndarray, factor: float, first: int
) -> np.ndarray:
    """Employer's national insurance, pence a year; the threshold goes once to each person."""
    on_costs = inputs.scenario.budget.on_costs if inputs.scenario.budget else None
    if on_costs is None or not on_costs.national_insurance:
        return np.zeros(annual.size, dtype=np.int64)
    date = inputs.calendar.date(first)
    date = dt.date(date.year, 4, 6) if (date.month, date.day) == (4, 1) else date
    at = inputs.rules.at
    paid = annual * factor
    above = np.maximum(
        0.0, paid - table["head"] * at("national_insurance_threshold_gbp", date) * 100
    )
    due = np.floor(above * at("national_insurance_rate", date) + 0.5).astype(np.int64)
    age = at("national_insurance_apprentice_age", date)
    young = (
        ages_at(
            ledger.people["birth_day"][table["person"]], inputs.calendar.start_day + first // 86_400
        )
        < age
    )
    within = paid <= at("national_insurance_apprentice_threshold_gbp", date) * 100
    return np.where(_apprentices(inputs, ledger, table) & young & within, 0, due)


def _apprentices(inputs: Inputs, ledger: Ledger, table: np.ndarray) -> np.ndarray:
    """Which spells are apprenticeships: those of the opening staff's contracts and of pipelines on
    the levy.
    """
    apprentice = contracts(inputs, ledger.people[table["person"]]) == CONTRACTS.index("apprentice")
    pipelines = inputs.scenario.pipelines.values()
    levy = np.array([bool(p.cost and p.cost.levy) for p in pipelines] + [False])
    return apprentice | levy[table["training"]]
