"""The report's answer: computed from results, honest about chance, silent on small groups."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wfmodel.batch.comparing import weakest_status
from wfmodel.batch.index import write_index
from wfmodel.batch.record import Entry
from wfmodel.batch.work import Refused, Work
from wfmodel.reporting import (
    answer,
    assumptions,
    breakeven,
    comparison,
    differing,
    drivers,
    goals,
    method,
    money,
    moves,
    people,
    provenance,
    services,
)
from wfmodel.reporting.facts import middle
from wfmodel.reporting.outline import Outline
from wfmodel.reporting.study import study
from wfmodel.results import store
from wfmodel.scenario.showing import STATUS

GOLDEN = Path(__file__).parent / "golden"
REPLICATIONS = 25


@pytest.fixture(scope="module")
def facts():
    """The small plan of the golden notebooks, compared with the small council."""
    return study(str(GOLDEN / "small_plan.yaml"), replications=REPLICATIONS, seed=1)


def test_the_headline_says_what_the_results_hold(facts):
    text = " ".join(answer.headline(facts))
    median, low, high = (f"{value:.0f}" for value in middle(facts.at_end("fte")))
    assert f"to {median} by 31 March 2026 (8 in 10 futures between {low} and {high})" in text
    assert text.startswith("If the plan is followed, the 3 targets are ")
    assert "forecast" not in text.lower()
    chance = facts.targets.set_index("name")["probability"]["fte_down"]
    assert f"({100 * chance:.0f}%)" in text


def test_without_a_plan_the_headline_does_not_speak_of_one(facts):
    assert answer.headline(facts.base)[0].startswith("If nothing else changes, ")


def council(path: Path, old: str = "", new: str = "") -> Path:
    """The small council, changed, in a file."""
    text = (GOLDEN / "small_council.yaml").read_text(encoding="utf-8")
    assert old in text
    name = f"name: {path.stem}"
    path.write_text(text.replace("name: small_council", name).replace(old, new), encoding="utf-8")
    return path


def test_one_target_and_no_budget_are_spoken_of_as_such(tmp_path):
    path = council(tmp_path / "one.yaml")
    text = path.read_text()
    begin = text.index("budget:")
    path.write_text(f"{text[:begin]}targets:\n  few: {{title: Few, measure: fte, at_most: 99}}\n")
    one = study(str(path), replications=2, seed=1)
    verdict = answer.headline(one)[0]
    assert verdict == "If nothing else changes, the target is likely to hold: about 7 in 10 (67%)."
    cost = answer.cards(one)[1]
    assert cost.name == "Recurring cost (no budget is given)"
    assert cost.value.endswith(" in 2025/26")
    assert all("budget" not in line for line in cost.more)


def test_a_council_in_which_nothing_happens_has_a_report(tmp_path):
    path = council(tmp_path / "still.yaml", "posts: 16, filled: 14", "posts: 0")
    text = (
        path.read_text()
        .replace("posts: 6}", "posts: 0}")
        .replace("posts: 18, filled: 17", "posts: 0")
    )
    path.write_text(text)
    still = study(str(path), replications=2, seed=1)
    assert people.flows(still).text() == "Nobody joins and nobody goes."
    assert "stays at 0" in answer.first_screen(still).text()


def test_a_long_run_is_told_for_some_of_its_years(tmp_path):
    path = council(tmp_path / "long.yaml", "months: 24", "months: 132")
    fte, cost, _, _, agency, _ = answer.cards(study(str(path), replications=2, seed=1))
    assert fte.more[-1].startswith("31 Mar 2035: ")
    assert max(len(fte.more), len(cost.more), len(agency.more)) <= answer.MOST_YEARS + 1


def test_the_chance_that_all_targets_hold_is_never_above_that_of_any(facts):
    assert facts.together <= facts.targets["probability"].min() + 1e-12


def test_the_first_screen_holds_status_answer_cards_gaps_and_weakest_assumption(facts):
    block = answer.first_screen(facts)
    for text in (STATUS["exploratory"], "Worst service gaps", "Weakest assumption"):
        assert text in block.html()
    names = [card.name for card in answer.cards(facts)]
    assert len(names) == len(set(names)) == 6
    assert all(name in block.text() for name in names)


def test_money_by_year_adds_up_to_the_staffing_cost(facts):
    table = money.by_year(facts)
    whole = facts.total("staffing_cost_gbp").mean()
    assert table[["pay", "on_costs", "agency"]].to_numpy().sum() == pytest.approx(whole)
    assert list(table["months"]) == [12, 12]


def test_the_bridge_leads_from_opening_to_closing(facts):
    cells = dict(people.bridge(facts).table.cells())
    heads = facts.paths("headcount").mean(axis=0)
    assert cells["Opening"] == f"{heads[0]:.0f}"
    assert cells["Closing"] == f"{heads[-1]:.0f}"


def test_outcomes_of_the_pool_add_up_to_those_who_entered_it(facts):
    rows = {row[0]: row[1] for row in people.pool(facts).table.frame.itertuples(index=False)}
    entered = facts.total("at_risk").mean()
    outside = rows.pop("Voluntary exits, before any selection")
    assert outside == facts.total("voluntary_exits").mean()
    assert sum(rows.values()) == pytest.approx(entered)


def test_a_difference_is_of_the_same_futures(facts):
    cells = {row[0]: row for row in differing.differences(facts).cells()}
    gap = facts.at_end("fte") - facts.base.at_end("fte")
    low, high = np.percentile(gap, (10, 90))
    assert cells["FTE employed at the end"][3] == f"−{abs(gap.mean()):.0f}"
    assert cells["FTE employed at the end"][4] == f"−{abs(low):.0f} to −{abs(high):.0f}"


def test_what_a_plan_changes_is_told_by_title(facts):
    text = differing.in_short(facts).text()
    assert "Hold every other vacancy (new policy)" in text
    assert "Three gardeners' posts go (new change event, from 1 October 2024)" in text


@pytest.mark.parametrize(
    "part",
    [
        goals.chances,
        goals.table,
        services.vacancies,
        services.capacity,
        money.cost_against_budget,
        money.one_off,
        people.staffing,
        people.flows,
        people.affected,
        differing.what_changes,
        drivers.tornado,
        drivers.ranges,
        breakeven.break_even,
        assumptions.log,
        assumptions.rules_used,
        method.in_words,
        moves.leaving,
        moves.filling,
        moves.agency,
        moves.pipelines,
        moves.progression,
        provenance.written,
    ],
    ids=lambda part: f"{part.__module__.split('.')[-1]}.{part.__name__}",
)
def test_every_part_of_the_report_says_in_text_what_it_shows(facts, part):
    for which in (facts, facts.base):
        shown = part(which)
        assert len(shown.text()) > 20
        assert "nan" not in re.sub(r"[a-z]nan|nan[a-z]", "", shown.text().lower())
        assert "<script" not in shown.html()


def test_low_confidence_inputs_are_in_the_log_with_value_and_source(facts):
    text = assumptions.log(facts).text()
    assert "Assumed effects, for which there is no evidence yet" in text
    assert "0.7 (0.5 to 0.9)" in text
    assert "made up for this test" in text


def test_only_what_chance_cannot_explain_makes_a_chance_a_range():
    rng = np.random.default_rng(3)
    count = 300
    frame = pd.DataFrame(
        {
            "name": "t",
            "input": [f"input {n}" for n in range(count)],
            "low": 0.3,
            "high": 0.6,
            "z": rng.normal(size=count),
        }
    )
    assert drivers.flagged(frame, 0.1).empty
    frame.loc[7, "z"] = 3.8  # beyond the noise of one target's inputs, not of two targets'
    assert drivers.flagged(pd.concat([frame, frame.assign(name="u", z=0.0)]), 0.1).empty
    frame.loc[7, "z"] = 6.0
    assert list(drivers.flagged(frame, 0.1)["input"]) == ["input 7"]
    frame["high"] = 0.35
    assert drivers.flagged(frame, 0.1).empty


def test_only_what_can_reach_a_measure_is_said_to_move_it(facts, monkeypatch):
    found = pd.DataFrame(
        {
            "input": ["roles.officer.recruitment.cost_gbp", "roles.*.notice_weeks"],
            "correlation": [0.9, 0.5],
            "z": [9.0, 5.0],
            "confidence": "low",
            "at_low": [30.0, 20.0],
            "at_high": [10.0, 25.0],
        }
    )
    monkeypatch.setattr(facts.results, "drivers", lambda *_: found, raising=False)
    monkeypatch.setitem(facts.__dict__, "moved", {})
    assert [row[0] for row in drivers.tornado(facts).table.cells()] == ["All roles: notice (weeks)"]
    assert drivers.weakest(facts).startswith("All roles: notice (weeks), taken as 4. FTE at ")


def test_an_outline_is_the_same_after_it_was_stored(facts, tmp_path):
    outline = Outline.of(facts)
    outline.write(tmp_path)
    assert Outline.read(tmp_path) == outline


def test_stored_results_give_the_same_report(facts, tmp_path):
    provenance.written(facts, str(tmp_path))
    stored = type(facts)(store.open_results(tmp_path), facts.name, facts.base)
    for part in (goals.chances, people.staffing, services.vacancies, money.cost_against_budget):
        assert part(stored).text() == part(facts).text()


def work(name: str, base: str = "", status: str = "proposal") -> Work:
    return Work(name, name.title(), status, Path(f"{name}.yaml"), base, REPLICATIONS, 1)


def test_the_index_links_reports_compares_scenarios_and_names_what_failed(facts, tmp_path):
    for one in (facts.base, facts):
        (tmp_path / one.name).mkdir()
        Outline.of(one).write(tmp_path / one.name)
    works = [
        work("small_council"),
        work("small_plan", "small_council", "exploratory"),
        work("lost", "small_council"),
    ]
    entries = [
        Entry("small_council", "A small council", "done"),
        Entry("small_plan", "A small plan", "done"),
        Entry("lost", "Lost", "failed", reason="no <posts> are left"),
    ]
    write_index(tmp_path, works, entries, [Refused(Path("bad.yaml"), ("bad.yaml:3: x: is wrong",))])
    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    compared = (tmp_path / "comparison.html").read_text(encoding="utf-8")
    for page in (html, compared):
        assert page.count('href="small_plan/report.html"') == 1
        assert STATUS["exploratory"] in page
    assert 'href="comparison.html"' in html
    assert answer.headline(facts)[0] in html
    assert differing.brief(facts)["FTE employed at the end"] in compared
    assert 'href="lost/' not in html
    assert "no &lt;posts&gt; are left" in html
    assert "bad.yaml:3: x: is wrong" in html
    assert "FTE a tenth lower after two years" in html
    assert STATUS["exploratory"] in html
    assert "<script" not in html


def test_a_scenario_alone_is_compared_with_none(facts):
    outline = Outline.of(facts)
    text = comparison.conclusion([outline]).text()
    met = f"{outline.met} of {len(outline.targets)}"
    assert text.startswith(
        f"“{outline.title}” meets targets in at least half of the futures: {met}."
    )
    assert "lowest" not in text
    assert "Of 1" not in text


def test_a_figure_that_no_scenario_moves_is_not_told(facts):
    base, plan = Outline.of(facts.base), Outline.of(facts)
    text = comparison.conclusion([base, plan]).text()
    assert "single variation of" in text
    still = replace(plan, numbers={**plan.numbers, "redundancies": base.numbers["redundancies"]})
    text = comparison.conclusion([base, still]).text()
    assert "single variation of" in text
    assert "redundancies" not in text


def test_a_page_over_several_scenarios_claims_no_more_than_the_least_settled():
    assert weakest_status(["decided", "proposal"]) == STATUS["proposal"]
    assert weakest_status(["decided", "exploratory"]) == STATUS["exploratory"]
    assert weakest_status(["decided"]) == STATUS["decided"]
