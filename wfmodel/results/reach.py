"""Which inputs can reach a measure at all: prices move no people, and work done moves no staff."""

from __future__ import annotations

import re

from wfmodel.results import work
from wfmodel.results.measures import Measure
from wfmodel.scenario.schema import Scenario

PRICES = re.compile(
    r"_gbp(\.|$)|^budget\.|\.premium(\.|$)|\.terms\.|\.protection_months(\.|$)|\.fee(\.|$)"
    r"|\.(paid_share|partner_pays)(\.|$)"
)
"""Paths of inputs that price what happens and do not steer it."""
OFFERS = re.compile(r"\.(supplement_gbp|odds_per_1000_gbp)(\.|$)")
"""Prices that do steer: a pay supplement helps to fill."""
EFFORT = re.compile(r"^demand\.|\.(sickness|experience|supervision_load|capacity)(\.|$)")
"""Paths of inputs that say how much work is done or asked for; nobody joins or leaves by them, but
where shortage presses on leaving."""

_OF_WORK = frozenset(row[0] for row in work.DEFINED)


def presses(scenario: Scenario) -> bool:
    """Whether shortage of work done makes people leave in any service."""
    return any(need.elasticity is not None for need in scenario.demand.values())


def reaches(path: str, asked: Measure, pressed: bool = False) -> bool:
    """Whether the input at ``path`` can move the measure; ``pressed`` where shortage makes people
    leave.

    >>> from wfmodel.results.measures import MEASURES
    >>> reaches("pipelines.a.cost.salary_gbp", MEASURES["fte"])
    False
    >>> reaches("pipelines.a.cost.salary_gbp", MEASURES["staffing_cost_gbp"])
    True
    """
    effort = EFFORT.search(path) is not None and not pressed
    if asked.unit == "£" or asked.name.startswith("levy"):
        return not effort
    if PRICES.search(path) and not OFFERS.search(path):
        return False
    return asked.name in _OF_WORK or not effort
