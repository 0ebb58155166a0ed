"""The opening workforce from groups and from files: what it holds, and what is refused."""

import datetime as dt
import time

import numpy as np
import pandas as pd
import pytest

from wfmodel import units
from wfmodel.errors import InputError
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce import Workforce, check_tables, load_workforce
from wfmodel.workforce.extract import read_tables

START = dt.date(2024, 4, 1)


def scenario(groups=None, folder=None, **workforce) -> Scenario:
    if groups is not None:
        workforce["groups"] = groups
    made = Scenario.model_validate(
        {
            "schema": 1,
            "name": "small",
            "title": "Small",
            "horizon": {"start": START, "months": 12},
            "workforce": workforce,
            "roles": {"worker": {"skills": {"digging": 2, "lifting": 1}}},
        }
    )
    if folder is not None:
        made._path = folder / "small.yaml"
    return made


def group(posts=5, **keys) -> dict:
    return {"service": "parks", "role": "worker", "posts": posts, **keys}


def years_served(workforce: Workforce) -> np.ndarray:
    gone = pd.Timestamp(START) - workforce.people["service_start"]
    return (gone.dt.total_seconds() / units.YEAR).to_numpy()


# --- groups ---------------------------------------------------------------------------------------


def test_a_group_makes_its_posts_and_people_by_name():
    workforce = load_workforce(scenario({"green": group(3, filled=2, fte=0.6, skills=["wit"])}))
    assert list(workforce.posts["post_id"]) == ["green-p1", "green-p2", "green-p3"]
    assert list(workforce.people["person_id"]) == ["green-1", "green-2"]
    assert list(workforce.assignments["post_id"]) == ["green-p1", "green-p2"]
    assert workforce.assignments["fte"].tolist() == [0.6, 0.6]
    assert set(workforce.people["skills"]) == {"digging lifting wit"}
    assert workforce.services == {"parks": "parks"}
    assert workforce.pay_points.empty
    assert set(workforce.people["pay_point"]) == {0}


def test_groups_pass_the_checks_of_tables():
    groups = {
        "a": group(40, service_years={"varies": {"gamma": {"mean": 30, "shape": 1}}}),
        "b": group(10, age_years=70, contract="fixed_term", pension_member=False),
        "empty": group(0),
    }
    workforce = load_workforce(scenario(groups))
    check_tables(workforce)
    ends = workforce.people.loc[workforce.people["contract"] == "fixed_term", "contract_end"]
    assert set(ends) == {pd.Timestamp(2025, 4, 1)}
    assert workforce.people["pension_start"].isna().sum() == 10


def test_ages_given_in_years_are_birthdays_on_the_first_day():
    workforce = load_workforce(scenario({"a": group(age_years=64)}))
    assert set(workforce.people["birth_date"]) == {pd.Timestamp(1960, 4, 1)}


def test_service_is_kept_to_the_second():
    workforce = load_workforce(scenario({"a": group(1, age_years=40, service_years=0.0001)}))
    seconds = np.ceil(0.0001 * units.YEAR)
    assert (pd.Timestamp(START) - workforce.people["service_start"][0]).total_seconds() == seconds


def test_service_without_a_statement_has_the_documented_mean_and_spread():
    served = years_served(load_workforce(scenario({"a": group(40_000, age_years=200)})))
    sd = 8 / np.sqrt(1.2)
    assert abs(served.mean() - 8) < 5 * sd / np.sqrt(40_000)
    assert abs(served.std() - sd) < 0.2


def test_ages_without_a_statement_lie_evenly_between_20_and_60():
    workforce = load_workforce(scenario({"a": group(20_000)}))
    age = (pd.Timestamp(START) - workforce.people["birth_date"]).dt.days / 365.25
    assert age.min() > 19.9
    assert age.max() < 60.1
    assert abs(age.mean() - 40) < 5 * (40 / np.sqrt(12)) / np.sqrt(20_000)


def test_nobody_began_before_their_sixteenth_birthday():
    long = {"varies": {"gamma": {"mean": 20, "shape": 1}}}
    for keys in ({}, {"service_years": long}, {"service_years": long, "age_years": 25}):
        people = load_workforce(scenario({"a": group(3_000, **keys)})).people
        young = people["birth_date"] + pd.DateOffset(years=16) - pd.Timedelta(days=2)
        assert (people["service_start"] >= young).all()


def test_given_service_is_kept_exactly_where_ages_have_to_give_way():
    served = years_served(load_workforce(scenario({"a": group(service_years=30, age_years=20)})))
    assert served == pytest.approx(30)


def test_service_can_be_read_from_a_file(tmp_path):
    (tmp_path / "served.txt").write_text("1.5\n20\n0\n", encoding="utf-8")
    groups = {"a": group(3, service_years_file="served.txt")}
    workforce = load_workforce(scenario(groups, tmp_path))
    assert years_served(workforce) == pytest.approx([1.5, 20, 0], abs=1e-7)
    assert workforce.input_files == [tmp_path / "served.txt"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n2\n", "served.txt: has 2 numbers, the group has 3 people"),
        ("1\nmany\n3\n", "served.txt:2: many is not a number of years, 0 to 80"),
        ("1\n2\n-3\n", "served.txt:3: -3 is not a number of years, 0 to 80"),
        (None, "served.txt: can't be read"),
    ],
)
def test_a_bad_file_of_service_is_named(tmp_path, text, message):
    if text is not None:
        (tmp_path / "served.txt").write_text(text, encoding="utf-8")
    groups = {"a": group(3, service_years_file="served.txt")}
    with pytest.raises(InputError, match=message):
        load_workforce(scenario(groups, tmp_path))


def test_a_person_is_the_same_whoever_else_there_is():
    varying = {"service_years": {"varies": {"lognormal": {"mean": 5, "cv": 1}}}}
    few = load_workforce(scenario({"a": group(5, **varying)})).people
    more = load_workforce(scenario({"z": group(9), "a": group(8, **varying)})).people
    again = more[more["person_id"].isin(few["person_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(few, again)
    assert few["service_start"].nunique() == 5


def test_another_seed_makes_other_people():
    one = load_workforce(scenario({"a": group()}, seed=1)).people
    other = load_workforce(scenario({"a": group()}, seed=2)).people
    assert (one["service_start"] != other["service_start"]).all()


def test_a_group_of_an_unknown_role_is_refused():
    with pytest.raises(InputError, match="baker is not among the roles: worker"):
        load_workforce(scenario({"a": group() | {"role": "baker"}}))


@pytest.mark.parametrize(
    ("keys", "shown"),
    [({}, "nothing"), ({"tables": "x", "groups": {"a": group()}}, "tables and groups")],
)
def test_exactly_one_source_is_named(keys, shown):
    with pytest.raises(InputError, match=f"workforce: names {shown}; give exactly one of"):
        load_workforce(scenario(**keys))


@pytest.mark.slow
def test_a_million_posts_take_seconds():
    load_workforce(scenario({"a": group(10)}))
    began = time.perf_counter()
    workforce = load_workforce(scenario({"a": group(1_200_000)}))
    assert time.perf_counter() - began < 30
    assert len(workforce.posts) == 1_200_000


# --- tables ---------------------------------------------------------------------------------------

FILES = {
    "posts": (
        "post_id,service,role,fte,employer,funding,funding_end\n"
        "p1,parks,worker,1.00,council,general_fund,\n"
        "p2,parks,worker,0.60,council,grant,2026-03-31\n"
    ),
    "people": (
        "person_id,birth_date,service_start,continuous_start,pension_start,protected_until,contract,"
        "contract_end,pay_point,skills,sex,ethnicity,disability\n"
        "ann,1980-05-01,2010-01-01,2008-01-01,2010-01-01,,permanent,,4,digging lifting,female,,\n"
        "bob,1990-05-01,2020-01-01T09:30:00,2020-01-01,,2024-12-31,fixed_term,2025-01-01,5,,,,\n"
    ),
    "assignments": (
        "assignment_id,person_id,post_id,fte,kind,start,end\n"
        "a1,ann,p1,1.0,substantive,2010-01-01,\n"
        "a2,bob,p2,0.6,substantive,2020-01-01,\n"
    ),
    "pay_points": "point,annual_gbp,from\n4,24404,2024-04-01\n5,24790,2024-04-01\n",
}


def write(folder, **changes) -> None:
    for name, text in FILES.items():
        for old, new in changes.get(name, []):
            assert old in text
            text = text.replace(old, new, 1)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def test_tables_are_read_from_a_folder(tmp_path):
    write(tmp_path)
    workforce = load_workforce(scenario(tables=".", folder=tmp_path))
    assert workforce.posts["fte"].tolist() == [1.0, 0.6]
    assert workforce.posts["funding_end"][1] == pd.Timestamp(2026, 3, 31)
    assert workforce.people["service_start"][1] == pd.Timestamp(2020, 1, 1, 9, 30)
    assert workforce.people["pay_point"].tolist() == [4, 5]
    assert workforce.pay_points["annual_gbp"].tolist() == [24404.0, 24790.0]
    assert workforce.input_files == [tmp_path / f"{name}.csv" for name in FILES]


def test_columns_that_are_not_documented_are_not_read(tmp_path):
    write(
        tmp_path,
        people=[("disability\n", "disability,religion\n"), ("female,,\n", "female,,,none\n")],
    )
    text = (tmp_path / "people.csv").read_text(encoding="utf-8")
    (tmp_path / "people.csv").write_text(text.replace(",5,,,,\n", ",5,,,,,\n"), encoding="utf-8")
    assert "religion" not in read_tables(tmp_path).people


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"posts": [("p2,", "p1,")]}, "posts.csv:3: post_id: p1 stands there twice"),
        ({"people": [("bob", "ann")]}, "people.csv:3: person_id: ann stands there twice"),
        ({"assignments": [("bob", "cyd")]}, "assignments.csv:3: person_id: cyd is not in people"),
        ({"assignments": [("p2", "p9")]}, "assignments.csv:3: post_id: p9 is not in posts"),
        ({"people": [(",5,", ",6,")]}, "people.csv:3: pay_point: 6 is not in pay_points"),
        ({"posts": [("1.00", "1.40")]}, "posts.csv:2: fte: is 1.4, allowed is 0.01 to 1.00"),
        ({"posts": [("0.60", "0.605")]}, "posts.csv:3: fte: is 0.605, allowed are whole hundre"),
        ({"posts": [("0.60", "half")]}, "posts.csv:3: fte: 'half' is not a number"),
        ({"posts": [("0.60", "")]}, "posts.csv:3: fte: is blank; give a number"),
        ({"people": [("1980-05-01", "1/5/1980")]}, "birth_date: '1/5/1980' is not a date such as"),
        (
            {"people": [("1980-05-01", "2015-05-01")]},
            "service_start: 2010-01-01 00:00:00 is before",
        ),
        (
            {"people": [("2008-01-01", "2012-01-01")]},
            "continuous_start: 2012-01-01 00:00:00 is aft",
        ),
        (
            {"people": [("permanent", "for_ever")]},
            "people.csv:2: contract: for_ever is not allowed",
        ),
        ({"people": [("2025-01-01", "")]}, "people.csv:3: contract_end: is missing; a fixed term"),
        ({"people": [(",4,", ",four,")]}, "people.csv:2: pay_point: 'four' is not a whole number"),
        ({"people": [("person_id,", "person,")]}, "people.csv:1: has no column person_id"),
        (
            {"assignments": [("substantive", "real")]},
            "assignments.csv:2: kind: real is not allowed",
        ),
        (
            {"assignments": [(",0.6,", ",0.7,")]},
            "assignments.csv:3: fte: 0.7 takes the post's subs",
        ),
        ({"pay_points": [("24790", "-1")]}, "pay_points.csv:3: annual_gbp: is -1, not above 0"),
    ],
)
def test_a_wrong_table_is_told_by_file_line_and_column(tmp_path, changes, message):
    write(tmp_path, **changes)
    with pytest.raises(InputError) as caught:
        read_tables(tmp_path)
    assert f"{tmp_path}/{message}" in str(caught.value) or message in str(caught.value)
    assert all(line.startswith(str(tmp_path)) for line in str(caught.value).splitlines())


def test_nobody_may_hold_more_than_one_fte_at_any_time(tmp_path):
    second = "a3,ann,p2,0.1,acting_up,2023-01-01,"
    write(tmp_path, assignments=[("a2,bob,p2,0.6,substantive,2020-01-01,", second)])
    with pytest.raises(InputError, match=r"assignments.csv:3: fte: 0.1 takes the person above 1"):
        read_tables(tmp_path)


def test_one_assignment_may_follow_another_on_the_spot(tmp_path):
    first = "a1,ann,p1,1.0,substantive,2010-01-01,2015-06-01\na3,ann,p1,1.0,substantive,2015-06-01,"
    write(tmp_path, assignments=[("a1,ann,p1,1.0,substantive,2010-01-01,", first)])
    assert len(read_tables(tmp_path).assignments) == 3


def test_cover_may_stand_beside_the_holder_of_a_full_post(tmp_path):
    write(tmp_path, assignments=[("a2,bob,p2,0.6,substantive", "a2,bob,p1,1.0,cover")])
    assert len(read_tables(tmp_path).assignments) == 2


def test_all_problems_of_all_files_are_told_at_once(tmp_path):
    write(tmp_path, posts=[("1.00", "much")], people=[("1980-05-01", "then")])
    (tmp_path / "assignments.csv").unlink()
    with pytest.raises(InputError) as caught:
        read_tables(tmp_path)
    assert len(caught.value.problems) == 3


def test_many_alike_problems_are_counted_not_listed():
    workforce = load_workforce(scenario({"a": group(100)}))
    workforce.assignments["kind"] = "odd"
    with pytest.raises(InputError) as caught:
        check_tables(workforce)
    lines = str(caught.value).splitlines()
    assert len(lines) == 6
    assert lines[-1] == "assignments row 6: kind: the same in 95 more rows"


def test_a_role_that_the_scenario_lacks_is_told(tmp_path):
    write(tmp_path, posts=[("worker", "baker")])
    with pytest.raises(InputError, match="roles the scenario lacks: baker; it has worker"):
        load_workforce(scenario(tables=".", folder=tmp_path))


def test_a_workforce_shows_itself_with_names_escaped():
    workforce = load_workforce(scenario({"a": group(7)}))
    workforce.checks = pd.DataFrame(
        [("sex", "<b>x</b>", 4.0, 4, "heads", "a & b", "high")],
        columns=["margin", "group", "published", "synthesised", "unit", "source", "confidence"],
    )
    html = workforce._repr_html_()
    assert "<td>7</td>" in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "a &amp; b" in html
    assert "<b>x</b>" not in html
