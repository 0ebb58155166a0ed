"""Unknowns: drawn once per replication, by the path at which they are stated."""

from pathlib import Path

import numpy as np
import pytest

from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.unknowns import Numbers

SHARED = """\
schema: 1
name: shared
title: Shared
horizon: {start: 2024-04-01, months: 12}
workforce:
  groups:
    a: {service: parks, role: digger, posts: 1}
roles:
  "*":
    notice_weeks: {interval: [1, 9], source: a guess, confidence: low}
    recruitment:
      time_to_hire_days:
        varies: {gamma: {mean: {interval: [10, 90], source: a guess, confidence: low}, shape: 2}}
  digger: {}
  lifter: {}
  chief:
    notice_weeks: {interval: [1, 9], source: another guess, confidence: low}
"""


@pytest.fixture
def numbers(tmp_path: Path) -> Numbers:
    path = tmp_path / "shared.yaml"
    path.write_text(SHARED, encoding="utf-8")
    return Numbers.of(load_scenario(path))


def test_what_all_roles_share_is_one_unknown(numbers):
    hire = "recruitment.time_to_hire_days.varies.gamma.mean"
    for replication in range(20):
        view = numbers.view(numbers.draw(1, replication))
        shared = view.get("roles.digger.notice_weeks", 0)
        assert view.get("roles.lifter.notice_weeks", 0) == shared
        assert view.get("roles.chief.notice_weeks", 0) != shared
        assert len({view.get(f"roles.{r}.{hire}", 0) for r in ("digger", "lifter", "chief")}) == 1


def test_an_unknown_lies_in_its_interval_and_differs_between_replications(numbers):
    drawn = [
        numbers.view(numbers.draw(1, replication)).get("roles.digger.notice_weeks", 0)
        for replication in range(4000)
    ]
    assert min(drawn) >= 1
    assert max(drawn) <= 9
    assert abs(np.mean(drawn) - 5) < 5 * (8 / np.sqrt(12)) / np.sqrt(4000)
    assert len(set(drawn)) == 4000


def test_a_replication_draws_the_same_again(numbers):
    assert (numbers.draw(3, 5) == numbers.draw(3, 5)).all()
    assert (numbers.draw(3, 5) != numbers.draw(4, 5)).any()
