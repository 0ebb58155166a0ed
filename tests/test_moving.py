"""Two runs compared: what moved is named, with the assumption that moved it, and nothing more."""

import copy

import numpy as np
import pandas as pd
import pytest
from small import document, staffed

from wfmodel import experiment
from wfmodel.analysis.attribution import AGAIN, SINCE, TOGETHER, attribution
from wfmodel.analysis.steps import steps
from wfmodel.batch.moving import compare_folders
from wfmodel.cli import main
from wfmodel.errors import InputError
from wfmodel.results import store
from wfmodel.scenario.schema import Scenario

ROLE = {
    "attrition": {"resignation": {"annual_hazard": 0.3}},
    "salary_gbp": 30_000,
    "recruitment": {"time_to_hire_days": 60, "fill_probability": 0.7},
}


def base() -> dict:
    """Twenty posts of one role, and a target."""
    out = document(staffed(20, ROLE), months=24)
    out["targets"] = {"fewer": {"title": "Fewer", "measure": "fte", "at_most": 15}}
    return out


def changed(**at) -> dict:
    """The same with values at dotted paths (``__`` for a dot) changed."""
    out = copy.deepcopy(base())
    for path, value in at.items():
        *above, last = path.split("__")
        inner = out
        for key in above:
            inner = inner[key]
        inner[last] = value
    return out


def ran(given: dict, replications=40, seed=1):
    """A run of a scenario."""
    return experiment.run(Scenario.model_validate(given), replications, seed)


HAZARD = "roles__worker__attrition"
HIGHER = {"resignation": {"annual_hazard": 0.9}}


@pytest.fixture(scope="module")
def before():
    return ran(base())


def moved(before, given: dict, **like) -> dict:
    """The moves by name from the base to a scenario."""
    return {m.name: m for m in attribution(before.run(), ran(given, **like).run())}


def test_where_nothing_is_otherwise_nothing_has_moved(before):
    found = moved(before, base())
    assert "target fewer" in found
    assert "fte" in found
    assert not any(move.moved or move.parts for move in found.values())


def test_what_moved_is_named_with_the_assumption_that_moved_it(before):
    given = changed(**{HAZARD: HIGHER, "roles__worker__salary_gbp": 36_000})
    found = moved(before, given)
    hazard, pay = (
        f"roles.worker.{p}" for p in ("attrition.resignation.annual_hazard", "salary_gbp")
    )
    assert {part.cause for part in found["fte"].parts} == {hazard}
    assert found["fte"].parts[0].by == pytest.approx(found["fte"].after - found["fte"].before)
    cost = {part.cause: part.by for part in found["recurring_cost_gbp"].parts}
    assert cost[pay] > 0 > cost[hazard]
    assert {part.cause for part in found["target fewer"].parts} == {hazard}
    step = found["fte"].parts[0].step
    assert (step.before, step.after) == ("0.3", "0.9")


def test_the_parts_add_up_to_what_moved(before):
    given = changed(**{HAZARD: HIGHER, "roles__worker__salary_gbp": 36_000})
    move = moved(before, given)["recurring_cost_gbp"]
    assert TOGETHER in {part.cause for part in move.parts}
    assert sum(part.by for part in move.parts) == pytest.approx(move.after - move.before)


def test_a_chance_is_the_one_that_is_told_elsewhere(before):
    after = ran(changed(**{HAZARD: HIGHER}))
    move = next(m for m in attribution(before.run(), after.run()) if m.name == "target fewer")
    told = [r.targets().set_index("name")["probability"]["fewer"] for r in (before, after)]
    assert [move.before, move.after] == pytest.approx(told)


def test_what_only_luck_moved_is_noise_and_what_it_moved_more_is_said_of_it(before):
    assert not any(move.moved for move in moved(before, base(), seed=2).values())
    lucky = ran(base()).run()
    lucky.values = lucky.values * 1.5
    parts = {m.name: m.parts for m in attribution(before.run(), lucky)}
    assert [part.cause for part in parts["fte"]] == [SINCE]
    parts = {m.name: m.parts for m in attribution(lucky, before.run())}
    assert [part.cause for part in parts["fte"]] == [AGAIN]


def test_what_is_merely_said_about_a_number_is_no_change():
    first = Scenario.model_validate(base())
    noted = {"value": 30_000, "source": "the pay policy", "confidence": "high"}
    second = changed(roles__worker__salary_gbp=noted, title="Other", run={"replications": 3})
    assert steps(first, Scenario.model_validate(second)) == []


def test_what_can_not_be_changed_alone_is_changed_together():
    given = changed(roles__other=copy.deepcopy(ROLE))
    groups = given["workforce"]["groups"]
    groups["more"] = {"service": "parks", "role": "other", "posts": 3}
    found = steps(Scenario.model_validate(base()), Scenario.model_validate(given))
    assert found
    assert found[-1].path in ("everything", "workforce.groups.more")
    for step in found:
        experiment.run(step.scenario, 1)


def test_the_same_change_in_several_roles_is_one_assumption():
    def of(weeks):
        out = base()
        for name in ("worker", "second", "third"):
            out["roles"][name] = {**ROLE, "notice_weeks": weeks}
        return Scenario.model_validate(out)

    (found,) = steps(of(4), of(8))
    assert (found.path, found.before, found.after) == ("roles.*.notice_weeks (3 roles)", "4", "8")
    assert {role.notice_weeks.value for role in found.scenario.roles.values()} == {8}


def test_so_many_changes_are_taken_together_that_a_run_of_each_is_no_burden(monkeypatch):
    monkeypatch.setattr("wfmodel.analysis.steps.MOST", 1)
    given = changed(**{HAZARD: HIGHER, "roles__worker__salary_gbp": 36_000})
    (found,) = steps(Scenario.model_validate(base()), Scenario.model_validate(given))
    assert found.scenario.roles["worker"].salary_gbp.value == 36_000
    assert found.scenario.roles["worker"].attrition.resignation.annual_hazard.value == 0.9


@pytest.fixture
def folders(before, tmp_path):
    """A batch of two runs, and a later one of which one has moved and one is new."""
    second = {**base(), "name": "second"}
    third = {**base(), "name": "third"}
    for name, given in (("old", [base(), second]), ("new", [changed(**{HAZARD: HIGHER}), third])):
        for one in given:
            store.write_run(tmp_path / name / one["name"], ran(one))
    return tmp_path


def test_two_folders_are_compared_by_the_names_of_their_scenarios(folders, capsys):
    options = [str(folders / name) for name in ("old", "new")]
    with pytest.raises(SystemExit) as left:
        main(["compare", *options, "--out", str(folders / "out"), "--jobs", "1"])
    said = capsys.readouterr()
    assert not left.value.code, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("small: ")
    assert lines[0].endswith(" headline numbers moved")
    fte = next(n for n, line in enumerate(lines) if line.startswith("  FTE employed at the end: "))
    assert "  roles.worker.attrition.resignation.annual_hazard: 0.3 → 0.9" in lines[fte + 1]
    assert said.err.splitlines()[:2] == [
        f"only in {folders / 'old'}: second",
        f"only in {folders / 'new'}: third",
    ]
    table = pd.read_csv(folders / "out" / "moved.csv")
    row = table[table["number"] == "fte"].iloc[0]
    assert row["by"] == pytest.approx(row["after"] - row["before"])
    assert np.all(table[~table["moved"]]["cause"].isna())


def test_two_runs_are_compared_whatever_they_are_called(folders):
    found = compare_folders(folders / "old" / "second", folders / "new" / "third")
    assert list(found.moves) == ["third"]
    assert next(found.lines()) == "third: 0 of 8 headline numbers moved"
    with pytest.raises(InputError, match="have no scenario in common"):
        compare_folders(folders / "old" / "second", folders / "new")


def test_what_can_not_be_compared_is_refused(folders, capsys):
    for words, said in (
        ([str(folders / "old"), "x.yaml"], "compare: takes two folders of results, or scenario"),
        ([str(folders / "old"), str(folders / "new"), "--seed", "1"], "compare: folders have the"),
        (["x.yaml", "y.yaml"], "--out: is missing"),
        ([str(folders), str(folders / "new")], f"{folders}: holds no run"),
    ):
        with pytest.raises(SystemExit) as left:
            main(["compare", *words])
        assert left.value.code == 2
        assert said in capsys.readouterr().err
