"""What the planner asks: the scenario format, and the reading of it."""

from wfmodel.scenario.reading import Scenario, find_scenarios, load_scenario

__all__ = ["Scenario", "find_scenarios", "load_scenario"]
