"""Claims: the format says what is wrong; each is judged on common luck, in a sentence with its
numbers.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from wfmodel import experiment
from wfmodel.analysis.answers import CHANCE, FAILS, HOLDS, UNKNOWN, Answer
from wfmodel.analysis.claims import Claim, Claims, ClaimsFile, read_claims
from wfmodel.analysis.judging import judge_claims
from wfmodel.errors import InputError
from wfmodel.reporting.verdicts import sentence
from wfmodel.scenario.reading import load_scenario

ROOT = Path(__file__).resolve().parent.parent
PACKS = sorted(path.parent for path in (ROOT / "data").glob("*/claims.yaml"))

SCENARIO = """\
schema: 1
name: as_is
title: As it is
horizon: {start: 2024-04-01, months: 24}
run: {replications: 40, seed: 1}
workforce:
  groups:
    team: {service: parks, role: officer, posts: 20}
    heads: {service: homes, role: head, posts: 3}
roles:
  officer:
    title: Park officer
    salary_gbp: 30000
    attrition: {resignation: {annual_hazard: {interval: [0.1, 0.3], source: s, confidence: low}}}
  head: {salary_gbp: 50000}
targets:
  stay: {title: At most five leave, measure: leavers, at_most: 5}
"""
MORE = """\
schema: 1
name: more
title: With two more
extends: as_is.yaml
change_events:
  more: {kind: create, implemented: 2024-06-01, create: [{service: homes, role: head, posts: 2}]}
"""
FIGURES = """\
schema: 1
plan: A plan
scenarios: ../scenarios
figures:
  staff:
    {quote: "twenty-three staff", value: 23, unit: heads, date: 2024-04-01, use: output,
     where: {opening: {scenario: as_is, count: heads}}}
  more_staff:
    {quote: "thirty staff", value: 30, unit: heads, date: 2024-04-01, use: output,
     where: {opening: {scenario: as_is, count: heads}}}
  paid:
    {quote: "we pay", unit: £, date: 2024-04-01, use: input,
     where: {stated: {scenario: as_is, path: roles.officer.salary_gbp}}}
  survey:
    {quote: "all are happy", unit: share, date: 2024-04-01, use: outside, why: a survey's answer}
  sick:
    quote: "the target is met"
    unit: days
    date: 2024-04-01
    use: input
    where: {stated: {scenario: _asks, path: targets.sick.at_most, demanded: true}}
"""
ASKS = """\
schema: 1
name: asks
title: Of its own
extends: as_is.yaml
targets:
  sick: {title: Sickness, measure: absence_days_per_fte, at_most: }
"""


@pytest.fixture
def pack(tmp_path):
    """Writes claims beside figures and two scenarios; gives the file."""
    for folder, files in {
        "scenarios": {"as_is.yaml": SCENARIO, "more.yaml": MORE, "_asks.yaml": ASKS},
        "data": {"figures.yaml": FIGURES},
    }.items():
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text, encoding="utf-8")

    def write(claim: str, findings: str = "", more: str = "") -> Path:
        path = tmp_path / "data" / "claims.yaml"
        text = f"schema: 1\nbase: as_is\n{more}claims:\n  one: {{{claim}}}\n"
        text += f"findings:\n  two: {{{findings}}}\n" if findings else ""
        path.write_text(text, encoding="utf-8")
        return path

    return write


def asked(measure: str, limit: str, **more: str) -> str:
    """A claim on a measure of the scenario as it is."""
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    reading = f"{{scenario: as_is, measure: {measure}{keys}}}"
    return f"says: so it is, figure: staff, simulated: {reading}, {limit}"


def answer(path: Path, **settings) -> Answer:
    return judge_claims(read_claims(path), **settings)[0]


# --- the format


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("says: a, figur: staff", "claims.one.figur: is not a known key, did you mean figure?"),
        ("figure: survey", "claims.one.says: is missing"),
        ("says: a", "claims.one: figure is missing: a claim of the plan is made of one"),
        (
            "says: a, figure: staf",
            "claims.one.figure: there is no figure staf, did you mean",
        ),
        (
            "says: a, figure: paid",
            "claims.one: target or simulated is missing: nothing is computed for its figure",
        ),
        (asked("headcont", "at_least: 1"), "claims.one.simulated: measure headcont is not known"),
        (asked("headcount", "at_least: surv"), "claims.one.at_least: there is no figure surv"),
        (asked("headcount", "at_least: survey"), "claims.one.at_least: the figure survey is no"),
        (asked("headcount", "note: none"), "claims.one: exactly one of at_least, at_most, between"),
        (
            asked("headcount", "at_least: 1, at_most: 2"),
            "claims.one: exactly one of at_least, at_most, between goes with simulated",
        ),
        (
            "says: a, figure: staff, target: {scenario: other, name: stay}",
            "claims.one.target: there is no file",
        ),
        (
            asked("headcount", "at_least: 1", less_in="other"),
            "claims.one.simulated.less_in: there is no file",
        ),
        (
            asked("leavers", "at_most: 1, needs: {lever: a, within: [0, 1]}", since="0"),
            "claims.one: needs goes with a target, or with at_least or at_most of one measure",
        ),
    ],
)
def test_what_is_wrong_with_a_claim_is_said_at_its_line(pack, claim, said):
    path = pack(claim)
    with pytest.raises(InputError) as caught:
        read_claims(path)
    assert str(caught.value).startswith(f"{path}:4: {said}"), str(caught.value)


def test_levers_and_findings_are_checked_too(pack):
    good = asked("headcount", "at_least: 1")
    path = pack(good, "says: b", "levers: {as_is: [other]}\nroutes: nowhere\n")
    with pytest.raises(InputError) as caught:
        read_claims(path)
    lines = str(caught.value)
    assert "levers.as_is: there is no file" in lines
    assert "routes: there is no file" in lines
    assert "findings.two: target or simulated is missing" in lines
    twice = path.read_text(encoding="utf-8").replace("  two: {says: b}", f"  one: {{{good}}}")
    path.write_text(twice, encoding="utf-8")
    with pytest.raises(InputError, match=r"findings\.one: is also the name of a claim"):
        read_claims(path)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (
            "says: a, figure: staff, target: {scenario: as_is, name: sta}",
            "one.target: as_is has no target sta, the nearest is stay",
        ),
        (
            asked("headcount", "at_least: 1", month="25"),
            "one.simulated: month 25 is after the horizon of as_is, 24",
        ),
    ],
)
def test_what_a_scenario_does_not_have_is_said_before_anything_runs(pack, claim, said):
    path = pack(claim)
    with pytest.raises(InputError) as caught:
        judge_claims(read_claims(path), replications=10**6)
    assert str(caught.value) == f"{path}: {said}"


# --- the verdicts


@pytest.mark.parametrize(
    ("measure", "limit", "more", "verdict", "said"),
    [
        ("establishment_posts", "at_least: staff", {}, HOLDS, "Holds: the chance is about 19"),
        ("establishment_posts", "between: [20, 25]", {}, HOLDS, "23 (8 in 10 futures at 23)"),
        ("establishment_posts", "at_least: 25", {}, FAILS, "Fails by 2 posts: the chance"),
        ("establishment_posts", "at_least: 25", {}, FAILS, "claim of at least 23 would hold"),
        ("establishment_posts", "at_most: 20", {"month": "12"}, FAILS, "on 31 March 2025: 23"),
        (
            "establishment_posts",
            "at_most: 19",
            {"dimension": "role", "group": "officer"},
            FAILS,
            "posts (Park officer) on 31 March 2026: 20",
        ),
        ("establishment_posts", "at_most: 0", {"less_in": "more"}, HOLDS, "compared with “With"),
        ("establishment_posts", "at_most: -3", {"less_in": "more"}, FAILS, "Fails by 1 post:"),
        (
            "establishment_posts",
            "between: [0.869, 0.87]",
            {"dimension": "role", "group": "officer", "per": "{measure: establishment_posts}"},
            HOLDS,
            "0.87 (8 in 10 futures at 0.87)",
        ),
        ("turnover", "at_most: 1", {"month": "6"}, UNKNOWN, "is undefined in every future."),
        ("leavers", "at_most: 0.5", {"since": "0"}, FAILS, "from 1 April 2024 to 31 March 2026"),
    ],
)  # fmt: skip
def test_a_claim_holds_fails_or_cannot_be_judged(pack, measure, limit, more, verdict, said):
    found = answer(pack(asked(measure, limit, **more)))
    assert found.verdict == verdict, sentence(found)
    assert said in sentence(found)


def test_a_target_is_judged_as_the_results_have_it(pack):
    path = pack("says: they stay, figure: staff, target: {scenario: as_is, name: stay}")
    found = answer(path, replications=200, seed=3)
    scenario = load_scenario(path.parent.parent / "scenarios" / "as_is.yaml")
    row = experiment.run(scenario, 200, 3).targets().iloc[0]
    assert (found.probability, found.se) == (row["probability"], row["se"])
    assert found.verdict == CHANCE
    assert np.mean(found.read.short) == pytest.approx(row["shortfall_mean"])
    text = sentence(found)
    assert f"Holds with a chance of about {round(10 * row['probability'])} in 10" in text
    assert "Where it fails, it fails by" in text
    assert "where at most 5 is claimed" in text
    assert "It leans most on park officer: attrition, resignation" in text
    assert found.leaning.at_low < found.leaning.at_high  # more leave where the hazard is high


def test_the_limit_that_would_be_kept_is_kept_in_eight_futures_of_ten(pack):
    for limit, side in (("at_least: 6", np.greater_equal), ("at_most: 1", np.less_equal)):
        read = answer(pack(asked("leavers", limit)), replications=200).read
        assert np.mean(side(read.values, read.kept)) == pytest.approx(0.8, abs=0.12)


def test_what_a_lever_would_have_to_be_makes_the_claim_hold(pack):
    lever = "roles.officer.attrition.resignation.annual_hazard"
    needs = f"needs: {{lever: {lever}, within: [0.01, 0.5], probability: 0.9}}"
    for claim in (
        "says: they stay, figure: staff, target: {scenario: as_is, name: stay}, " + needs,
        asked("leavers", "at_most: 5, " + needs),
    ):
        path = pack(claim)
        found = answer(path, replications=100)
        assert found.given == pytest.approx(0.2)
        value = found.needed.value
        chance = []
        for hazard in (value, value * 1.1):
            scenario = load_scenario(
                path.parent.parent / "scenarios" / "as_is.yaml", {lever: hazard}
            )
            chance.append(experiment.run(scenario, 100, 1).targets()["probability"].iloc[0])
        assert chance[0] >= 0.9 > chance[1]
        said = "It would hold with a chance of 90% if park officer: attrition, resignation, "
        assert f"{said}annual hazard were {value:.3g}" in sentence(found)
        assert "where 0.2 is assumed" in sentence(found)


def test_a_lever_that_is_not_enough_is_said_to_be_none(pack):
    lever = "roles.officer.attrition.resignation.annual_hazard"
    claim = asked("leavers", f"at_most: 0, needs: {{lever: {lever}, within: [0.2, 0.5]}}")
    found = answer(pack(claim), replications=50)
    assert not found.needed.reached
    assert "from 0.2 to 0.5 gives it a chance of 80%" in sentence(found)


def test_what_the_model_has_no_use_for_is_told_with_its_reason(pack):
    assert sentence(answer(pack("says: they are happy, figure: survey"))) == (
        "Cannot be judged: a survey's answer."
    )
    assert sentence(answer(pack("says: sickness is met, figure: sick"))) == (
        "Cannot be judged: the plan gives no value; it can be judged once targets.sick.at_most "
        "stands in _asks.yaml."
    )


def test_a_claim_that_is_its_figure_agrees_with_the_model_or_does_not(pack):
    found = answer(pack("says: there are twenty-three, figure: staff"))
    assert sentence(found) == "Holds: opening workforce of as_is is 23; needed is equal 23."
    found = answer(pack("says: there are thirty, figure: more_staff"))
    assert sentence(found) == "Fails: opening workforce of as_is is 23; needed is equal 30."


# --- the councils


def without_needs(claims: Claims) -> Claims:
    """The same claims, without the search for what they need: it takes most of the time."""
    parts = {
        part: {name: claim.model_copy(update={"needs": None}) for name, claim in claims.items()}
        for part, claims in (("claims", claims.said.claims), ("findings", claims.said.findings))
    }
    return Claims(claims.path, claims.said.model_copy(update=parts), claims.figures)


@pytest.fixture(scope="module", params=PACKS, ids=lambda path: path.name)
def judged(request) -> tuple[Claims, list[Answer]]:
    claims = read_claims(request.param)
    return claims, judge_claims(without_needs(claims), replications=20)


def test_every_claim_has_an_answer_with_its_numbers(judged):
    claims, answers = judged
    assert [one.name for one in answers] == [name for name, _ in claims]
    for one in answers:
        text = sentence(one)
        if one.claim.scenario is None:
            assert text.startswith(("Cannot be judged: ", "Holds: ", "Fails: ")), one.name
        else:
            assert one.verdict != UNKNOWN, f"{one.name}: {text}"
            assert f"In “{one.scenario.title}”, " in text
            assert "is claimed" in text


def test_a_plan_has_claims_that_hold_and_claims_that_fail(judged):
    claims, answers = judged
    of_plan = [one for one in answers if one.name in claims.said.claims]
    assert len(of_plan) >= 15
    verdicts = {one.verdict for one in of_plan}
    assert verdicts == {HOLDS, CHANCE, FAILS, UNKNOWN}


def test_what_the_plan_does_not_say_is_computed_with_its_spread(judged):
    claims, answers = judged
    beyond = [one for one in answers if one.name in claims.said.findings]
    assert len(beyond) >= 6
    simulated = [one for one in beyond if one.read is not None]
    assert sum(one.probability >= 0.8 for one in simulated) >= 3
    for one in simulated:
        text = sentence(one)
        assert "8 in 10 futures" in text
        sure = np.ptp(one.read.values) == 0
        assert "leans most on" in text or "stands out beyond chance" in text or sure


# What an analyst would find in each plan, and the answers that say whether the model finds it too.
EXPECTED = {
    "colchester": [
        "holes_where_people_leave", "most_from_inside", "by_redeployment",
        "redeployed_above_turnover",
    ],
    "sefton": ["retirement_wave", "hundreds_of_leavers", "level_seven"],
    "wirral": ["capacity_dips", "capacity_rises", "year_twelve", "conversion_is_fastest"],
    "worcestershire": [
        "new_staff", "new_staff_by_growth", "new_staff_by_transfer", "too_small_to_compare",
    ],
    "leicestershire": [
        "pay_cannot_carry_it", "growth_offsets_cuts", "grade_13_places", "grade_13_moves_little",
    ],
}  # fmt: skip


def test_what_an_analyst_would_find_is_confirmed_or_contradicted(judged):
    claims, answers = judged
    by_name = {one.name: one for one in answers}
    for name in EXPECTED[claims.path.parent.name]:
        assert by_name[name].verdict in (HOLDS, CHANCE, FAILS)
        assert re.search(r"\d", sentence(by_name[name]))


def test_levers_named_by_a_claim_are_in_its_scenario():
    seen = 0
    for folder in PACKS:
        claims = read_claims(folder)
        for _, claim in claims:
            if claim.needs is None:
                continue
            seen += 1
            low, high = claim.needs.within
            given = claim.needs.lever
            changed = load_scenario(claims.figures.scenario(claim.scenario), {given: high})
            assert changed != load_scenario(claims.figures.scenario(claim.scenario), {given: low})
    assert seen >= 10


def test_the_example_of_the_document_is_answered(tmp_path):
    for name in ("claims", "figures", "scenarios"):
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for file, body in re.findall(r"^```yaml\n# file: (\S+)\n(.*?)^```$", text, re.S | re.M):
            if file in ("claims.yaml", "figures.yaml", "small.yaml"):
                (tmp_path / file).write_text(body, encoding="utf-8")
    answers = {one.name: one for one in judge_claims(read_claims(tmp_path), replications=40)}
    assert set(answers) == {"stable", "staffed", "counted", "visited", "promoted"}
    assert answers["counted"].verdict == HOLDS
    assert answers["visited"].verdict == UNKNOWN
    assert answers["stable"].verdict == CHANCE
    assert answers["stable"].needed.reached


def test_the_format_takes_no_key_that_it_does_not_know():
    assert ClaimsFile.model_config["extra"] == Claim.model_config["extra"] == "forbid"
