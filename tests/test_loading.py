"""The opening workforce is made once for as long as nothing that it depends on changes."""

from pathlib import Path

import pytest
from small import document, scenario_of

from wfmodel.errors import InputError
from wfmodel.scenario.reading import load_scenario
from wfmodel.workforce import load_workforce

PLAN = Path(__file__).parent.parent / "scenarios" / "colchester" / "fit_for_the_future.yaml"


def test_a_lever_that_does_not_touch_the_opening_workforce_leaves_it_as_it_is():
    one = load_workforce(load_scenario(PLAN))
    other = load_workforce(load_scenario(PLAN, {"policies.hold_a_third.share": 0.2}))
    assert other is one


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("workforce.seed", 2),
        ("horizon.start", "2024-05-01"),
        ("roles.ict_analyst.skills", {"law": 1}),
    ],
)
def test_whatever_the_opening_workforce_depends_on_makes_another(path, value):
    one = load_workforce(load_scenario(PLAN))
    assert load_workforce(load_scenario(PLAN, {path: value})) is not one


def test_a_file_that_has_changed_is_read_again(tmp_path):
    years = tmp_path / "years.txt"
    text = {
        "workforce": {
            "groups": {
                "a": {"service": "front", "role": "worker", "posts": 2,
                      "service_years_file": str(years)}
            }
        },
    }  # fmt: skip
    years.write_text("1\n2\n")
    first = load_workforce(scenario_of(document(text)))
    years.write_text("10\n20\n")
    second = load_workforce(scenario_of(document(text)))
    assert first.people["service_start"].tolist() != second.people["service_start"].tolist()
    years.unlink()
    with pytest.raises(InputError):
        load_workforce(scenario_of(document(text)))
