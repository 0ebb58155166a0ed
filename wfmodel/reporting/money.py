"""Money: staffing cost against budget by year, one-off cost, payback."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure

ONE_OFF = {
    "recruitment_gbp": "Recruitment",
    "redundancy_gbp": "Redundancy pay",
    "pension_strain_gbp": "Pension strain",
    "training_gbp": "Training",
    "protection_gbp": "Pay protection",
    "change_gbp": "Change itself",
}


def by_year(facts: Facts) -> pd.DataFrame:
    """Mean cost by financial year in £: pay, on-costs, agency, policies; one-off cost and budget.

    ``p10`` and ``p90`` are of the recurring ones together; ``months`` says how many of the year are
    in it.
    """
    recurring = facts.by_year("recurring_cost_gbp")
    parts = {n: facts.by_year(n) for n in ("on_costs_gbp", "agency_gbp", "policies_gbp")}
    rows = []
    for year, whole in recurring.items():
        on_costs, agency, policies = (float(parts[name][year].mean()) for name in parts)
        low, high = np.percentile(whole, (10, 90))
        rows.append(
            {
                "year": year,
                "pay": float(whole.mean()) - on_costs - agency - policies,
                "on_costs": on_costs,
                "agency": agency,
                "policies": policies,
                "one_off": float(facts.by_year("one_off_cost_gbp")[year].mean()),
                "budget": float(facts.by_year("budget_gbp")[year].mean()) or float("nan"),
                "p10": float(low),
                "p90": float(high),
                "months": int((facts.financial_years == year).sum()),
            }
        )
    return pd.DataFrame(rows)


def cost_against_budget(facts: Facts) -> Figure:
    """Recurring cost by financial year with its budget, one-off cost beside it."""
    return charts.budget(by_year(facts), title="Recurring cost against the staffing budget")


def one_off(facts: Facts) -> Figure:
    """One-off cost by kind over the whole run."""
    totals = {title: facts.total(name) for name, title in ONE_OFF.items()}
    gone = facts.total("redundancies_compulsory", "voluntary_exits").mean()
    if facts.rule.small(gone):  # what is paid to few people is what each of them is paid
        totals = {"All kinds together": facts.total(*ONE_OFF)}
    kept = {title: values for title, values in totals.items() if values.mean() > 0.5}
    return charts.outcomes(
        kept or totals,
        title="One-off cost by kind",
        whom="one-off cost over the whole run",
        by="Kind",
        money=True,
    )


def saved(facts: Facts) -> float:
    """Mean recurring saving in the last year against the base, in £; 0 without a base."""
    if facts.base is None:
        return 0.0
    year = facts.last_year
    return float(
        facts.base.by_year("recurring_cost_gbp")[year].mean()
        - facts.by_year("recurring_cost_gbp")[year].mean()
    )


def sought(facts: Facts) -> str:
    """The saving that the plan seeks from a wider cost, with what staffing gives of it."""
    budget = facts.scenario.budget
    if facts.base is None or budget is None or budget.saving_sought_gbp is None:
        return ""
    wanted = budget.saving_sought_gbp.central
    given = max(saved(facts), 0.0)
    text = f"{words.percent(given / wanted)} of the {words.pounds(wanted)} sought"
    if budget.operating_cost_gbp is not None:
        text += f" from an operating cost of {words.pounds(budget.operating_cost_gbp.central)}"
    return f"{text}, another sum than staffing cost"


def payback(facts: Facts) -> str:
    """How long the saving against the base takes to earn the one-off cost back, in a sentence."""
    if facts.base is None:
        return "nothing to compare it with, so no payback"
    spent = float(
        facts.total("one_off_cost_gbp").mean() - facts.base.total("one_off_cost_gbp").mean()
    )
    year = facts.last_year
    given = saved(facts)
    name = words.year_name(year)
    if abs(given) < 500:
        return f"no recurring saving in {name}"
    if given < 0:
        return f"costs {words.pounds(-given)} more in {name} than “{facts.base.scenario.title}”"
    told = f"saves {words.pounds(given)} in {name} against “{facts.base.scenario.title}”"
    if spent <= 500:
        return f"{told}, with no extra one-off cost to pay back"
    months = max(round(12 * spent / given), 1)
    time = "a month" if months == 1 else f"{words.number(months)} months"
    return f"{told}: {words.pounds(spent)} extra one-off cost is paid back in {time}"
