"""Family: a scenario and those that it descends from, as far as they can be compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wfmodel.scenario.reading import load_scenario, parent_of
from wfmodel.scenario.schema import Scenario

Load = Callable[[Path], Scenario]


def above(scenario: Scenario, load: Load = load_scenario) -> Scenario | None:
    """The scenario that this one extends, where both start and end together."""
    parent = parent_of(scenario, load)
    return parent if parent is not None and parent.horizon == scenario.horizon else None


def root_of(scenario: Scenario, load: Load = load_scenario) -> Scenario:
    """The scenario from which a family descends: parents have parents, which ``load`` reads."""
    while (parent := above(scenario, load)) is not None:
        scenario = parent
    return scenario
