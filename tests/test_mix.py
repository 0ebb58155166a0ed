"""Which mix among those who join would bring a group to a share: counted from the ledgers, then
worked out exactly.
"""

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small import document, scenario_of

from wfmodel import experiment
from wfmodel.analysis.mix import chance_of_share, mix_needed, newcomers
from wfmodel.errors import InputError
from wfmodel.scenario.reading import load_scenario

ROOT = Path(__file__).resolve().parent.parent


def council():
    """Forty officers below ten heads, whose vacancies are filled from both sides."""
    leaving = {"attrition": {"resignation": {"annual_hazard": 0.4}}}
    groups = {
        "officers": {"service": "front", "role": "officer", "posts": 40, "filled": 40},
        "heads": {"service": "front", "role": "head", "posts": 10, "filled": 9},
    }
    head = leaving | {
        "feeds_from": ["officer"],
        "recruitment": {
            "inside": {"promotion": 0.5, "min_months_in_role": 0},
            "time_to_hire_days": 30,
        },
    }
    changes = {"workforce": {"groups": groups}, "roles": {"officer": leaving, "head": head}}
    text = document(changes, months=24)
    del text["roles"]["worker"]
    text["run"] = {"detail": ["council", "role"]}
    return scenario_of(text)


@pytest.fixture(scope="module")
def ran():
    return experiment.run(council(), replications=8, keep_ledgers=True).run()


def test_those_who_stayed_and_those_who_came_are_all_who_are_there(ran):
    found = newcomers(ran, ["head"], [0, 12, 24])
    assert len(found) == 24
    there = found[["stayed", "inside", "outside"]].sum(axis=1).to_numpy().reshape(8, 3)
    counted = ran.series("headcount", "role", "head")[:, [0, 12, 24]]
    assert (there == counted).all()
    first = found[found["month"] == 0]
    assert (first["opening"] == 9).all()
    assert (first["stayed"] == 9).all()
    last = found[found["month"] == 24]
    assert last["inside"].sum() > 0
    assert last["outside"].sum() > 0


def test_who_joined_from_outside_and_rose_came_from_inside(ran):
    whole = newcomers(ran, ["head", "officer"], [24])
    assert whole["inside"].sum() == 0  # all of them came into one of the two from outside
    counted = ran.series("headcount")[:, 24].sum()
    assert whole["stayed"].sum() + whole["outside"].sum() == counted


def brute(stayed_of, has, stayed, came, mix, target):
    """Every draw of who stays and every outcome of who comes, counted."""
    total = 0.0
    members = [1] * has + [0] * (stayed_of - has)
    kept = [sum(some) for some in itertools.combinations(members, stayed)]
    for there in kept:
        for outcome in itertools.product([0, 1], repeat=came):
            weight = math.prod(mix if one else 1 - mix for one in outcome)
            total += weight * (there + sum(outcome) >= target * (stayed + came) - 1e-9) / len(kept)
    return total


@pytest.mark.parametrize(("has", "mix", "target"), [(1, 0.3, 0.25), (2, 0.1, 0.34), (0, 0.9, 0.5)])
def test_the_chance_of_a_share_is_that_of_every_outcome_counted(has, mix, target):
    found = pd.DataFrame({"opening": [6], "stayed": [4], "inside": [1], "outside": [3]})
    chance = chance_of_share(found, has / 6, target, mix, mix)
    assert chance == pytest.approx(brute(6, has, 4, 4, mix, target))


def test_the_mix_needed_reaches_the_chance_and_no_less_does():
    found = pd.DataFrame(
        {"opening": [50, 50], "stayed": [40, 35], "inside": [4, 5], "outside": [6, 10]}
    )
    mix = mix_needed(found, 0.06, 0.12, 0.5)
    assert chance_of_share(found, 0.06, 0.12, mix, mix) >= 0.5
    assert chance_of_share(found, 0.06, 0.12, mix - 1e-6, mix - 1e-6) < 0.5
    assert mix_needed(found, 0.06, 0.12, 0.8) > mix
    assert mix_needed(found, 0.3, 0.12, 0.8) == 0.0


def test_where_too_few_join_no_mix_is_enough():
    found = pd.DataFrame({"opening": [50], "stayed": [49], "inside": [0], "outside": [1]})
    assert np.isnan(mix_needed(found, 0.06, 0.12, 0.5))


def test_a_run_without_ledgers_says_so():
    ran = experiment.run(council(), replications=1).run()
    with pytest.raises(InputError, match="keep_ledgers=True"):
        newcomers(ran, ["head"], [12])


def test_leicestershires_targets_at_grade_13_fail_on_vacancies_not_intent():
    scenario = load_scenario(ROOT / "scenarios" / "leicestershire" / "baseline.yaml")
    senior = [name for name, role in scenario.roles.items() if (role.grade or 0) >= 13]
    ran = experiment.run(scenario, replications=10, keep_ledgers=True, measures=["headcount"]).run()
    found = newcomers(ran, senior, [24])
    joined = found["inside"] + found["outside"]
    assert (joined < 0.25 * found["opening"]).all()
    for share_now in (0.03, 0.06, 0.09):  # the council's own is asked for
        assert chance_of_share(found, share_now, 0.12, 0.12, 0.12) < 0.05
        assert mix_needed(found, share_now, 0.12, 0.5) > 0.2
    assert np.isnan(mix_needed(found, 0.5, 0.61, 0.5))  # women: not with every place
