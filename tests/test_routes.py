"""Ways in: counted from ledgers, in agreement with the measures, and each with its cost."""

import math

import numpy as np
import pytest
from small import document, scenario_of, staffed

from wfmodel import experiment
from wfmodel.analysis import follow_routes
from wfmodel.errors import InputError

ROLE = {
    "attrition": {"resignation": {"annual_hazard": 0.25}},
    "salary_gbp": 30_000,
    "recruitment": {
        "time_to_hire_days": 30, "fill_probability": 0.5, "cost_gbp": 600,
        "starters": {"routes": {"experienced": 0.7, "returner": 0.3}},
    },
}  # fmt: skip
TRAINED = {
    "pipelines": {
        "academy": {
            "service": "front",
            "title": "The academy",
            "target_role": "worker",
            "intake": {"months": [9], "size": 6},
            "stages": [{"name": "first", "months": 12, "completion_probability": 0.5}],
            "conversion": {"share": 1, "mode": "guaranteed"},
            "cost": {"fee_gbp": 1_000, "one_off_gbp": 500, "salary_gbp": 0},
        }
    }
}


@pytest.fixture(scope="module")
def results():
    small = scenario_of(document(staffed(60, ROLE), TRAINED, months=60))
    return experiment.run(small, 25, 1, simulation="compiled", keep_ledgers=True)


def test_who_came_by_a_pipeline_is_who_it_converted(results):
    table = follow_routes(results).set_index("route")
    assert set(table.index) == {"experienced", "returner", "academy"}
    assert table.loc["academy", "title"] == "The academy"
    converted = np.nansum(results.series("pipeline_converted", None, "pipeline", "academy"), axis=1)
    assert table.loc["academy", "joined"] == pytest.approx(converted.mean())
    for route in ("experienced", "returner"):
        came = np.nansum(results.series(f"starters_{route}"), axis=1).mean()
        assert table.loc[route, "joined"] == pytest.approx(came)


def test_who_is_still_here_is_as_the_measure_says(results):
    for number in range(3):
        alone = experiment.run(
            results.scenario(), [number], 1, simulation="compiled", keep_ledgers=True
        )
        table = follow_routes(alone).set_index("route")
        for months in (12, 24, 36):
            name = f"pipeline_retained_{months}_months"
            measured = alone.series(name, None, "pipeline", "academy")[0, -1]
            assert table.loc["academy", f"kept_{months}"] == pytest.approx(measured)


def test_fewer_are_left_later_and_each_of_those_cost_more(results):
    table = follow_routes(results).set_index("route")
    for _, row in table.iterrows():
        assert row["kept_12"] > row["kept_24"] > row["kept_36"] > 0
        assert row["low_24"] <= row["kept_24"] <= row["high_24"]
        both = row["cost_gbp"] + row["time_gbp"]
        assert row["cost_24_gbp"] == pytest.approx(both / row["kept_24"])


def test_one_who_took_a_post_paid_also_for_those_who_did_not_finish(results):
    table = follow_routes(results).set_index("route")
    ended = sum(
        np.nansum(results.series(f"pipeline_{what}", None, "pipeline", "academy"))
        for what in ("qualified", "dropped_out")
    )
    joined = table.loc["academy", "joined"] * 25
    assert table.loc["academy", "cost_gbp"] == pytest.approx(1_500 * ended / joined)
    campaigns = np.nansum(results.series("recruitment_gbp")) / np.nansum(results.series("starters"))
    assert table.loc["experienced", "cost_gbp"] == pytest.approx(campaigns)


def test_an_agency_worker_who_stays_is_the_cost_of_a_policy(results):
    agency = {"agency": {"cover_probability": 1, "conversion": {"annual_hazard": 2}}}
    small = scenario_of(document(staffed(60, {**ROLE, **agency}), months=36))
    ran = experiment.run(small, 5, 1, simulation="compiled", keep_ledgers=True)
    row = follow_routes(ran).set_index("route").loc["agency_to_permanent"]
    assert row["joined"] > 0
    assert math.isnan(row["cost_gbp"])


def test_without_ledgers_nobody_can_be_followed():
    small = scenario_of(document(staffed(5, ROLE), months=12))
    with pytest.raises(InputError, match="no ledgers were kept"):
        follow_routes(experiment.run(small, 1))


def test_where_nobody_came_there_is_nobody_to_follow():
    still = scenario_of(document(staffed(5, {"salary_gbp": 30_000}), months=12))
    ran = experiment.run(still, 2, keep_ledgers=True)
    assert follow_routes(ran).empty
