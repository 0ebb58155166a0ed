"""Measures: what each counts, on ledgers short enough to work out by hand."""

import datetime as dt

import numpy as np
import pytest
from handmade import MANAGER, SENIOR, WORKER, Story, annual

from wfmodel.results.measures import FLOW, MEASURES, ROLLING, measure
from wfmodel.units import DAY

YEAR_LONG = {"horizon": {"months": 13}}
BUDGET = {"budget": {"base": "gross", "on_costs": {"pension": 0.2, "other": 0.01}}}


def days(story: Story, month: int) -> int:
    """Seconds of a month."""
    starts = story.inputs.calendar.month_starts
    return int(starts[month] - starts[month - 1])


def year(story: Story, month: int = 12) -> int:
    starts = story.inputs.calendar.month_starts
    return int(starts[month] - starts[month - 12])


@pytest.mark.parametrize("name", list(MEASURES))
def test_every_measure_says_what_it_is(name):
    one = MEASURES[name]
    assert one.definition.endswith(".")
    assert one.title
    assert one.unit
    assert "council" in one.dimensions
    assert one.kind in ("stock", FLOW, ROLLING, "ratio")


def test_an_unknown_measure_names_the_nearest():
    with pytest.raises(KeyError, match="headcount"):
        measure("headcuont")


def test_what_covers_a_year_is_undefined_before_month_12():
    story = Story(months=13)
    person, post = story.holder()
    story.holder()
    story.leaves("2024-04-10", person, post)
    for name in ("turnover", "turnover_dfe", "stability_index", "redeployment_rate_of_leavers"):
        values = story.values(name)
        assert np.isnan(values[:12]).all(), name
        assert np.isfinite(values[12]), name


def test_turnover_divides_by_the_mean_of_the_stock_by_the_second():
    story = Story(months=12)
    person, post = story.holder()
    for _ in range(3):
        story.holder()
    story.leaves("2024-10-01", person, post)
    whole = year(story)
    here = story.at("2024-10-01")
    assert story.values("turnover")[12] == pytest.approx(1 / ((3 * whole + here) / whole))
    assert story.values("turnover_dfe")[12] == pytest.approx(1 / 3)


def test_redundancies_are_leavers_and_transfers_are_not():
    story = Story(months=1)
    for kind in ("voluntary_exit", "transferred_out"):
        person, post = story.holder()
        story.move("2024-04-10", kind, person, post, source=story.cell(WORKER), target=-1)
    person, post = story.holder()
    story.at_risk("2024-04-05", person, post)
    story.move(
        "2024-04-20",
        "redundant",
        person,
        source=story.cell(WORKER),
        target=-1,
        cause="unreasonable_refusal",
    )
    assert story.values("leavers")[1] == 2
    assert story.values("voluntary_exits")[1] == 1
    assert story.values("redundancies_compulsory")[1] == 1
    assert story.values("transferred_out")[1] == 1
    assert story.values("resignations")[1] == 0


def test_headcount_is_its_opening_and_what_joins_less_what_goes():
    story = Story(months=1)
    person, post = story.holder()
    story.starts("2024-04-03", story.post())
    story.leaves("2024-04-10", person, post, "retirement")
    new = story.post(new=True)
    story.move("2024-04-11", "post_created", post=new, target=story.cell(WORKER))
    story.move(
        "2024-04-11", "transferred_in", story.person(), new, source=-1, target=story.cell(WORKER)
    )
    flows = {
        n: story.values(n)[1]
        for n in ("starters", "transferred_in", "intake_outside", "leavers", "transferred_out")
    }
    assert flows == {
        "starters": 1,
        "transferred_in": 1,
        "intake_outside": 0,
        "leavers": 1,
        "transferred_out": 0,
    }
    assert story.values("headcount").tolist() == [1, 2]
    assert story.values("leavers_retirement")[1] == 1


def test_stability_counts_those_still_employed_wherever_they_moved():
    story = Story({"run": {"detail": ["council", "service", "role"]}}, months=12)
    mover, post = story.holder()
    story.holder()
    leaver, left = story.holder()
    better = story.post(SENIOR)
    story.move(
        "2024-06-10",
        "promoted",
        mover,
        better,
        source=story.cell(WORKER),
        target=story.cell(SENIOR),
        from_post=post,
    )
    story.leaves("2024-08-10", leaver, left)
    assert story.values("stability_index")[12] == pytest.approx(2 / 3)
    assert story.values("stability_index", "role", WORKER)[12] == pytest.approx(2 / 3)


def test_the_share_filled_from_inside_takes_failed_trials_off():
    story = Story(months=2)
    person, post = story.holder()
    goal, other = story.post(), story.post()
    cell = story.cell(WORKER)
    story.starts("2024-04-03", other)
    story.at_risk("2024-04-04", person, post)
    story.move("2024-04-10", "redeployed", person, goal, source=cell, target=cell)
    assert story.values("internal_fill_share")[1] == 0.5
    assert story.values("redeployment_fill_share")[1] == 0.5
    story.move("2024-05-10", "trial_failed", person, goal, source=cell, target=cell)
    assert story.values("internal_fill_share")[2] == 0
    assert story.values("redeployment_rate_of_pool")[1:].tolist() == [1, 0]


def test_redeployed_are_set_against_leavers_of_the_same_year():
    story = Story(months=12)
    cell = story.cell(WORKER)
    for _ in range(3):
        person, post = story.holder()
        story.at_risk("2024-05-04", person, post)
        story.move("2024-05-10", "redeployed", person, story.post(), source=cell, target=cell)
    for _ in range(2):
        story.leaves("2024-06-10", *story.holder())
    assert story.values("redeployment_rate_of_leavers")[12] == 1.5


def test_experience_and_age_are_read_on_the_day():
    story = Story(months=2)
    story.holder(born="1999-05-02", served="2022-05-01")  # two years on the second month end
    story.holder(born="1969-05-01", served="2010-01-01")  # 55 on the first month end
    story.holder(born="1962-06-01", served="2010-01-01")  # 62 on the second
    assert story.values("share_under_2_years").tolist() == [pytest.approx(1 / 3), 0, 0]
    assert story.values("share_55_and_over").tolist() == [pytest.approx(x / 3) for x in (1, 2, 2)]
    assert story.values("share_under_25").tolist() == [pytest.approx(x / 3) for x in (1, 1, 0)]
    assert story.values("retirements_due").tolist() == [0, 0, 1]


def test_representation_is_among_those_who_stated_it():
    story = Story(
        {"targets": {"t": {"title": "t", "measure": "female_share_grade_6", "at_least": 0.5}}},
        months=1,
    )
    story.holder(sex=0, ethnicity=0, disability=0)
    story.holder(sex=1, ethnicity=1)
    story.holder(ethnicity=1)
    story.holder(SENIOR, sex=1)
    story.holder(MANAGER, sex=0)
    assert story.values("female_share")[0] == 0.5
    assert story.values("ethnic_minority_share")[0] == pytest.approx(1 / 3)
    assert story.values("disabled_share")[0] == 1
    assert story.values("female_share_managers")[0] == 1
    assert story.values("female_share_grade_6")[0] == 0.5


def test_pay_gaps_compare_hourly_pay_of_men_and_women():
    story = Story(months=1)
    for role, sex, fte in (
        (WORKER, 0, 50),
        (WORKER, 0, 100),
        (MANAGER, 0, 100),
        (SENIOR, 1, 100),
        (MANAGER, 1, 60),
    ):
        story.holder(role, sex=sex, fte=fte)
    # men 36 and 60 thousand, women 24, 24 and 60
    assert story.values("mean_pay_gap")[0] == pytest.approx((48 - 36) / 48)
    assert story.values("median_pay_gap")[0] == pytest.approx((48 - 24) / 48)


def test_a_pay_gap_without_men_is_undefined():
    story = Story(months=1)
    story.holder(sex=0)
    assert np.isnan(story.values("mean_pay_gap")).all()
    assert np.isnan(story.values("median_pay_gap")).all()


def test_span_and_succession_count_managers_posts_and_feeding_roles():
    story = Story(months=1)
    for role in (WORKER, WORKER, SENIOR, MANAGER):
        story.holder(role)
    story.post(MANAGER)
    assert story.values("span_of_control")[0] == 3
    assert story.values("succession_cover")[0] == 0.5


def test_pay_is_by_the_second_in_post_and_rises_with_awards():
    story = Story(
        BUDGET,
        {
            "budget": {
                "pay_award": {2024: 0.5, 2025: 0.1},
                "on_costs": {"national_insurance": False},
            }
        },
        months=13,
    )
    person, post = story.holder(fte=50)
    story.holder(MANAGER, member=False)
    story.leaves("2024-04-11", person, post, fte=50)
    pay = story.values("pay_gbp")
    assert pay[1] == pytest.approx(
        annual(60_000, days(story, 1)) + annual(12_000, 10 * DAY), abs=1e-6
    )
    assert pay[13] == pytest.approx(1.1 * annual(60_000, days(story, 13)), abs=1e-6)
    # the award of the opening year is in the opening pay points already
    assert pay[12] == pytest.approx(annual(60_000, days(story, 12)), abs=1e-6)
    on_costs = story.values("on_costs_gbp")
    assert on_costs[1] == pytest.approx(0.01 * pay[1] + 0.2 * annual(12_000, 10 * DAY), abs=1e-6)
    assert on_costs[13] == pytest.approx(0.01 * pay[13], abs=1e-6)


def test_national_insurance_follows_the_rules_of_its_year():
    story = Story(BUDGET, {"budget": {"on_costs": {"pension": 0, "other": 0}}}, months=13)
    story.holder()
    found = story.values("on_costs_gbp")
    assert found[1] == pytest.approx(annual((24_000 - 9_100) * 0.138, days(story, 1)), abs=0.01)
    assert found[13] == pytest.approx(annual((24_000 - 5_000) * 0.15, days(story, 13)), abs=0.01)


def test_agency_costs_what_is_stated_or_pay_with_a_premium():
    story = Story(
        {"roles": {SENIOR: {"agency": {"cover_probability": 1, "annual_cost_gbp": 80_000}},
                   MANAGER: {"agency": {"cover_probability": 1, "premium": 0.5}}},
         "workforce": {"agency_uses": {"team": {"service": "front", "role": WORKER,
         "reason": "managed_team",
                                                "fte": 2, "annual_cost_gbp": 30_000}}}},
        months=2,
    )  # fmt: skip
    senior, manager = story.post(SENIOR), story.post(MANAGER)
    story.move(
        0, "agency_start", target=story.cell(WORKER), cause="managed_team", fte=200, assignment=0
    )
    story.move(
        "2024-05-02",
        "agency_start",
        post=senior,
        target=story.cell(SENIOR),
        cause="vacancy",
        fte=50,
    )
    story.move(
        "2024-05-11",
        "agency_start",
        post=manager,
        target=story.cell(MANAGER),
        cause="vacancy",
        fte=100,
    )
    story.move(
        "2024-05-12", "agency_end", post=senior, target=story.cell(SENIOR), cause="vacancy", fte=50
    )
    cost = story.values("agency_gbp")
    assert cost[1] == pytest.approx(annual(60_000, days(story, 1)), abs=1e-6)
    covered = annual(40_000, 10 * DAY) + annual(90_000, 21 * DAY)
    assert cost[2] == pytest.approx(annual(60_000, days(story, 2)) + covered, abs=1e-6)


def test_one_off_costs_are_counted_when_they_fall_due():
    policy = {"kind": "redeployment", "match_threshold": 0.5, "accept_probability": 1,
    "trial_pass_probability": 1,
              "retraining_cost_gbp": 700, "one_off_cost_gbp": 50, "annual_cost_gbp": 1_000,
              "start": dt.date(2024, 5, 1)}  # fmt: skip
    event = {
        "kind": "delete",
        "posts": 1,
        "implemented": dt.date(2024, 5, 1),
        "one_off_cost_gbp": 9,
    }
    story = Story(
        {
            "roles": {WORKER: {"recruitment": {"cost_gbp": 400}}},
            "policies": {"again": policy},
            "change_events": {"cut": event},
        },
        months=2,
    )
    cell, goal = story.cell(WORKER), story.post()
    first, post = story.holder(member=False)
    second, other = story.holder(member=False)
    story.move("2024-04-10", "post_advertised", post=goal, target=cell)
    story.at_risk("2024-05-02", first, post)
    story.at_risk("2024-05-02", second, other)
    story.move("2024-05-03", "redeployed", first, goal, source=cell, target=cell)
    story.move("2024-05-20", "redundant", second, source=cell, target=-1, note=12_345_67)
    assert story.values("recruitment_gbp")[1:].tolist() == [400, 0]
    assert story.values("redundancy_gbp")[1:].tolist() == [0, 12_345.67]
    assert story.values("training_gbp")[1:].tolist() == [0, 700]
    assert story.values("change_gbp")[1:].tolist() == [0, 59]
    assert story.values("policies_gbp")[1:].tolist() == [
        0,
        pytest.approx(annual(1_000, days(story, 2))),
    ]
    assert story.values("one_off_cost_gbp")[2] == pytest.approx(12_345.67 + 700 + 59)


def test_strain_is_paid_for_members_old_enough_and_long_enough():
    event = {
        "kind": "delete",
        "posts": 3,
        "implemented": dt.date(2024, 4, 1),
        "terms": {"strain_factor": 2},
    }
    story = Story({"change_events": {"cut": event}}, months=1)
    cell = story.cell(WORKER)
    old = {"born": "1967-04-20", "served": "2004-04-20"}
    for about in (
        old,
        old | {"member": False},
        {"born": "1975-01-01"},
        old | {"served": "2023-01-01"},
    ):
        person, post = story.holder(**about)
        story.at_risk("2024-04-01", person, post)
        story.move("2024-04-20", "redundant", person, source=cell, target=-1)
    years = (dt.date(2024, 4, 20) - dt.date(2004, 4, 20)).days / 365.25
    early = (dt.date(2034, 4, 20) - dt.date(2024, 4, 20)).days / 365.25
    assert story.values("pension_strain_gbp")[1] == pytest.approx(
        24_000 * years / 49 * early * 2, abs=0.01
    )


def test_protection_keeps_the_better_pay_for_its_months():
    policy = {"kind": "redeployment", "match_threshold": 0.5, "accept_probability": 1,
    "trial_pass_probability": 1,
              "protection_months": 1}  # fmt: skip
    story = Story({"policies": {"again": policy}}, months=3)
    senior, worker = story.cell(SENIOR), story.cell(WORKER)
    person, post = story.holder(SENIOR)
    story.at_risk("2024-04-10", person, post)
    story.move(
        "2024-05-01", "redeployed", person, story.post(), source=senior, target=worker, fte=50
    )
    protected = story.values("protection_gbp")
    assert protected[1:].sum() == pytest.approx(12_000 / 12 / 2, abs=1e-6)
    assert protected[1] == 0
    assert story.values("pay_gbp")[3] == pytest.approx(annual(12_000, days(story, 3)), abs=1e-6)


def test_the_budget_is_the_establishment_less_its_vacancy_factor_then_reduced():
    story = Story(
        {
            "budget": {
                "base": "gross",
                "vacancy_factor": 0.1,
                "annual_reduction": 0.05,
                "pay_award": {2025: 0.02},
            }
        },
        months=13,
    )
    story.holder()
    story.post(MANAGER)
    whole = 24_000 + 60_000
    budget = story.values("budget_gbp")
    assert budget[1] == pytest.approx(annual(whole * 0.9, days(story, 1)))
    assert budget[13] == pytest.approx(annual(whole * 0.9 * 1.02 * 0.95, days(story, 13)))
    assert story.values("budget_variance_gbp")[1] == pytest.approx(
        annual(24_000, days(story, 1)) - budget[1]
    )


def test_who_moves_in_the_first_second_is_still_in_the_opening_figures():
    def told(moves: bool) -> Story:
        story = Story({"budget": {"base": "gross"}}, months=1)
        for sex in (0, 1):
            person, post = story.holder(sex=sex)
        better = story.post(MANAGER)
        if moves:
            story.move(
                0, "promoted", person, better, source=story.cell(WORKER),
                target=story.cell(MANAGER), from_post=post,
            )  # fmt: skip
        return story

    assert told(True).values("budget_gbp")[1] == told(False).values("budget_gbp")[1] > 0
    assert told(True).values("mean_pay_gap").tolist() == [0, pytest.approx(0.6)]


def test_a_stated_budget_is_spread_over_its_year_and_services():
    story = Story(
        {"budget": {"base": "gross", "staffing_gbp": {2024: 365_000, 2025: 730_000}}}, months=13
    )
    story.holder()
    story.holder(MANAGER, "back")
    assert story.values("budget_gbp")[1] == pytest.approx(30_000)
    assert story.values("budget_gbp")[13] == pytest.approx(60_000)
    assert story.values("budget_gbp")[1:13].sum() == pytest.approx(365_000)
    assert story.values("budget_gbp", "service", "back")[1] == pytest.approx(30_000 * 60 / 84)


def test_without_a_budget_there_is_none():
    story = Story(months=1)
    story.holder()
    assert np.isnan(story.values("budget_gbp")).all()
    assert np.isfinite(story.values("staffing_cost_gbp")[1])


def test_capacity_weighs_experience_sickness_and_agency_against_demand():
    story = Story(
        {"roles": {WORKER: {"experience": {0: 0.5, 2: 1}, "sickness": {"stress": 2.53,
        "other": 22.77},
                            "agency": {"cover_probability": 1, "capacity": 0.8}}},
         "demand": {"front": {"fte": {dt.date(2024, 4, 1): 10, dt.date(2024, 5, 1): 12},
         "shift_cover": 1.5}}},
        months=1,
    )  # fmt: skip
    story.holder(served="2022-05-01")
    story.holder()
    story.holder(SENIOR, "back")
    story.move(0, "agency_start", target=story.cell(WORKER), cause="casual", fte=100, assignment=0)
    front = story.values("effective_capacity", "service", "front")
    assert front.tolist() == [pytest.approx(x * 0.9 + 0.8) for x in (1.5, 2.0)]
    assert story.values("required_fte").tolist() == [15, 18]
    assert story.values("capacity_gap").tolist() == [
        pytest.approx(15 - front[0]),
        pytest.approx(18 - front[1]),
    ]
    assert np.isnan(story.values("capacity_gap", "service", "back")).all()
    months = days(story, 1) / 31_557_600
    assert story.values("absence_days")[1] == pytest.approx(2 * 25.3 * months)
    assert story.values("absence_stress_days")[1] == pytest.approx(2 * 2.53 * months)


def test_demand_by_cases_and_by_growth():
    cases = {"cases": {dt.date(2024, 4, 1): 300}, "cases_per_fte": 20}
    assert Story({"demand": {"front": cases}}, months=1).values("required_fte").tolist() == [15, 15]
    grown = Story({"demand": {"front": {"annual_growth": 0.1}}}, months=12).values("required_fte")
    assert grown[0] == 1
    assert grown[12] == pytest.approx(1.1, rel=1e-3)


def test_trainees_are_counted_from_intake_to_staying():
    pipeline = {"service": "front", "target_role": SENIOR, "trainee_role": WORKER,
                "intake": {"every_months": 12, "size": 1}, "supervision": {"roles": [MANAGER]},
                "stages": [{"name": "s", "months": 2, "completion_probability": 1,
                "supervision": 1, "off_the_job": 0.2}],
                "conversion": {"share": 1}, "cost": {"fee_gbp": 1200, "one_off_gbp": 100,
                "salary_gbp": 12_000},
                "newly_qualified": {"months": 6, "capacity": 0.7}}  # fmt: skip
    story = Story(
        {
            "pipelines": {"grow": pipeline},
            "roles": {MANAGER: {"supervises": 4, "supervision_load": 0.1}},
        },
        months=16,
    )
    cell, goal = story.cell(WORKER), story.cell(SENIOR)
    story.holder(MANAGER)
    people = [story.person() for _ in range(3)]
    for person in people:
        story.move("2024-04-02", "intake", person, source=-1, target=cell, cause="outside")
    story.move("2024-05-20", "dropped_out", people[2], source=cell, target=-1, cause="outside")
    for person in people[:2]:
        story.move(
            "2024-06-02",
            "qualified",
            person,
            source=cell,
            target=cell,
            cause="compete",
            fte=0,
            head=0,
        )
        post = story.post(SENIOR)
        story.move(
            "2024-06-02", "moved_sideways", person, post, source=cell, target=goal, cause="trainee"
        )
    story.leaves("2024-09-02", people[0], 1)
    assert story.values("pipeline_intake")[1:4].tolist() == [3, 0, 0]
    assert story.values("pipeline_dropped_out")[1:4].tolist() == [0, 1, 0]
    assert story.values("leavers_training")[2] == 1
    assert story.values("pipeline_converted")[3] == 2
    assert story.values("pipeline_in_training", "pipeline", "grow")[:4].tolist() == [0, 3, 2, 0]
    assert story.values("supervisor_use")[:4].tolist() == [0, 0.75, 0.5, 0]
    kept = story.values("pipeline_retained_12_months")
    assert np.isnan(kept[14])
    assert kept[15] == 0.5
    capacity = story.values("effective_capacity")
    assert capacity[1] == pytest.approx(1 + 3 * 0.8 - 3 * 0.1)
    assert capacity[3] == pytest.approx(1 + 2 * 0.7)
    fees = [
        3 * annual(7_200, 29 * DAY) + 300,
        annual(7_200, 31 * DAY) * 2 + annual(7_200, 19 * DAY),
    ]
    assert story.values("training_gbp")[1:3].tolist() == [pytest.approx(x, abs=0.01) for x in fees]
    assert story.values("trainee_pay_gbp")[1] == pytest.approx(
        3 * annual(12_000, 29 * DAY), abs=1e-6
    )


def test_pay_is_kept_by_what_funds_the_post():
    story = Story(months=1)
    story.inputs.fundings = ("general_fund", "hra")
    for funding in (0, 1, 1):
        post = story.post(funding=funding)
        story.opens(story.person(), post)
    month = annual(24_000, days(story, 1))
    assert story.values("pay_gbp", "funding", "hra")[1] == pytest.approx(2 * month, abs=1e-6)
    assert story.values("pay_gbp", "funding", "general_fund")[1] == pytest.approx(month, abs=1e-6)
    assert story.values("headcount", "funding", "hra")[0] == 2
