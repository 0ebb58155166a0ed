"""Assuring: what the spread comes of, what decides the answer, and who answers for it."""

import numpy as np
import pytest

from wfmodel.reporting import answer, apart, assumptions, assuring, differing, provenance
from wfmodel.reporting import settings as differ
from wfmodel.reporting.facts import FUTURES
from wfmodel.reporting.outline import Outline
from wfmodel.reporting.study import study
from wfmodel.results.manifest import file_hash
from wfmodel.scenario.reading import load_scenario

COUNCIL = """\
schema: 1
name: {name}
title: Guessed
status: proposal
horizon: {{start: 2025-04-01, months: 12}}
run: {{replications: 80, seed: 4}}
workforce:
  groups: {{team: {{service: parks, role: officer, posts: 40}}}}
  data_date: 2025-01-31
roles:
  officer:
    salary_gbp: 30000
    attrition: {{resignation: {{annual_hazard: {hazard}}}}}
    recruitment: {{time_to_hire_days: 3000}}
targets:
  fewer: {{title: Fewer, measure: fte, at_most: 30}}
  many: {{title: Not too few, measure: fte, at_least: 2, proposed_by: suite}}
"""
GUESS = '{interval: [0.05, 0.9], confidence: low, source: "a guess"}'
ASSURED = """\
assurance: {assured_by: "Head of analysis", assured_on: 2025-06-02, statement: Fit for the budget.}
decisions:
  frozen: {what: Hiring is frozen, why: "as the board asked", decided_by: The board,
    decided_on: 2025-03-01}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A guessed council, one that is sure, one that is assured, and its child."""
    path = tmp_path_factory.mktemp("councils")
    (path / "guess.yaml").write_text(COUNCIL.format(name="guess", hazard=GUESS))
    (path / "sure.yaml").write_text(COUNCIL.format(name="sure", hazard="0.5"))
    (path / "assured.yaml").write_text(COUNCIL.format(name="assured", hazard="0.5") + ASSURED)
    (path / "child.yaml").write_text(
        "schema: 1\nname: child\nextends: assured.yaml\ntitle: Child\n"
        "policies: {hold: {kind: vacancy_control, mode: share, share: 0.5}}\n"
    )
    return path


@pytest.fixture(scope="module")
def guessed(folder):
    return study(str(folder / "guess.yaml"), replications=80, seed=4)


@pytest.fixture(scope="module")
def sure(folder):
    return study(str(folder / "sure.yaml"), replications=80, seed=4)


@pytest.fixture(scope="module")
def child(folder):
    return study(str(folder / "child.yaml"), replications=6, seed=4)


def test_the_parts_of_a_spread_are_those_that_were_put_in():
    rng = np.random.default_rng(3)
    unknown, market, chance, other, more = rng.normal(size=(5, 40_000))
    own = 3 * unknown + 2 * market + np.sqrt(3) * chance
    kept = 3 * unknown + 2 * other + np.sqrt(3) * more
    same = 3 * other + 2 * market + np.sqrt(3) * more
    assert apart.parts(own, kept, same) == pytest.approx((9 / 16, 4 / 16, 3 / 16), abs=0.02)


def test_a_guess_is_what_the_spread_comes_of_and_certainty_is_not(guessed, sure):
    shares = apart.apart(guessed).tables[0].frame.iloc[0]
    assert shares["What nobody knows"] > 0.7
    assert shares.iloc[1:].sum() == pytest.approx(1)
    shares = apart.apart(sure).tables[0].frame.iloc[0]
    assert shares["What nobody knows"] < 0.3
    assert shares["Chance, and how these act together"] > 0.6


def test_too_few_futures_tell_nothing_of_where_a_spread_comes_from(child):
    assert f"from {FUTURES} futures on; here are 6" in apart.apart(child).text()


def test_a_chance_of_all_targets_that_a_guess_moves_is_a_range_that_names_it(guessed, sure):
    wide = guessed.together_moved
    assert wide["high"] - wide["low"] > 0.1
    verdict = answer.headline(guessed)[0]
    assert f"{100 * wide['low']:.0f}% and {100 * wide['high']:.0f}%" in verdict
    assert "depending on role officer: attrition, resignation, annual hazard" in verdict
    assert not sure.together_moved
    assert "depending" not in answer.headline(sure)[0]


def test_how_exactly_the_chance_is_known_follows_from_the_number_of_futures(sure):
    run = sure.results.run()
    met = (run.series("fte")[:, -1] <= 30) & (run.series("fte")[:, -1] >= 2)
    p = (met.sum() + 2) / 84
    low, high = (p + side * 1.96 * np.sqrt(p * (1 - p) / 84) for side in (-1, 1))
    ends = f"{100 * max(low, 0):.0f}% and {100 * min(high, 1):.0f}%"
    assert answer.headline(sure)[1] == f"80 futures put the chance of all together between {ends}."


def test_the_log_gives_each_uncertain_input_its_effect_on_the_headline(guessed):
    table = next(t for t in assumptions.log(guessed).tables if "low confidence" in t.caption)
    rows = {row[0]: row for row in table.cells()}
    (row,) = [row for name, row in rows.items() if "annual hazard" in name]
    drawn = guessed.results.run().drawn("roles.officer.attrition.resignation.annual_hazard")
    fte = guessed.at_end("fte")
    upper = drawn > np.median(drawn)
    assert row[2] == f"−{fte[~upper].mean() - fte[upper].mean():.1f} FTE"


def test_who_assures_the_results_is_said_or_that_nobody_does(guessed, child, folder):
    assert assuring.standing(guessed) == (
        "Proposal: no decision taken. Data of 31 January 2025. 80 futures. Assured by: nobody yet."
    )
    assert assuring.standing(guessed) in answer.first_screen(guessed).text()
    assert "Assured by (name and post): ...." in assuring.statement(guessed).text()
    above = child.base
    assert assuring.assurer(above) == "Head of analysis, 2 June 2025"
    assert "Fit for the budget." in assuring.statement(above).text()
    # A child's results are others: nobody has assured them.
    assert assuring.assurer(child) == "nobody yet"
    rows = {row[0]: row[1] for row in provenance.written(above).cells()}
    assert rows["Assured by"] == "Head of analysis, 2 June 2025"
    assert rows["Date of the data"] == "31 January 2025"


def test_the_data_log_has_the_hash_of_every_file_that_was_read(guessed, folder):
    rows = {row[0]: row[2] for row in assuring.data_log(guessed).cells()}
    assert rows["guess.yaml"] == file_hash(folder / "guess.yaml")[:16]
    assert "england.yaml" in rows


def test_the_decisions_log_is_inherited_and_says_which_targets_are_the_suites_own(child):
    rows = assuring.decisions_log(child).cells()
    assert rows[0] == ["Hiring is frozen", "as the board asked", "The board", "1 March 2025"]
    assert rows[1][0] == "“Not too few” is a target"
    # A log is no setting of the model.
    assert not [row for row in differing.what_changes(child).tables[0].cells() if "froze" in row[0]]


def test_a_mistaken_key_of_a_decision_is_told_with_its_line(folder, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(COUNCIL.format(name="bad", hazard=0.5) + "decisions: {one: {wat: x}}\n")
    with pytest.raises(Exception, match=r"decisions\.one\.wat"):
        load_scenario(path)


def test_an_outline_holds_what_the_pages_over_a_batch_say(child):
    outline = Outline.of(child)
    assert outline.headline == answer.headline(child)[0]
    gap = child.at_end("fte") - child.base.at_end("fte")
    assert outline.differences["FTE employed at the end"].startswith(
        f"{gap.mean():+.0f}".replace("-", "−").replace("+0", "0")
    )
    assert outline.settings["policies.hold.share"][1:] == ["", "0.5"]
    assert not [path for path in outline.settings if not path.startswith("policies.hold.")]
    assert Outline.of(child.base).settings == {}


def test_settings_stand_side_by_side_and_a_part_that_is_alike_is_one_row():
    hold = {"policies.hold.share": ["“Hold”: share", "", "0.5"]}
    harder = {"policies.hold.share": ["“Hold”: share", "", "0.9"]}
    coach = {"policies.coach.fte": ["“Coach”: FTE", "", "1"]}
    pay = {"roles.a.salary": ["A: salary", "30,000", "31,000"]}
    titles = ["As today", "One", "Two", "Three"]
    (table,) = differ.side_by_side(titles, [{}, hold | coach, harder | coach, pay]).tables
    assert table.cells() == [
        ["“Hold”", "no", "yes", "yes", "no"],
        ["“Hold”: share", "–", "0.5", "0.9", "–"],
        ["“Coach”", "no", "yes", "yes", "no"],
        ["A: salary", "30,000", "30,000", "30,000", "31,000"],
    ]
    assert "do not differ" in differ.side_by_side(["a", "b"], [{}, {}]).text()


def test_many_scenarios_stand_side_by_side_in_several_tables():
    titles = ["As today", *(f"Plan {n}" for n in range(8))]
    own = [{}, *({"budget.x": ["Budget: x", "0", str(n)]} for n in range(8))]
    first, second = differ.side_by_side(titles, own).tables
    assert first.cells() == [["Budget: x", "0", "0", "1", "2", "3", "4", "5"]]
    assert second.cells() == [["Budget: x", "0", "6", "7"]]
    assert "each report lists its own" in differ.side_by_side(["a"] * 61, [own[1]] * 61).text()
