"""Family: a scenario and those that it descends from, as far as they can be compared."""

from __future__ import annotations

from wfmodel.scenario.reading import parent_of
from wfmodel.scenario.schema import Scenario


def above(scenario: Scenario) -> Scenario | None:
    """The scenario that this one extends, where both start and end together."""
    parent = parent_of(scenario)
    return parent if parent is not None and parent.horizon == scenario.horizon else None


def root_of(scenario: Scenario) -> Scenario:
    """The scenario from which a family descends: parents have parents."""
    while (parent := above(scenario)) is not None:
        scenario = parent
    return scenario
