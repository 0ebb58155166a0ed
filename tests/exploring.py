"""A small council to explore, as a file, and a session of it."""

from __future__ import annotations

from pathlib import Path

SMALL = """\
schema: 1
name: small
title: A small council
description: Does staffing fall?
horizon: {start: 2025-04-01, months: 24}
run: {replications: 30, seed: 1}
workforce:
  services: {homes: Homes, streets: Streets}
  groups:
    officers: {service: homes, role: officer, posts: 40}
    seniors: {service: homes, role: senior, posts: 6}
    sweepers: {service: streets, role: officer, posts: 8}
roles:
  "*":
    attrition: {resignation: {annual_hazard: 0.2}}
    notice_weeks: 4
    recruitment:
      time_to_hire_days:
        varies:
          gamma:
            mean: {value: 55, interval: [40, 100], source: "a study", confidence: low}
            shape: 4
      fill_probability: {value: 0.7, interval: [0.5, 0.85], source: "HR", confidence: low}
  officer: {title: Housing officer, grade: 5, salary_gbp: 31000, skills: {casework: 3}}
  senior: {grade: 7, salary_gbp: 41000, feeds_from: [officer], skills: {casework: 3, law: 1}}
policies:
  hold: {title: Hold some vacancies, kind: vacancy_control, mode: share, share: 0.2}
  move:
    title: Redeployment first
    kind: redeployment
    match_threshold: 0.6
    coaches: 0
    accept_probability: 0.6
    trial_pass_probability: 0.9
    pool_weeks: 12
  effort: {title: More effort, kind: recruitment, odds_multiplier: 1.2}
pipelines:
  grow:
    title: Grow our own
    service: homes
    target_role: officer
    intake: {months: [9], size: 2}
    stages:
      - {name: learning, months: 8, completion_probability: {value: 0.8, interval: [0.6, 0.9]}}
    conversion: {share: 0.9}
budget: {base: gross, annual_reduction: 0.05}
targets:
  fewer: {title: Fewer people, measure: fte, at_most: 0.85, relative_to: start}
  cost: {title: Within budget, measure: recurring_cost_gbp, at_most: 1, relative_to: budget}
"""


def small(folder: Path, text: str = SMALL, name: str = "small") -> Path:
    """The small council as a file."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path
