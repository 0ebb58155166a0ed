"""Comparison: differences on common luck, and refusals where the luck is not common."""

import numpy as np
import pytest
from small import document, scenario_of, staffed

from wfmodel import experiment
from wfmodel.errors import InputError

ROLE = {"attrition": {"resignation": {"annual_hazard": 0.5}}, "salary_gbp": 30_000,
        "recruitment": {"time_to_hire_days": 60}}  # fmt: skip
GOAL = {"targets": {"goal": {"title": "Goal", "measure": "fte", "at_least": 18}}}


def scenario(name="base", *changes, **about):
    return scenario_of(
        document(staffed(20, ROLE), GOAL, {"name": name}, *changes, months=12, **about)
    )


MORE = {"change_events": {"more": {"kind": "create", "implemented": "2024-04-01",
                                   "create": [{"service": "front", "role": "worker",
                                   "posts": 3}]}}}  # fmt: skip


@pytest.fixture(scope="module")
def results():
    again = scenario("again")
    more = scenario("more", MORE)
    return experiment.run([scenario(), again, more], replications=30, seed=5)


def test_a_scenario_that_changes_nothing_differs_by_exactly_zero(results):
    table = results.compare("again", to="base").table()
    known = table.dropna(subset=["difference"])
    assert len(known) > 500
    assert (known[["difference", "p10", "p90", "share_higher"]] == 0).all(axis=None)
    assert np.array_equal(results.run("base").values, results.run("again").values, equal_nan=True)


def test_differences_are_paired_by_replication(results):
    found = results.compare("more", to="base")
    gap = results.series("establishment_fte", "more") - results.series("establishment_fte", "base")
    assert np.array_equal(found.difference("establishment_fte"), gap)
    row = found.at(12).set_index("measure").loc["establishment_fte"]
    assert (row["base"], row["alternative"], row["difference"]) == (20, 23, 3)
    assert (row["p10"], row["p90"], row["se"], row["share_higher"]) == (3, 3, 0, 1)
    fte = found.at(12).set_index("measure").loc["fte"]
    assert fte["difference"] == pytest.approx(fte["alternative"] - fte["base"])
    own = found.difference("fte")[:, 12]
    assert fte["se"] == pytest.approx(own.std(ddof=1) / np.sqrt(30))
    assert fte["share_higher"] == (own > 0).mean()


def test_chances_of_common_targets_are_set_side_by_side(results):
    table = results.compare("more", to="base").probabilities.set_index("name")
    base, more = (
        results.targets(n).set_index("name").loc["goal", "probability"] for n in ("base", "more")
    )
    assert table.loc["goal", "base"] == base
    assert table.loc["goal", "alternative"] == more
    assert table.loc["goal", "difference"] >= 0


def test_a_month_outside_the_run_is_refused(results):
    with pytest.raises(InputError, match="month 13 is outside the run, allowed is 0 to 12"):
        results.compare("more", to="base").at(month=13)


def test_runs_on_other_luck_are_refused(results):
    other = experiment.run([scenario("other")], replications=30, seed=6)
    fewer = experiment.run([scenario("fewer")], replications=29, seed=5)
    shorter = experiment.run(
        [scenario_of(document(staffed(20, ROLE), months=6))], replications=30, seed=5
    )
    for one, what in (
        (other, "seeds differ"),
        (fewer, "replications differ"),
        (shorter, "horizons differ"),
    ):
        joined = type(results)([results.run("base"), one.run()])
        with pytest.raises(InputError, match=what):
            joined.compare(one.scenarios[0], to="base")


def test_an_unknown_scenario_names_the_nearest(results):
    with pytest.raises(InputError, match="scenario 'mroe' is not here; nearest is more"):
        results.compare("mroe", to="base")


def test_results_and_comparisons_show_themselves(results):
    assert "Goal" in results._repr_html_()
    assert "Establishment" in results.compare("more", to="base")._repr_html_()
