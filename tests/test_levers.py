"""Levers: what each adds on common luck, and what one worker more costs by it."""

import math

import pytest
from small import document, scenario_of, staffed

from wfmodel import experiment
from wfmodel.analysis import compare_levers
from wfmodel.analysis.levers import MEASURES

ROLE = {
    "attrition": {"resignation": {"annual_hazard": 0.4}},
    "salary_gbp": 30_000,
    "recruitment": {"time_to_hire_days": 30, "fill_probability": 0.3, "cost_gbp": 500},
}


def scenario(name, policies=None, months=24):
    return scenario_of(
        document(staffed(40, ROLE), {"name": name, "policies": policies or {}}, months=months)
    )


@pytest.fixture(scope="module")
def found():
    cost = {"annual_cost_gbp": 12_000, "start": "2024-04-01"}
    scenarios = [
        scenario("base"),
        scenario("idle", {"idle": {"kind": "retention", "hazard_multiplier": 1, **cost}}),
        scenario("stay", {"stay": {"kind": "retention", "hazard_multiplier": 0.5, **cost}}),
        scenario("fill", {"fill": {"kind": "recruitment", "odds_multiplier": 5, **cost}}),
        scenario("longer", months=36),
    ]
    results = experiment.run(scenarios, 40, 1, simulation="compiled", measures=MEASURES)
    return results, compare_levers(results, "base").set_index("scenario")


def test_a_lever_without_effect_costs_what_it_costs_and_brings_nobody(found):
    _, table = found
    row = table.loc["idle"]
    assert row["cost_gbp"] == pytest.approx(24_000, rel=0.001)  # 730 days are less than two years
    assert (row["starters"], row["leavers"], row["fte_years"]) == (0, 0, 0)
    assert row["saved_gbp"] == pytest.approx(0, abs=0.01)
    assert row["net_gbp"] == pytest.approx(-row["cost_gbp"])
    for nothing in ("per_starter_gbp", "per_leaver_kept_gbp", "per_fte_year_gbp", "pays_at"):
        assert math.isnan(row[nothing]), nothing


def test_a_lever_is_divided_by_what_it_adds(found):
    results, table = found
    stay, fill = table.loc["stay"], table.loc["fill"]
    assert stay["leavers"] < -5
    assert fill["starters"] > 2
    assert stay["per_leaver_kept_gbp"] == pytest.approx(-stay["cost_gbp"] / stay["leavers"])
    assert fill["per_starter_gbp"] == pytest.approx(fill["cost_gbp"] / fill["starters"])
    assert math.isnan(fill["per_leaver_kept_gbp"])  # who is hired more may leave more
    gap = results.series("fte_in_post", "stay") - results.series("fte_in_post", "base")
    assert stay["fte_years"] == pytest.approx(gap[:, 1:].sum() / 12 / 40)
    assert stay["fte_years_low"] < stay["fte_years"] < stay["fte_years_high"]
    # fewer campaigns are cheaper, more pay is dearer: what is left is what the whole costs more
    assert stay["net_gbp"] == pytest.approx(stay["saved_gbp"] - stay["cost_gbp"])


def test_scenarios_on_another_time_axis_are_not_levers(found):
    assert list(found[1].index) == ["idle", "stay", "fill"]
