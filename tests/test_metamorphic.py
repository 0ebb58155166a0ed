"""What must follow when a scenario is changed in a way whose effect is known beforehand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from generated import Case, cases, entangle, sized
from hypothesis import given
from small import (
    ALONE,
    Run,
    again,
    document,
    group,
    happenings,
    histories,
    merged,
    run,
    same,
    scenario_of,
    staffed,
)  # fmt: skip

from wfmodel.results.fold import fold
from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.simulation.ledger import Ledger
from wfmodel.units import YEAR
from wfmodel.workforce import Workforce, load_workforce


def shuffled(workforce: Workforce, seed: int) -> Workforce:
    """The same workforce with the rows of its people, posts and assignments in another order."""
    luck = np.random.default_rng(seed)
    rows = {
        name: table.iloc[luck.permutation(len(table))].reset_index(drop=True)
        for name, table in workforce.tables.items()
        if name != "pay_points"
    }
    return Workforce(**rows, pay_points=workforce.pay_points, services=workforce.services)


def permuted(case: Case) -> Inputs:
    scenario = scenario_of(case.text)
    workforce = load_workforce(scenario)
    return lower(scenario, shuffled(entangle(workforce) if case.entangled else workforce, 5))


def profiles(ledger: Ledger) -> dict[int, tuple]:
    """What the people table says of each person, by key; row numbers left out."""
    names = ["birth_day", "start", "service_start", "continuous_start", "pay_point", "sex"]
    return {int(row["key"]): tuple(int(row[name]) for name in names) for row in ledger.people}


@sized(25)
@given(cases())
def test_the_order_of_rows_decides_nothing(case):
    one = again(case.inputs(), case.replication).ledger
    inputs = permuted(case)
    other = again(inputs, case.replication).ledger
    assert happenings(one) == happenings(other)
    assert profiles(one) == profiles(other)


@sized(15)
@given(cases(most_months=14))
def test_titles_descriptions_and_targets_decide_nothing(case):
    text = merged(case.text, {
        "title": "Another", "description": "Other words", "status": "decided",
        "roles": {"worker": {"title": "Officer"}}, "run": {"seed": 99, "replications": 7},
        "workforce": {"services": {"front": "The very front"}},
        "targets": {"t": {"title": "A target", "measure": "headcount", "at_most": 5}},
    })  # fmt: skip
    other = Case(case.seed, text, case.entangled, case.replication)
    assert same(again(case.inputs(), case.replication).ledger,
                again(other.inputs(), case.replication).ledger)  # fmt: skip


@sized(25)
@given(cases(most_months=14))
def test_a_longer_horizon_begins_as_the_shorter_one_did(case):
    months = case.text["horizon"]["months"]
    text = merged(case.text, {"horizon": {"months": months + 7}})
    longer = Case(case.seed, text, case.entangled, case.replication)
    inputs = case.inputs()
    one = again(inputs, case.replication).ledger
    other = again(longer.inputs(), case.replication).ledger
    opening = one.movements["kind"] == 0
    known = other.movements["time"] < inputs.calendar.horizon
    known |= other.movements["kind"] == 0
    if months == 0:  # what happens in the first instant has no month to fall in
        assert (
            one.movements[opening].tobytes()
            == other.movements[other.movements["kind"] == 0].tobytes()
        )
        return
    assert one.movements.tobytes() == other.movements[known].tobytes()
    assert one.people.tobytes() == other.people[: one.people.size].tobytes()
    assert one.posts.tobytes() == other.posts[: one.posts.size].tobytes()


NOTHING: dict[str, dict[str, Any]] = {
    "retention by 1": {"policies": {"n": {"kind": "retention", "hazard_multiplier": 1,
                                          "start": dt.date(2024, 8, 13)}}},
    "odds by 1": {"policies": {"n": {"kind": "recruitment", "odds_multiplier": 1,
                                     "time_multiplier": 1, "start": dt.date(2024, 7, 9)}}},
    "recruiters enough": {"policies": {"n": {"kind": "recruitment", "recruiters": 10_000}}},
    "a share of nothing held": {"policies": {"n": {"kind": "vacancy_control", "mode": "share",
                                                   "share": 0}}},
    "a path nobody reaches": {"policies": {"n": {"kind": "vacancy_control", "mode": "until_target",
                                                 "path": {"fte": {dt.date(2024, 4, 1): 1e6}}}}},
    "agency as before": {"policies": {"n": {"kind": "agency_control", "cover_multiplier": 1,
                                            "conversion_multiplier": 1}}},
    "nobody to redeploy": {"policies": {"n": {"kind": "redeployment", "match_threshold": 0.8,
                                              "accept_probability": 1,
                                              "trial_pass_probability": 1}}},
    "no post deleted": {"change_events": {"n": {"kind": "delete", "posts": 0,
                                                "implemented": dt.date(2024, 11, 5)}}},
    "an intake of nobody": {"pipelines": {"n": {
        "service": "front", "target_role": "worker", "intake": {"every_months": 1, "size": 0},
        "stages": [{"name": "s", "months": 3, "completion_probability": 1}],
        "conversion": {"share": 1}}}},
    "sickness halved": {"policies": {"n": {"kind": "sickness", "stress_multiplier": 0.5}}},
    "a quiet market": {"labour_market": {"leaving_sigma": 0, "filling_sigma": 0}},
    "a stress of 1": {"labour_market": {"stress": {"start": dt.date(2024, 9, 2),
                                                   "leaving_multiplier": 1}}},
    "a bound of 1": {"change_events": {"n": {"kind": "delete", "posts": 0, "leaving_multiplier": 1,
                                             "announced": dt.date(2024, 5, 3),
                                             "implemented": dt.date(2024, 11, 5)}}},
}  # fmt: skip


@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING.keys())
def test_a_policy_that_changes_nothing_changes_exactly_nothing(change):
    base = document(staffed(60, ALONE, filled=50), months=30)
    one, other = run(base), run(merged(base, change))
    assert one.count("leaver") > 30
    assert happenings(one.ledger) == happenings(other.ledger)


def test_a_policy_that_changes_nothing_leaves_a_market_as_it_was():
    market = {"labour_market": {"leaving_sigma": 0.4, "filling_sigma": 0.4, "phi": 0.4}}
    base = document(staffed(60, ALONE, filled=50), market, months=30)
    plan = merged(base, NOTHING["retention by 1"] | NOTHING["no post deleted"])
    assert happenings(run(base).ledger) == happenings(run(plan).ledger)


def leaving_times(found: Run) -> dict[str, float]:
    opening = set(found.who("opening"))
    left = zip(found.who("leaver"), found.days("leaver"), strict=True)
    return {who: day for who, day in left if who in opening}


@pytest.mark.parametrize(
    "raised",
    [
        {"roles": {"worker": {"attrition": {"resignation": {"annual_hazard": 0.4}}}}},
        {"roles": {"worker": {"attrition": {"other": {"annual_hazard": 0.2}}}}},
        {"roles": {"worker": {"attrition": {"service_bands": {0: 1.5, 3: 1.0}}}}},
        {"policies": {"worse": {"kind": "retention", "hazard_multiplier": 1.5,
                                "start": dt.date(2025, 1, 7)}}},
    ],
)  # fmt: skip
def test_a_higher_hazard_lets_nobody_of_the_opening_staff_stay_longer(raised):
    base = document(staffed(300, ALONE), months=36)
    before, after = leaving_times(run(base)), leaving_times(run(merged(base, raised)))
    assert before.keys() <= after.keys()
    assert all(after[who] <= before[who] for who in before)
    assert len(after) > len(before)
    assert any(after[who] < before[who] for who in before)


def test_one_more_person_without_competition_changes_nobody_else():
    base = document(staffed(80, ALONE), months=30)
    more = merged(base, {"workforce": {"groups": {"z": group(1)}}})
    one, other = run(base), run(more)
    before, after = histories(one.ledger), histories(other.ledger)
    assert all(after[key] == before[key] for key in before)
    new = [key for key in after if key not in before]
    assert 1 <= len(new) <= 5  # the person and whoever follows in the post


def test_a_population_split_in_two_is_the_two_together():
    whole = document(staffed(50, ALONE), months=30)
    whole["workforce"]["groups"]["b"] = group(40, service="back", filled=30)
    apart: dict[int, list[tuple]] = {}
    for name in "ab":
        half = document({"roles": whole["roles"]}, months=30)
        half["workforce"] = {"groups": {name: whole["workforce"]["groups"][name]}}
        found = run(half)
        cell = {0: found.inputs.services[0]}
        for key, story in histories(found.ledger).items():
            apart[key] = [
                (cell.get(move[3]), cell.get(move[4]), *move[:3], *move[5:]) for move in story
            ]
    together = run(whole)
    names = dict(enumerate(together.inputs.services))
    for key, story in histories(together.ledger).items():
        assert apart.pop(key) == [
            (names.get(move[3]), names.get(move[4]), *move[:3], *move[5:]) for move in story
        ]
    assert apart == {}


def test_doubled_pay_doubles_redundancy_pay_where_the_week_is_not_capped():
    cut = {"change_events": {"cut": {"kind": "delete", "posts": 15,
                                     "implemented": dt.date(2024, 6, 1),
                                     "terms": {"actual_pay": True}}}}  # fmt: skip
    paid = []
    for salary in (26_000, 52_000):
        found = run(document(staffed(40, {"salary_gbp": salary}), cut))
        paid.append(found.moves("redundant")["note"])
    assert paid[0].sum() > 0
    assert (2 * paid[0] == paid[1]).all()


def test_doubled_pay_doubles_what_pay_costs_before_on_costs_to_the_penny():
    role = ALONE | {"salary_gbp": 26_001.5}
    base = document(staffed(40, role, fte=0.6, filled=35), {"budget": {"base": "gross"}}, months=24)
    sums = []
    for text in (base, merged(base, {"roles": {"worker": {"salary_gbp": 52_003}}})):
        found = run(text)
        values = fold(found.inputs, found.inputs.numbers.draw(1, 0), found.ledger).values
        whole, rest = (values[f"pay_post_{part}"].astype(np.int64) for part in ("whole", "rest"))
        sums.append(whole * YEAR + rest)
    assert sums[0].sum() > 0
    assert (2 * sums[0] == sums[1]).all()


def test_doubled_pay_moves_nobody():
    text = document(staffed(40, ALONE | {"salary_gbp": 26_000}), months=24)
    double = merged(text, {"roles": {"worker": {"salary_gbp": 52_000}}})
    assert run(text).ledger.movements.tobytes() == run(double).ledger.movements.tobytes()


def test_the_same_years_four_years_later_go_the_same_way():
    found = []
    for year in (2024, 2028):  # both begin in April before common years, so that days fall alike
        text = document(staffed(40, ALONE), months=30, start=dt.date(year, 4, 1))
        found.append(run(text))
    assert found[0].count("leaver") > 10
    assert found[0].ledger.movements.tobytes() == found[1].ledger.movements.tobytes()
