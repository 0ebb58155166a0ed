"""The command line: what it prints where, and how it exits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wfmodel.cli import main

SCENARIO = """\
schema: 1
name: small
title: A small team
horizon: {start: 2024-04-01, months: 6}
run: {replications: 3, seed: 2}
workforce:
  groups:
    team: {service: parks, role: officer, posts: 4}
roles:
  officer:
    salary_gbp: 30000
    attrition: {resignation: {annual_hazard: 0.4}}
targets:
  heads: {title: Three stay, measure: headcount, at_least: 3}
"""


@pytest.fixture
def scenario(tmp_path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO)
    return path


def call(capsys, *arguments) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one call."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return left.value.code or 0, captured.out, captured.err


def test_the_version_is_that_of_the_package(capsys):
    from importlib.metadata import version

    assert call(capsys, "--version") == (0, version("wfmodel") + "\n", "")


def test_a_valid_scenario_exits_0_and_prints_nothing_on_standard_output(capsys, scenario):
    assert call(capsys, "validate", scenario) == (0, "", "1 scenario valid\n")


def test_every_error_is_one_line_with_file_and_line(capsys, scenario):
    broken = SCENARIO.replace("salary_gbp", "salery_gbp").replace("months: 6", "months: -6")
    scenario.write_text(broken)
    code, out, err = call(capsys, "validate", scenario)
    lines = err.splitlines()
    assert (code, out) == (2, "")
    assert len(lines) == 2
    assert lines[0].startswith(f"{scenario}:4: horizon.months: ")
    assert lines[1].startswith(f"{scenario}:11: roles.officer.salery_gbp: ")
    assert "salary_gbp" in lines[1]


def test_errors_of_several_scenarios_are_all_told(capsys, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(SCENARIO.replace("schema: 1", "schema: 9"))
    code, _, err = call(capsys, "validate", tmp_path)
    assert code == 2
    assert "one.yaml" in err
    assert "two.yaml" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("run",),
        ("run", "x.yaml"),
        ("run", "x.yaml", "--out", "o", "--replications", "0"),
        ("run", "x.yaml", "--out", "o", "--replications", "many"),
        ("run", "x.yaml", "--out", "o", "--simulation", "guess"),
        ("run", "x.yaml", "--out", "o", "--nonsense"),
        ("validate", "missing.yaml"),
        ("batch", "missing", "--out", "o"),
        ("trace", "missing.yaml", "--replication", "-1", "--out", "t.parquet"),
        ("compare", "missing.yaml", "other.yaml", "--out", "o"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(capsys, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_ours_is_one_line_and_the_rest_is_private(capsys, monkeypatch, scenario):
    def fail(*_):
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr("wfmodel.scenario.reading.find_scenarios", fail)
    code, out, err = call(capsys, "validate", scenario)
    assert (code, out) == (3, "")
    assert err.startswith("wfmodel: unexpected RuntimeError: first line (")
    assert len(err.splitlines()) == 1
    log = Path(err.split("details in ")[1].rstrip(")\n"))
    assert "second line" in log.read_text()
    if os.name != "nt":
        assert log.stat().st_mode & 0o077 == 0
    log.unlink()


def test_an_interrupt_is_one_line_and_exit_130(capsys, monkeypatch, scenario):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("wfmodel.scenario.reading.find_scenarios", interrupt)
    assert call(capsys, "validate", scenario) == (130, "", "wfmodel: interrupted\n")


def test_help_is_quick_since_nothing_heavy_is_imported():
    code = "import sys, wfmodel.cli; print({'numba', 'pandas', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
