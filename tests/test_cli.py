"""The command line: what it prints where, and how it exits."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from wfmodel.batch import output
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


def test_what_a_run_would_refuse_is_not_valid(capsys, scenario, tmp_path):
    (tmp_path / "town").mkdir()
    groups = "  groups:\n    team: {service: parks, role: officer, posts: 4}\n"
    broken = SCENARIO.replace(groups, "  tables: town\n").replace("measure: head", "measure: haed")
    scenario.write_text(broken)
    code, out, err = call(capsys, "validate", scenario)
    assert (code, out) == (2, "")
    assert "targets.heads: measure 'haedcount' is not known; nearest is headcount" in err
    assert "posts.csv: can't be read" in err
    assert call(capsys, "run", scenario, "--out", tmp_path / "out") == (2, "", err)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["batch", "compare"])
def test_a_report_needs_a_month(capsys, scenario, tmp_path, command):
    scenario.write_text(SCENARIO.replace("months: 6", "months: 0"))
    other = tmp_path / "other.yaml"
    other.write_text(scenario.read_text().replace("name: small", "name: other"))
    code, _, err = call(capsys, command, scenario, other, "--out", tmp_path / "out")
    assert code == 2
    assert f"{scenario}:4: horizon.months: is 0, a report needs 1 or more\n" in err
    assert not (tmp_path / "out").exists()


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
        ("run", "x.yaml", "--out", ""),
        ("batch", "x.yaml", "--out", " "),
        ("batch", "x.yaml", "--out", "o", "--minutes", "0"),
        ("trace", "x.yaml", "--replication", "1", "--out", ""),
        ("query", "missing", "SELECT 1"),
        ("validate", "missing.yaml"),
        ("batch", "missing", "--out", "o"),
        ("trace", "missing.yaml", "--replication", "-1", "--out", "t.parquet"),
        ("trace", "missing.yaml", "--replication", f"{2**63}", "--out", "t.parquet"),
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


@pytest.mark.parametrize(
    "options",
    [
        ("run", "--simulation", "guess"),
        ("run", "--precision", "0.000001"),
        ("trace", "--replication", "0", "--simulation", "guess"),
    ],
)
def test_what_is_refused_late_makes_no_folder_either(
    capsys, monkeypatch, scenario, tmp_path, options
):
    command, *more = options
    out = tmp_path / "deep" / "out"
    monkeypatch.setattr(output, "make_folder", lambda path: pytest.fail(f"made {path}"))
    code, stdout, err = call(capsys, command, scenario, "--out", out, *more)
    assert (code, stdout) == (2, "")
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "deep").exists()


def test_an_error_of_ours_is_one_line_and_the_rest_is_private(capsys, monkeypatch, scenario):
    def fail(*_, **__):
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
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("wfmodel.scenario.reading.find_scenarios", interrupt)
    assert call(capsys, "validate", scenario) == (130, "", "wfmodel: interrupted\n")


def test_help_is_quick_since_nothing_heavy_is_imported():
    code = "import sys, wfmodel.cli; print({'numba', 'pandas', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_run_writes_its_results_and_prints_nothing(capsys, scenario, tmp_path):
    out = tmp_path / "out"
    code, stdout, err = call(capsys, "run", scenario, "--out", out, "--replications", 4)
    assert (code, stdout) == (0, "")
    assert {p.name for p in out.iterdir()} == {
        "results.parquet",
        "targets.parquet",
        "manifest.json",
    }
    assert str(out) in err


def test_json_is_one_object_and_standard_output_holds_nothing_else(capsys, scenario, tmp_path):
    options = ("--out", tmp_path / "out", "--replications", 4, "--seed", 9, "--json")
    code, stdout, _ = call(capsys, "run", scenario, *options)
    found = json.loads(stdout)
    assert code == 0
    assert (found["scenario"], found["replications"], found["seed"]) == ("small", 4, 9)
    assert set(found) == {
        "scenario",
        "replications",
        "seed",
        "seconds",
        "targets",
        "measures",
    }
    (target,) = found["targets"]
    assert target["name"] == "heads"
    assert 0 < target["probability"] < 1
    opening = [m for m in found["measures"] if (m["measure"], m["month"]) == ("headcount", 0)]
    assert [m["mean"] for m in opening] == [4.0]
    assert [
        m["mean"] for m in found["measures"] if (m["measure"], m["month"]) == ("starters", 0)
    ] == [None]


def test_one_and_two_jobs_give_the_same_files(capsys, scenario, tmp_path):
    for jobs in (1, 2):
        out = tmp_path / f"out{jobs}"
        options = ("--out", out, "--replications", 30, "--jobs", jobs)
        assert call(capsys, "run", scenario, *options)[0] == 0
    for name in ("results.parquet", "targets.parquet"):
        assert (tmp_path / "out1" / name).read_bytes() == (tmp_path / "out2" / name).read_bytes()


def test_a_trace_is_a_table_of_movements_in_the_order_of_time(capsys, scenario, tmp_path):
    out = tmp_path / "deep" / "trace.parquet"
    assert call(capsys, "trace", scenario, "--replication", 2, "--out", out) == (0, "", "")
    table = pd.read_parquet(out)
    assert {"time", "person", "post", "assignment", "kind", "from", "to", "cause"} <= set(table)
    assert table["time"].is_monotonic_increasing
    assert (table["kind"] == "opening").sum() == 4
    assert [p.name for p in out.parent.iterdir()] == ["trace.parquet"]


def test_a_question_is_answered_in_csv_or_json(capsys, scenario, tmp_path):
    scenario.write_text(SCENARIO.replace("title: A small team", 'title: "=1+1"'))
    assert call(capsys, "run", scenario, "--out", tmp_path / "out")[0] == 0
    asked = ("query", tmp_path / "out", "SELECT scenario, title, seed FROM scenarios")
    assert call(capsys, *asked) == (0, "scenario,title,seed\nsmall,'=1+1,2\n", "")
    code, stdout, _ = call(capsys, *asked, "--json")
    assert (code, json.loads(stdout)) == (0, {"scenario": "small", "title": "=1+1", "seed": 2})


def test_a_question_that_would_write_is_refused(capsys, scenario, tmp_path):
    assert call(capsys, "run", scenario, "--out", tmp_path / "out")[0] == 0
    code, stdout, err = call(capsys, "query", tmp_path / "out", "COPY results TO 'stolen.csv'")
    assert (code, stdout) == (2, "")
    assert err == "query: is not one SELECT; results are only read\n"


def test_comparing_writes_tables_and_a_page(capsys, scenario, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "schema: 1\nname: plan\nextends: small.yaml\ntitle: A plan\n"
        "policies:\n  hold: {kind: vacancy_control, mode: all}\n"
    )
    out = tmp_path / "out"
    options = ("--out", out, "--replications", 6, "--jobs", 1)
    assert call(capsys, "compare", scenario, plan, *options)[0] == 0
    assert {p.name for p in out.iterdir()} == {
        "comparison.csv",
        "targets.csv",
        "comparison.html",
    }
    table = pd.read_csv(out / "comparison.csv")
    assert set(table["scenario"]) == {"plan"}
    assert "headcount" not in set(table["measure"])  # four people are too few to be published
    last = table[(table["measure"] == "fte") & (table["month"] == 6)].iloc[0]
    assert last["difference"] == pytest.approx(last["alternative"] - last["base"])
    assert len(pd.read_csv(out / "targets.csv")) == 2
    assert "A plan" in (out / "comparison.html").read_text(encoding="utf-8")


def test_scenarios_that_do_not_end_together_are_not_compared(capsys, scenario, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        SCENARIO.replace("name: small", "name: other").replace("months: 6", "months: 9")
    )
    out = tmp_path / "out"
    code, _, err = call(capsys, "compare", scenario, other, "--out", out)
    assert code == 2
    assert err.startswith(f"{other}:4: horizon: ")
    assert not out.exists()


@pytest.mark.parametrize("command", ["run", "batch"])
def test_a_folder_that_cannot_be_written_is_one_line(capsys, scenario, tmp_path, command):
    (tmp_path / "file").write_text("here")
    code, stdout, err = call(capsys, command, scenario, "--out", tmp_path / "file" / "out")
    assert (code, stdout) == (2, "")
    assert len(err.splitlines()) == 1
    assert "can't be written to" in err


def test_a_batch_from_the_command_line_ends_in_an_index(capsys, scenario, tmp_path):
    out = tmp_path / "out"
    options = ("--out", out, "--replications", 5, "--jobs", 1)
    code, stdout, err = call(capsys, "batch", scenario, *options)
    assert (code, stdout) == (0, ""), err
    assert (out / "index.html").is_file()
    assert {p.name for p in (out / "small").iterdir()} >= {
        "report.html",
        "report.ipynb",
        "results.parquet",
        "targets.parquet",
        "manifest.json",
    }
    html = (out / "small" / "report.html").read_text(encoding="utf-8")
    assert "If nothing else changes" in html
    assert "<script" not in html
    assert "No description has been provided" not in html


def test_a_folder_of_councils_is_a_batch_for_each_and_a_page_over_them(capsys, scenario, tmp_path):
    both, out = tmp_path / "both", tmp_path / "out"
    for council in ("east", "west"):
        (both / council).mkdir(parents=True)
        (both / council / "small.yaml").write_text(scenario.read_text())
    (both / "west" / "broken.yaml").write_text("schema: 1\n")
    code, stdout, err = call(capsys, "batch", both, "--out", out, "--replications", 2, "--jobs", 1)
    assert (code, stdout) == (1, ""), err
    assert "failed: " in err
    assert "broken.yaml" in err
    page = (out / "index.html").read_text(encoding="utf-8")
    for council, said in (("east", "1 report</li>"), ("west", "1 report, 1 failed</li>")):
        assert f'<a href="{council}/index.html">{council.title()}</a>: {said}' in page
        assert (out / council / "index.html").is_file()
        assert (out / council / "small" / "report.html").is_file()


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_an_interrupted_batch_ends_at_once_without_a_trace_of_what_was_half_done(tmp_path):
    source = tmp_path / "s"
    source.mkdir()
    for name in ("small", "waiting", "waiting_too"):  # more than run at a time
        (source / f"{name}.yaml").write_text(SCENARIO.replace("name: small", f"name: {name}"))
    slow = nbformat.v4.new_notebook()
    values = "scenario_path = run_dir = base_run = ''\nreplications = seed = jobs = 1"
    first = nbformat.v4.new_code_cell(values, metadata={"tags": ["parameters"]})
    mark = tmp_path / "running"
    sleep = f"open({str(mark)!r}, 'w').close()\nimport time\ntime.sleep(600)"
    slow.cells = [first, nbformat.v4.new_code_cell(sleep)]
    nbformat.write(slow, tmp_path / "slow.ipynb")
    command = [sys.executable, "-X", "faulthandler", "-m", "wfmodel.cli", "batch", str(source)]
    command += ["--out", str(tmp_path / "out"), "--notebook", str(tmp_path / "slow.ipynb")]
    command += ["--jobs", "1"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # as in a terminal: a shell lets what it starts in the background ignore an interrupt
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    began = time.monotonic()
    while not mark.exists() and process.poll() is None and time.monotonic() - began < 120:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    try:
        stdout, stderr = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # where each thread stands
        pytest.fail(f"the batch does not end: {process.communicate(timeout=60)[1]}")
    finally:
        process.kill()
    assert process.returncode == 130, stderr
    assert stdout == ""
    assert stderr == "wfmodel: interrupted\n"
    assert {p.name for p in (tmp_path / "out").iterdir()} <= {".batch"}
    assert list((tmp_path / "out" / ".batch" / "work").iterdir()) == []
