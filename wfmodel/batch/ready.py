"""Ready: whether a scenario can be run and reported on, seen before anything runs or is written."""

from __future__ import annotations

from wfmodel.errors import InputError, Problem
from wfmodel.results.targets import check_targets
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.workforce import load_workforce


def runnable(scenario: Scenario) -> Inputs:
    """What a run of the scenario reads; raises `InputError` with everything that would stop it."""
    problems: list[Problem] = []
    try:
        check_targets(scenario)
    except InputError as error:
        problems += error.problems
    try:
        inputs = lower(scenario, load_workforce(scenario))
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return inputs


def reportable(scenario: Scenario) -> Inputs:
    """The same for a report, which has nothing to tell where no time passes."""
    if scenario.horizon.months < 1:
        raise InputError(scenario.where("horizon.months"), "is 0, a report needs 1 or more")
    return runnable(scenario)
