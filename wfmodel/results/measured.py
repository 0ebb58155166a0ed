"""What is measured: measures by group, and how ledgers are folded into them."""

from __future__ import annotations

from collections.abc import Sequence

from wfmodel.results.fold import Plan
from wfmodel.results.groups import Groups
from wfmodel.results.measures import Key, measure
from wfmodel.simulation.inputs import Inputs


def keys_of(inputs: Inputs, measures: Sequence[str]) -> tuple[Key, ...]:
    """Every measure with each group by which it exists, measure by measure."""
    groups = Groups.of(inputs, measures)
    return tuple(
        (name, *groups.keys[place])
        for name in measures
        for place in groups.within(measure(name).reach)
    )


def plan_of(inputs: Inputs, measures: Sequence[str]) -> Plan:
    """How ledgers are folded into the values of the keys of measures; made once for the inputs."""
    plans = inputs.__dict__.setdefault("_fold_plans", {})
    asked = tuple(measures)
    if asked not in plans:
        series = [measure(name).series for name in asked]
        plans[asked] = Plan(inputs, Groups.of(inputs, asked), series)
    return plans[asked]
