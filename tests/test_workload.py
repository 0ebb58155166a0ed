"""Workload: what shortage does to resignations, and that it does nothing where nobody asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from generated import cases, priced, sized
from hypothesis import given
from small import Run, again, document, inputs_of, merged, same, staffed, tables
from test_theory import NO_HIRING, agree, refuse

from wfmodel.flows import attrition
from wfmodel.results.fold import fold
from wfmodel.simulation import workload as shared
from wfmodel.simulation.compiled import simulate as compiled
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.parameters import realise
from wfmodel.simulation.reference.council import Council
from wfmodel.units import YEAR

AT_ONCE = {"recruitment": {"time_to_hire_days": 0, "fill_probability": 1}}


def steady(demand: dict[str, Any] | None, hazard: float = 0.4, posts: int = 400) -> Inputs:
    """Posts that fill again at once, so that capacity stays as it is."""
    role = {"attrition": {"resignation": {"annual_hazard": hazard}}, "notice_weeks": 0, **AT_ONCE}
    more = {} if demand is None else {"demand": {"front": demand}}
    return inputs_of(document(staffed(posts, role), more, months=24))


def pressed(times: float, **more: Any) -> dict[str, Any]:
    """Work for so many times the 400 posts."""
    return {"fte": {"2024-04-01": 400 * times}, "elasticity": 1, "elasticity_bounds": [0, 4]} | more


def council_of(inputs: Inputs, replication: int = 0) -> tuple[Ledger, np.ndarray]:
    """One replication, and what resignations were multiplied by in each month, service by service
    of those with an elasticity."""
    vector = inputs.numbers.draw(1, replication)
    council = Council(inputs, realise(inputs, vector, 1, replication), 1, replication)
    ledger = council.run(replication, 1)
    at, (m, f) = council.workload.at, council.parameters.tables
    factors = []
    for number in range(int(m[at + shared.SERVICES]) if at else 0):
        service = int(m[at + shared.SERVICE_AT]) + number * shared.RECORD_WIDTH
        first = int(m[service + shared.PRESSURE + attrition.FACTORS])
        factors.append(f[first : first + inputs.calendar.months + 1].copy())
    return ledger, np.array(factors)


@pytest.mark.parametrize(
    ("demand", "multiplier"),
    [
        (pressed(2), 2.0),
        (pressed(0.25), 0.25),
        (pressed(4, elasticity=0.5), 2.0),
        (pressed(4, elasticity_bounds=[0.5, 1.5]), 1.5),
        (pressed(0.1, elasticity_bounds=[0.5, 1.5]), 0.5),
    ],
)
def test_resignations_are_multiplied_from_the_first_month_end_on(demand, multiplier):
    """A renewal of each post at the hazard, and at its multiple from the second month on."""
    inputs = steady(demand)
    ledgers = [compiled(inputs, inputs.numbers.draw(1, 0), n, 1) for n in range(30)]
    left = [Run(inputs, ledger).count("leaver") for ledger in ledgers]
    first, last = int(inputs.calendar.month_starts[1]), inputs.calendar.horizon

    def poisson(times: float) -> tuple[float, float]:
        mean = 400 * 0.4 * (first + times * (last - first)) / YEAR
        return mean, mean

    agree(left, *poisson(multiplier))
    refuse(left, *poisson(1.0))


def test_without_capacity_the_upper_bound_holds():
    demand = {"fte": {"2024-04-01": 5}, "elasticity": 1, "elasticity_bounds": [0.5, 3]}
    leaves = {"attrition": {"resignation": {"annual_hazard": 500.0}}}
    inputs = inputs_of(document(staffed(1, leaves), NO_HIRING, {"demand": {"front": demand}}))
    assert again(inputs).count("leaver") == 1
    assert council_of(inputs)[1][0, 2:12].tolist() == [3.0] * 10


@sized(30)
@given(cases().map(priced))
def test_an_elasticity_of_nothing_changes_nothing(case):
    need = {"front": {"annual_growth": 2.0}, "back": {"annual_growth": -0.5}}
    text = case.text | {"demand": need}
    off = again(replace(case, text=text).inputs(), case.replication).ledger
    for nothing in ({"elasticity": 0}, {"elasticity": 3, "elasticity_bounds": [1, 1]}):
        on = merged(text, {"demand": dict.fromkeys(need, nothing)})
        assert same(off, again(replace(case, text=on).inputs(), case.replication).ledger)


@sized(40)
@given(cases().map(priced))
def test_what_presses_is_what_is_measured(case):
    """The simulation's capacity is the measure's; but the ledger holds no stages of training."""
    need = {
        "front": {"annual_growth": 0.2, "elasticity": 1, "elasticity_bounds": [0, 100]},
        "back": {"annual_growth": -0.5, "elasticity": 2, "elasticity_bounds": [0, 100]},
    }
    text = {name: part for name, part in case.text.items() if name != "pipelines"}
    text["policies"] = {n: p for n, p in text.get("policies", {}).items() if n != "reserve"}
    one = replace(case, text=text | {"demand": need, "run": {"detail": ["council", "service"]}})
    inputs = one.inputs()
    ledger, felt = council_of(inputs, case.replication)
    found = fold(inputs, inputs.numbers.draw(1, case.replication), ledger)
    for number, service in enumerate(need if inputs.calendar.months else {}):
        measured = found["pressure"][found.groups.place("services", "service", service)]
        known = slice(1, inputs.calendar.months)
        assert felt[number, known] == pytest.approx(measured[known], rel=2e-3)


def leaving(run: Run) -> dict[int, int]:
    """When everybody of the opening staff resigns or retires, by key."""
    moves = run.moves("leaver")
    return {
        int(run.ledger.people["key"][m["person"]]): int(m["time"])
        for m in moves
        if run.ledger.people["origin"][m["person"]] == 0
    }


def test_under_shortage_nobody_stays_longer_and_in_plenty_nobody_leaves_sooner():
    calm, short, plenty = (
        leaving(again(steady(demand))) for demand in (None, pressed(3), pressed(0.3))
    )
    assert len(plenty) < len(calm) < len(short)
    assert all(short[key] <= time for key, time in calm.items())
    assert all(calm[key] <= time for key, time in plenty.items())


def test_a_gap_that_grows_makes_itself_grow():
    """Nobody is hired: those who are left are pressed the more, the fewer they are."""
    role = {"attrition": {"resignation": {"annual_hazard": 0.3}}, "notice_weeks": 0}

    def gone(demand: dict[str, Any]) -> float:
        text = document(staffed(300, role), NO_HIRING, {"demand": {"front": demand}}, months=24)
        inputs = inputs_of(text)
        return np.mean([again(inputs, n).count("leaver") for n in range(5)])

    need = {"fte": {"2024-04-01": 300}}
    assert gone(need | {"elasticity": 1}) > 1.1 * gone(need)


def test_casual_work_is_not_capacity():
    demand = {"front": pressed(1 / 400, elasticity_bounds=[0, 100])}
    people = {
        f"p{n}": {"posts": {f"q{n}": 1.0}, "contract": contract}
        for n, contract in enumerate(["permanent", "casual", "casual"])
    }
    one = inputs_of(
        document({"roles": {"worker": {"attrition": {}}}}, {"demand": demand}, months=3),
        tables({f"q{n}": {} for n in range(3)}, people),
    )
    found = fold(one, one.numbers.draw(1, 0), again(one).ledger)
    assert (found["able"][0] == 1).all()
    assert council_of(one)[1][0, 1:3].tolist() == [1.0, 1.0]
