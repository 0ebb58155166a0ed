"""A synthesised workforce meets every published margin, and says so when that is impossible."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfmodel.errors import InputError
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce import Workforce, check_tables, load_workforce
from wfmodel.workforce.fitting import Unfitted, fit, round_controlled, share_out, systematic, whole
from wfmodel.workforce.synthesis import synthesise

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "scenarios" / "colchester" / "baseline.yaml"
DATA = ROOT / "data" / "colchester"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(BASELINE)


@pytest.fixture(scope="module")
def colchester(scenario) -> Workforce:
    return load_workforce(scenario)


def changed(folder: Path, *pairs: tuple[str, str]) -> Path:
    """A copy of Colchester's synthesis file with some of its text replaced."""
    text = (DATA / "workforce.yaml").read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    points = (DATA / "pay_points.csv").read_text(encoding="utf-8")
    (folder / "pay_points.csv").write_text(points, encoding="utf-8")
    path = folder / "workforce.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def said(path: Path, scenario: Scenario) -> str:
    """What is said of an impossible synthesis file: one line."""
    with pytest.raises(InputError) as caught:
        synthesise(path, scenario)
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).startswith(f"{path}")
    return str(caught.value)


# --- what Colchester published --------------------------------------------------------------------


def test_every_margin_is_within_one_person_of_what_was_published(colchester):
    heads = colchester.checks[colchester.checks["unit"] == "heads"]
    assert len(heads) > 60
    assert (heads["synthesised"] - heads["published"]).abs().max() < 1


def test_published_totals_are_met_exactly(colchester):
    people = colchester.assignments.groupby("person_id")["fte"].sum()
    assert len(colchester.people) == 879
    assert round(people.sum(), 6) == 761.5
    assert int((people > 0.995).sum()) == 647
    assert int((people < 0.995).sum()) == 232
    assert colchester.people["sex"].value_counts().to_dict() == {"male": 475, "female": 395, "": 9}
    assert int(colchester.people["disability"].eq("disabled").sum()) == 45
    assert int(colchester.people["ethnicity"].eq("ethnic_minority").sum()) == 59


def test_the_checks_count_the_tables_themselves(scenario, colchester):
    """The synthesised column is not a copy of the published one."""
    checks = colchester.checks.set_index(["margin", "group"])["synthesised"]
    held = colchester.assignments.merge(colchester.posts, on="post_id")
    by_role = held.drop_duplicates("person_id")["role"].value_counts()
    for role, heads in by_role.items():
        assert checks["role", role] == heads
    age = (pd.Timestamp(2024, 4, 1) - colchester.people["birth_date"]).dt.days / 365.2425
    assert checks["age", "65 and over"] == int((age >= 65).sum())
    served = pd.Timestamp(2024, 4, 1) - colchester.people["service_start"]
    served = served.dt.total_seconds() / (365.25 * 86_400)
    assert checks["service_length", "0 to 1"] == int((served < 1).sum())


def test_the_pay_gap_comes_out_near_the_published_one(colchester):
    row = colchester.checks.set_index("margin").loc["gender_pay_gap"]
    assert row["published"] == -1.9
    assert abs(row["synthesised"] - row["published"]) < 0.5


def test_pay_lies_where_a_district_council_pays(colchester):
    pay = colchester.pay_points.set_index("point")["annual_gbp"]
    held = colchester.assignments.merge(colchester.people, on="person_id")
    bill = (held["pay_point"].map(pay) * held["fte"]).sum()
    assert 33_000 < bill / held["fte"].sum() < 36_000


def test_the_tables_pass_their_checks(colchester):
    check_tables(colchester)
    started = colchester.people["birth_date"] + pd.DateOffset(years=16) - pd.Timedelta(days=2)
    assert (colchester.people["continuous_start"] >= started).all()


def test_posts_are_shared_paired_vacant_and_funded_as_stated(colchester):
    held = colchester.assignments
    assert int((held["post_id"].value_counts() > 1).sum()) == 4
    assert int((held["person_id"].value_counts() > 1).sum()) == 8
    posts = colchester.posts
    vacant = posts["fte"].sum() - held["fte"].sum()
    assert vacant / posts["fte"].sum() == pytest.approx(0.05, abs=0.0005)
    assert posts["funding"].value_counts()[["grant", "hra", "partner_share"]].tolist() == [6, 2, 1]


def test_people_are_on_a_point_of_their_role_and_have_its_skills(scenario, colchester):
    held = colchester.assignments.merge(colchester.posts, on="post_id").merge(
        colchester.people, on="person_id"
    )
    for role, rows in held.groupby("role"):
        low, high = scenario.roles[role].pay_points
        assert rows["pay_point"].between(low, high).all()
        wanted = set(scenario.roles[role].skills)
        assert all(wanted <= set(text.split()) for text in rows["skills"])


def test_characteristics_go_together_as_assumed(colchester):
    people = colchester.people.set_index("person_id")
    fte = colchester.assignments.groupby("person_id")["fte"].sum().reindex(people.index)
    women = people["sex"] == "female"
    assert women[fte < 0.995].mean() > women[fte > 0.995].mean() + 0.1
    age = (pd.Timestamp(2024, 4, 1) - people["birth_date"]).dt.days / 365.25
    served = (pd.Timestamp(2024, 4, 1) - people["service_start"]).dt.days / 365.25
    assert np.corrcoef(age, served)[0, 1] > 0.3


def test_a_seed_gives_one_workforce(scenario, colchester):
    again = load_workforce(scenario)
    for name, table in colchester.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])


def test_another_seed_gives_other_people_and_the_same_margins(scenario, colchester):
    source = scenario.workforce.model_copy(update={"seed": 2})
    other = scenario.model_copy(update={"workforce": source})
    other._path = scenario._path
    workforce = load_workforce(other)
    assert not workforce.people["birth_date"].equals(colchester.people["birth_date"])
    heads = workforce.checks[workforce.checks["unit"] == "heads"]
    assert (heads["synthesised"] - heads["published"]).abs().max() < 1


def test_what_is_published_and_what_is_assumed_are_told_apart(colchester):
    checks = colchester.checks.set_index("margin")
    assert set(checks.loc["sex", "confidence"]) == {"high"}
    assert set(checks.loc["role", "confidence"]) == {"low"}
    text = " ".join(colchester.assumptions["assumption"])
    for word in ("service_length", "role: 36 groups", "joint.part_time", "vacancy_rate"):
        assert word in text
    assert "sex: " not in text
    assert colchester.checks["source"].str.len().min() > 5


def test_the_family_adds_up_to_its_published_total(colchester):
    checks = colchester.checks.set_index("margin")["synthesised"]
    assert checks["family_headcount"] == 1169
    assert checks["family_fte"] == 1025


def test_the_files_read_are_named(colchester):
    assert [path.name for path in colchester.input_files] == ["workforce.yaml", "pay_points.csv"]


# --- what is impossible ---------------------------------------------------------------------------


def test_hours_that_miss_the_headcount_are_told(scenario, tmp_path):
    path = changed(tmp_path, ("full_time: {value: 647", "full_time: {value: 651"))
    assert "hours: full_time and part_time sum to 883, the headcount is 879" in said(path, scenario)


def test_an_fte_that_the_heads_cannot_make_is_told(scenario, tmp_path):
    path = changed(tmp_path, ("fte: {value: 761.5", "fte: {value: 861.5"))
    text = said(path, scenario)
    assert ": fte: is 861.5, but 647 full-time and 232 part-time heads make 693.4 to 834.92" in text


def test_a_margin_that_misses_the_headcount_names_both_numbers(scenario, tmp_path):
    path = changed(tmp_path, ("      waste: 138", "      waste: 158"))
    text = said(path, scenario)
    line = 1 + path.read_text(encoding="utf-8").splitlines().index("    groups:")
    assert f":{line}: margins.service.groups: sum to 899 heads, the headcount is 879" in text


def test_shares_above_one_are_told(scenario, tmp_path):
    path = changed(tmp_path, ("female: 0.45, male: 0.54", "female: 0.55, male: 0.54"))
    assert "margins.sex.groups: sum to 958.11 heads, the headcount is 879" in said(path, scenario)


def test_a_grade_that_its_roles_do_not_make_is_told(scenario, tmp_path):
    path = changed(tmp_path, ("groups: {1: 62, 2: 140", "groups: {1: 72, 2: 130"))
    with pytest.raises(InputError) as caught:
        synthesise(path, scenario)
    assert "grade.groups.1: is 72 heads, the roles of the grade have 62" in str(caught.value)
    assert "grade.groups.2: is 130 heads, the roles of the grade have 140" in str(caught.value)


def test_margins_that_the_pattern_forbids_are_told(scenario, tmp_path):
    path = changed(
        tmp_path,
        ("      leisure_assistant: 62\n", "      leisure_assistant: 12\n"),
        ("      waste_operative: 72\n", "      waste_operative: 122\n"),
        ("groups: {1: 62, 2: 140", "groups: {1: 12, 2: 190"),
    )
    text = said(path, scenario)
    line = 1 + path.read_text(encoding="utf-8").splitlines().index("      waste: 138")
    assert f"{path}:{line}: margins.service.groups.waste: is 138 heads, the other margin" in text


def test_a_family_that_does_not_add_up_is_told(scenario, tmp_path):
    path = changed(tmp_path, ("headcount: {value: 1169", "headcount: {value: 1189"))
    assert "family.total.headcount: is 1189, its parts sum to 1169" in said(path, scenario)


def test_an_unknown_role_or_service_is_told(scenario, tmp_path):
    path = changed(tmp_path, ("      driver: 53", "      pilot: 53"))
    with pytest.raises(InputError) as caught:
        synthesise(path, scenario)
    assert "margins.role.groups.pilot: pilot is not a role of" in str(caught.value)
    assert "pattern.waste.driver: driver is not in margins.role" in str(caught.value)


def test_a_guess_without_a_spread_is_refused(scenario, tmp_path):
    path = changed(tmp_path, ("    plus_minus: 0.25\n", ""))
    assert "margins.service: confidence low requires plus_minus" in said(path, scenario)


def test_a_funding_of_more_posts_than_there_are_is_told(scenario, tmp_path):
    path = changed(tmp_path, ("posts: 6\n", "posts: 600\n"))
    assert "posts.funding.homelessness_grant: wants 600 posts" in said(path, scenario)


def test_a_missing_file_is_named(scenario, tmp_path):
    assert "nowhere.yaml: does not exist" in said(tmp_path / "nowhere.yaml", scenario)


# --- fitting --------------------------------------------------------------------------------------

tables = st.integers(1, 6).flatmap(
    lambda height: st.integers(1, 6).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 30), min_size=width, max_size=width),
            min_size=height,
            max_size=height,
        )
    )
)


@settings(max_examples=150, deadline=None)
@given(tables, st.integers(0, 2**32))
def test_a_fitted_table_rounds_to_whole_numbers_with_the_same_sums(counts, seed):
    wanted = np.array(counts)
    pattern = np.where(wanted > 0, np.random.default_rng(seed).uniform(0.5, 2, wanted.shape), 0)
    rows, columns = wanted.sum(axis=1), wanted.sum(axis=0)
    table = fit(pattern, rows, columns)
    rounded = round_controlled(table)
    assert (rounded.sum(axis=1) == rows).all()
    assert (rounded.sum(axis=0) == columns).all()
    assert np.abs(rounded - table).max(initial=0) < 1 + 1e-6
    assert (rounded[pattern == 0] == 0).all()


# --- shares of a grade and above, and job titles


def with_grades(folder: Path, shares: str) -> Path:
    """Colchester's synthesis file with shares of women from some grades up."""
    groups = "groups: {female: 0.45, male: 0.54}"
    return changed(folder, (groups, f"{groups}\n    from_grade: {shares}"))


def test_a_share_of_a_grade_and_above_is_met_to_the_head(tmp_path, scenario):
    made = synthesise(with_grades(tmp_path, "{9: 0.61, 10: 0.3}"), scenario)
    held = made.assignments.merge(made.posts, on="post_id").drop_duplicates("person_id")
    grade = made.people["person_id"].map(held.set_index("person_id")["role"])
    grade = grade.map(lambda role: scenario.roles[role].grade)
    women = made.people["sex"].eq("female")
    assert women.sum() == 395
    for edge, share in ((9, 0.61), (10, 0.3)):
        above = grade >= edge
        assert women[above].sum() == round(share * above.sum())
    checks = made.checks.set_index(["margin", "group"])
    told = checks.loc[("sex", "female, grade 10 and above")]
    assert told["synthesised"] == round(0.3 * (grade >= 10).sum())


def test_a_share_of_a_grade_that_the_whole_does_not_allow_is_told(tmp_path, scenario):
    text = said(with_grades(tmp_path, "{1: 0.9}"), scenario)
    assert "margins.sex.from_grade.1: is 0.9 of 879 heads, 395 are in all" in text


def test_shares_by_grade_are_of_characteristics_alone(tmp_path, scenario):
    groups = "groups: {16: 0.060"
    path = changed(tmp_path, (groups, f"from_grade: {{9: 0.5}}\n    {groups}"))
    text = said(path, scenario)
    assert "from_grade goes with sex, ethnicity, disability, not age" in text


def entitled(folder: Path, titles: str) -> Path:
    """Colchester's synthesis file with titles of its posts."""
    return changed(folder, ("# How characteristics go", f"job_titles: {titles}\n\n# How"))


def test_posts_are_called_by_the_titles_of_their_role_each_held_at_least_once(tmp_path, scenario):
    titles = "{driver: {Loader driver: 52, Relief driver: 0.1}, director: {Chief executive: 1}}"
    made = synthesise(entitled(tmp_path, titles), scenario)
    held = made.posts[made.posts["post_id"].isin(made.assignments["post_id"])]
    called = held.groupby("role")["job_title"].value_counts()
    assert called["driver"].to_dict() == {"Loader driver": 52, "Relief driver": 1}
    assert set(held.loc[held["role"] == "director", "job_title"]) == {"Chief executive"}
    assert set(held.loc[held["role"] == "ranger", "job_title"]) == {"ranger"}
    assert made.posts["job_title"].notna().all()


@pytest.mark.parametrize(
    ("titles", "what"),
    [
        ("{directors: {Chief: 1}}", "job_titles.directors: directors is not in margins.role"),
        (
            "{director: {A: 1, B: 1, C: 1, D: 1, E: 1}}",
            "job_titles.director: are 5 titles, 4 posts of director are held",
        ),
    ],
)
def test_job_titles_that_cannot_be_are_told(tmp_path, scenario, titles, what):
    assert what in said(entitled(tmp_path, titles), scenario)


def test_fitting_keeps_the_odds_of_the_pattern():
    pattern = np.array([[1.0, 2.0], [3.0, 4.0]])
    table = fit(pattern, np.array([10.0, 20.0]), np.array([12.0, 18.0]))
    ratio = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert ratio == pytest.approx(1 * 4 / (2 * 3))


def test_fitting_says_which_margin_cannot_be():
    with pytest.raises(Unfitted) as caught:
        fit(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([5.0, 5.0]), np.array([2.0, 8.0]))
    assert (caught.value.wanted, caught.value.axis) != (0, 0)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=40),
    st.floats(0.001, 0.999),
    st.integers(0, 40),
)
def test_systematic_sampling_takes_exactly_the_expected_number(chances, u, total):
    weights = np.array(chances)
    total = min(total, weights.size)
    scaled = fit(
        np.column_stack([weights, 1 - weights]),
        np.ones(weights.size),
        np.array([total, weights.size - total]),
    )[:, 0]
    assert systematic(scaled, u).sum() == total


def test_sharing_out_gives_exact_counts_and_follows_the_weights():
    people = 2000
    weights = np.ones((people, 3))
    weights[: people // 2, 0] = 4.0
    counts = np.array([600, 400, 1000])
    group = share_out(weights, counts, np.random.default_rng(1).permutation(people), 0.4)
    assert np.bincount(group).tolist() == [600, 400, 1000]
    first, second = group[: people // 2], group[people // 2 :]
    odds = (first == 0).sum() * (second != 0).sum() / ((first != 0).sum() * (second == 0).sum())
    assert 3.4 < odds < 4.6


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.integers(0, 5000))
def test_largest_remainders_stay_within_one_of_each_amount(amounts, total):
    given_ = np.array(amounts)
    if given_.sum() < 1e-6:
        return
    rounded = whole(given_, total)
    assert rounded.sum() == total
    assert np.abs(rounded - given_ * total / given_.sum()).max() < 1
