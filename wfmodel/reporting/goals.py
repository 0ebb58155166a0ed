"""Goals: the targets of a scenario, how likely each is, and how far a miss falls short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.disclosure.rule import HELD
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table
from wfmodel.results.measures import measure
from wfmodel.results.targets import scope_of

WRITTEN = {
    "£": words.pounds,
    "share": lambda value: words.percent(value, 1).replace(".0%", "%"),
    "heads": words.number,
    "FTE": lambda value: words.number(value, 1),
}


def chances(facts: Facts) -> Figure:
    """Targets as probabilities."""
    return charts.targets(facts.targets, title="Chance of each target", moved=facts.moved)


def table(facts: Facts) -> Table:
    """The targets in full: what is asked, by when, the chance, and how far a miss falls short."""
    rows = []
    for row in facts.rows:
        unit = measure(str(row["measure"])).unit
        written = WRITTEN.get(unit, lambda value: words.number(value, 2))
        target = facts.scenario.targets[str(row["name"])]
        short = row["shortfall_mean"]
        if facts.rule.hides and few(facts, row):
            written = _not_shown
        by_when = words.month_end(facts.start, int(row["month"]))
        rows.append(
            {
                "Target": str(row["title"]),
                "Asked for": f"{_asked(target)}, by {by_when}",
                "Mean": written(row["mean"]) if np.isfinite(row["mean"]) else "–",
                "Falls short by, where missed": written(short) if np.isfinite(short) else "–",
                "Source": target.source or "–",
            }
        )
    return Table(pd.DataFrame(rows), "Targets, what they ask and how far a miss falls short")


def published(facts: Facts) -> pd.DataFrame:
    """The targets as a file for everybody has them: what is about too few people is left empty."""
    table = facts.targets.copy()
    hidden = [facts.rule.hides and few(facts, row) for row in facts.rows]
    table.loc[hidden, ["mean", "shortfall_mean"]] = float("nan")
    return table


def few(facts: Facts, row: Mapping[str, Any]) -> bool:
    """Whether a target is about too few people for more than its chance to be told."""
    if row["unit"] == "heads" and facts.rule.small(float(row["mean"])):
        return True
    dimension, group = scope_of(facts.scenario.targets[str(row["name"])])
    heads = facts.paths("headcount", dimension, group).mean(axis=0)
    # A share of representation says who people are, not only how many.
    rule = facts.rule.strict if "_share" in str(row["measure"]) else facts.rule
    return rule.small(float(heads[0])) or rule.small(float(heads[-1]))


def _not_shown(value: float) -> str:
    return HELD


def _asked(target) -> str:  # type: ignore[no-untyped-def]
    """What a target asks, in words."""
    bound = target.at_most or target.at_least
    side = "at most" if target.at_most else "at least"
    name = measure(target.measure)
    if target.relative_to == "value":
        written = WRITTEN.get(name.unit, lambda value: words.number(value, 2))
        return f"{words.capital(name.title)} {side} {written(bound.central)}"
    whole = {"start": "of the start", "first_year": "of the first year", "budget": "of the budget"}
    share = WRITTEN["share"](bound.central)
    return f"{words.capital(name.title)} {side} {share} {whole[target.relative_to]}"
