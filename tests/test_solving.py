"""Finding a value: where a lever meets a target with a chance, or that none of its range does."""

import numpy as np
import pytest
from exploring import small

import wfmodel as wf
from wfmodel.analysis import solving
from wfmodel.analysis.solving import Tried
from wfmodel.errors import InputError
from wfmodel.scenario.reading import load_scenario

SHARE = "policies.hold.share"
FUTURES = 200


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(small(tmp_path_factory.mktemp("solving")))


def chance_at(scenario, path, value, target="fewer"):
    changed = load_scenario(scenario.path, {path: value})
    run = wf.run(changed, FUTURES, simulation="compiled", measures=())
    return float(run.targets().set_index("name").loc[target, "probability"])


def test_at_the_value_found_the_target_has_the_chance_and_just_beside_it_has_not(scenario):
    found = wf.find_value(scenario, SHARE, "fewer", 0.8, within=(0, 1), replications=FUTURES)
    assert found.reached
    assert chance_at(scenario, SHARE, found.value) >= 0.8
    assert chance_at(scenario, SHARE, found.value - 1 / 1024) < 0.8
    assert found.low <= found.value <= found.high
    assert found.low < found.high


def test_uncertainty_shrinks_with_replications(scenario):
    few, many = (
        wf.find_value(scenario, SHARE, "fewer", 0.6, within=(0, 1), replications=n)
        for n in (50, 400)
    )
    assert many.high - many.low < few.high - few.low


def test_what_no_value_of_the_range_reaches_is_said_to_be_out_of_reach(scenario):
    found = wf.find_value(scenario, SHARE, "fewer", 0.9, within=(0, 0.05), replications=50)
    assert not found.reached
    assert found.value is None
    assert found.best.probability == max(t.probability for t in found.tried) < 0.9
    assert "cannot be reached within the range" in str(found)
    assert "cannot be reached within the range" in found._repr_html_()


def test_a_whole_number_stays_one_and_a_range_is_taken_from_the_interval(scenario):
    seen = []
    found = wf.find_value(scenario, "pipelines.grow.intake.size", "cost", 0.01, (1, 6), 20,
                          told=seen.append)  # fmt: skip
    assert [type(one) for one in seen] == [Tried] * len(found.tried)
    inner = wf.find_value(scenario, "roles.*.recruitment.fill_probability", "fewer", 0.2,
                          replications=20)  # fmt: skip
    assert (inner.tried[0].value, inner.tried[-1].value) == (0.5, 0.85)
    coaches = wf.find_value(scenario, "policies.move.coaches", "cost", 0.05, (0, 3), 20)
    assert all(t.value == int(t.value) for t in coaches.tried)


@pytest.mark.parametrize(
    ("peak", "wanted", "expected"), [(0.5, 0.75, 0.25), (1.0, 0.5, 0.5), (0.0, 0.5, 0.5)]
)
def test_a_chance_that_rises_and_falls_is_followed_from_its_best_to_its_worse_end(
    scenario, monkeypatch, peak, wanted, expected
):
    def roof(search, value):
        slope = 1.0 if peak in (0.0, 1.0) else (1.0 if value < peak else 0.2)
        return Tried(value, 1 - slope * abs(value - peak), 0.0)

    monkeypatch.setattr(solving._Search, "_try", roof)
    found = wf.find_value(scenario, SHARE, "fewer", wanted, within=(0, 1))
    assert found.value == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(
    ("lever", "target", "chance", "within", "said"),
    [
        (SHARE, "fewr", 0.8, (0, 1), "has no 'fewr', the nearest is fewer"),
        ("policies.nothing.share", "fewer", 0.8, (0, 1), "is not given in the scenario"),
        (SHARE, "fewer", 1.0, (0, 1), "allowed is above 0 and below 1"),
        (SHARE, "fewer", 0.8, None, "has no interval"),
        (SHARE, "fewer", 0.8, (1, 0), "is no range"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(scenario, lever, target, chance, within, said):
    with pytest.raises(InputError, match=said) as caught:
        wf.find_value(scenario, lever, target, chance, within=within)
    assert "\n" not in str(caught.value)


def test_the_same_question_has_the_same_answer(scenario):
    first, second = (
        wf.find_value(scenario, SHARE, "fewer", 0.7, within=(0, 1), replications=60)
        for _ in range(2)
    )
    assert first == second
    assert np.all(np.diff(first.table["value"]) > 0)


def test_other_levers_stand_as_they_are_said_to(scenario):
    alone = wf.find_value(scenario, SHARE, "fewer", 0.7, within=(0, 1), replications=60)
    leaving = {"roles.*.attrition.resignation.annual_hazard": 0.5}
    more = wf.find_value(scenario, SHARE, "fewer", 0.7, (0, 1), 60, overrides=leaving)
    assert more.value < alone.value
