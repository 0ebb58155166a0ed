"""Scenarios: what a child takes from its parent, what levers change, what is logged and shown."""

import datetime as dt
import importlib.util
import json
import pickle
from pathlib import Path
from types import ModuleType

import jsonschema
import numpy as np
import pytest

from wfmodel.scenario import Scenario, find_scenarios, load_scenario
from wfmodel.scenario.assumptions import Assumption, Change, assumptions, changes
from wfmodel.scenario.document import parse, plain
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.reading import parent_of, to_document

ROOT = Path(__file__).resolve().parent.parent
BASE = """\
schema: 1
name: base
title: As today
description: What if nothing changes?
status: proposal
horizon: {start: 2024-04-01, months: 36}
workforce:
  groups:
    officers: {service: homes, role: officer, posts: 20, filled: 18}
    seniors: {service: homes, role: senior, posts: 5}
roles:
  "*":
    attrition:
      resignation: {annual_turnover: {value: 0.143, source: Workforce report, confidence: high}}
      service_bands: {0: 1.4, 2: 1.0, 10: 0.6}
    notice_weeks: {interval: [4, 8], source: a guess, confidence: low}
    agency: {cover_probability: 0.5, premium: 0.3}
    recruitment:
      time_to_hire_days: {varies: {gamma: {mean: {interval: [60, 90]}, shape: 4}}}
      fill_probability: 0.7
    skills: {housing: 2, law: 1}
  officer: {title: Officer, salary_gbp: 28000}
  senior:
    pay_points: [20, 24]
    notice_weeks: 12
    feeds_from: [officer]
    agency: null
policies:
  freeze: {kind: vacancy_control, mode: share, share: 0.5, start: 2024-04-01, end: 2025-04-01}
  pool:
    {kind: redeployment, match_threshold: 0.8, accept_probability: 0.7, trial_pass_probability: 0.9}
pipelines:
  start:
    service: homes
    target_role: officer
    intake: {months: [9], size: 4}
    stages: [{name: first, months: 12, completion_probability: 0.9}]
    conversion: {share: 0.8}
demand:
  homes: {fte: {2024-04-01: 20, 2025-04-01: 22}}
targets:
  fewer: {title: FTE down, measure: fte, month: 12, at_most: 0.95, relative_to: start}
"""
HEAD = "schema: 1\nname: plan\ntitle: The plan\nextends: base\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def plan(folder: Path, body: str = "", head: str = HEAD) -> Scenario:
    """The scenario `plan`, which extends `base`, with this in its file."""
    (folder / "plan.yaml").write_text(head + body, encoding="utf-8")
    return load_scenario(folder / "plan.yaml")


def value(quantity: Quantity | None) -> float:
    assert quantity is not None
    return quantity.central


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("json_schema", ROOT / "tools" / "json_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_child_states_only_what_differs(folder):
    child = plan(folder, "roles: {senior: {notice_weeks: 6}}\n")
    base = load_scenario(folder / "base.yaml")
    assert value(child.roles["senior"].notice_weeks) == 6
    assert child.roles["senior"].pay_points == (20, 24)
    assert child.roles["officer"] == base.roles["officer"]
    assert child.workforce == base.workforce
    assert child.horizon == base.horizon


def test_name_title_description_and_status_are_the_childs_own(folder):
    child = plan(folder)
    assert (child.name, child.title, child.description, child.status) == (
        "plan",
        "The plan",
        "",
        "exploratory",
    )


def test_null_removes_and_lists_replace(folder):
    child = plan(
        folder,
        "policies: {freeze: null}\nroles: {senior: {feeds_from: null}}\n"
        "pipelines: {start: {stages: [{name: only, months: 6, completion_probability: 1}]}}\n",
    )
    assert set(child.policies) == {"pool"}
    assert child.roles["senior"].feeds_from is None
    assert [stage.name for stage in child.pipelines["start"].stages] == ["only"]


def test_dates_and_bands_merge_by_key(folder):
    child = plan(
        folder,
        "demand: {homes: {fte: {2025-04-01: 25}}}\n"
        'roles: {"*": {attrition: {service_bands: {2: null, 5: 0.9}}}}\n',
    )
    fte = child.demand["homes"].fte
    assert fte is not None
    assert {date: value(q) for date, q in fte.items()} == {
        dt.date(2024, 4, 1): 20,
        dt.date(2025, 4, 1): 25,
    }
    attrition = child.roles["officer"].attrition
    assert attrition is not None
    assert {band: value(q) for band, q in attrition.service_bands.items()} == {
        0: 1.4,
        5: 0.9,
        10: 0.6,
    }


@pytest.mark.parametrize("new", ["9", "{value: 9}", "{interval: [8, 10]}"])
def test_a_quantity_is_replaced_whole(folder, new):
    child = plan(folder, f'roles: {{"*": {{notice_weeks: {new}}}}}\n')
    notice = child.roles["officer"].notice_weeks
    assert value(notice) == 9
    assert notice is not None
    assert (notice.source, notice.confidence) == (None, None)


def test_a_rate_of_another_form_replaces_the_rate(folder):
    child = plan(folder, 'roles: {"*": {attrition: {resignation: {annual_hazard: 0.2}}}}\n')
    attrition = child.roles["senior"].attrition
    assert attrition is not None
    assert attrition.resignation is not None
    assert attrition.resignation.given == ["annual_hazard"]
    assert len(attrition.service_bands) == 3


def test_a_policy_of_another_kind_replaces_the_policy(folder):
    child = plan(folder, "policies: {pool: {kind: retention, hazard_multiplier: 0.9}}\n")
    assert child.policies["pool"].kind == "retention"


def test_a_policy_of_the_same_kind_is_merged_into(folder):
    child = plan(folder, "policies: {pool: {match_threshold: 0.6}}\n")
    pool = child.policies["pool"]
    assert pool.kind == "redeployment"
    assert value(pool.match_threshold) == 0.6
    assert value(pool.accept_probability) == 0.7


@pytest.mark.parametrize(
    ("body", "path", "gone", "there"),
    [
        ("roles: {senior: {salary_gbp: 40000}}", "roles.senior", "pay_points", "salary_gbp"),
        ("roles: {officer: {pay_points: [1, 5]}}", "roles.officer", "salary_gbp", "pay_points"),
        ("policies: {freeze: {mode: all}}", "policies.freeze", "share", "mode"),
        (
            "pipelines: {start: {intake: {every_months: 6}}}",
            "pipelines.start.intake",
            "months",
            "every_months",
        ),
        ("demand: {homes: {annual_growth: 0.01}}", "demand.homes", "fte", "annual_growth"),
        ("targets: {fewer: {at_least: 5}}", "targets.fewer", "at_most", "at_least"),
    ],
)
def test_of_things_that_exclude_each_other_the_childs_holds(folder, body, path, gone, there):
    part = to_document(plan(folder, body + "\n"))
    for step in path.split("."):
        part = part[step]
    assert there in part
    assert gone not in part


def test_every_role_takes_what_it_leaves_out_from_the_star(folder):
    base = load_scenario(folder / "base.yaml")
    assert set(base.roles) == {"officer", "senior"}
    officer, senior = base.roles["officer"], base.roles["senior"]
    assert officer.attrition == senior.attrition is not None
    assert officer.notice_weeks is not None
    assert officer.notice_weeks.interval == (4, 8)
    assert value(senior.notice_weeks) == 12
    assert officer.agency is not None


def test_a_roles_null_keeps_the_default_out(folder):
    assert load_scenario(folder / "base.yaml").roles["senior"].agency is None
    child = plan(folder, "roles: {officer: {agency: null, skills: {law: null}}}\n")
    assert child.roles["officer"].agency is None
    assert child.roles["officer"].skills == {"housing": 2}


def test_a_child_changes_the_default_of_every_role(folder):
    child = plan(folder, 'roles: {"*": {recruitment: {fill_probability: 0.4}}}\n')
    for role in child.roles.values():
        assert role.recruitment is not None
        assert value(role.recruitment.fill_probability) == 0.4
        assert role.recruitment.time_to_hire_days is not None


def test_a_chain_of_parents_is_followed_over_folders(folder):
    (folder / "low").mkdir()
    (folder / "low" / "mid.yaml").write_text(
        "schema: 1\nname: mid\ntitle: M\nextends: ../base.yaml\nhorizon: {months: 24}\n"
    )
    child = plan(
        folder,
        "roles: {senior: {notice_weeks: 1}}\n",
        HEAD.replace("extends: base", "extends: low/mid"),
    )
    assert (child.horizon.months, value(child.roles["senior"].notice_weeks)) == (24, 1)
    assert child.horizon.start == dt.date(2024, 4, 1)


def test_a_file_named_by_a_parent_is_found_from_the_childs_folder(folder):
    (folder / "data").mkdir()
    (folder / "data" / "town.yaml").write_text("{}")
    text = BASE[: BASE.index("workforce:")] + "workforce: {synthesis: data/town.yaml}\n"
    (folder / "base.yaml").write_text(text + BASE[BASE.index("roles:") :])
    (folder / "low").mkdir()
    (folder / "low" / "plan.yaml").write_text(HEAD.replace("base", "../base"))
    child = load_scenario(folder / "low" / "plan.yaml")
    assert child.workforce.synthesis == "../data/town.yaml"
    assert (child.folder / child.workforce.synthesis).read_text() == "{}"


def test_a_part_of_a_scenario_may_be_a_parent(folder):
    (folder / "_common.yaml").write_text(BASE.replace("name: base", "name: common"))
    child = plan(folder, "", HEAD.replace("extends: base", "extends: _common"))
    assert set(child.roles) == {"officer", "senior"}
    assert parent_of(child) is None


def test_levers_set_values_by_path(folder):
    (folder / "plan.yaml").write_text(HEAD)
    child = load_scenario(
        folder / "plan.yaml",
        {
            "name": "plan-70",
            "policies.pool.match_threshold": 0.7,
            "policies.freeze": None,
            "roles.*.notice_weeks": {"interval": [1, 3]},
            "roles.officer.attrition.resignation.annual_hazard": np.float64(0.1),
            "roles.officer.attrition.service_bands.2": 1.1,
            "pipelines.start.stages.0.months": 18,
            "demand.homes.fte.2026-04-01": 30,
            "run.seed": np.int64(5),
            "horizon.start": "2023-04-01",
            "policies.keep": {"kind": "retention", "hazard_multiplier": 0.8},
        },
    )
    assert child.name == "plan-70"
    assert value(child.policies["pool"].match_threshold) == 0.7
    assert set(child.policies) == {"pool", "keep"}
    officer = child.roles["officer"]
    assert officer.notice_weeks is not None
    assert officer.notice_weeks.interval == (1, 3)
    assert value(child.roles["senior"].notice_weeks) == 12
    assert officer.attrition is not None
    assert officer.attrition.resignation is not None
    assert officer.attrition.resignation.given == ["annual_hazard"]
    assert value(officer.attrition.service_bands[2]) == 1.1
    assert value(child.pipelines["start"].stages[0].months) == 18
    assert child.demand["homes"].fte is not None
    assert set(child.demand["homes"].fte) >= {dt.date(2026, 4, 1), dt.date(2025, 4, 1)}
    assert child.run.seed == 5
    assert child.horizon.start == dt.date(2023, 4, 1)


def test_a_lever_within_a_quantity_keeps_the_rest_of_it(folder):
    path = "roles.*.attrition.resignation.annual_turnover.value"
    officer = load_scenario(folder / "base.yaml", {path: 0.2}).roles["officer"]
    assert officer.attrition is not None
    assert officer.attrition.resignation is not None
    rate = officer.attrition.resignation.annual_turnover
    assert rate is not None
    assert (rate.value, rate.source) == (0.2, "Workforce report")


def test_levers_leave_the_files_as_they_are(folder):
    load_scenario(folder / "base.yaml", {"roles.*.notice_weeks": 1, "policies.pool": None})
    again = load_scenario(folder / "base.yaml")
    assert again.roles["officer"].notice_weeks != Quantity(value=1)
    assert "pool" in again.policies


def test_no_is_text_and_half_past_twelve_is_not_a_number(folder):
    child = plan(folder, "description: no\n")
    assert child.description == "no"
    assert plain(parse("a: 12:30", "x").root) == {"a": "12:30"}


def test_the_assumptions_log_says_value_source_confidence_and_file(folder):
    child = plan(
        folder,
        "roles:\n  officer:\n    notice_weeks: {value: 5, interval: [4, 6], source: HR, "
        "confidence: medium, assumed_effect: true}\n",
    )
    log = {line.path: line for line in assumptions(child)}
    assert log["roles.officer.notice_weeks"] == Assumption(
        "roles.officer.notice_weeks", "5 (4 to 6)", "HR", "medium", True, "plan.yaml", 7
    )
    turnover = log["roles.*.attrition.resignation.annual_turnover"]
    assert turnover[1:6] == ("0.143", "Workforce report", "high", False, "base.yaml")
    hire = log["roles.*.recruitment.time_to_hire_days"]
    assert hire.value == "varies: gamma, mean 60 to 90, shape 4"
    assert not [path for path in log if path.startswith("targets")]


def test_a_default_shared_by_roles_is_one_assumption(folder):
    paths = [line.path for line in assumptions(load_scenario(folder / "base.yaml"))]
    assert paths.count("roles.*.recruitment.fill_probability") == 1
    assert "roles.officer.recruitment.fill_probability" not in paths
    assert {"roles.*.notice_weeks", "roles.senior.notice_weeks"} <= set(paths)


def test_what_differs_from_the_parent_is_listed(folder):
    child = plan(
        folder,
        "policies: {freeze: null, pool: {match_threshold: 0.6}}\n"
        'roles: {"*": {recruitment: {fill_probability: 0.5}}}\n'
        "labour_market: {phi: 0.3}\n",
    )
    parent = parent_of(child)
    assert parent is not None
    assert changes(child, parent) == [
        Change("roles.*.recruitment.fill_probability", "0.7", "0.5"),
        Change("policies.pool.match_threshold", "0.8", "0.6"),
        Change("labour_market.phi", "", "0.3"),
        Change("policies.freeze", "given", ""),
    ]
    assert changes(parent, parent) == []


def test_a_document_is_plain_stable_and_reads_back(folder):
    child = plan(folder, "roles: {senior: {notice_weeks: 6}}\n")
    text = json.dumps(to_document(child))
    assert text == json.dumps(to_document(load_scenario(folder / "plan.yaml")))
    assert str(folder) not in text
    back = Scenario.model_validate(json.loads(text))
    assert back.roles == child.roles
    assert json.dumps(to_document(back)) == text
    assert to_document(child)["roles"]["senior"]["notice_weeks"] == 6


def test_a_scenario_survives_pickling_with_its_places(folder):
    child = plan(folder, "roles: {senior: {notice_weeks: 6}}\n")
    back = pickle.loads(pickle.dumps(child))
    assert back == child
    assert assumptions(back) == assumptions(child)


def test_a_scenario_shows_itself_escaped(folder):
    child = plan(
        folder,
        "description: <script>alert(1)</script>\n"
        "roles: {officer: {notice_weeks: {value: 3, source: '<b>&', confidence: high}}}\n",
    )
    shown = child._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;b&gt;&amp;" in shown
    assert "Exploratory: not a proposal, no decision taken" in shown
    assert shown.count("roles.*") == 0
    assert shown.count(">*.recruitment.fill_probability<") == 1
    assert "base.yaml:19" in shown
    assert "plan.yaml:6" in shown


def test_scenarios_are_found_in_folders_and_by_name(folder):
    plan(folder)
    (folder / "_part.yaml").write_text("")
    (folder / "grid.sweep.yaml").write_text("")
    (folder / "notes.txt").write_text("")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "base.yaml").write_text("")
    (folder / "deep").mkdir()
    (folder / "deep" / "other.yaml").write_text("")
    found = find_scenarios([folder, folder / "base.yaml", folder / "deep" / ".." / "plan.yaml"])
    assert [path.relative_to(folder).as_posix() for path in found] == [
        "base.yaml",
        "deep/other.yaml",
        "plan.yaml",
    ]
    assert find_scenarios([folder / "_part.yaml"]) == [folder / "_part.yaml"]


def test_the_published_schema_is_current():
    written = tool().SCHEMA.read_text(encoding="utf-8")
    assert written == tool().schema_text(), "run python tools/json_schema.py"


@pytest.fixture(scope="module")
def checked():
    schema = json.loads(tool().SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    def accepts(text: str) -> bool:
        data = plain(parse(text, "x").root)
        # JSON Schema, and with it an editor, sees dates and all keys as text.
        return validator.is_valid(json.loads(json.dumps(textual(data))))

    return accepts


def textual(data: object) -> object:
    if isinstance(data, dict):
        return {str(key): textual(inner) for key, inner in data.items()}
    if isinstance(data, list):
        return [textual(inner) for inner in data]
    return str(data) if isinstance(data, dt.date) else data


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("posts: 5}", "post: 5}"),
        ("match_threshold: 0.8", "match_treshold: 0.8"),
        ("months: 36", "months: many"),
        ("mode: share", "mode: shared"),
        ("  officer: {", "  officer: {gade: 3, "),
        ("horizon: {start: 2024-04-01, months: 36}\n", ""),
        ("schema: 1", "schema: 2"),
    ],
)
def test_the_published_schema_accepts_sound_and_refuses_wrong_files(checked, old, new):
    assert checked(BASE)
    assert checked(HEAD + "policies: {freeze: null, pool: {match_threshold: 0.6}}\n")
    assert BASE.count(old) == 1
    assert not checked(BASE.replace(old, new))


def test_every_scenario_of_the_project_is_sound():
    for path in find_scenarios([ROOT / "scenarios"]):
        assert load_scenario(path).name == path.stem
