"""Break-even: how large the effect of a lever without evidence must be to pay for the lever."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.scenario.unknowns import quantities

WORKING_DAYS = 253


def _of_redundancy(facts: Facts) -> float:
    """Cost of one compulsory redundancy: pay and pension strain."""
    cost = facts.total("redundancy_gbp", "pension_strain_gbp").mean()
    people = facts.total("redundancies_compulsory", "voluntary_exits").mean()
    return float(cost / people) if people else float("nan")


def _of_campaign(facts: Facts) -> float:
    """Cost of one recruitment campaign."""
    campaigns = facts.total("adverts").mean()
    return float(facts.total("recruitment_gbp").mean() / campaigns) if campaigns else float("nan")


def _of_leaver(facts: Facts) -> float:
    """Cost of replacing one leaver: the campaigns that a starter takes."""
    starters = facts.total("starters").mean()
    return float(facts.total("recruitment_gbp").mean() / starters) if starters else float("nan")


def _of_fte(facts: Facts) -> float:
    """Pay with on-costs of one FTE a year."""
    years = facts.months / 12
    fte = float(np.mean(facts.paths("fte")))
    own = facts.total("staffing_cost_gbp").mean() - facts.total("agency_gbp").mean()
    return float(own / years / fte) if fte else float("nan")


def _of_agency(facts: Facts) -> float:
    """What one FTE of agency work costs a year beyond an employee."""
    years = facts.months / 12
    fte = float(np.mean(facts.paths("agency_fte")))
    if not fte:
        return float("nan")
    return float(facts.total("agency_gbp").mean() / years / fte) - _of_fte(facts)


def _of_day(facts: Facts) -> float:
    """Pay with on-costs of one working day."""
    return _of_fte(facts) / WORKING_DAYS


SAVED: dict[str, tuple[str, Callable[[Facts], float]]] = {
    "redeployment": ("redundancies avoided a year", _of_redundancy),
    "recruitment": ("campaigns avoided a year", _of_campaign),
    "retention": ("leavers avoided a year", _of_leaver),
    "sickness": ("days of sickness avoided a year", _of_day),
    "agency_control": ("FTE of agency work replaced by employees", _of_agency),
}
"""By kind of policy: what its effect saves, and what one of it costs."""


def break_even(facts: Facts) -> Block | Table:
    """Levers whose effect is assumed: their cost a year, and the effect that pays for it."""
    rows = []
    for name, policy in facts.scenario.policies.items():
        assumed = any(q.assumed_effect for _, q in quantities(policy))
        if not assumed:
            continue
        cost = policy.annual_cost_gbp.central if policy.annual_cost_gbp else 0.0
        saved, of_one = SAVED.get(policy.kind, ("", lambda _: float("nan")))
        title = policy.title or words.plain(name)
        rows.append((title, words.pounds(cost), *_size(facts, cost, saved, of_one)))
    if not rows:
        return paragraph("No lever rests on an effect that is merely assumed.")
    frame = pd.DataFrame(
        rows, columns=["Lever with an assumed effect", "Cost a year", "One saves", "Pays from"]
    )
    return Table(
        frame,
        "Levers without evidence, and the effect at which each pays for itself",
        note="An assumed effect is a guess with an interval, not a finding; only money is counted.",
    )


def _size(
    facts: Facts, cost: float, saved: str, of_one: Callable[[Facts], float]
) -> tuple[str, str]:
    """What one unit of the effect saves, and how many are needed."""
    if not cost:
        return "–", "any effect: no cost of its own is stated"
    value = of_one(facts)
    if not np.isfinite(value) or value <= 0:
        return "–", "no size: what it would save did not occur"
    return words.pounds(value), f"{words.number(cost / value, 1)} {saved}"
