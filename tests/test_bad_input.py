# ruff: noqa: E501 (messages stand whole, on one line, as a user sees them)
"""Bad input gives one clear line a problem: file, line, path, what is wrong and what is allowed."""

import datetime as dt
import os
import random
import re
import time
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from wfmodel.errors import InputError
from wfmodel.scenario import Scenario, find_scenarios, load_scenario

SOUND = """\
schema: 1
name: {name}
title: A small council
horizon: {{start: 2024-04-01, months: 36}}
run: {{replications: 50, seed: 7, detail: [council, service]}}
workforce:
  services: {{homes: Homes, care: Care}}
  groups:
    officers: {{service: homes, role: officer, posts: 20, filled: 18}}
    seniors: {{service: homes, role: senior, posts: 5}}
    carers: {{service: care, role: carer, posts: 10, fte: 0.6}}
  turnover: {{rate: {{annual_turnover: 0.143}}}}
  agency_uses:
    winter: {{service: care, role: carer, reason: peak_or_project, fte: 2, annual_cost_gbp: 60000}}
roles:
  "*":
    attrition:
      resignation: {{annual_turnover: {{value: 0.143, source: report, confidence: high}}}}
      service_bands: {{0: 1.4, 2: 1.0, 10: 0.6}}
      retirement_age: 67
    notice_weeks: {{interval: [4, 8], source: a guess, confidence: low}}
    recruitment:
      time_to_hire_days: {{varies: {{gamma: {{mean: {{interval: [60, 90]}}, shape: 4}}}}}}
      fill_probability: 0.7
  officer: {{title: Officer, grade: 5, salary_gbp: 28000, skills: {{housing: 2, law: 1}}}}
  senior:
    grade: 7
    salary_gbp: 36000
    notice_weeks: 12
    feeds_from: [officer]
    attrition: {{resignation: {{annual_hazard: 0.08}}}}
  carer: {{grade: 3, salary_gbp: 24000, push: {{to: senior, probability: 0.1}}}}
policies:
  freeze: {{kind: vacancy_control, mode: all, start: 2024-04-01, end: 2025-04-01, services: [homes]}}
  pool:
    kind: redeployment
    match_threshold: 0.8
    accept_probability: 0.7
    trial_pass_probability: 0.9
change_events:
  cut: {{kind: delete, implemented: 2025-01-01, posts: 3, services: [homes], roles: [officer]}}
pipelines:
  care_start:
    service: care
    target_role: carer
    intake: {{months: [9], size: 4}}
    stages: [{{name: first, months: 12, completion_probability: 0.9}}]
    supervision: {{roles: [senior]}}
    conversion: {{share: 0.8}}
demand:
  care: {{fte: {{2024-04-01: 10, 2025-04-01: 12}}}}
budget: {{base: gross, staffing_gbp: {{2024: 1000000}}, annual_reduction: 0.05}}
targets:
  fewer: {{title: FTE down, measure: fte, month: 12, at_most: 0.95, relative_to: start}}
"""
LINE = re.compile(r"[^\n]+:\d+: [^\n]+: [^\n]+")


def sound(name: str = "small") -> str:
    return SOUND.format(name=name)


def written(folder: Path, text: str, name: str = "small") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def lines_of(path: Path, overrides: dict[str, Any] | None = None) -> list[str]:
    """What is said about a file, with the folder left out of it."""
    with pytest.raises(InputError) as caught:
        load_scenario(path, overrides)
    return [str(p).replace(f"{path.parent}{os.sep}", "") for p in caught.value.problems]


def with_line(folder: Path, old: str, new: str) -> list[str]:
    """What is said about the sound scenario once ``old`` is ``new``."""
    text = sound()
    assert text.count(old) == 1, old
    return lines_of(written(folder, text.replace(old, new)))


def test_the_sound_scenario_is_sound(tmp_path):
    assert load_scenario(written(tmp_path, sound())).name == "small"


# What is changed in the sound scenario, and what is then said about it, from the line number on.
SAID: list[tuple[str, str, list[str]]] = [
    ("notice_weeks: 12", "notice_weks: 12", ["29: roles.senior.notice_weks: is not a known key, did you mean notice_weeks?"]),
    ("notice_weeks: 12", "notice_weeks: soon", ["29: roles.senior.notice_weeks: is \"soon\", a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "notice_weeks: \"12\"", ["29: roles.senior.notice_weeks: is \"12\", a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "notice_weeks: 12:30", ["29: roles.senior.notice_weeks: is \"12:30\", a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "notice_weeks: true", ["29: roles.senior.notice_weeks: is true or false, a number is needed"]),
    ("notice_weeks: 12", "notice_weeks: no", ["29: roles.senior.notice_weeks: is \"no\", a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "notice_weeks: -1", ["29: roles.senior.notice_weeks: -1 is out of range, allowed is 0 or more"]),
    ("notice_weeks: 12", "notice_weeks: [4, 8]", ["29: roles.senior.notice_weeks: is a list of 2, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "notice_weeks: {interval: [8, 4]}", ["29: roles.senior.notice_weeks: interval [8, 4] is not in rising order"]),
    ("notice_weeks: 12", "notice_weeks: {value: 3, confidence: low}", ["29: roles.senior.notice_weeks: confidence low requires an interval or an unknown"]),
    ("notice_weeks: 12", "notice_weeks: .inf", ["29: roles.senior.notice_weeks: is inf, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("grade: 7", "2024-04-01: 1\n    grade: 7", ["27: roles.senior.2024-04-01: is not a known key, allowed are title, grade, manager, entry_level, pay_points, salary_gbp, market_group, attrition, notice_weeks, probation, recruitment, agency, skills, feeds_from, supervises, push, sickness, hours, absence, experience, supervision_load"]),
    ("{2024-04-01: 10, ", "{2024-04-01: {annual_hazard: 1}, ", ["51: demand.care.fte.2024-04-01.annual_hazard: is not a known key, allowed are value, interval, unknown, varies, source, confidence, assumed_effect"]),
    ("grade: 7", "grade: 7.5", ["27: roles.senior.grade: is 7.5, a whole number, 0 to 100, is needed"]),
    ("grade: 7", "grade: 700", ["27: roles.senior.grade: is 700, allowed is 0 to 100"]),
    ("grade: 7", "zzz: 1\n    grade: 7", ["27: roles.senior.zzz: is not a known key, allowed are title, grade, manager, entry_level, pay_points, salary_gbp, market_group, attrition, notice_weeks, probation, recruitment, agency, skills, feeds_from, supervises, push, sickness, hours, absence, experience, supervision_load"]),
    ("[officer]\n", "[offiser]\n", ["30: roles.senior.feeds_from.0: there is no role offiser, did you mean officer?"]),
    ("supervision: {roles: [senior]}", "supervision: {roles: [boss]}", ["48: pipelines.care_start.supervision.roles.0: there is no role boss, the roles are carer, officer, senior"]),
    ("    target_role: carer", "    target_role: carers", ["45: pipelines.care_start.target_role: there is no role carers, did you mean carer?"]),
    ("    target_role: carer\n", "", ["43: pipelines.care_start.target_role: is missing, a name (lower-case letters, digits, _ and -, at most 64, no _ or - first) is needed"]),
    ("    target_role: carer", "    target_role:", ["45: pipelines.care_start.target_role: is empty, a name (lower-case letters, digits, _ and -, at most 64, no _ or - first) is needed"]),
    ("intake: {months: [9]", "intake: {months: [13]", ["46: pipelines.care_start.intake.months.0: is 13, allowed is 1 to 12"]),
    ("    kind: redeployment", "    kind: redeployed", ["36: policies.pool.kind: is \"redeployed\", did you mean redeployment? allowed are vacancy_control, redeployment, recruitment, retention, agency_control, reserve_for_pipeline, sickness, acting_up, secondment"]),
    ("mode: all, start", "mode: some, start", ["34: policies.freeze.mode: is \"some\", allowed are share, all, until_target"]),
    ("end: 2025-04-01", "end: 2023-04-01", ["34: policies.freeze: end 2023-04-01 is not after start 2024-04-01"]),
    ("end: 2025-04-01", "end: 3025-04-01", ["34: policies.freeze.end: 3025-04-01 is out of range, allowed are the years 2000 to 2100"]),
    ("end: 2025-04-01", "end: 1 April", ["34: policies.freeze.end: is \"1 April\", a date such as 2024-04-01 is needed"]),
    ("end: 2025-04-01", "end: 2025-02-30", ["34: policies.freeze.end: is \"2025-02-30\", a date such as 2024-04-01 is needed"]),
    ("end: 2025-04-01", "end: 20250401", ["34: policies.freeze.end: is 20250401, a date such as 2024-04-01 is needed"]),
    ("care: {fte: {2024", "caer: {fte: {2024", ["51: demand.caer: there is no service caer, did you mean care?"]),
    ("{2024-04-01: 10, ", "{1924-04-01: 10, ", ["51: demand.care.fte.1924-04-01: 1924-04-01 is out of range, allowed are the years 2000 to 2100"]),
    ("{2024: 1000000}", "{24: 1000000}", ["52: budget.staffing_gbp.24: is not an allowed key, allowed is 2000 to 2100"]),
    ("{0: 1.4, 2: 1.0", "{1: 1.4, 2: 1.0", ["19: roles.*.attrition.service_bands: bands start at 1, the first must start at 0"]),
    ("{0: 1.4, 2: 1.0", "{0: 1.4, 0-2: 1.0", ["19: roles.*.attrition.service_bands.0-2: is not an allowed key, a whole number, 0 to 100, is needed"]),
    ("month: 12", "month: 37", ["54: targets.fewer.month: is 37, beyond the horizon; allowed is 0 to 36"]),
    ("filled: 18", "filled: 21", ["9: workforce.groups.officers: filled is 21, allowed is at most posts, 20"]),
    ("salary_gbp: 28000", "salary_gbp: 1e20", ["25: roles.officer.salary_gbp: 1e+20 is out of range, allowed is at most 1,000,000,000,000,000"]),
    ("salary_gbp: 28000, ", "", ["25: roles.officer: needs salary_gbp or pay_points, since a budget is given"]),
    ("salary_gbp: 28000", "salary_gbp: 28000, pay_points: [3, 5]", ["25: roles.officer: give salary_gbp or pay_points, not both"]),
    ("salary_gbp: 28000", "pay_points: [5, 3]", ["25: roles.officer.pay_points: [5, 3] is not in rising order"]),
    ("salary_gbp: 28000", "pay_points: [5]", ["25: roles.officer.pay_points: is a list of 1, a list of 2 numbers is needed"]),
    ("  groups:\n", "  tables: data\n  groups:\n", ["6: workforce: has tables and groups, exactly one of synthesis, tables, groups is needed", "8: workforce.tables: there is no folder data (relative to the scenario), one is needed"]),
    ("  officer: {title: Officer", "  Officer: {title: Officer", ["9: workforce.groups.officers.role: there is no role officer, did you mean Officer?", "25: roles.Officer: is not an allowed key, a name (lower-case letters, digits, _ and -, at most 64, no _ or - first) is needed", "30: roles.senior.feeds_from.0: there is no role officer, did you mean Officer?", "41: change_events.cut.roles.0: there is no role officer, did you mean Officer?"]),
    ("title: A small", "titel: A small", ["1: title: is missing, text is needed", "3: titel: is not a known key, did you mean title?"]),
    ("name: small", "name: large", ["2: name: is large, but the file is called small.yaml; name it small"]),
    ("schema: 1", "schema: 2", ["1: schema: is 2, allowed is 1"]),
    ("schema: 1", "schema: true", ["1: schema: is true, 1 is needed"]),
    ("start: 2024-04-01, months", "start: 2024-04-02, months", ["4: horizon: start 2024-04-02 is not the first of a month"]),
    ("months: 36", "months: 1000", ["4: horizon.months: is 1000, allowed is 0 to 600"]),
    ("posts: 20, filled: 18", "posts: 9999999", ["8: workforce.groups: have 10,000,014 posts together, allowed is 10,000,000"]),
    ("title: A small", "title: &t A small", ["3: title: has an anchor (&), write the value out where it is used"]),
    ("title: A small", "title: *t #", ["3: title: is an alias (*), write the value out"]),
    ("title: A small", "title: !!str A small", ["3: title: has a tag (tag:yaml.org,2002:str), none is allowed"]),
    ("run: {", "run: {<<: {seed: 1}, ", ["5: run: has a merge (<<), use extends or write the keys out"]),
    ("run: {", "run: {seed: 3, ", ["5: run.seed: is given twice, first in line 5; give it once"]),
    ("run: {", "extends: [a]\nrun: {", ["5: extends: is not text, the parent's file is needed"]),
    ("run: {", "extends: /etc/passwd\nrun: {", ["5: extends: is \"/etc/passwd\", a path relative to this file is needed"]),
    ("run: {", "extends: small\nrun: {", ["5: extends: goes round in a circle: small.yaml → small.yaml; extend another file"]),
    ("  officer: {title: Officer, grade: 5, salary_gbp: 28000, skills: {housing: 2, law: 1}}\n", "  officer:\n", ["9: workforce.groups.officers.role: there is no role officer, the roles are carer, senior", "25: roles.officer: is empty, and there is none to remove; write {} for one with nothing of its own", "30: roles.senior.feeds_from.0: there is no role officer, the roles are carer, senior", "41: change_events.cut.roles.0: there is no role officer, the roles are carer, senior"]),
    ("services: [homes], roles: [officer]}", "services: [hoems], roles: [officer]}", ["41: change_events.cut.services.0: there is no service hoems, did you mean homes?"]),
    ("reason: peak_or_project", "reason: peak", ["14: workforce.agency_uses.winter.reason: is \"peak\", allowed are peak_or_project, managed_team, casual, seconded_in"]),
    ("kind: delete, implemented: 2025-01-01, posts: 3", "kind: delete, implemented: 2025-01-01, posts: many", ["41: change_events.cut.posts: is \"many\", a whole number, 0 to 1,000,000, or a list is needed"]),
    ("kind: delete, implemented: 2025-01-01, posts: 3", "kind: delete, implemented: 2025-01-01 09:00:00, posts: 3, share: 0.5", ["41: change_events.cut.implemented: is \"2025-01-01 09:00:00\", a date such as 2024-04-01 is needed"]),
    ("roles:\n  \"*\":", "roles:\n  \"*\":\n    agnecy: {}", ["17: roles.*.agnecy: is not a known key, did you mean agency?"]),
    ("roles:\n  \"*\":", "roles:\n  \"*\":\n    agnecy:", ["17: roles.*.agnecy: is not a known key, did you mean agency?"]),
    ("{gamma: {mean: {interval: [60, 90]}, shape: 4}}", "{gamma: {mean: {interval: [60, 90]}, shape: 0}}", ["23: roles.*.recruitment.time_to_hire_days.varies.gamma.shape: 0 is out of range, allowed is more than 0"]),
    ("{annual_turnover: 0.143}", "{annual_turnover: 0.143, annual_hazard: 0.1}", ["12: workforce.turnover.rate: give exactly one of annual_hazard, annual_turnover, annual_probability"]),
    ("push: {to: senior, probability: 0.1}", "push: {to: senior, probability: 1.1}", ["32: roles.carer.push.probability: 1.1 is out of range, allowed is 0 to 1"]),
    ("run: {replications: 50", "? [a, b]\n: 1\nrun: {replications: 50", ["5: file: has a key that is not text, a number or a date"]),
    ("stages: [{name: first, months: 12, completion_probability: 0.9}]", "stages: []", ["47: pipelines.care_start.stages: is an empty list, at least one item is needed"]),
    ("stages: [{name: first, months: 12, completion_probability: 0.9}]", "stages: [{name: first, months: 12}]", ["47: pipelines.care_start.stages.0.completion_probability: is missing, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, annual_growth: 0.1}", ["51: demand.care: give exactly one of fte, cases, annual_growth"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, elasticity_bounds: [0.5, 2]}", ["51: demand.care: elasticity_bounds go with elasticity"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, elasticity: 1, elasticity_bounds: [1.5, 2]}", ["51: demand.care: elasticity_bounds [1.5, 2] are out of range, allowed are a least of 0 to 1 and a most of 1 to 100"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}, keeps: 1.5}}", ["29: roles.senior.hours.less.keeps: 1.5 is out of range, allowed is 0 to 1"]),
    ("notice_weeks: 12", "hours: {less: {kind: care, rate: {annual_hazard: 0.1}, keeps: 0.5}}", ["29: roles.senior.hours.less.kind: is \"care\", did you mean caring? allowed are flexible_retirement, caring, flexible_working"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}, keeps: 0.5, from_age: 50, to_age: 50}}", ["29: roles.senior.hours.less: to_age 50 is not above from_age 50"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}, keeps: 0.5, unreduced: true}}", ["29: roles.senior.hours.less: unreduced goes with kind flexible_retirement"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}}}", ["29: roles.senior.absence.ill.months: is missing, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, months: 4, rate: {annual_hazard: 0.1}, cover: {lag_days: 3}}}", ["29: roles.senior.absence.ill.cover.probability: is missing, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, months: 4, rate: {annual_hazard: 0.1}, sex: women}}", ["29: roles.senior.absence.ill.sex: is \"women\", allowed are female, male"]),
    ("policies:\n", "policies:\n  out: {kind: secondment, heads: 2, months: 12, end: 2025-04-01}\n", ["34: policies.out: a secondment lasts its months; it goes without end"]),
    ("policies:\n", "policies:\n  up: {kind: acting_up, probability: 1}\n", ["34: policies.up: no role has manager: true; name the roles that are acted in"]),
    ("policies:\n", "policies:\n  up: {kind: acting_up, probability: 1, roles: [carer]}\n", ["34: policies.up.roles.0: carer has no feeds_from, so nobody can act up in it"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, keeps: 0.5}}", ["29: roles.senior.hours.less.rate: is missing, a mapping with keys such as annual_hazard, annual_turnover, annual_probability is needed"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}}}", ["29: roles.senior.hours.less.keeps: is missing, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("notice_weeks: 12", "hours: {less: {rate: {annual_hazard: 0.1}, keeps: 0.5}}", ["29: roles.senior.hours.less.kind: is missing, flexible_retirement or caring or flexible_working is needed"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}, keeps: 0.5, from_age: 101}}", ["29: roles.senior.hours.less.from_age: is 101, allowed is 0 to 100"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}, keeps: 0.5, sex: man}}", ["29: roles.senior.hours.less.sex: is \"man\", allowed are female, male"]),
    ("notice_weeks: 12", "hours: {less: {kind: flexible_retirement, rate: {annual_hazard: 0.1}, keeps: 0.5, unreduced: perhaps}}", ["29: roles.senior.hours.less.unreduced: is \"perhaps\", true or false is needed"]),
    ("notice_weeks: 12", "hours: {less: {kind: caring, rate: {annual_hazard: 0.1}, keeps: {varies: {uniform: [0.2, 0.4]}}}}", ["29: roles.senior.hours.less.keeps: can't vary from event to event; give a value, an interval or an unknown"]),
    ("notice_weeks: 12", "absence: {ill: {kind: illness, rate: {annual_hazard: 0.1}, months: 3}}", ["29: roles.senior.absence.ill.kind: is \"illness\", allowed are family_leave, long_sickness, career_break, other_leave"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}, months: -3}}", ["29: roles.senior.absence.ill.months: -3 is out of range, allowed is 0 to 100,000"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}, months: 3, return_probability: 2}}", ["29: roles.senior.absence.ill.return_probability: 2 is out of range, allowed is 0 to 1"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}, months: 3, paid_share: 1.5}}", ["29: roles.senior.absence.ill.paid_share: 1.5 is out of range, allowed is 0 to 1"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}, months: 3, cover: {probability: 2}}}", ["29: roles.senior.absence.ill.cover.probability: 2 is out of range, allowed is 0 to 1"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}, months: 3, cover: {probability: 1, lag_days: -1}}}", ["29: roles.senior.absence.ill.cover.lag_days: -1 is out of range, allowed is 0 to 100,000"]),
    ("notice_weeks: 12", "absence: {ill: {kind: long_sickness, rate: {annual_hazard: 0.1}, months: 3, from_age: 40, to_age: 30}}", ["29: roles.senior.absence.ill: to_age 30 is not above from_age 40"]),
    ("policies:\n", "policies:\n  new: {kind: acting_up}\n", ["34: policies.new.probability: is missing, a number (or a mapping with value, interval, unknown or varies) is needed", "34: policies.new: no role has manager: true; name the roles that are acted in"]),
    ("policies:\n", "policies:\n  new: {kind: acting_up, probability: 1, roles: [senior], lag_days: -2}\n", ["34: policies.new.lag_days: -2 is out of range, allowed is 0 to 100,000"]),
    ("policies:\n", "policies:\n  new: {kind: acting_up, probability: 1, roles: [senoir]}\n", ["34: policies.new.roles.0: there is no role senoir, did you mean senior?"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, months: 3}\n", ["34: policies.new.heads: is missing, a whole number, 0 to 1,000,000, is needed"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, heads: -1, months: 3}\n", ["34: policies.new.heads: is -1, allowed is 0 to 1,000,000"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, heads: 2}\n", ["34: policies.new.months: is missing, a number (or a mapping with value, interval, unknown or varies) is needed"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, heads: 2, months: 3, partner_pays: 2}\n", ["34: policies.new.partner_pays: 2 is out of range, allowed is 0 to 1"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, heads: 2, months: 3, return_probability: -1}\n", ["34: policies.new.return_probability: -1 is out of range, allowed is 0 to 1"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, heads: 2, months: 3, cover: 1}\n", ["34: policies.new.cover: is 1, a mapping with keys such as probability, lag_days is needed"]),
    ("policies:\n", "policies:\n  new: {kind: secondment, heads: 2, months: 3, partner: [a]}\n", ["34: policies.new.partner: is a list of 1, text is needed"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, elasticity: -1}", ["51: demand.care.elasticity: -1 is out of range, allowed is 0 or more"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, elasticity: 1, elasticity_bounds: [1]}", ["51: demand.care.elasticity_bounds: is a list of 1, a list of 2 numbers is needed"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, elasticity: 1, elasticity_bounds: [0.5, 101]}", ["51: demand.care: elasticity_bounds [0.5, 101] are out of range, allowed are a least of 0 to 1 and a most of 1 to 100"]),
    ("  care: {fte: {2024-04-01: 10, 2025-04-01: 12}}", "  care: {fte: {2024-04-01: 10}, elastisity: 1}", ["51: demand.care.elastisity: is not a known key, did you mean elasticity?"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), SAID)
def test_what_is_wrong_is_said_at_its_line(tmp_path, old, new, said):
    assert with_line(tmp_path, old, new) == [f"small.yaml:{line}" for line in said]


def test_every_problem_is_told_at_once_in_the_order_of_lines(tmp_path):
    text = sound()
    for old, new in [
        ("notice_weeks: 12", "notice_weks: 12"),
        ("months: 36", 'months: "36"'),
        ("[officer]\n", "[offiser]\n"),
        ("share: 0.8", "share: 8"),
        ("run: {", "run: {seed: 2, "),
    ]:
        text = text.replace(old, new)
    assert [line.split(": ")[1] for line in lines_of(written(tmp_path, text))] == [
        "horizon.months",
        "run.seed",
        "roles.senior.notice_weks",
        "roles.senior.feeds_from.0",
        "pipelines.care_start.conversion.share",
    ]


def test_a_fault_in_a_shared_default_is_told_once_where_it_stands(tmp_path):
    text = sound().replace('  "*":\n', '  "*":\n    supervises: -2\n')
    assert lines_of(written(tmp_path, text)) == [
        "small.yaml:17: roles.*.supervises: -2 is out of range, allowed is 0 or more"
    ]


def test_a_fault_in_a_parent_is_told_in_the_parents_file(tmp_path):
    written(tmp_path, sound("base").replace("notice_weeks: 12", "notice_weeks: -1"), "base")
    child = "schema: 1\nname: plan\ntitle: Plan\nextends: base\nroles: {senior: {grade: x}}\n"
    assert lines_of(written(tmp_path, child, "plan")) == [
        'plan.yaml:5: roles.senior.grade: is "x", a whole number, 0 to 100, is needed',
        "base.yaml:29: roles.senior.notice_weeks: -1 is out of range, allowed is 0 or more",
    ]


def test_schema_and_name_are_needed_in_a_parent_too(tmp_path):
    text = sound("base").replace("schema: 1\n", "").replace("name: base\n", "")
    written(tmp_path, text, "base")
    child = "schema: 1\nname: plan\ntitle: Plan\nextends: base.yaml\n"
    assert lines_of(written(tmp_path, child, "plan")) == [
        "base.yaml:1: schema: is missing, and is needed",
        "base.yaml:1: name: is missing, and is needed",
    ]


def test_parents_in_a_circle_are_found(tmp_path):
    for name, parent in (("one", "two"), ("two", "three.yaml"), ("three", "./one")):
        written(tmp_path, f"schema: 1\nname: {name}\ntitle: T\nextends: {parent}\n", name)
    assert lines_of(tmp_path / "one.yaml") == [
        "three.yaml:4: extends: goes round in a circle: one.yaml → two.yaml → three.yaml → one.yaml; extend another file"
    ]


def test_a_parent_that_is_not_there_is_named(tmp_path):
    path = written(tmp_path, "schema: 1\nname: plan\ntitle: T\nextends: bass\n", "plan")
    assert lines_of(path) == [
        "plan.yaml:4: extends: there is no file bass, a scenario file is needed"
    ]


def test_a_role_that_was_left_empty_is_explained(tmp_path):
    said = with_line(tmp_path, "  carer: {grade: 3", "  carer:\n  nurse: {grade: 3")
    assert (
        "small.yaml:32: roles.carer: is empty, and there is none to remove; write {} for one with nothing of its own"
        in said
    )
    assert (
        "small.yaml:46: pipelines.care_start.target_role: there is no role carer, the roles are nurse, officer, senior"
        in said
    )


def test_a_target_on_the_budget_needs_one(tmp_path):
    text = sound().replace("relative_to: start", "relative_to: budget")
    text = re.sub(r"budget: \{base.*\n", "\n", text)
    assert lines_of(written(tmp_path, text)) == [
        "small.yaml:54: targets.fewer.relative_to: is budget, but the scenario has no budget; add one"
    ]


def test_a_cost_target_needs_pay_without_a_budget_too(tmp_path):
    text = re.sub(
        r"budget: \{base.*\n", "", sound().replace("measure: fte", "measure: staffing_cost")
    )
    text = text.replace("    salary_gbp: 36000\n", "")
    assert lines_of(written(tmp_path, text)) == [
        "small.yaml:26: roles.senior: needs salary_gbp or pay_points, since a target asks for staffing_cost"
    ]


def test_a_synthesis_file_that_is_not_there_is_named(tmp_path):
    text = re.sub(r"  services: .*\n  groups:\n(    .*\n){3}", "  synthesis: town.yaml\n", sound())
    assert lines_of(written(tmp_path, text)) == [
        "small.yaml:7: workforce.synthesis: there is no file town.yaml (relative to the scenario), one is needed"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1: file: is empty, a mapping with schema, name and title is needed"),
        (b"# nothing\n", "2: file: is empty, a mapping with schema, name and title is needed"),
        (b"- a\n- b\n", "1: file: is not a mapping, a mapping with schema, name and title is needed"),
        (b"hello", "1: file: is not a mapping, a mapping with schema, name and title is needed"),
        (b"schema: 1\nname: \xff\xfe\n", "2: file: is not UTF-8 text, save it as UTF-8"),
        (b"schema: 1\nname: a\x07\n", "2: file: has a character that text may not have, remove it"),
        (b"schema: 1\nrun:\n\tseed: 1\n", "3: run: has a tab where YAML wants spaces, indent with spaces"),
        (b"schema: 1\ntitle: a: b\n", "2: title: is not valid YAML: a second ': ' on one line, put text that holds it in quotes"),
        (b"schema: 1\n---\nname: x\n", "2: file: has more than one document, one is allowed"),
        (b"%YAML 1.1\n---\nschema: 1\n", "1: file: has a % directive, none is allowed"),
        (b"a: " + b"x" * 300_000, "1: file: is larger than 256 KiB, which is the most allowed"),
        (b"run: " + b"[" * 30 + b"]" * 30, "1: run" + ".0" * 19 + ": stands more than 20 levels deep, the most allowed"),
        (b"a: [" + b"1," * 30_000 + b"]", "1: a.19997: is beyond 20,000 keys and values, the most a file may have"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_file_that_is_no_scenario_is_refused_in_one_line(tmp_path, content, said):
    path = tmp_path / "small.yaml"
    path.write_bytes(content)
    started = time.process_time()
    assert lines_of(path) == [f"small.yaml:{said}"]
    assert time.process_time() - started < 2


def test_a_path_that_is_no_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "dir.yaml").mkdir()
    assert lines_of(tmp_path / "none.yaml") == [
        "none.yaml:1: file: does not exist, a scenario file is needed"
    ]
    assert lines_of(tmp_path / "dir.yaml") == [
        "dir.yaml:1: file: is a folder, a scenario file is needed"
    ]
    [said] = lines_of(tmp_path / "nu\0ll.yaml")
    assert LINE.fullmatch(said)
    assert "\0" not in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert lines_of(tmp_path / "pipe.yaml") == [
        "pipe.yaml:1: file: is not an ordinary file, a scenario file is needed"
    ]


def test_a_file_that_may_not_be_read_is_refused_in_one_line(tmp_path, monkeypatch):
    path = written(tmp_path, sound())

    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert lines_of(path) == [
        "small.yaml:1: file: can't be read (Permission denied), a readable file is needed"
    ]


def test_text_that_would_break_a_line_is_shown_on_one(tmp_path):
    said = with_line(tmp_path, "grade: 7", '"a\\nb\\u2028c": 1\n    grade: "x\\ny"')
    assert len(said) == 2
    assert all(len(line.splitlines()) == 1 for line in said)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"roles.officer.notice_weks": 3}, "overrides:1: roles.officer.notice_weks: is not a known key, did you mean notice_weeks?"),
        ({"run.seed": 3, "run.replications": "many"}, 'overrides:2: run.replications: is "many", a whole number, 1 to 1,000,000, is needed'),
        ({"pipelines.care_start.stages.3.months": 1}, "overrides:1: pipelines.care_start.stages.3.months: there is no item 3, the list has 1, from 0"),
        ({"run.seed": object()}, "overrides:1: run.seed: is a object; text, a number, a date, a list or a mapping is needed"),
        ({"": 1}, "overrides:1: file: is not a dotted path such as run.seed"),
        ({"policies.freze": None}, "overrides:1: policies.freze: is empty, and there is none to remove, did you mean freeze?"),
        ({"roles.officer.agnecy": None}, "overrides:1: roles.officer.agnecy: is not a known key, did you mean agency?"),
    ],
)  # fmt: skip
def test_a_lever_that_is_wrong_is_said_like_a_line_of_a_file(tmp_path, overrides, said):
    assert lines_of(written(tmp_path, sound()), overrides) == [said]


def test_no_scenario_found_is_an_error(tmp_path):
    with pytest.raises(InputError, match="has no scenario, a folder with"):
        find_scenarios([tmp_path])
    with pytest.raises(InputError, match="does not exist, a scenario file or a folder"):
        find_scenarios([tmp_path / "none"])
    with pytest.raises(InputError, match="no scenario is named"):
        find_scenarios([])


def refused_or_read(path: Path, overrides: dict[str, Any] | None = None) -> Scenario | None:
    """The scenario, or None where it is refused as it should be."""
    started = time.process_time()
    refused = None
    try:
        scenario = load_scenario(path, overrides)
    except InputError as error:
        refused = error
    assert time.process_time() - started < 2
    if refused is None:
        return scenario
    lines = str(refused).splitlines()
    assert len(lines) == len(refused.problems) > 0
    for line in lines:
        assert LINE.fullmatch(line), line
    return None


FUZZ = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = [
    b"&a ",
    b"*a",
    b"<<: ",
    b"!!int ",
    b"\t",
    b"{",
    b"}",
    b"[",
    b"]",
    b"- ",
    b": ",
    b"? ",
    b"\n",
]
PIECES += [
    b"|\n",
    b">\n",
    b'"',
    b"'",
    b"%",
    b"@",
    b"---\n",
    b"...\n",
    b"# ",
    b"\xff",
    b"\x00",
    b"null",
]
PIECES += [
    b"no",
    b".nan",
    b"-1",
    b"1e999",
    b"0x1F",
    b"9" * 30,
    b"2024-13-01",
    b"\xe2\x80\xa8",
    b"\xc2\x85",
]
edits = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.integers(0, 12),
        st.sampled_from(PIECES) | st.binary(max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@FUZZ
@given(edits)
def test_random_bytes_are_read_or_refused(tmp_path, changes):
    content = sound().encode()
    for where, removed, added in changes:
        at = where % (len(content) + 1)
        content = content[:at] + added + content[at + removed :]
    path = tmp_path / "small.yaml"
    path.write_bytes(content)
    refused_or_read(path)


KEYS = ["*", "kind", "value", "interval", "varies", "zzz", 0, -1, 2024, 1.5, True, None, "", "a.b"]
KEYS += [dt.date(2024, 4, 1), "roles", "services", "name", "extends", "posts", "fte", "Ä\u2028"]
VALUES: list[Any] = [None, True, -1, 0, 1, 2, 0.5, 1e300, 10**25, float("inf"), "", "x", "officer"]
VALUES += [
    [],
    {},
    [[]],
    [None],
    [1, 2],
    {"value": 1},
    {"interval": [2, 1]},
    {"varies": {"gamma": {}}},
]
VALUES += [
    dt.date(1, 1, 1),
    dt.date(2030, 4, 1),
    dt.datetime(2024, 4, 1, 12),
    "small",
    "\x07",
    "a\nb",
]
VALUES += [{"kind": "retention"}, {0: 1, 5: {"value": 2}}, {"annual_hazard": 0.1}, "../x"]
VALUES += [{"unknown": {"uniform": [0, 9]}}]


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every mapping and list of a tree with each of its keys or positions."""
    keys = (
        list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else []
    )
    return [pair for key in keys for pair in [(tree, key), *places(tree[key])]]


def mutated(tree: Any, luck: random.Random) -> Any:
    """The tree with a few keys renamed, dropped or added, and values swapped or replaced."""
    for _ in range(luck.randint(1, 3)):
        inside, key = luck.choice(places(tree))
        other, key_there = luck.choice(places(tree))
        match luck.randrange(5):
            case 0 if isinstance(inside, dict):
                inside[luck.choice(KEYS)] = inside.pop(key)
            case 1 if isinstance(inside, dict):
                inside[luck.choice(KEYS)] = deepcopy(luck.choice(VALUES))
            case 2:
                del inside[key]
            case 3:
                inside[key] = deepcopy(other[key_there])
            case _:
                inside[key] = deepcopy(luck.choice(VALUES))
    return tree


TREE = YAML(typ="safe", pure=True).load(sound())


def test_the_quick_parser_reads_every_shipped_file_as_the_strict_one_does():
    def events(text, loader):
        found = yaml.parse(text, Loader=loader)
        return [
            (type(one), *(getattr(one, name, None) for name in ("value", "tag"))) for one in found
        ]

    root = Path(__file__).resolve().parent.parent
    paths = [*root.glob("scenarios/**/*.yaml"), *root.glob("data/**/*.yaml")]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert events(text, yaml.CSafeLoader) == events(text, yaml.SafeLoader), path
    assert len(paths) > 100


def as_yaml(tree: Any) -> str:
    """The tree as YAML, also where it repeats a value."""
    yaml = YAML(typ="safe", pure=True)
    yaml.representer.ignore_aliases = lambda *_: True
    stream = StringIO()
    yaml.dump(tree, stream)
    return stream.getvalue()


@FUZZ
@given(st.integers(0, 2**32))
def test_random_keys_and_values_are_read_or_refused(tmp_path, seed):
    tree = mutated(deepcopy(TREE), random.Random(seed))
    refused_or_read(written(tmp_path, as_yaml(tree)))


@FUZZ
@given(st.integers(0, 2**32))
def test_random_levers_are_read_or_refused(tmp_path, seed):
    luck = random.Random(seed)
    steps = [
        "roles",
        "*",
        "officer",
        "notice_weeks",
        "policies",
        "pool",
        "kind",
        "run",
        "0",
        "2024",
        "",
    ]
    overrides = {
        ".".join(luck.choices(steps, k=luck.randint(1, 4))): luck.choice(VALUES)
        for _ in range(luck.randint(1, 3))
    }
    refused_or_read(written(tmp_path, sound()), overrides)
