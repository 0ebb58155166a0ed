"""What the explorer shows: the measures it needs, and those that can be charted."""

from __future__ import annotations

from wfmodel.reporting import steps
from wfmodel.results.measures import FLOW
from wfmodel.results.measures import MEASURES as ALL

CHARTED = (
    "fte",
    "headcount",
    "vacancy_fte",
    "vacancy_rate",
    "agency_fte",
    "turnover",
    "effective_capacity",
    "capacity_gap",
    "internal_fill_share",
    "share_under_2_years",
    "recurring_cost_gbp",
)
"""Measures whose fan can be looked at, the first unless another is chosen."""
JOINING = steps.JOINING | {"moved_in": "Moves in from other services and roles"}
GOING = steps.GOING | {"moved_out": "Moves out to other services and roles"}
MONEY = ("recurring_cost_gbp", "one_off_cost_gbp", "budget_gbp", "budget_variance_gbp")
DIFFERENCES = (
    "fte",
    "vacancy_fte",
    "agency_fte",
    "leavers",
    "starters",
    "redundancies_compulsory",
    "redeployed",
    "capacity_gap",
    "recurring_cost_gbp",
    "one_off_cost_gbp",
)
"""Measures whose difference to the starting scenario is listed."""
MEASURES = tuple(
    dict.fromkeys((*CHARTED, *JOINING, *GOING, "leavers", *MONEY, *DIFFERENCES, "vacancy_rate"))
)
"""All that the explorer reads; targets read their own beside them."""
DETAIL = ("council", "service", "role")
"""Dimensions by which it reads them."""


def is_flow(name: str) -> bool:
    """Whether a measure counts what happens within a month."""
    return ALL[name].kind == FLOW
