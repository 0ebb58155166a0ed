"""Exploring: levers come from the scenario and its format, answers are of the question asked last,
and what is kept says what was on screen."""

import asyncio
import datetime as dt
import re
import threading
import time
from html import unescape
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from afcharts.af_colours import get_af_colours
from exploring import SMALL, small
from jupyter_client.manager import AsyncKernelManager
from pydantic import Field

from wfmodel import cli, experiment
from wfmodel.batch.kernels import answer
from wfmodel.batch.notebook import shipped
from wfmodel.errors import InputError
from wfmodel.exploring import mattering, page, saving, scale, serving, telling
from wfmodel.exploring.choices import Choices
from wfmodel.exploring.early import Early
from wfmodel.exploring.futures import Futures, Overtaken
from wfmodel.exploring.idle import Idle
from wfmodel.exploring.levers import levers
from wfmodel.exploring.picture import Picture, Scope
from wfmodel.exploring.provisioner import Provisioner
from wfmodel.exploring.session import Session
from wfmodel.exploring.story import HAPPENS, Story
from wfmodel.exploring.svg import paper
from wfmodel.exploring.wording import GROUPS
from wfmodel.results.targets import table
from wfmodel.scenario import policies, shape
from wfmodel.scenario.assumptions import changes
from wfmodel.scenario.quantity import Amount
from wfmodel.scenario.reading import load_scenario

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "scenarios" / "colchester" / "fit_for_the_future.yaml"
FUTURES = 30


@pytest.fixture
def session(tmp_path):
    made = Session(small(tmp_path), at_once=FUTURES, refined=FUTURES)
    yield made
    made.close()


@pytest.fixture(scope="module")
def plan():
    return levers(load_scenario(PLAN))


# --- levers


def test_every_quantity_of_a_plan_is_a_lever_with_unit_range_source_and_confidence(plan):
    by_path = {lever.path: lever for lever in plan}
    share = by_path["policies.hold_a_third.share"]
    assert (share.unit, share.low, share.high, share.start) == ("%", 0.0, 1.0, 0.333)
    assert "Future Workforce Plan" in share.source
    assert share.confidence == "medium"
    coached = by_path["policies.redeployment.accept_probability_coached"]
    assert (coached.low, coached.high) == (0.5, 0.9)
    assert coached.unknown
    assert coached.assumed_effect
    assert coached.confidence == "low"
    hire = by_path["roles.*.recruitment.time_to_hire_days.varies.gamma.mean"]
    assert (hire.unit, hire.low, hire.high) == ("days", 40.0, 102.0)
    for lever in plan:
        assert lever.group in GROUPS
        assert lever.label
        assert lever.low < lever.high
        assert lever.step > 0


def test_levers_of_all_roles_are_one_lever_each(plan):
    paths = [lever.path for lever in plan]
    assert len(paths) == len(set(paths))
    assert sum(path.endswith("recruitment.cost_gbp") for path in paths) == 1


def test_what_a_policy_may_set_but_does_not_is_a_lever_too(plan):
    by_path = {lever.path: lever for lever in plan}
    supplement = by_path["policies.inside_first.supplement_gbp"]
    assert supplement.start is None
    assert supplement.stated == "not set"
    assert (supplement.unit, supplement.high) == ("£", 5000.0)
    assert by_path["policies.redeployment.coaches"].kind == "whole"
    assert "policies.hold_a_third.path" not in by_path  # another mode's


def test_a_new_setting_of_the_format_is_a_lever_by_itself(tmp_path, monkeypatch):
    class Effort(policies.RecruitmentEffort):
        referral_gbp: Amount | None = Field(None, description="a bounty for who brings a friend")

    shape.fields.cache_clear()
    scenario = load_scenario(small(tmp_path))
    effort = scenario.policies["effort"]
    made = Effort.model_validate(effort.model_dump(exclude_unset=True))
    changed = scenario.model_copy(update={"policies": {**scenario.policies, "effort": made}})
    found = {lever.path: lever for lever in levers(changed)}
    new = found["policies.effort.referral_gbp"]
    assert (new.unit, new.about) == ("£", "a bounty for who brings a friend")
    assert new.group == "Vacancies and recruitment"


def test_facts_and_what_is_asked_are_no_levers(plan):
    for lever in plan:
        assert lever.path.split(".")[0] not in ("targets", "run", "horizon", "title")
        assert not lever.path.endswith((".grade", ".seed"))


def test_levers_are_found_by_every_word_of_a_search(plan):
    found = [lever.path for lever in plan if lever.matches("Coached  accept")]
    assert found == ["policies.redeployment.accept_probability_coached"]


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("policies.x.pool_weeks", "weeks"),
        ("budget.pay_award.2026", "%"),
        ("policies.x.odds_per_1000_gbp", "×"),
        ("roles.*.attrition.service_bands.0", "×"),
        ("roles.*.attrition.retirement.60", "a year"),
    ],
)
def test_a_unit_is_read_from_a_name(path, unit):
    assert scale.unit_of(path) == unit


def test_whole_numbers_keep_to_their_bounds():
    bounds = shape.alternatives(Annotated[int, Field(ge=1, le=4)])[0][1]
    found = scale.of_number("a.every_months", int, int, bounds, 2)
    assert (found.low, found.high, found.step) == (1.0, 4.0, 1.0)


# --- choices


def test_undo_and_redo_go_back_and_forth_and_a_new_move_ends_redo():
    choices = Choices()
    choices.move("a", 1)
    choices.move("b", 2)
    assert choices.undo()
    assert dict(choices.now) == {"a": 1}
    assert choices.redo()
    assert dict(choices.now) == {"a": 1, "b": 2}
    assert not choices.redo()
    choices.undo()
    choices.move("c", 3)
    assert not choices.can_redo
    choices.put_back("a")
    assert dict(choices.now) == {"c": 3}
    choices.put_back()
    assert not choices.now
    assert choices.undo()
    assert dict(choices.now) == {"c": 3}


# --- the session


def test_a_moved_lever_is_answered_on_common_luck(session):
    session.ask()
    first = session.wait()
    assert first.own is first.start
    session.move("policies.hold.share", 0.9)
    answer = session.wait()
    scenario = load_scenario(session.start.path, {"policies.hold.share": 0.9})
    alone = experiment.run(scenario, FUTURES, simulation="compiled").run()
    assert np.array_equal(answer.own.series("fte"), alone.series("fte"))
    assert answer.own.series("fte")[:, -1].mean() < answer.start.series("fte")[:, -1].mean()
    assert answer.own.numbers == answer.start.numbers


def test_a_lever_that_is_moved_back_leaves_no_difference(session):
    session.move("policies.hold.share", 0.9)
    session.move("policies.hold.share", 0.2)
    assert not session.choices.now
    answer = session.wait()
    assert answer.own is answer.start


def test_an_answer_is_refined_and_the_first_is_part_of_it(tmp_path):
    told = []
    session = Session(small(tmp_path), at_once=10, refined=40, told=told.append)
    session.move("policies.hold.share", 0.5)
    session.wait()
    session.close()
    assert [len(answer.own.numbers) for answer in told] == [10, 40]
    assert [answer.final for answer in told] == [False, True]
    assert np.array_equal(told[1].own.values[:10], told[0].own.values, equal_nan=True)


def test_a_stale_answer_is_never_told(tmp_path, monkeypatch):
    told, reached, go_on = [], threading.Event(), threading.Event()
    session = Session(small(tmp_path), at_once=5, refined=5, told=told.append)
    asked = Futures.extend

    def slow(futures, count, stop=None):
        found = asked(futures, count, None)
        if not reached.is_set():
            reached.set()
            assert go_on.wait(30)
        return found

    monkeypatch.setattr(Futures, "extend", slow)
    session.move("policies.hold.share", 0.9)
    assert reached.wait(60)
    session.move("policies.hold.share", 0.1)
    go_on.set()
    session.wait()
    time.sleep(0.1)
    session.close()
    assert [dict(answer.state) for answer in told] == [{"policies.hold.share": 0.1}]


def test_futures_stop_between_two_pieces(tmp_path):
    stop = threading.Event()
    stop.set()
    futures = Futures(load_scenario(small(tmp_path)), ("fte",))
    with pytest.raises(Overtaken):
        futures.extend(50, stop)


def test_levers_that_do_not_go_together_are_said_so_and_the_next_answer_comes(session):
    session.move("policies.move.start", dt.date(2026, 1, 1))
    session.move("policies.move.end", dt.date(2025, 6, 1))
    answer = session.wait()
    assert answer.own is None
    assert "is not after start" in answer.problems[0]
    session.undo()
    assert session.wait().own is not None


def test_a_part_can_be_taken_out_and_put_back(session):
    session.move("policies.hold", False)
    assert session.overrides() == {"policies.hold": None}
    assert "hold" not in session.scenario().policies
    session.move("policies.hold.share", 0.5)  # stands in what was taken out
    assert session.overrides() == {"policies.hold": None}
    session.put_back("policies.hold")
    assert session.scenario().policies["hold"].share.value == 0.5


# --- the picture


@pytest.fixture
def picture(session):
    session.move("policies.hold.share", 0.9)
    answer = session.wait()
    return Picture(answer.own, answer.start)


def test_chances_are_those_of_the_targets_table(picture):
    expected = table(picture.own).set_index("name")["probability"]
    for one in picture.chances:
        assert one.now == pytest.approx(expected[one.name])


@pytest.mark.parametrize("scope", [Scope(), Scope("service", "homes"), Scope("role", "senior")])
def test_the_bridge_leads_from_opening_to_closing(picture, scope):
    opening, steps, closing = Picture(picture.own, picture.start, "fte", scope).bridge
    assert opening + sum(steps.values()) == pytest.approx(closing)
    assert "Training that ends, hours that change" not in steps or scope.dimension != "council"


def test_a_page_says_in_words_and_tables_what_its_charts_show(picture):
    html = page.outcomes(picture, tables=True)
    drawn = page.charts(picture)
    assert html.count("<svg") == len(drawn)
    for one in drawn:
        assert 'aria-label="' in one.svg
        assert one.sentence in unescape(html)
        assert one.rows
    closing = float(np.median(picture.own.series("fte")[:, -1]))
    assert f" to {closing:,.0f} " in telling.headline(picture)


def test_nothing_that_a_scenario_says_is_markup(tmp_path):
    text = SMALL.replace("title: Fewer people", 'title: "<script>alert(1)</script>"')
    session = Session(small(tmp_path, text), at_once=3, refined=3)
    session.move("policies.hold.share", 0.9)
    answer = session.wait()
    session.close()
    html = page.headline(Picture(answer.own, answer.start))
    html += page.outcomes(Picture(answer.own, answer.start), tables=True)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_differences_are_none_where_nothing_was_moved(session):
    session.ask()
    answer = session.wait()
    picture = Picture(answer.own, answer.start)
    assert all(one.mean == 0 and not one.is_certain for one in picture.differences)
    assert "No lever has been moved" in page.outcomes(picture)


def test_charts_are_in_the_analysis_functions_colours():
    own = [paper.NAVY, paper.TEAL, paper.PLUM, paper.ORANGE, paper.CHARCOAL, paper.LILAC]
    assert [colour.lower() for colour in own] == [
        colour.lower() for colour in get_af_colours("categorical")
    ]


# --- keeping


def moved(session, **more):
    for path, value in {
        "policies.hold.share": 0.5,
        "policies.move.coaches": 3,
        "policies.move.reading": "job_to_job",
        "policies.effort": False,
        "policies.hold.end": dt.date(2026, 4, 1),
        "roles.*.recruitment.fill_probability": 0.8,
        "roles.*.recruitment.time_to_hire_days.varies.gamma.mean": 45.0,
        "pipelines.grow.stages.0.completion_probability": 0.85,
        "pipelines.grow.intake.size": 4.0,
        **more,
    }.items():
        session.choices.move(path, value)


def test_a_saved_scenario_extends_its_parent_and_holds_only_what_changed(session, tmp_path):
    moved(session)
    path = saving.save(session, "Hold half, coach three", "Would coaches help?")
    assert path == tmp_path / "hold_half_coach_three.yaml"
    saved = load_scenario(path)
    assert saved.extends == "small.yaml"
    assert (saved.title, saved.description.strip()) == (
        "Hold half, coach three",
        "Would coaches help?",
    )
    own = [change for change in changes(saved, session.scenario()) if "run." not in change.path]
    assert own == []
    text = path.read_text(encoding="utf-8")
    assert "attrition" not in text
    assert "trial_pass_probability" not in text
    assert "chosen in the explorer; not known: 70% (50% to 85%)" in text


def test_a_saved_scenario_gives_the_same_futures(session):
    moved(session)
    session.ask()
    answer = session.wait()
    saved = load_scenario(saving.save(session, "As on screen"))
    run = experiment.run(saved, FUTURES, simulation="compiled").run()
    assert np.array_equal(run.series("fte"), answer.own.series("fte"))


def test_a_saved_scenario_opens_again_and_can_be_saved_over(session):
    moved(session)
    path = saving.save(session, "Mine")
    again = Session(path, at_once=5, refined=5)
    assert again.levers["policies.hold.share"].start == 0.5
    assert "policies.effort" not in again.levers
    again.close()
    session.move("policies.hold.share", 0.6)
    assert saving.save(session, "Mine") == path
    assert load_scenario(path).policies["hold"].share.value == 0.6


def test_saving_elsewhere_finds_its_parent(session, tmp_path):
    moved(session)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    path = saving.save(session, "Mine", folder=folder)
    assert load_scenario(path).extends == "../small.yaml"


@pytest.mark.parametrize(
    ("title", "name", "wrong"),
    [("", "", "is blank"), ("Small", "", "being explored"), ("A", "../x", "is none")],
)
def test_what_cannot_be_saved_is_said(session, title, name, wrong):
    moved(session)
    with pytest.raises(InputError, match=wrong):
        saving.save(session, title, name=name)


def test_nothing_moved_and_files_of_others_are_not_saved_over(session, tmp_path):
    with pytest.raises(InputError, match="move one first"):
        saving.save(session, "Mine")
    moved(session)
    (tmp_path / "mine.yaml").write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        saving.save(session, "Mine")
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "schema: 1\n"


def test_levers_that_do_not_go_together_leave_no_file(session, tmp_path):
    moved(session, **{"policies.hold.start": dt.date(2026, 6, 1)})
    with pytest.raises(InputError, match="is not after start"):
        saving.save(session, "Mine")
    assert not (tmp_path / "mine.yaml").exists()


# --- idle levers


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("policies.move.match_threshold", "nobody enters the redeployment pool"),
        ("policies.effort.odds_per_1000_gbp", "no pay supplement is set"),
        ("policies.hold.share", ""),
        ("pipelines.grow.intake.size", ""),
    ],
)
def test_a_lever_that_does_nothing_is_said_to_and_why(session, path, reason):
    said = Idle(session).look(session.levers[path])
    assert reason in said if reason else said == ""


def test_what_idles_is_looked_up_anew_when_another_lever_moves(session):
    idle = Idle(session)
    idle.look(session.levers["policies.hold.share"])
    assert idle.known("policies.hold.share") == ""
    session.move("policies.hold", False)
    assert idle.known("policies.hold.share") is None
    assert "its policy is taken out" in idle.look(session.levers["policies.hold.share"])


# --- serving


def test_a_scenario_that_cannot_be_explored_is_refused_in_one_line(tmp_path, capsys):
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as ended:
        cli.main(["explore", str(tmp_path / "none.yaml"), "--out", str(out), "--no-browser"])
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_kernel_at_work_early_serves_first_and_a_fresh_one_when_restarted(tmp_path):
    async def said(client):
        texts = []
        await answer(client, 60)
        await client.execute_interactive(
            "import os, sys; print(os.getcwd(), 'wfmodel.exploring.view.explorer' in sys.modules)",
            output_hook=lambda message: texts.append(message["content"].get("text", "")),
        )
        return "".join(texts).split()

    async def first_and_next(early):
        manager = AsyncKernelManager(kernel_name="python3")
        names = {"kernel_id": "one", "kernel_spec": manager.kernel_spec, "parent": manager}
        manager.provisioner = Provisioner(**names)
        await manager.start_kernel(cwd=str(tmp_path))
        pid = manager.provisioner.pid
        client = manager.client()
        client.start_channels()
        try:
            first = await said(client)
            await manager.restart_kernel(now=True)
            assert manager.provisioner.pid != pid
            return first, await said(client)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    with Early(small(tmp_path)) as early:
        early.checked()
        first, fresh = asyncio.run(first_and_next(early))
    assert first == [str(tmp_path.resolve()), "True"]
    assert fresh == [str(tmp_path.resolve()), "False"]


def test_a_process_that_becomes_no_kernel_ends_with_whoever_started_it(tmp_path):
    with pytest.raises(InputError, match="neither in"), Early(tmp_path / "none.yaml") as early:
        early.checked()
    with Early(small(tmp_path)) as early:
        process = early._process
        early.checked()
    assert process.poll() is not None
    assert Early.waiting is None


def test_the_notebook_that_is_served_has_the_asked_for_parameters():
    node = serving.prepared(shipped(serving.NOTEBOOK), {"scenario_path": "a.yaml", "refined": 60})
    parameters = node.cells[1].source
    assert "scenario_path = 'a.yaml'\n" in parameters
    assert "refined = 60\n" in parameters


# --- what matters


def test_a_lever_that_moves_the_result_is_found_to_matter(session, picture):
    found = [effect for *_, effect in mattering.effects(session, picture, 20) if effect]
    by_path = {effect.lever.path: effect for effect in found}
    hold = by_path["policies.hold.share"]
    assert hold.is_certain
    assert hold.at_high < hold.at_low
    assert not by_path["policies.move.match_threshold"].is_certain


def test_the_spread_of_a_council_without_unknowns_is_chance(tmp_path):
    text = re.sub(r"\{value: ([\d.]+), interval: [^}]*\}", r"\1", SMALL)
    session = Session(small(tmp_path, text), at_once=5, refined=5)
    session.ask()
    answer = session.wait()
    session.close()
    splits = mattering.splits(Picture(answer.own, answer.start), 150)
    assert [split.whom for split in splits] == ["the whole council", "Streets"]
    for split in splits:
        assert split.chance > 0.8
        assert split.unknowns < 0.2
        assert split.market < 0.2
        total = split.unknowns + split.market + split.chance + split.together
        assert total == pytest.approx(1, abs=0.25)


def test_a_small_team_cannot_tell_scenarios_apart_that_a_council_can(session):
    session.move("policies.hold.share", 0.35)
    answer = session.wait()
    picture = Picture(answer.own, answer.start)
    assert "Streets" in [team.title for team in mattering.blurred(picture)]
    assert next(one for one in picture.differences if one.name == "fte").is_certain


# --- one future


@pytest.fixture(scope="module")
def story():
    return Story(load_scenario(PLAN), 0)


def test_a_persons_story_and_its_posts_lead_to_each_other(story):
    person = story.people("promoted")[0]
    steps = story.of_person(person)
    assert any("promoted" in step.text for step in steps)
    assert [step.time for step in steps] == sorted(step.time for step in steps)
    for post in {step.post for step in steps if step.post >= 0}:
        assert person in {step.person for step in story.of_post(post)}


def test_stays_follow_each_other_within_the_run(story):
    horizon = story.scenario.calendar.horizon
    for person in story.people("redeployed")[:5] + story.people("leaver")[:5]:
        stays = story.stays(person)
        assert all(stay.begins < stay.ends <= horizon for stay in stays)
        ends = [stay.ends for stay in stays]
        assert all(a <= b.begins for a, b in zip(ends, stays[1:], strict=False))


def test_a_service_is_told_month_by_month_once(story):
    told = [step for _, steps in story.of_service("waste") for step in steps]
    assert told
    roles = len(story.inputs.roles)
    number = story.inputs.services.index("waste")
    moves = story.ledger.movements
    inside = ((moves["source"] >= 0) & (moves["source"] // roles == number)) | (
        (moves["target"] >= 0) & (moves["target"] // roles == number)
    )
    inside &= (moves["kind"] != 0) & (moves["time"] > 0)
    assert len(told) >= inside.sum()


def test_people_are_offered_by_name_and_never_by_a_score(story):
    for kind in HAPPENS:
        names = [story.person(row) for row in story.people(kind)]
        assert names == sorted(names)


def test_nobody_of_a_real_extract_is_named(story):
    scenario = story.scenario
    real = Story.__new__(Story)
    real.scenario, real.replication = scenario, 0
    real.ledger, real.is_real = story.ledger, True
    real.__dict__["inputs"] = story.inputs
    names = set(story.inputs.names.people) | set(story.inputs.names.posts)
    told = []
    for person in [*real.people()[:200], *real.people("starter"), *real.people("intake")]:
        told += [real.person(person), *(step.text for step in real.of_person(person))]
    told += [real.post(row) for row in real.posts()[:100]]
    real_names = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    assert real_names.search("\n".join(names))
    assert real_names.search("\n".join(told)) is None
    assert "stand-in" in real.stands_for()
