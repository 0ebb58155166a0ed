"""Every figure of every plan stands in the pack or comes out of the model; the format says what is
wrong, and where.
"""

import csv
import math
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wfmodel import experiment
from wfmodel.analysis import check_figures, read_figures
from wfmodel.analysis.figures import FiguresFile, Opening, People, evaluate, names_of
from wfmodel.analysis.people import counted, table
from wfmodel.errors import InputError
from wfmodel.scenario.reading import load_scenario
from wfmodel.simulation.ledger import KIND
from wfmodel.workforce import load_workforce
from wfmodel.workforce.margins import SynthesisFile
from wfmodel.workforce.yamlfile import YamlFile

ROOT = Path(__file__).resolve().parent.parent
PACKS = sorted((ROOT / "data").glob("*/figures.yaml"))
SEEDS = ROOT.parent / "shared" / "design" / "SEEDS.md"
RETURNS = ROOT.parent / "shared" / "data" / "csww_indicators_2017_to_2022.csv"
REPLICATIONS = 20

# What the list of the plans' figures says line by line (by each line's first words), and the
# entries that hold it. Where the list itself is at hand, its lines and numbers are compared.
EXPECTED: dict[str, dict[str, list[str]]] = {
    "sefton": {
        "3,708 employees": ["employees_2020", "employees_2022", "net_change"],
        "44.44% part time": [
            "part_time_share", "part_time_heads", "female_share", "male_share",
            "women_in_the_network",
        ],
        "37.40% over 55": [
            "over_55_share", "over_55_heads", "under_25_share", "under_25_heads",
            "later_pension_ages", "retirements_against_apprentices",
        ],
        "152 newly recruited": [
            "new_apprentices", "new_apprentices_a_year", "upskilled", "upskilled_a_year",
        ],
        "46 managers": ["managers", "managers_a_year", "level_3", "level_5", "level_7"],
        "Children's Social Work Academy": [
            "social_work_academy", "internal_promotions", "care_experienced",
            "terms_and_conditions",
        ],
        "Services 24 hours": ["round_the_clock", "sickness", "wellbeing"],
        '"Smaller external pool': ["smaller_pool", "action_plan"],
    },
    "wirral": {
        "England vacancies": [
            "england_vacancies_2019", "england_vacancies_2020", "england_vacancies_2019_returned",
            "england_vacancies_2020_returned",
        ],
        "Workforce snapshot": [
            "snapshot_headcount", "snapshot_fte", "snapshot_vacancies", "snapshot_turnover",
            "headcount", "fte", "case_holders_heads", "without_cases_heads", "starters_heads",
            "starters_fte", "leavers_heads", "leavers_fte", "turnover", "reconciliation",
            "agency_fte", "agency_rate", "agency_cover", "agency_beyond_vacancies", "vacancies",
            "vacancy_rate", "cases", "case_holders", "caseload", "absence_days", "absence_rate",
            "leavers_under_5_years", "leavers_under_2_years", "starters_committee",
            "leavers_committee", "vacancy_rate_committee", "vacancy_rate_with_all_agency",
        ],
        "Step Up": [
            "step_up_cohorts", "step_up_seventh", "step_up_share", "step_up_share_assumed",
            "step_up_months", "step_up_in_plan_time", "frontline_third", "frontline_second_team",
            "degree_apprentices", "degree_years", "placements", "schools_project",
            "schools_project_in_plan_time", "schools_project_yield", "lead_times",
        ],
        "ASYE": [
            "asye_intake", "asye_strengthened", "higher_proportion_newly_qualified",
            "protected_caseload", "practice_educators", "experience_gap", "caseload_effective",
        ],
        "Agency to permanent": [
            "agency_to_permanent", "agency_to_permanent_lever", "fewer_agency", "agency_cost",
        ],
        "£50 registration": [
            "registration_fee", "refer_a_friend", "refer_a_friend_raised", "tunnel_fees",
            "relocation", "campaigns", "induction",
        ],
        "Progression framework": [
            "progression", "managers_from_inside", "reduced_caseloads", "wellbeing",
        ],
        "KPIs": [
            "asye_completed", "sickness_down", "stress_down", "office_return",
            "wellbeing_reported", "two_years", "three_years",
        ],
    },
    "colchester": {
        "879 heads": [
            "headcount", "fte", "full_time", "part_time", "casual_workers", "agency_spend",
            "cbh_headcount", "cbh_fte", "holdings_headcount", "holdings_fte", "family_headcount",
            "family_fte",
        ],
        "Turnover 14.3%": [
            "turnover", "turnover_around", "operating_cost_reduction", "annual_fte_reduction",
            "fte", "fte_in_three_years", "fte_reduction_three_years", "budget", "saving_sought",
            "saving_share", "fte_to_lose", "fte_saving_low", "fte_saving_high",
            "heads_under_a_freeze",
        ],
        "Redeployment first": [
            "match_threshold", "match_threshold_70", "match_threshold_60", "career_coaches",
            "filled_inside", "redeployed_above_turnover", "redeployed_of_pool",
            "redeployed_a_year_needed", "share_of_vacancies_to_hold",
        ],
        "Levy spent in full": ["levy_spent", "apprenticeship_first"],
        "Shared back office": ["shared_back_office", "first_milestone"],
        "Female 45%": [
            "female_share", "male_share", "reassigned_share", "reassigned_heads",
            "gender_pay_gap", "disability_share", "ethnic_minority_share", "reflects_census",
        ],
        "Secondments": ["secondments", "casual_workers", "shared_post"],
        "KPIs": [
            "budget_balanced", "agency_down", "agency_spend", "sickness_target",
            "retained_after_probation", "internal_moves", "average_heads_2021_22",
            "average_heads_2022_23", "average_heads_2023_24", "heads_did_not_fall",
        ],
    },
    "worcestershire": {
        "Over 1,000 staff": [
            "over_a_thousand", "frontline_share", "frontline_workers", "headcount",
            "headcount_with_managers", "frontline_share_with_managers", "frontline_managers",
            "span", "part_time_share", "job_roles",
        ],
        "Average length of service": [
            "mean_service", "under_two_years", "turnover", "turnover_before",
            "replacement_at_most", "other_providers_staff", "new_with_growth",
            "new_with_the_transfer", "new_with_the_transfer_carried", "staff_2023",
            "back_in_house",
        ],
        "Sickness 5.77": [
            "sickness", "sickness_before", "sickness_days_saved", "sickness_fte_saved",
        ],
        "Women 76%": [
            "women_managers", "women_among_the_best_paid", "disability", "ethnic_minority",
            "residents_ethnic_minority", "diversity",
        ],
        "69% of managers": [
            "managers_trained", "course_accesses", "talks", "courses_each", "training_fte",
        ],
        "Targets: stability": [
            "stability", "permanency", "sickness_watched", "career_pathways",
            "leadership_programme", "apprenticeships", "placements",
        ],
    },
    "leicestershire": {
        "Spend down £120m": [
            "spend_reduction", "spend_reduction_in_total", "net_budget", "saving_share",
            "terms_and_conditions", "workforce_reduces", "care_grows",
        ],
        "65+ up nearly 20%": [
            "residents_over_65", "over_65_a_year", "residents_over_85", "over_85_a_year",
            "care_needed", "care_falls_behind",
        ],
        "2015/16 targets": [
            "bme", "bme_13", "bme_baseline", "bme_13_baseline", "disabled", "disabled_13",
            "disabled_baseline", "disabled_13_baseline", "women_13", "women_13_baseline",
            "declaring_orientation", "declaring_lgb", "declaring_religion", "other_religions",
            "grade_13_places",
        ],
        '"Approximately X people': [
            "staff_in_all", "staff_in_schools", "staff_without_schools", "fte_from_the_press",
        ],
        "Health integration": [
            "health_integration", "commissioning", "shared_services", "horizon_to_2019",
        ],
        "Outcome known since": [
            "jobs_cut", "jobs_cut_a_year", "saved_before", "saved_for_each_job",
            "title_horizon", "text_horizon",
        ],
    },
}  # fmt: skip


def names(path: Path) -> str:
    return path.parent.name


# --- the councils' packs


@pytest.fixture(scope="module", params=PACKS, ids=names)
def checked(request) -> tuple[str, pd.DataFrame]:
    return names(request.param), check_figures(request.param, replications=REPLICATIONS)


def test_every_figure_is_in_the_pack_or_comes_out_of_the_model(checked):
    council, found = checked
    assert len(found) > 40
    assert not found.loc[~found["holds"].astype(bool), "said"].tolist(), council


def test_every_opening_property_and_measure_is_told_with_its_number(checked):
    _, found = checked
    computed = found[found["place"].str.contains("opening workforce|of ")]
    assert computed["said"].str.contains(r"\d").all()


def test_a_contradiction_is_run_in_both_readings():
    found = {
        names(path): [name for name, figure in read_figures(path) if figure.contradicts]
        for path in PACKS
    }
    assert set(found["sefton"]) == {"female_share", "women_in_the_network"}
    assert set(found["colchester"]) == {"turnover", "turnover_around"}
    assert set(found["wirral"]) == {
        "starters_heads", "starters_committee", "leavers_heads", "leavers_committee",
        "vacancy_rate", "vacancy_rate_committee",
    }  # fmt: skip
    assert set(found["worcestershire"]) == {
        "headcount", "headcount_with_managers", "under_two_years", "replacement_at_most",
    }  # fmt: skip
    assert set(found["leicestershire"]) == {"posts_to_go", "posts_to_go_2013"}


@pytest.mark.parametrize("council", EXPECTED)
def test_every_line_of_the_plan_has_its_figures(council):
    held = {name for name, _ in read_figures(ROOT / "data" / council / "figures.yaml")}
    wanted = {name for line in EXPECTED[council].values() for name in line}
    assert not sorted(wanted - held)


def lines_of(council: str) -> list[str]:
    """The lines about a council in the list of the plans' figures."""
    if not SEEDS.is_file():
        pytest.skip(f"the list of the plans' figures is not at hand ({SEEDS})")
    text = SEEDS.read_text(encoding="utf-8")
    found = re.search(rf"^## {council}.*?\n(.*?)(?=^## )", text, re.S | re.M | re.I)
    assert found, council
    return re.findall(r"^- (.*?)(?=^- |\Z)", found[1], re.S | re.M)


def numbers(text: str) -> set[float]:
    """The numbers of a text, without dates; £1.1m is 1,100,000, £40–45k two numbers."""
    text = re.sub(
        r"\b(\d{1,2} )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* \d{4}", "", text
    )
    text = re.sub(r"\b(20\d\d[/–-]\d\d|20\d\d)\b", "", text)
    text = re.sub(r"([\d.]+)–([\d.]+)(m|k|)\b", r"\1\3 \2\3", text)
    found = set()
    for number, unit in re.findall(r"(\d[\d,]*(?:\.\d+)?)\s?(m\b|k\b)?", text):
        found.add(float(number.replace(",", "")) * {"m": 1e6, "k": 1e3, "": 1}[unit])
    return found


@pytest.mark.parametrize("council", EXPECTED)
def test_every_number_of_a_line_is_in_its_figures(council):
    figures = dict(read_figures(ROOT / "data" / council / "figures.yaml"))
    lines = lines_of(council)
    expected = dict(EXPECTED[council])
    for line in lines:
        key = next((start for start in expected if line.startswith(start)), None)
        assert key, f"no entry is named for: {line}"
        held: set[float] = set()
        for name in expected.pop(key):
            figure = figures[name]
            text = " ".join(
                map(str, (figure.quote, figure.unit, figure.note, figure.why, figure.where))
            )
            held |= numbers(text)
            values = figure.value if isinstance(figure.value, tuple) else (figure.value,)
            for value in values:
                if isinstance(value, float):
                    held |= {abs(value), abs(value) * 100}
        missing = {
            number
            for number in numbers(line)
            if not any(math.isclose(number, one, rel_tol=1e-3) for one in held)
        }
        assert not missing, f"{sorted(missing)} of: {line}"
    assert not expected


def returned(place: str) -> dict[str, dict[str, str]]:
    """The returns of a council, or of all England, to the Department for Education, by year."""
    if not RETURNS.is_file():
        pytest.skip(f"the Department for Education's returns are not at hand ({RETURNS})")
    with RETURNS.open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if place in (r["la_name"], national(r))]
    return {row["time_period"]: row for row in rows}


def national(row: dict[str, str]) -> str:
    """England, of a row that is about all of it."""
    return row["country_name"] if row["geographic_level"] == "National" else ""


def values_of(council: str) -> dict[str, Any]:
    """A plan's figures by name."""
    return {name: f.value for name, f in read_figures(ROOT / "data" / council / "figures.yaml")}


def test_the_social_workers_of_sefton_are_those_of_the_return():
    rows = returned("Sefton")
    figures = values_of("sefton")
    row = {key: float(rows["2021"][key]) for key in rows["2021"] if key.endswith(("fte", "count"))}
    assert figures["social_workers"] == row["inpost_headcount"]
    assert figures["social_workers_fte"] == row["inpost_fte"]
    assert figures["social_work_vacancies_2021"] == row["vacancy_rate_fte"] / 100
    assert figures["agency_social_workers"] == pytest.approx(
        row["agency_fte"] - row["agency_cover_fte"]
    )
    assert figures["vacancies_covered"] == row["vacancy_agency_cover_rate_fte"] / 100
    days = row["working_days_lost_fte"] / row["inpost_fte"]
    assert figures["social_work_absence"] == pytest.approx(days, abs=0.05)
    years = [float(rows[str(year)]["turnover_rate_fte"]) / 100 for year in range(2017, 2022)]
    assert figures["social_work_turnover"] == pytest.approx(sum(years) / 5, abs=0.0005)
    assert figures["social_work_vacancies_2022"] == float(rows["2022"]["vacancy_rate_fte"]) / 100


def test_the_social_workers_of_wirral_are_those_of_the_return():
    rows = returned("Wirral")
    figures = values_of("wirral")
    row = {k: float(v) for k, v in rows["2021"].items() if re.fullmatch(r"-?[\d.]+", v)}
    for name, column in {
        "headcount": "inpost_headcount",
        "fte": "inpost_fte",
        "starters_heads": "starters_headcount",
        "starters_fte": "starters_fte",
        "leavers_heads": "leavers_headcount",
        "leavers_fte": "leavers_fte",
        "agency_fte": "agency_fte",
        "agency_cover": "agency_cover_fte",
        "vacancies": "vacancy_fte",
        "cases": "cases",
        "case_holders": "case_holders_fte",
        "caseload": "caseload_fte",
    }.items():
        assert figures[name] == row[column], name
    for name, column in {
        "turnover": "turnover_rate_fte",
        "agency_rate": "agency_rate_fte",
        "vacancy_rate": "vacancy_rate_fte",
        "absence_rate": "absence_rate_fte",
    }.items():
        assert figures[name] == pytest.approx(row[column] / 100), name
    assert figures["absence_days"] == pytest.approx(
        row["working_days_lost_fte"] / row["inpost_fte"], abs=0.05
    )
    turnover = [float(rows[str(year)]["turnover_rate_fte"]) / 100 for year in range(2017, 2022)]
    assert figures["stable_then_turnover"] == pytest.approx(sum(turnover) / 5, abs=0.0005)
    assert figures["caseload_before"] == float(rows["2020"]["caseload_fte"])
    england = returned("England")
    assert figures["england_vacancies_2019_returned"] == float(england["2019"]["vacancy_fte"])
    assert figures["england_vacancies_2020_returned"] == float(england["2020"]["vacancy_fte"])
    seen = rows["2022"]
    assert figures["leavers_2022"] == float(seen["leavers_headcount"])
    assert figures["turnover_2022"] == pytest.approx(float(seen["turnover_rate_fte"]) / 100)
    assert figures["fte_2022"] == float(seen["inpost_fte"])
    assert figures["vacancies_2022"] == float(seen["vacancy_fte"])
    assert figures["agency_2022"] == float(seen["agency_fte"])


def test_those_who_leave_wirral_have_served_as_long_as_its_return_says():
    scenario = load_scenario(
        ROOT / "scenarios" / "wirral" / "baseline.yaml", {"run.detail": ["council"]}
    )
    ran = experiment.run(scenario, REPLICATIONS, simulation="compiled", keep_ledgers=True)
    figures = values_of("wirral")
    year, served = int(365.25 * 86_400), []
    for ledger in ran.ledgers():
        moves = ledger.movements
        goes = np.isin(moves["kind"], [KIND["leaver"], KIND["dropped_out"]])
        left = moves[goes & (moves["time"] < year)]
        served.append(left["time"] - ledger.people["service_start"][left["person"]])
    years = np.concatenate(served) / year
    for name, below in (("leavers_under_5_years", 5), ("leavers_under_2_years", 2)):
        published = figures[name] / figures["leavers_fte"]
        chance = (published * (1 - published) / figures["leavers_fte"]) ** 0.5  # of 35, not many
        assert np.mean(years < below) == pytest.approx(published, abs=1.3 * chance), name


def test_a_way_of_growing_one_s_own_is_the_same_alone_as_today_and_in_the_plan():
    folder = ROOT / "scenarios" / "wirral"
    plan = load_scenario(folder / "plan_as_written.yaml").pipelines
    for pipeline, alone in {
        "step_up": "step_up",
        "frontline": "frontline_one_team",
        "frontline_second": "frontline_two_teams",
        "degree_apprenticeship": "degree_apprenticeship",
        "university_placements": "placements",
        "schools_project": "schools_project",
    }.items():
        assert load_scenario(folder / f"{alone}.yaml").pipelines[pipeline] == plan[pipeline]


def test_what_leicestershire_leaves_blank_is_asked_for_and_makes_a_scenario_once_filled(tmp_path):
    for folder in ("data/leicestershire", "scenarios/leicestershire"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    scenario = load_scenario(tmp_path / "scenarios" / "leicestershire" / "_council.yaml")
    with pytest.raises(InputError) as caught:
        load_workforce(scenario)
    asked = [line.split(": ")[1] for line in str(caught.value).splitlines()]
    path = tmp_path / "data" / "leicestershire" / "_workforce_council.yaml"
    text = path.read_text(encoding="utf-8")
    filled = {
        "headcount:  #": "headcount: 7000  #", "fte:  #": "fte: 5600  #",
        "full_time:  #": "full_time: 3850  #", "part_time:  #": "part_time: 3150  #",
        "schools: {headcount: , fte: }": "schools: {headcount: 9000, fte: 6000}",
        "total: {headcount: , fte: }": "total: {headcount: 16000, fte: 11600}",
        "groups:  # {ethnic": "groups: {ethnic_minority: 0.09, other: 0.8}  # {",
        "groups:  # {disabled": "groups: {disabled: 0.04, not_disabled: 0.8}  # {",
    }  # fmt: skip
    for blank, number in filled.items():
        assert text.count(blank) == 1
        text = text.replace(blank, number)
    for share in ("0.05", "0.03", "0.5"):
        text = text.replace("from_grade: {13: }", f"from_grade: {{13: {share}}}", 1)
    path.write_text(text, encoding="utf-8")
    assert len(asked) == 13
    workforce = load_workforce(scenario)
    people = table(scenario, workforce)
    senior = people[people["grade"] >= 13]
    assert len(people) == 7000
    assert (senior["sex"] == "female").mean() == pytest.approx(0.5, abs=0.002)
    assert (senior["ethnicity"] == "ethnic_minority").mean() == pytest.approx(0.05, abs=0.002)


# --- the format

SCENARIO = """\
schema: 1
name: as_is
title: As it is
horizon: {start: 2024-04-01, months: 12}
workforce:
  groups:
    officers:
      {service: homes, role: officer, posts: 30, filled: 27, age_years: 40, service_years: 5}
    heads: {service: homes, role: head, posts: 3, fte: 0.6, age_years: 60, service_years: 10}
roles:
  officer: {grade: 5, salary_gbp: 30000}
  head:
    grade: 9
    manager: true
    salary_gbp: {value: 50000, interval: [45000, 60000], source: a guess, confidence: low}
"""
ASKS = """\
schema: 1
name: asks
title: A target of the council's own
extends: as_is.yaml
targets:
  sick: {title: Sickness, measure: absence_days_per_fte, at_most: %s}
"""
HEAD = "schema: 1\nplan: A plan\nscenarios: ../scenarios\nfigures:\n"


@pytest.fixture
def pack(tmp_path):
    """Writes figures beside two scenarios; gives the file."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "data").mkdir()
    for name in ("as_is", "other"):
        text = SCENARIO.replace("as_is", name)
        (tmp_path / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def write(*entries: str) -> Path:
        path = tmp_path / "data" / "figures.yaml"
        path.write_text(HEAD + "".join(f"  {entry}\n" for entry in entries), encoding="utf-8")
        return path

    return write


def entry(where="", name="staff", value="value: 30", use="output", more="") -> str:
    """One entry; ``where`` is what stands in its braces."""
    place = f", where: {{{where}}}" if where else ""
    begin = f'{name}: {{quote: "thirty", {value}, unit: heads, date: 2024-04-01, use: {use}'
    return f"{begin}{place}{more}}}"


HEADS = "opening: {scenario: as_is, count: heads}"
AT = "figures.staff"
SAID = [
    (
        entry("opening: {scenario: as_is, count: head}"),
        f'{AT}.where.opening.count: is "head", did you mean heads? allowed are heads, fte, share',
    ),
    (
        entry("opening: {scenario: as_is, count: heads, fewer_than: 3}"),
        f"{AT}.where.opening: fewer_than goes with count job_titles",
    ),
    (
        entry("openings: {}"),
        f"{AT}.where.openings: is not a known key, did you mean opening?",
    ),
    (entry(), f"{AT}: where goes with every use but outside, and is needed there"),
    (entry(use="outside"), f"{AT}: why goes with use outside, which needs it"),
    (entry(HEADS, use="input"), f"{AT}: use input needs where.stated"),
    (
        entry("stated: {file: a.yaml, path: b}", use="check"),
        f"{AT}: use check needs where.opening, .simulated or .formula",
    ),
    (
        entry(f"{HEADS}, comparison: at_most"),
        f"{AT}: use output is reproduced; a comparison makes it a check",
    ),
    (
        entry(HEADS, value="value: many"),
        f"{AT}: value is missing or no number; what is compared needs one",
    ),
    (
        entry("opening: {scenario: nowhere, count: heads}"),
        f"{AT}.where.opening: there is no file",
    ),
    (
        entry("stated: {scenario: as_is, file: x, path: y}", use="input"),
        f"{AT}.where.stated: give exactly one of file, scenario",
    ),
    (
        entry("stated: {scenario: as_is, path: y, demanded: true}", use="input"),
        f"{AT}: has a value; filled_from and demanded go with a blank",
    ),
    (
        entry("simulated: {scenario: as_is, measure: headcounts}"),
        f"{AT}.where.simulated: measure headcounts is not known, did you mean headcount?",
    ),
    (
        entry("simulated: {scenario: as_is, measure: budget_gbp, dimension: sex}"),
        f"{AT}.where.simulated: measure budget_gbp exists by council, service, role",
    ),
    (
        entry('formula: "stuff * 2"'),
        f"{AT}.where.formula: there is no figure stuff, did you mean staff?",
    ),
    (
        entry('formula: "len(staff)"'),
        f"{AT}.where.formula: 'len(staff)' is not arithmetic (+ - * / **) on names of figures",
    ),
    (
        entry(f"{HEADS}, comparison: between", use="check"),
        f"{AT}.where: between goes with comparison between, which needs it",
    ),
    (
        entry(HEADS, more=", contradicts: them"),
        f"{AT}.contradicts: there is no figure them, did you mean staff?",
    ),
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_what_is_wrong_with_a_figure_is_said_at_its_line(pack, text, said):
    path = pack(text)
    with pytest.raises(InputError) as caught:
        read_figures(path)
    assert str(caught.value).startswith(f"{path}:5: {said}")


def test_a_contradiction_needs_two_scenarios_that_name_each_other(pack):
    one = entry(HEADS, "one", more=", contradicts: two")
    two = entry(HEADS, "two", more=", contradicts: one")
    with pytest.raises(InputError) as caught:
        read_figures(pack(one, two))
    assert "is run in as_is, as two is; each needs its own scenario" in str(caught.value)
    other = two.replace("as_is", "other")
    assert dict(read_figures(pack(one, other)))["two"].contradicts == "one"
    with pytest.raises(InputError) as caught:
        read_figures(pack(one, other.replace(", contradicts: one", "")))
    assert "figures.one.contradicts: two does not name it in return" in str(caught.value)


def holds(path: Path) -> list[bool]:
    return check_figures(path, replications=3, simulation="reference")["holds"].tolist()


def opening(count: str, of: str = "") -> str:
    return f"opening: {{scenario: as_is, count: {count}{f', of: {{{of}}}' if of else ''}}}"


@pytest.mark.parametrize(
    ("value", "where", "expected"),
    [
        ("value: 30", HEADS, True),
        ("value: 31", HEADS, True),  # within one person
        ("value: 32", HEADS, False),
        ("value: 32", f"{HEADS}, tolerance: 2", True),
        ("value: 28.8", opening("fte"), True),
        ("value: 28.9", opening("fte"), False),
        ("value: 0.1", opening("share", "managers: true"), True),
        ("value: 0.2", opening("share", "managers: true"), False),
        ("value: 5.5", opening("mean_service_years"), True),
        ("value: 3", opening("heads", "age_from: 55"), True),
        ("value: 27", opening("heads", "grade_below: 9"), True),
        ("value: 2", opening("roles"), True),
        ("value: 2", opening("job_titles"), True),  # the roles, where posts have no titles
        ("value: 1", f"{opening('job_titles')[:-1]}, fewer_than: 10}}", True),
        ("value: 31.8", "simulated: {scenario: as_is, measure: fte}", True),  # all filled
        ("value: 3", "simulated: {scenario: as_is, measure: headcount, since: 0}", True),
        ("value: 3", "simulated: {scenario: as_is, measure: starters, since: 0, month: 6}", True),
        ("value: [20, 30]", HEADS, True),
        ("value: [20, 28]", HEADS, False),
        ("value: 30", 'formula: "staff * 2 - 30"', True),
        ("value: 30", 'formula: "staff + 1"', False),
    ],
)
def test_a_figure_is_compared_within_a_person_or_its_rounding(pack, value, where, expected):
    assert holds(pack(entry(where, value=value))) == [expected]


def test_results_that_are_at_hand_are_not_run_again(pack, monkeypatch):
    path = pack(entry("simulated: {scenario: as_is, measure: fte}", value="value: 31.8"))
    ran = experiment.run(load_scenario(read_figures(path).scenario("as_is")), replications=2)
    monkeypatch.setattr(experiment.experiment, "simulation_named", None)
    assert check_figures(path, results=ran)["computed"].tolist() == [pytest.approx(31.8)]


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("at_most", True),
        ("at_least", True),
        ("between, between: [20, 40]", True),
        ("between, between: [40, 50]", False),
    ],
)
def test_a_check_compares_as_it_says(pack, comparison, expected):
    assert holds(pack(entry(f"{HEADS}, comparison: {comparison}", use="check"))) == [expected]


def test_what_is_stated_must_be_there_and_the_same(pack):
    stated = "stated: {{scenario: as_is, path: workforce.groups.officers.{}}}"
    good = entry(stated.format("posts"), use="input")
    wrong = entry(stated.format("posts"), "fewer", "value: 29", "input")
    lost = entry(stated.format("post"), "lost", use="input")
    assert holds(pack(good, wrong, lost)) == [True, False, False]


def blank(where: str) -> str:
    return entry(f"stated: {{{where}}}", value="note: none", use="input")


PAY = "scenario: as_is, path: roles.head.salary_gbp"


def test_a_lever_without_a_number_needs_a_sourced_assumption(pack):
    path = pack(blank(PAY))
    assert holds(path) == [True]
    scenario = path.parent.parent / "scenarios" / "as_is.yaml"
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace(", source: a guess", ""), encoding="utf-8")
    assert holds(path) == [False]


def test_a_blank_is_filled_from_a_named_source(pack):
    path = pack(blank(f"{PAY}, filled_from: the return"))
    assert holds(path) == [False]
    scenario = path.parent.parent / "scenarios" / "as_is.yaml"
    text = scenario.read_text(encoding="utf-8")
    named = text.replace("a guess, confidence: low", "the return, confidence: high")
    scenario.write_text(named, encoding="utf-8")
    assert holds(path) == [True]


def test_a_blank_that_nothing_fills_is_demanded_by_file_and_line(pack):
    path = pack(blank("scenario: _asks, path: targets.sick.at_most, demanded: true"))
    asks = path.parent.parent / "scenarios" / "_asks.yaml"
    asks.write_text(ASKS % "", encoding="utf-8")
    found = check_figures(path)
    assert found["holds"].tolist() == [True]
    assert "_asks.yaml:6: targets.sick.at_most: is empty" in found["said"][0]
    asks.write_text(ASKS % "3", encoding="utf-8")
    assert holds(path) == [False]


def test_people_are_counted_from_the_tables():
    scenario = load_scenario(ROOT / "scenarios" / "colchester" / "baseline.yaml")
    workforce = load_workforce(scenario)
    people = table(scenario, workforce)

    def count(what: str, of: People, among: People | None = None) -> float:
        asked = Opening(scenario="baseline", count=what, of=of, among=among or People())
        return counted(asked, people, workforce)[0]

    assert count("heads", People(roles=["driver"], services=["waste"])) == 44
    assert count("heads", People(top_paid=20)) == 20
    assert count("share", People(top_paid=8), People(grade_from=11)) == 1
    assert count("share", People(sex="female"), People(managers=True)) == pytest.approx(
        0.5, abs=0.1
    )
    young = People(age_below=25)
    assert count("heads", young) + count("heads", People(age_from=25)) == 879
    long = count("heads", People(service_years_from=20))
    assert long == pytest.approx(0.11 * 879, abs=1)
    assert count("vacancy_rate", People()) == pytest.approx(0.05, abs=0.001)


def test_formulas_are_arithmetic_and_nothing_else():
    assert evaluate("-(a + 2) * 3 / 4 ** 0.5", {"a": 4.0}) == -9
    assert names_of("a + b / a") == ["a", "b", "a"]
    for wrong in ("a.b", "a[0]", "a if b else 1", "'a'", "True", "a <", "__import__('os')"):
        with pytest.raises(ValueError, match="is not arithmetic"):
            names_of(wrong)


def test_the_example_of_the_document_holds(tmp_path):
    for name in ("figures", "scenarios"):
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for file, body in re.findall(r"^```yaml\n# file: (\S+)\n(.*?)^```$", text, re.S | re.M):
            if file in ("figures.yaml", "small.yaml"):
                data_file(tmp_path, file, body)
    found = check_figures(tmp_path / "figures.yaml", replications=20)
    assert len(found) == 10
    assert not found.loc[~found["holds"].astype(bool), "said"].tolist()


# --- a data file that extends another


def data_file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_data_file_states_only_what_differs_from_its_parent():
    folder = ROOT / "data" / "sefton"
    file = YamlFile(folder / "workforce_women_70.yaml", SynthesisFile)
    said, parent = (
        file.parse(SynthesisFile),
        YamlFile(folder / "workforce.yaml").parse(SynthesisFile),
    )
    assert [path.name for path in file.files] == ["workforce_women_70.yaml", "workforce.yaml"]
    assert said.margins.sex is not None
    assert said.margins.sex.groups == {"female": 0.7, "male": 0.3}
    assert said.margins.role == parent.margins.role
    assert said.title != parent.title
    assert "workforce.yaml" in file.place(["margins", "role"])
    assert "workforce_women_70.yaml" in file.place(["margins", "sex", "groups"])


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("other.yaml", "2: extends: there is no file"),
        ("../other.yaml", "2: extends: is not the name of a file of this folder"),
        ("file.yaml", "2: extends: goes round in a circle: file.yaml → file.yaml"),
    ],
)
def test_a_data_file_without_its_parent_says_so(tmp_path, extends, said):
    path = data_file(tmp_path, "file.yaml", f"schema: 1\nextends: {extends}\n")
    with pytest.raises(InputError) as caught:
        YamlFile(path, SynthesisFile)
    assert f"{path}:{said}" in str(caught.value)


def test_the_format_takes_no_key_that_it_does_not_know():
    assert FiguresFile.model_config["extra"] == "forbid"
