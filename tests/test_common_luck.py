"""Scenarios share their luck: what does not compete has the same fate in each of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from generated import Case, cases, sized
from hypothesis import given
from small import (
    ALONE,
    Run,
    again,
    document,
    group,
    histories,
    inputs_of,
    merged,
    run,
    same,
    staffed,
)

from wfmodel.simulation.ledger import Ledger
from wfmodel.simulation.parameters import realise
from wfmodel.units import DAY


def renamed(text: dict[str, Any], name: str) -> dict[str, Any]:
    return text | {"name": name, "title": name.title(), "status": "proposal"}


def unlike(one: Ledger, other: Ledger) -> list[int]:
    """Keys of people in both whose histories differ."""
    first, second = histories(one), histories(other)
    return [key for key in first.keys() & second.keys() if first[key] != second[key]]


@sized(20)
@given(cases(most_months=14))
def test_no_scenario_s_name_is_in_any_key(case: Case):
    other = Case(case.seed, renamed(case.text, "quite-another"), case.entangled, case.replication)
    assert same(*(again(c.inputs(), c.replication).ledger for c in (case, other)))


def test_another_service_s_policy_touches_nobody_here():
    base = document(staffed(80, ALONE), months=30)
    base["workforce"]["groups"]["b"] = group(60, service="back", filled=50)
    plan = merged(base, {
        "policies": {
            "stay": {"kind": "retention", "services": ["back"], "hazard_multiplier": 0.5},
            "hold": {"kind": "vacancy_control", "mode": "all", "services": ["back"]},
            "odds": {"kind": "recruitment", "odds_multiplier": 0.3, "services": ["back"]},
        },
        "change_events": {"cut": {"kind": "delete", "services": ["back"], "posts": 15,
                                  "implemented": dt.date(2025, 1, 1)}},
    })  # fmt: skip
    one, other = run(base), run(plan)
    front = one.inputs.cell("front", "worker")
    touched = set(unlike(one.ledger, other.ledger))
    rows = one.moves("opening", "starter")
    keys = one.ledger.people["key"][rows["person"]]
    here = {int(k) for k, cell in zip(keys, rows["target"], strict=True) if cell == front}
    there = {int(k) for k, cell in zip(keys, rows["target"], strict=True) if cell != front}
    assert len(here) > 100
    assert not touched & here
    assert len(touched & there) > 20


def test_a_created_post_changes_nobody_s_fate():
    base = document(staffed(60, ALONE), months=30)
    more = {"change_events": {"new": {"kind": "create", "implemented": dt.date(2024, 9, 1),
                                      "create": [group(5)]}}}  # fmt: skip
    one, other = run(base), run(merged(base, more))
    assert unlike(one.ledger, other.ledger) == []
    assert other.count("starter") > one.count("starter")
    assert histories(one.ledger).keys() < histories(other.ledger).keys()


def test_a_held_post_delays_its_starter_who_is_the_same_person():
    base = document(staffed(40, ALONE | {"probation": None, "agency": None}), months=24)
    hold = {"policies": {"hold": {"kind": "vacancy_control", "mode": "all", "hold_months": 3}}}
    one, other = run(base), run(merged(base, hold))
    first, second = one.ledger.people, other.ledger.people
    shared = np.intersect1d(first["key"], second["key"])
    assert shared.size > 45  # the forty and a few starters
    later = 0
    for key in shared:
        a, b = first[first["key"] == key][0], second[second["key"] == key][0]
        if a["start"] > 0:
            age = [int(p["start"]) // DAY - int(p["birth_day"]) for p in (a, b)]
            assert abs(age[0] - age[1]) <= 1
            later += b["start"] > a["start"]
    assert later > 3


def three_ways() -> Any:
    """Inputs with unknowns, a market and chance."""
    text = document(staffed(60, ALONE), {
        "labour_market": {"leaving_sigma": 0.5, "filling_sigma": 0.4, "phi": 0.4},
        "roles": {"worker": {"attrition": {"resignation": {
            "annual_hazard": {"interval": [0.1, 0.5]}}}}},
    }, months=24)  # fmt: skip
    return inputs_of(text)


def test_three_replication_numbers_change_one_thing_each():
    inputs = three_ways()

    def parts(numbers: tuple[int, int, int]) -> tuple[bytes, bytes, Ledger]:
        vector = inputs.numbers.draw(1, numbers[0])
        parameters = realise(inputs, vector, 1, numbers[1])
        ledger = again(inputs, numbers).ledger
        return vector.tobytes(), parameters.leaving.tobytes(), ledger

    whole = parts((3, 3, 3))
    for place, numbers in enumerate([(4, 3, 3), (3, 4, 3), (3, 3, 4)]):
        other = parts(numbers)
        assert (other[0] != whole[0]) == (place == 0)
        assert (other[1] != whole[1]) == (place == 1)
        assert not same(other[2], whole[2])
    assert same(again(inputs, 3).ledger, whole[2])  # equal by default


def test_only_the_chance_number_names_the_draws_of_people():
    inputs = three_ways()
    ages = {}
    for numbers in ((1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2)):
        people = again(inputs, numbers).ledger.people
        ages[numbers] = {int(p["key"]): int(p["start"]) // DAY - int(p["birth_day"])
                         for p in people if p["start"] > 0}  # fmt: skip
    base = ages.pop((1, 1, 1))
    for numbers, found in ages.items():
        both = base.keys() & found.keys()
        assert len(both) > 5
        alike = [abs(base[key] - found[key]) <= 1 for key in both]
        assert all(alike) if numbers[2] == 1 else np.mean(alike) < 0.5


@pytest.mark.parametrize("seed", [1, 2**61])
def test_seeds_and_replications_are_different_worlds(seed):
    inputs = three_ways()
    ledgers = [again(inputs, r, seed).ledger for r in range(4)]
    assert not any(same(a, b) for n, a in enumerate(ledgers) for b in ledgers[:n])


def test_a_run_of_another_length_or_detail_has_the_same_people():
    text = document(staffed(30, ALONE), months=12)
    other = merged(text, {"run": {"replications": 3, "detail": ["role"]}, "description": "Other"})
    assert same(run(text).ledger, run(other).ledger)


def starters(found: Run) -> set[int]:
    return {int(found.ledger.people["key"][p]) for p in found.moves("starter")["person"]}


def test_more_recruiting_brings_more_of_the_same_starters():
    base = document(staffed(60, ALONE | {"probation": None, "agency": None}), months=12)
    odds = {"policies": {"odds": {"kind": "recruitment", "odds_multiplier": 5}}}
    one, other = run(base), run(merged(base, odds))
    assert len(starters(one) - starters(other)) <= 1
    assert len(starters(other)) > len(starters(one))
