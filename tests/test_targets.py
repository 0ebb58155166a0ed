"""Targets: what is asked, how likely it is, how precisely that is known, how far a miss falls
short.
"""

import math
from typing import Any

import numpy as np
import pytest
from small import document, inputs_of, scenario_of, staffed

from wfmodel.errors import InputError
from wfmodel.experiment import kept
from wfmodel.results import sensitivity, targets
from wfmodel.results.measured import keys_of
from wfmodel.results.results import Results
from wfmodel.results.run import Run

GUESS = {"interval": [0.2, 0.8], "confidence": "low"}
BUDGET = {"budget": {"base": "gross", "staffing_gbp": {2024: 1000}}}


def asked(**target: Any) -> dict[str, Any]:
    """The part of a document with one target, ``goal``."""
    return {"targets": {"goal": {"title": "Goal", "measure": "fte"} | target}}


def made(*changes: Any, months: int = 24, replications: int = 4, **series: Any) -> Run:
    """A run whose measures of the whole council are as given: [replications, months + 1], or one
    for all.
    """
    role = {"probation": {"months": 3, "pass_probability": GUESS}}
    inputs = inputs_of(document(staffed(1, role), *changes, months=months))
    keys = keys_of(inputs, kept(inputs.scenario))
    values = np.full((replications, len(keys), months + 1), np.nan)
    for name, given in series.items():
        values[:, keys.index((name, "council", "all"))] = given
    drawn = [inputs.numbers.draw(1, n)[: len(inputs.numbers.index)] for n in range(replications)]
    return Run(inputs, 1, list(range(replications)), keys, values, np.array(drawn))


def steady(*values: float, months: int = 24) -> np.ndarray:
    """A series for each replication that stays at its value."""
    return np.repeat(np.array(values, dtype=np.float64)[:, None], months + 1, axis=1)


def only(run: Run) -> dict[str, Any]:
    return targets.table(run).to_dict("records")[0]


def test_the_chance_is_that_of_k_plus_2_in_n_plus_4_with_its_error():
    row = only(made(asked(at_most=2.5), fte=steady(1, 2, 3, 4)))
    assert row["met"] == 2
    assert row["replications"] == 4
    assert row["probability"] == 4 / 8
    assert row["se"] == pytest.approx(math.sqrt(0.25 / 8))
    assert row["mean"] == 2.5
    assert row["shortfall_mean"] == pytest.approx((0.5 + 1.5) / 2)


@pytest.mark.parametrize(("bound", "met"), [({"at_most": 3}, 3), ({"at_least": 3}, 2)])
def test_to_reach_the_goal_exactly_is_to_reach_it(bound, met):
    assert only(made(asked(**bound), fte=steady(1, 2, 3, 4)))["met"] == met


def test_rounding_of_a_division_does_not_miss_a_goal():
    run = made(asked(at_most=0.3, relative_to="start"), fte=steady(1, 1, 1, 1))
    run.values[:, run.keys.index(("fte", "council", "all")), -1] = 0.1 + 0.2
    assert only(run)["met"] == 4


def test_a_target_that_every_future_meets_falls_short_nowhere():
    row = only(made(asked(at_least=0), fte=steady(1, 2, 3, 4)))
    assert row["probability"] == 6 / 8
    assert math.isnan(row["shortfall_mean"])


def test_a_stock_is_read_at_its_month_and_relative_to_the_start():
    series = steady(100, 100, 100, 100)
    series[:, 12] = [80, 90, 95, 99]
    row = only(made(asked(at_most=0.9, relative_to="start", month=12), fte=series))
    assert row["met"] == 2
    assert row["value"] == pytest.approx(90)
    assert row["number"] == 0.9
    assert row["month"] == 12


def test_a_flow_is_added_up_over_the_year_to_its_month():
    series = steady(1, 2, 3, 4)
    series[:, 0] = np.nan
    row = only(made(asked(measure="leavers", at_most=24), leavers=series))
    assert row["mean"] == 12 * 2.5
    assert row["met"] == 2
    assert only(made(asked(measure="leavers", at_most=6, month=3), leavers=series))["met"] == 2


def test_first_year_is_what_the_target_reads_at_month_12():
    series = steady(10, 10, 10, 10)
    series[:, 13:] = np.array([[8], [9], [10], [11]])
    row = only(
        made(asked(measure="agency_gbp", at_most=0.9, relative_to="first_year"), agency_gbp=series)
    )
    assert row["met"] == 2
    assert row["value"] == pytest.approx(108)


def test_a_cost_is_set_against_the_budget_of_the_same_months():
    cost, budget = steady(90, 100, 101, 120), steady(100, 100, 100, 100)
    run = made(
        BUDGET, asked(measure="staffing_cost_gbp", at_most=1, relative_to="budget"),
        staffing_cost_gbp=cost, budget_gbp=budget,
    )  # fmt: skip
    row = only(run)
    assert row["met"] == 2
    assert row["shortfall_mean"] == pytest.approx((12 + 240) / 2)


def test_what_is_undefined_neither_meets_nor_misses():
    row = only(
        made(
            asked(measure="redeployment_rate_of_pool", at_least=0.5),
            redeployment_rate_of_pool=np.nan,
        )
    )
    assert row["replications"] == 0
    assert math.isnan(row["probability"])
    series = steady(1, 1, 0, 0)
    series[3] = np.nan
    row = only(
        made(
            asked(measure="redeployment_rate_of_pool", at_least=0.5),
            redeployment_rate_of_pool=series,
        )
    )
    assert (row["met"], row["replications"]) == (2, 3)


def test_an_unknown_goal_is_drawn_with_its_replication():
    run = made(asked(at_most={"interval": [0, 10]}), replications=200, fte=5.0)
    row = only(run)
    assert row["met"] == int((run.drawn("targets.goal.at_most") >= 5).sum())
    assert 0 < row["met"] < 200


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ({"measure": "headcuont"}, "measure 'headcuont' is not known; nearest is headcount"),
        ({"month": 25}, "month 25 is after the horizon, allowed is 0 to 24"),
        (
            {"measure": "mean_pay_gap", "scope": {"service": "front"}},
            "mean_pay_gap has no values by service",
        ),
        (
            {"scope": {"role": "wroker"}},
            "scope.role 'wroker' is not among the roles; nearest is worker",
        ),
        ({"measure": "leavers", "month": 0}, "month must be 1 or more"),
        ({"measure": "turnover", "month": 11}, "month must be 12 or more"),
        (
            {"measure": "leavers", "relative_to": "start"},
            "measure leavers has no value at the start",
        ),
        ({"measure": "agency_gbp", "relative_to": "budget"}, "relative_to budget needs a budget"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_before_a_run(target, what):
    scenario = scenario_of(document(staffed(1), asked(at_most=1, **target), months=24))
    with pytest.raises(InputError) as refused:
        targets.check_targets(scenario)
    assert str(refused.value).startswith("small: targets.goal: ")
    assert what in str(refused.value)


def test_only_a_cost_is_relative_to_the_budget():
    scenario = scenario_of(document(staffed(1), BUDGET, asked(at_most=1, relative_to="budget")))
    with pytest.raises(InputError, match="relative_to budget goes with a cost, fte is not one"):
        targets.check_targets(scenario)


def test_every_mistake_is_told_at_once():
    text = {"targets": {n: {"title": n, "measure": "nothing", "at_most": 1} for n in ("a", "b")}}
    with pytest.raises(InputError) as refused:
        targets.check_targets(scenario_of(document(staffed(1), text)))
    assert len(refused.value.problems) == 2


PATH = "roles.worker.probation.pass_probability"


def test_a_guess_that_decides_a_target_is_flagged():
    run = made(asked(at_least=0.5), replications=400, fte=1.0)
    run.values[:, run.keys.index(("fte", "council", "all")), :] = run.drawn(PATH)[:, None]
    row = sensitivity.target_ranges(run).to_dict("records")[0]
    assert row["input"] == PATH
    assert row["flagged"]
    assert row["at_low"] < 0.1
    assert row["at_high"] > 0.9
    assert (row["low"], row["high"]) == (row["at_low"], row["at_high"])


def test_a_guess_that_decides_nothing_is_not_flagged():
    luck = np.random.default_rng(3).integers(0, 2, 400)
    run = made(asked(at_least=0.5), replications=400, fte=np.repeat(luck[:, None], 25, axis=1))
    ranges = sensitivity.target_ranges(run)
    assert list(ranges["input"]) == [PATH]
    assert not ranges["flagged"].any()


def test_inputs_that_somebody_is_sure_of_make_no_range():
    sure = {
        "roles": {
            "worker": {
                "probation": {"pass_probability": {"interval": [0.2, 0.8], "confidence": "high"}}
            }
        }
    }
    run = made(sure, asked(at_least=0.5), fte=steady(0, 0, 1, 1))
    assert run.unknowns
    assert sensitivity.target_ranges(run).empty


def test_drivers_rank_inputs_by_what_moves_a_measure():
    run = made(asked(at_least=0.5), replications=200, fte=1.0)
    run.values[:, run.keys.index(("fte", "council", "all")), :] = -(run.drawn(PATH)[:, None] ** 3)
    row = Results([run]).drivers("small", "fte").to_dict("records")[0]
    assert row["input"] == PATH
    assert row["correlation"] == pytest.approx(-1)
    assert row["confidence"] == "low"
    assert row["at_low"] > row["at_high"]


def test_a_price_is_never_named_as_what_moves_people():
    from wfmodel.results.measures import MEASURES
    from wfmodel.results.reach import reaches

    salary, demand = "pipelines.entry.cost.salary_gbp", "demand.waste.annual_growth"
    mean = "roles.*.recruitment.time_to_hire_days.varies.gamma.mean"
    assert not reaches(salary, MEASURES["fte"])
    assert reaches(salary, MEASURES["recurring_cost_gbp"])
    assert reaches("policies.offer.supplement_gbp", MEASURES["fte"])
    assert not reaches(demand, MEASURES["fte"])
    assert reaches(demand, MEASURES["fte"], pressed=True)
    assert not reaches("roles.carer.absence.ill.paid_share", MEASURES["fte"])
    assert reaches("roles.carer.absence.ill.paid_share", MEASURES["pay_gbp"])
    assert reaches(demand, MEASURES["capacity_gap"])
    assert all(reaches(mean, MEASURES[name]) for name in ("fte", "agency_gbp", "capacity_gap"))
