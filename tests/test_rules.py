"""Statutory figures: which holds when, where it comes from, and what is said of a broken file."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from wfmodel.errors import InputError
from wfmodel.workforce import load_rules
from wfmodel.workforce import rules as rules_module

ENGLAND = Path(__file__).resolve().parent.parent / "data" / "rules" / "england.yaml"


@pytest.mark.parametrize(
    ("name", "date", "value"),
    [
        ("redundancy_week_cap_gbp", "2024-04-05", 643),
        ("redundancy_week_cap_gbp", "2024-04-06", 700),
        ("redundancy_week_cap_gbp", "2025-04-06", 719),
        ("redundancy_week_cap_gbp", "2027-03-31", 751),
        ("redundancy_qualifying_years", "2024-04-01", 2),
        ("redundancy_weeks_from_41", "2024-04-01", 1.5),
        ("redundancy_most_years", "2024-04-01", 20),
        ("redundancy_most_weeks", "2024-04-01", 104),
        ("notice_most_weeks", "2024-04-01", 12),
        ("consultation_small_days", "2024-04-01", 30),
        ("consultation_large_days", "2024-04-01", 45),
        ("protective_award_days", "2026-04-05", 90),
        ("protective_award_days", "2026-04-06", 180),
        ("pension_minimum_age", "2028-04-05", 55),
        ("pension_minimum_age", "2028-04-06", 57),
        ("pension_vesting_years", "2024-04-01", 2),
        ("national_insurance_rate", "2025-04-05", 0.138),
        ("national_insurance_rate", "2025-04-06", 0.15),
        ("national_insurance_threshold_gbp", "2025-04-05", 9100),
        ("national_insurance_threshold_gbp", "2025-04-06", 5000),
        ("national_insurance_apprentice_threshold_gbp", "2024-04-06", 50270),
        ("levy_rate", "2024-04-06", 0.005),
        ("levy_allowance_gbp", "2024-04-06", 15000),
        ("levy_top_up", "2026-07-31", 0.1),
        ("levy_top_up", "2026-08-01", 0),
        ("levy_expiry_months", "2026-08-01", 12),
        ("levy_co_investment", "2026-08-01", 0.25),
        ("redeployment_trial_weeks", "2024-04-01", 4),
        ("protected_leave_months", "2024-04-06", 18),
    ],
)
def test_the_figure_in_force_changes_on_its_day(name, date, value):
    assert load_rules().at(name, dt.date.fromisoformat(date)) == value


def test_every_figure_has_a_source_and_is_to_be_reviewed_after_it_was():
    rules = load_rules()
    table = rules.table()
    assert table["source"].str.len().min() > 10
    assert (table["review"] > rules.book.reviewed).all()
    assert table["unit"].ne("").all()


def test_only_figures_asked_for_are_listed_as_used():
    rules = load_rules()
    assert rules.used().empty
    rules.at("redundancy_week_cap_gbp", dt.date(2024, 6, 1))
    rules.at("redundancy_week_cap_gbp", dt.date(2024, 7, 1))
    rules.at("levy_rate", dt.date(2024, 6, 1))
    used = rules.used()
    assert list(used["rule"]) == ["redundancy_week_cap_gbp", "levy_rate"]
    assert list(used["start"]) == [dt.date(2024, 4, 6), dt.date(2017, 4, 6)]
    assert list(used["value"]) == [700, 0.005]


def test_a_date_before_the_first_figure_is_refused():
    with pytest.raises(InputError, match=r"has no figure for 2013-01-01, the first is from 2014-0"):
        load_rules().at("redundancy_week_cap_gbp", dt.date(2013, 1, 1))


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(InputError, match="no rule redundancy_cap_gbp; nearest is redundancy_week"):
        load_rules().at("redundancy_cap_gbp", dt.date(2024, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("confidence: high", "confidence: sure", 'confidence: is "sure", allowed are high, medium'),
        ("    unit: years\n", "    unt: years\n", "unt: is not a known key, did you mean unit?"),
        ("2014-04-06: 464", "2034-04-06: 464", "from-dates are not in rising order"),
        ("values: {1996-08-22: 4}", "values: {}", "has no figure, at least one from-date"),
        ("jurisdiction: England\n", "", "jurisdiction: is missing"),
        ("values: {2006-10-01: 2}", "values: {2006-10-01: 2, 2006-10-01: 3}", "is given twice"),
    ],
)
def test_a_malformed_rules_file_is_one_line_that_names_its_place(tmp_path, old, new, message):
    text = ENGLAND.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_rules(path)
    lines = str(caught.value).splitlines()
    assert any(message in line for line in lines)
    assert all(line.startswith(f"{path}:") for line in lines)


def test_a_missing_rules_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere.yaml: does not exist"):
        load_rules(tmp_path / "nowhere.yaml")


def test_the_rules_are_found_where_an_installed_package_keeps_them(tmp_path, monkeypatch):
    shutil.copy(ENGLAND, tmp_path / "england.yaml")
    monkeypatch.setattr(rules_module, "_PLACES", (tmp_path, ENGLAND.parent))
    assert load_rules().path == tmp_path / "england.yaml"
    monkeypatch.setattr(rules_module, "_PLACES", (tmp_path / "none", ENGLAND.parent))
    assert load_rules().path == ENGLAND
