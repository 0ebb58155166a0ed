"""Sweeps: levers crossed into scenarios whose names say what was set, run like any others."""

from pathlib import Path

import pytest
from batching import WRITE, notebook, results, scenarios

from wfmodel.batch.kernels import Nursery
from wfmodel.batch.running import run_batch
from wfmodel.batch.work import plan
from wfmodel.errors import InputError
from wfmodel.reporting.places import located
from wfmodel.results.store import open_results
from wfmodel.scenario.reading import find_scenarios, load_scenario, parent_of

ROOT = Path(__file__).resolve().parent.parent
HEAD = "schema: 1\nname: grid\nextends: baseline.yaml\ntitle: A grid\n"
HAZARD = "roles.officer.attrition.resignation.annual_hazard"


@pytest.fixture
def folder(tmp_path):
    """A folder with a baseline of one role."""
    return scenarios(tmp_path / "s")


def grid(folder, levers: str, head: str = HEAD):
    """A sweep beside the baseline."""
    path = folder / "grid.sweep.yaml"
    path.write_text(f"{head}levers:\n{levers}")
    return path


def refusal(folder, levers: str, head: str = HEAD) -> str:
    """What loading a sweep that is wrong says, without the folder."""
    with pytest.raises(InputError) as caught:
        load_scenario(grid(folder, levers, head))
    return str(caught.value).replace(f"{folder}/", "")


def test_levers_are_crossed_and_names_say_their_values(folder):
    path = grid(
        folder,
        f"  leave: {{path: {HAZARD}, title: leaving, values: [0.1, 0.25]}}\n"
        "  notice: {path: roles.officer.notice_weeks, from: 4, to: 12, step: 4}\n",
    )
    found = find_scenarios([path])
    assert [str(one).partition("#")[2] for one in found] == [
        f"grid-leave_{leave}-notice_{notice}"
        for leave in ("0p1", "0p25")
        for notice in (12, 4, 8)  # as text
    ]
    one = load_scenario(found[3])
    assert (one.name, one.title) == (
        "grid-leave_0p25-notice_12",
        "A grid: leaving 0.25, notice 12",
    )
    assert one.levers == {"leave": 0.25, "notice": 12}
    assert one.roles["officer"].attrition.resignation.annual_hazard.value == 0.25
    assert one.roles["officer"].notice_weeks.value == 12
    assert one.roles["officer"].salary_gbp.value == 30000
    assert one.address == str(found[3])
    assert parent_of(one).name == "baseline"


def test_the_values_of_a_range_are_free_of_rounding_and_hold_both_ends(folder):
    path = grid(folder, f"  leave: {{path: {HAZARD}, from: 0.1, to: 0.7, step: 0.1}}\n")
    values = [load_scenario(one).levers["leave"] for one in find_scenarios([path])]
    assert values == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_values_of_any_form_have_names(folder):
    path = grid(
        folder,
        f"  leave:\n    path: {HAZARD}\n"
        "    values: {sure: 0.2, unsure: {interval: [0.1, 0.3], source: a guess}}\n"
        "  probation:\n    path: roles.officer.probation\n"
        "    values: {without: null, short: {months: 3, pass_probability: 0.9}}\n",
    )
    found = {one.name: one for one in map(load_scenario, find_scenarios([path]))}
    assert set(found) == {
        f"grid-leave_{leave}-probation_{probation}"
        for leave in ("sure", "unsure")
        for probation in ("without", "short")
    }
    one = found["grid-leave_unsure-probation_short"]
    assert one.levers == {"leave": "unsure", "probation": "short"}
    assert one.roles["officer"].attrition.resignation.annual_hazard.interval == (0.1, 0.3)
    assert one.roles["officer"].probation.months.value == 3
    assert found["grid-leave_sure-probation_without"].levers["leave"] == 0.2
    assert found["grid-leave_sure-probation_without"].roles["officer"].probation is None


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ("  a: {path: x}\n", "grid.sweep.yaml:6: levers.a: is given by values, or else by from"),
        ("  a: {path: x, values: [1], from: 1}\n", "levers.a: is given by values, or else by"),
        ("  a: {path: x, values: [1, 1.0]}\n", "levers.a.values.1: gives 1.0 the name '1', as 1"),
        ("  a: {path: x, values: ['+', 1]}\n", "levers.a.values.0: gives + the name ''"),
        ("  a: {path: x, values: [[1]]}\n", "levers.a.values.0: is no single value"),
        ("  a: {path: x, values: 3}\n", "levers.a.values: is a single value, a list or"),
        ("  a: {path: x, values: []}\n", "levers: make 0 scenarios, allowed are 1 to 10,000"),
        ("  a: {path: x, from: 2, to: 1, step: 1}\n", "levers.a: takes 0 values"),
        ("  a: {path: x, from: 0, to: 1, step: 1e-9}\n", "levers.a: takes 1,000,000,00"),
        ("  a: {paht: x, values: [1]}\n", "levers.a.paht: is not a known key"),
        ("  a: {values: [1]}\n", "levers.a.path: is missing"),
        ("  Up: {path: x, values: [1]}\n", "levers.Up"),
        (f"  {'a' * 60}: {{path: x, values: [1]}}\n", "levers: make the name grid-aaa"),
        (f"  a: {{path: {HAZARD}, values: [1]}}\n", "file: is a sweep of 1 scenarios, name one"),
        ("  {}\n", "levers: make 0"),
    ],
)  # fmt: skip
def test_a_sweep_that_is_wrong_is_told_at_its_line(folder, levers, words):
    said = refusal(folder, levers)
    assert words in said.replace("“", "'")
    assert len(said.splitlines()) <= 2  # a key that is misspelt is missing too


def test_a_sweep_needs_a_base_and_levers_and_is_itself_no_base(folder):
    lever = f"  a: {{path: {HAZARD}, values: [1]}}\n"
    head = HEAD.replace("extends: baseline.yaml\n", "")
    assert "extends: is missing, a sweep needs a base" in refusal(folder, lever, head)
    path = grid(folder, lever)
    path.write_text(HEAD)
    with pytest.raises(InputError, match="levers: is missing, a sweep needs levers"):
        load_scenario(path)
    (folder / "child.yaml").write_text(
        "schema: 1\nname: child\nextends: grid.sweep.yaml\ntitle: Child\n"
    )
    with pytest.raises(InputError, match=r"extends: grid.sweep.yaml is a sweep, a scenario file"):
        load_scenario(folder / "child.yaml")


def test_what_a_lever_sets_is_checked_like_any_value_and_told_where_it_stands(folder):
    path = grid(folder, "  a: {path: roles.officer.notice_weeks, values: [4, -1]}\n")
    load_scenario(f"{path}#grid-a_4")
    with pytest.raises(InputError, match=r"grid\.sweep\.yaml:6: roles\.officer\.notice_weeks: "):
        load_scenario(f"{path}#grid-a_m1")
    with pytest.raises(InputError, match=r"makes no scenario grid-a_5; nearest is grid-a_4"):
        load_scenario(f"{path}#grid-a_5")
    grid(folder, "  a: {path: roles.oficer.notice_weeks, values: [4, 5]}\n")
    with pytest.raises(InputError, match=r"grid\.sweep\.yaml:6: roles\.oficer"):
        load_scenario(f"{path}#grid-a_4")


def test_a_folder_stands_for_its_sweeps_only_where_they_are_asked_for(folder):
    path = grid(folder, f"  a: {{path: {HAZARD}, values: [0.1, 0.2]}}\n")
    base = folder / "baseline.yaml"
    assert find_scenarios([folder]) == [base]
    assert len(find_scenarios([folder], sweeps=True)) == 3
    assert len(find_scenarios([path, f"{path}#grid-a_0p1"])) == 2
    grid(folder, "  a: {path: x}\n")
    assert find_scenarios([folder], sweeps=True) == [base, path]


def test_a_thousand_scenarios_are_work_with_one_base(folder):
    levers = (
        f"  a: {{path: {HAZARD}, from: 0.01, to: 0.5, step: 0.01}}\n"
        "  n: {path: roles.officer.notice_weeks, from: 1, to: 20, step: 1}\n"
    )
    works, refused = plan([grid(folder, levers)], replications=2, seed=None, notebook=b"")
    assert (len(works), refused) == (1001, [])
    assert {work.base for work in works[1:]} == {works[0].name} == {"baseline"}
    assert len({work.key for work in works}) == 1001


def test_a_value_that_is_wrong_refuses_its_scenarios_once(folder):
    levers = (
        f"  a: {{path: {HAZARD}, values: [0.1, -1]}}\n"
        "  n: {path: roles.officer.notice_weeks, values: [1, 2, 3]}\n"
    )
    works, refused = plan([grid(folder, levers)], replications=2, seed=None, notebook=b"")
    assert len(works) == 4
    assert len(refused) == 1
    assert "grid.sweep.yaml:6: " in refused[0].reasons[0]


def test_a_batch_of_a_sweep_is_asked_by_its_levers_and_reruns_what_changed(folder, tmp_path):
    path = grid(folder, f"  leave: {{path: {HAZARD}, values: [0.1, 2]}}\n")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    out = tmp_path / "out"
    with Nursery() as nursery:
        outcome = run_batch([path], out, notebook=report, nursery=nursery)
        assert [entry.state for entry in outcome.entries] == ["done"] * 3
        assert set(results(out)) == {"baseline", "grid-leave_0p1", "grid-leave_2"}
        asked = open_results(out).query(
            "SELECT number, mean FROM summary JOIN levers USING (scenario) "
            "WHERE measure = 'headcount' AND dimension = 'council' AND month = 12 ORDER BY number"
        )
        assert asked["number"].tolist() == [0.1, 2.0]
        assert asked["mean"].is_monotonic_decreasing
        grid(folder, f"  leave: {{path: {HAZARD}, values: [0.1, 3]}}\n")
        outcome = run_batch([path], out, notebook=report, nursery=nursery)
    states = {entry.name: entry.state for entry in outcome.entries}
    assert states == {"baseline": "skipped", "grid-leave_0p1": "skipped", "grid-leave_3": "done"}
    stored = open_results(out).run("grid-leave_3").scenario
    assert stored.levers == {"leave": 3}
    assert stored.roles["officer"].attrition.resignation.annual_hazard.value == 3


def test_a_notebook_finds_an_address_from_its_own_folder(folder, monkeypatch):
    grid(folder, f"  a: {{path: {HAZARD}, values: [0.1]}}\n")
    (folder / "deep").mkdir()
    monkeypatch.chdir(folder / "deep")
    assert str(located("grid.sweep.yaml#grid-a_0p1")) == str(folder / "grid.sweep.yaml#grid-a_0p1")


def test_every_sweep_of_the_project_is_sound():
    paths = sorted((ROOT / "scenarios").rglob("*.sweep.yaml"))
    assert paths
    for path in paths:
        found = [load_scenario(one) for one in find_scenarios([path])]
        assert len(found) > 1
        assert len({str(one.levers) for one in found}) == len(found)
