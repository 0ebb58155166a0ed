"""This suite as it is timed: a scenario made ready once, then replications on one core."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from wfmodel.experiment import DEFAULT, Wanted, block, kept
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import lower
from wfmodel.workforce import load_workforce


def prepared(
    scenario: Scenario, measures: Sequence[str] | None = None, simulation: str = DEFAULT
) -> Callable[[Sequence[int]], np.ndarray]:
    """What gives the measures of replications by their numbers, [replications, keys, months]."""
    inputs = lower(scenario, load_workforce(scenario))
    wanted = Wanted(scenario.run.seed, simulation, kept(scenario, measures))
    return lambda numbers: block(inputs, numbers, wanted)[0]
