"""Pipelines and the levy: who trains, who stays, who supervises, and what training costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wfmodel.results import levy
from wfmodel.results.accrual import Accrual
from wfmodel.results.spells import take
from wfmodel.results.state import CONVERTED, IN_TRAINING
from wfmodel.results.stocks import stock
from wfmodel.simulation.ledger import KIND
from wfmodel.units import MONTH, YEAR, add_months, pence

if TYPE_CHECKING:
    from wfmodel.results.replication import Replication

KEPT_AFTER = (12, 24, 36)
"""Months after taking a post at which retention is read."""


@dataclass(frozen=True)
class Stretches:
    """Stages of training: spell, month ends [opens, closes), pipeline, and what the stage takes."""

    spell: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    pipeline: np.ndarray
    off_the_job: np.ndarray
    supervision: np.ndarray


@dataclass(frozen=True)
class Training:
    """`pipelines`: [pipelines, months]; `central`: [months]; money in pence."""

    pipelines: dict[str, np.ndarray]
    central: dict[str, np.ndarray]


def stage_stretches(one: Replication) -> Stretches:
    """Where each trainee is taken to be: stages one after the other, each as long as stated on
    average.
    """
    table, starts = one.spells.table, one.inputs.calendar.month_starts
    parts = []
    for number, (name, pipeline) in enumerate(one.inputs.scenario.pipelines.items()):
        spell = np.flatnonzero(table["training"] == number)
        begun = np.zeros(1, dtype=np.int64)
        opens = one.spells.opens[spell]
        for stage in range(len(pipeline.stages)):
            path = f"pipelines.{name}.stages.{stage}"
            begun = begun + np.int64(one.view.get(f"{path}.months", 0.0) * MONTH)
            ends = np.searchsorted(starts, table["start"][spell] + begun, side="right")
            last = stage == len(pipeline.stages) - 1
            closes = (
                one.spells.closes[spell] if last else np.minimum(one.spells.closes[spell], ends)
            )
            off = one.view.get(f"{path}.off_the_job", 0.0)
            needs = one.view.get(f"{path}.supervision", 0.0)
            whole = np.ones(spell.size)
            parts.append(
                (spell, opens, closes, np.full(spell.size, number), off * whole, needs * whole)
            )
            opens = np.maximum(opens, ends)
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Stretches(none, none, none, none, none.astype(float), none.astype(float))
    return Stretches(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def statistics(one: Replication, by_cell: dict[str, np.ndarray]) -> Training:
    """Everything about pipelines and the levy account."""
    pipelines = _movements(one)
    pipelines.update(_people(one))
    fees, pay = _fees(one), _pay_in_training(one)
    once = [
        one.view.get(f"pipelines.{name}.cost.one_off_gbp", 0.0)
        for name in one.inputs.scenario.pipelines
    ]
    one_off = pipelines["intake"] * 100.0 * np.array(once).reshape(-1, 1)
    pipelines["cost"] = fees + one_off + pay
    pipelines["supervision_used"] = _supervision_used(one)
    capacity, central_capacity = _supervision_capacity(one, by_cell["heads"])
    pipelines["supervision_capacity"] = capacity
    on_levy = np.array(
        [bool(p.cost and p.cost.levy) for p in one.inputs.scenario.pipelines.values()], dtype=bool
    )
    account = _levy(one, by_cell["pay"].sum(axis=0), fees[on_levy].sum(axis=0))
    central = {f"levy_{name}": getattr(account, name) for name in levy.Account.__dataclass_fields__}
    central["training"] = fees[~on_levy].sum(axis=0) + one_off.sum(axis=0) + account.co_invested
    central["supervision_capacity"] = central_capacity
    return Training(pipelines, central)


def _count(one: Replication, pipeline: np.ndarray, month: np.ndarray) -> np.ndarray:
    """Events by pipeline and month, float64 [pipelines, months]; month 0 is empty."""
    size, wide = len(one.inputs.scenario.pipelines), one.months + 1
    here = (pipeline >= 0) & (month > 0)
    flat = pipeline[here].astype(np.int64) * wide + np.minimum(month[here], one.months)
    return (
        np.bincount(flat, minlength=size * wide)
        .reshape(size, wide)[:, : one.months]
        .astype(np.float64)
    )


def _movements(one: Replication) -> dict[str, np.ndarray]:
    moves, spells = one.ledger.movements, one.spells
    of_person = take(spells.pipeline, moves["person"])

    def of_kind(name: str, pipeline: np.ndarray) -> np.ndarray:
        which = moves["kind"] == KIND[name]
        return _count(one, pipeline[which], spells.month[which])

    converted = (spells.marks & CONVERTED) > 0
    return {
        "intake": of_kind("intake", of_person),
        "dropped_out": of_kind("dropped_out", of_person),
        "qualified": of_kind("qualified", of_person),
        "places_deferred": of_kind("place_deferred", moves["note"]),
        "places_lost": of_kind("place_lost", moves["note"]),
        "converted": _count(one, of_person[converted], spells.month[converted]),
    }


def _people(one: Replication) -> dict[str, np.ndarray]:
    """Stocks in training and in post after it, and who is kept how long."""
    spells, size = one.spells, len(one.inputs.scenario.pipelines)
    table = spells.table
    found = {
        "in_training": stock(
            size, one.months, table["training"], spells.opens, spells.closes, one.weights.head
        )
    }
    rows = np.flatnonzero((spells.marks & CONVERTED) > 0)
    person = one.ledger.movements["person"][rows]
    pipeline, since = spells.pipeline[person], spells.month[rows]
    left = spells.left_by[person]
    gone = np.where(left >= 0, spells.month[left], one.months + 1000)
    found["employed"] = stock(size, one.months, pipeline, since, gone, np.ones(rows.size))
    for after in KEPT_AFTER:
        found[f"reached_{after}"] = np.cumsum(_count(one, pipeline, since + after), axis=1)
        kept = gone > since + after
        found[f"kept_{after}"] = np.cumsum(_count(one, pipeline[kept], since[kept] + after), axis=1)
    return found


def _fees(one: Replication) -> np.ndarray:
    """Training prices, spread evenly over the stated length and paid while somebody trains, pence
    [pipelines, months].
    """
    table, inputs = one.spells.table, one.inputs
    training = np.flatnonzero(table["training"] >= 0)
    pipeline = table["training"][training]
    rate, length = [], []
    for name, spec in inputs.scenario.pipelines.items():
        months = sum(
            one.view.get(f"pipelines.{name}.stages.{n}.months", 0.0)
            for n in range(len(spec.stages))
        )
        fee = pence(one.view.get(f"pipelines.{name}.cost.fee_gbp", 0.0))
        rate.append(round(fee * 12 / months) if months > 0 else 0)
        length.append(round(months * MONTH))
    start = table["start"][training]
    by_pipeline = np.array([*rate, 0], dtype=np.int64)[pipeline] * one.weights.head[training]
    last = np.minimum(table["end"][training], start + np.array([*length, 0])[pipeline])
    return _pence(
        Accrual.of(len(rate), inputs.calendar.month_starts, pipeline, start, last, by_pipeline)
    )


def _pay_in_training(one: Replication) -> np.ndarray:
    """Pay of those who train without a post, after awards, pence [pipelines, months]."""
    paid, table = one.payroll, one.spells.table
    pipeline = table["training"][paid.spell]
    beside = table["place"][paid.spell] == IN_TRAINING
    size, starts = len(one.inputs.scenario.pipelines), one.inputs.calendar.month_starts
    accrual = Accrual.of(size, starts, pipeline, paid.first, paid.last, paid.annual * beside)
    return _pence(accrual) * one.by_month


def _pence(accrual: Accrual) -> np.ndarray:
    return accrual.whole + accrual.rest / YEAR


def _supervision_used(one: Replication) -> np.ndarray:
    size, away = len(one.inputs.scenario.pipelines), stage_stretches(one)
    weight = one.weights.head[away.spell] * away.supervision
    return stock(size, one.months, away.pipeline, away.opens, away.closes, weight)


def _supervision_capacity(one: Replication, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places that staff can supervise: by pipeline, and of all supervising roles together."""
    inputs = one.inputs
    role = one.spells.cells % len(inputs.roles)
    named = [
        p.supervision.roles if p.supervision else [] for p in inputs.scenario.pipelines.values()
    ]
    by_role = {
        name: heads[role == inputs.roles.index(name)].sum(axis=0)
        * one.view.get(f"roles.{name}.supervises", 0.0)
        for name in dict.fromkeys(name for names in named for name in names)
    }
    none = np.zeros(one.months)
    capacity = [sum((by_role[name] for name in names), none) for names in named]
    return np.array(capacity).reshape(len(named), one.months), sum(by_role.values(), none)


def _levy(one: Replication, pay: np.ndarray, fees: np.ndarray) -> levy.Account:
    """The levy account; without one in the scenario everything is zero. Pence."""
    budget, view, calendar = one.inputs.scenario.budget, one.view, one.inputs.calendar
    if budget is None or budget.levy is None:
        return levy.Account(*(np.zeros(one.months) for _ in levy.Account.__dataclass_fields__))
    dates = [add_months(calendar.start, max(0, m - 1)) for m in range(one.months)]

    def rule(name: str) -> np.ndarray:
        return np.array([one.inputs.rules.at(name, date) for date in dates])

    if budget.levy.paybill_gbp is not None:
        pay = 100 * view.get("budget.levy.paybill_gbp", 0.0) / 12 * one.by_month / one.by_month[0]
    paid_in = np.maximum(0.0, pay * rule("levy_rate") - 100 * rule("levy_allowance_gbp") / 12)
    other = 100 * view.get("budget.levy.other_spend_annual_gbp", 0.0) / 12
    return levy.account(
        opening=100 * view.get("budget.levy.opening_balance_gbp", 0.0),
        mean_age_months=view.get("budget.levy.age_months", 12.0),
        levy=paid_in,
        price=fees + other,
        top_up=rule("levy_top_up"),
        expiry=rule("levy_expiry_months"),
        co_investment=rule("levy_co_investment"),
    )
