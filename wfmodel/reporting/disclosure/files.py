"""Files: what a table for everybody holds where a cell is a small count of people."""

from __future__ import annotations

import pandas as pd

from wfmodel.reporting.disclosure.rule import Rule
from wfmodel.results.measures import FLOW, MEASURES, ROLLING

PAID = ("redundancy_gbp", "pension_strain_gbp", "protection_gbp", "training_gbp")


def flows_hidden(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """A comparison by measure and month without those of people whose counts are small.

    Flows of people in single months are small as a rule, and each is a part of another, so that
    all of them are left out; of the other counts of people the whole measure is, where it is small
    in any month of either scenario. So are the kinds of one-off cost, since what is paid to one
    person in a month is what that person gets.
    """
    if not rule.hides:
        return table
    people = table["unit"] == "heads"
    moving = table["measure"].map(lambda name: MEASURES[name].kind in (FLOW, ROLLING))
    small = table[["base", "alternative"]].map(rule.small).any(axis=1) & people
    few = table["measure"].isin(table.loc[small, "measure"])
    paid = table["measure"].isin(PAID)
    return table[~(people & (moving | few) | paid)].reset_index(drop=True)
