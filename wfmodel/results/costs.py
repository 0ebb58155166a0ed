"""Costs by cell and month, in pence: what employment, agency and change cost, and what is budgeted.

Recurring and one-off costs are kept apart. Nothing here counts twice: pay includes the pool's and
the trainees', protection and supplements come on top of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel.flows.pay import strain_pence
from wfmodel.results import budget
from wfmodel.results.accrual import Accrual
from wfmodel.results.ages import ages_at, birthdays
from wfmodel.results.stocks import PENSION_AGE
from wfmodel.results.timing import in_force, month_of, month_shares
from wfmodel.scenario.policies import RecruitmentEffort, Redeployment, Retention
from wfmodel.simulation.ledger import CAUSE, KIND, STARTER
from wfmodel.simulation.segments import span
from wfmodel.units import DAY, NEVER, YEAR, pence

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication


def by_cell(one: Replication, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All costs that belong to a cell, float64 pence [cells, months]; month 0 is 0."""
    costs = employment(one, found)
    costs["agency"] = _agency(one)
    costs["recruitment"] = found["adverts"] * _by_role(one, "recruitment.cost_gbp")[:, None]
    costs["redundancy"], costs["strain"] = _severance(one)
    costs["supplements"] = _supplements(one)
    costs["retention"] = _retention(one)
    costs["retraining"] = found["redeployed"] * _retraining(one)
    costs["budget"] = budget.by_cell(one, found)
    return costs


def employment(one: Replication, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Pay, on-costs and protection after pay awards, float64 pence [groups, months]."""
    view, factors = one.view, one.by_month
    pay = {
        name: _accrued(found, f"pay_{name}") * factors
        for name in ("post", "pool", "training", "pensionable")
    }
    basic = pay["post"] + pay["pool"] + pay["training"]
    on_costs = _accrued(found, "insurance")
    on_costs = on_costs + pay["pensionable"] * view.get("budget.on_costs.pension", 0.0)
    on_costs = on_costs + basic * view.get("budget.on_costs.other", 0.0)
    return {
        "pay": basic,
        "pool_pay": pay["pool"],
        "trainee_pay": pay["training"],
        "on_costs": on_costs,
        "protected": _accrued(found, "protection") * factors,
    }


def _accrued(found: dict[str, np.ndarray], name: str) -> np.ndarray:
    return found[f"{name}_whole"] + found[f"{name}_rest"] / YEAR


def _by_role(one: Replication, key: str) -> np.ndarray:
    """A £ figure of each cell's role, in pence, float64 [cells]."""
    roles = one.spells.cells % len(one.inputs.roles)
    return np.array([100 * one.view.get(f"roles.{r}.{key}", 0.0) for r in one.inputs.roles])[roles]


def _agency(one: Replication) -> np.ndarray:
    """Agency: the stated cost of one FTE a year, or the role's pay with on-costs and a premium
    (which pay awards raise).
    """
    inputs, view, moves = one.inputs, one.view, one.ledger.movements
    rows = np.flatnonzero(
        (moves["kind"] == KIND["agency_start"]) | (moves["kind"] == KIND["agency_end"])
    )
    cell = one.spells.went_to[rows]
    role = one.spells.cells[cell] % len(inputs.roles)
    sign = np.where(moves["kind"][rows] == KIND["agency_start"], 1, -1)
    full = budget.with_on_costs(inputs, view, budget.middle_pay(inputs))
    stated = np.array(
        [100 * view.get(f"roles.{r}.agency.annual_cost_gbp", -1.0) for r in inputs.roles]
    )
    premium = np.array([view.get(f"roles.{r}.agency.premium", 0.0) for r in inputs.roles])
    linked = np.where(stated >= 0, 0.0, full * (1.0 + premium))[role]
    fixed = np.maximum(stated, 0.0)[role]
    uses = [
        100 * view.get(f"workforce.agency_uses.{u}.annual_cost_gbp", 0.0)
        for u in inputs.scenario.workforce.agency_uses
    ]
    use = (
        np.array([*uses, 0.0])[np.clip(moves["assignment"][rows], -1, len(uses) - 1)]
        if uses
        else 0.0
    )
    is_use = moves["cause"][rows] != CAUSE["vacancy"]
    fixed, linked = np.where(is_use, use, fixed), np.where(is_use, 0.0, linked)
    first = moves["time"][rows]
    last = np.full(rows.size, NEVER)
    total = np.zeros((one.spells.cells.size, one.months))
    for rate, by_month in ((fixed, 1.0), (linked, one.by_month)):
        annual = sign * np.floor(rate * moves["fte"][rows] / 100 + 0.5).astype(np.int64)
        accrual = Accrual.of(
            one.spells.cells.size, inputs.calendar.month_starts, cell, first, last, annual
        )
        total += (accrual.whole + accrual.rest / YEAR) * by_month
    return total


def _at(one: Replication, rows: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """Amounts that fall due with movements, at the cells which these leave, [cells, months]."""
    size, wide = one.spells.cells.size, one.months + 1
    flat = one.spells.came_from[rows].astype(np.int64) * wide + np.minimum(
        one.spells.month[rows], one.months
    )
    return (
        np.bincount(flat, amount, size * wide)
        .reshape(size, wide)[:, : one.months]
        .astype(np.float64)
    )


def _severance(one: Replication) -> tuple[np.ndarray, np.ndarray]:
    """Redundancy pay (from the ledger) and pension strain, pence [cells, months]."""
    moves = one.ledger.movements
    rows = np.flatnonzero(
        (moves["kind"] == KIND["redundant"]) | (moves["kind"] == KIND["voluntary_exit"])
    )
    strain = np.array([_strain(one, int(row)) for row in rows], dtype=np.float64)
    return _at(one, rows, moves["note"][rows]), _at(one, rows, strain)


def _strain(one: Replication, row: int) -> int:
    """Capital cost of the pension that a dismissal brings forward, pence: for members at or above
    the minimum age.
    """
    inputs, move = one.inputs, one.ledger.movements[row]
    person = one.ledger.people[move["person"]]
    spell = one.spells.table[one.spells.closed[row]]
    time = int(move["time"])
    day, date = inputs.calendar.start_day + time // DAY, inputs.calendar.date(time)
    membership = (time - int(person["pension_start"])) / YEAR
    age = int(ages_at(person["birth_day"], day))
    if membership < inputs.rules.at("pension_vesting_years", date) or age < inputs.rules.at(
        "pension_minimum_age", date
    ):
        return 0
    early = (int(birthdays(person["birth_day"], PENSION_AGE)) - day) * DAY / YEAR
    at = one.payroll.spell == one.spells.closed[row]
    annual = (
        int(one.payroll.annual[at][-1])
        if at.any()
        else int(inputs.pay_annual[spell["row"]]) * int(spell["fte"]) // 100
    )
    return strain_pence(annual, membership, early, _strain_factor(one, row))


def _strain_factor(one: Replication, row: int) -> float:
    """The factor of the change event that ended the job: that of the person's time at risk, or of
    their exit.
    """
    moves = one.ledger.movements
    events = list(one.inputs.scenario.change_events)
    person = moves["person"][row]
    earlier = np.flatnonzero(
        (moves["person"][:row] == person) & (moves["kind"][:row] == KIND["at_risk"])
    )
    if earlier.size:
        number = int(moves["note"][earlier[-1]])
        if number < 0:
            return 1.0  # the post went with its funding, not by a change event
        return one.view.get(f"change_events.{events[number]}.terms.strain_factor", 1.0)
    cell = one.spells.cells[one.spells.came_from[row]]
    for name, event in one.inputs.scenario.change_events.items():
        if event.voluntary is not None and one.inputs.in_scope(event.services, event.roles)[cell]:
            return one.view.get(f"change_events.{name}.terms.strain_factor", 1.0)
    return 1.0


def _supplements(one: Replication) -> np.ndarray:
    """Pay supplements of those who joined from outside in scope while the policy was in force."""
    table, people = one.spells.table, one.ledger.people[one.spells.table["person"]]
    total = np.zeros((one.spells.cells.size, one.months))
    for name, policy in one.inputs.scenario.policies.items():
        if not isinstance(policy, RecruitmentEffort) or policy.supplement_gbp is None:
            continue
        first, last = span(one.inputs.calendar, policy.start, policy.end)
        scope = one.inputs.in_scope(policy.services, policy.roles)[one.spells.cells[table["cell"]]]
        joined = (
            (people["origin"] == STARTER) & (people["start"] >= first) & (people["start"] < last)
        )
        annual = (
            pence(one.view.get(f"policies.{name}.supplement_gbp", 0.0)) * one.weights.fte // 100
        )
        total += _accrue(one, table["start"], table["end"], annual * (scope & joined))
    return total


def _retention(one: Replication) -> np.ndarray:
    """Retention policies' cost for each head in scope."""
    table = one.spells.table
    total = np.zeros((one.spells.cells.size, one.months))
    for name, policy in one.inputs.scenario.policies.items():
        if not isinstance(policy, Retention) or policy.annual_cost_per_head_gbp is None:
            continue
        first, last = span(one.inputs.calendar, policy.start, policy.end)
        scope = one.inputs.in_scope(policy.services, policy.roles)[one.spells.cells[table["cell"]]]
        annual = (
            pence(one.view.get(f"policies.{name}.annual_cost_per_head_gbp", 0.0)) * one.weights.head
        )
        total += _accrue(
            one, np.maximum(table["start"], first), np.minimum(table["end"], last), annual * scope
        )
    return total


def _accrue(
    one: Replication, first: np.ndarray, last: np.ndarray, annual: np.ndarray
) -> np.ndarray:
    accrual = Accrual.of(
        one.spells.cells.size,
        one.inputs.calendar.month_starts,
        one.spells.table["cell"],
        first,
        last,
        annual,
    )
    return accrual.whole + accrual.rest / YEAR


def _retraining(one: Replication) -> np.ndarray:
    """Cost of one redeployment in each month, pence [cells, months]."""
    total = np.zeros((one.spells.cells.size, one.months))
    for name, policy in one.inputs.scenario.policies.items():
        if isinstance(policy, Redeployment) and policy.retraining_cost_gbp is not None:
            scope = one.inputs.in_scope(policy.services, policy.roles)[one.spells.cells]
            during = in_force(one.inputs.calendar, policy.start, policy.end) > 0
            cost = 100 * one.view.get(f"policies.{name}.retraining_cost_gbp", 0.0)
            total = np.maximum(total, scope[:, None] * during * cost)
    return total


def central(one: Replication) -> dict[str, np.ndarray]:
    """Costs that belong to no service, pence [months]: `policies` a year, `policies_once`,
    `change_once`.
    """
    calendar, view = one.inputs.calendar, one.view
    yearly, once, change = (np.zeros(one.months + 1) for _ in range(3))
    shares = month_shares(calendar)
    for name, policy in one.inputs.scenario.policies.items():
        during = in_force(calendar, policy.start, policy.end)
        yearly[: one.months] += (
            100 * view.get(f"policies.{name}.annual_cost_gbp", 0.0) * during * shares
        )
        month = min(month_of(calendar, policy.start), one.months)
        once[month] += 100 * view.get(f"policies.{name}.one_off_cost_gbp", 0.0)
    for name, event in one.inputs.scenario.change_events.items():
        month = min(month_of(calendar, event.implemented), one.months)
        change[month] += 100 * view.get(f"change_events.{name}.one_off_cost_gbp", 0.0)
    return {
        "policies": yearly[: one.months],
        "policies_once": once[: one.months],
        "change_once": change[: one.months],
    }
