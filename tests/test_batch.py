"""Batch: each scenario by itself, nothing believed but a manifest, nothing done twice."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from wfmodel.batch import kernels, output
from wfmodel.batch.notebook import Notebook
from wfmodel.batch.papermilling import RunFailed, run_notebook
from wfmodel.batch.progress import Lines
from wfmodel.batch.running import run_batch
from wfmodel.batch.work import plan
from wfmodel.errors import InputError

PARAMETERS = """\
scenario_path = ""
run_dir = ""
base_run = ""
replications = 5
seed = 1
jobs = 1
"""
WRITE = """\
import json, pathlib
facts = dict(scenario=scenario_path, replications=replications, seed=seed, base_run=base_run)
pathlib.Path(run_dir, "manifest.json").write_text(json.dumps(facts))
"""

BASE = """\
schema: 1
name: {name}
title: {title}
horizon: {{start: 2024-04-01, months: 12}}
run: {{replications: 7, seed: 3}}
workforce:
  groups:
    team: {{service: parks, role: officer, posts: 3}}
roles:
  officer: {{salary_gbp: 30000}}
"""
CHILD = """\
schema: 1
name: {name}
extends: baseline.yaml
title: {title}
"""


def notebook(path: Path, *cells: str, tagged: bool = True) -> Path:
    """A notebook of a parameters cell and ``cells``."""
    node = nbformat.v4.new_notebook()
    for number, source in enumerate([PARAMETERS, *cells]):
        cell = nbformat.v4.new_code_cell(source)
        if number == 0 and tagged:
            cell.metadata["tags"] = ["parameters"]
        node.cells.append(cell)
    nbformat.write(node, path)
    return path


def scenarios(folder: Path, *children: str) -> Path:
    """A baseline and its children."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "baseline.yaml").write_text(BASE.format(name="baseline", title="As today"))
    for name in children:
        (folder / f"{name}.yaml").write_text(CHILD.format(name=name, title=f"Plan {name}"))
    return folder


def values(run_dir: Path, **more):
    return {"scenario_path": "x.yaml", "run_dir": str(run_dir), **more}


def test_a_batch_reports_on_every_scenario_and_records_it(tmp_path):
    folder = scenarios(tmp_path / "s", "plan")
    report = notebook(tmp_path / "n.ipynb", "print('seen', replications)", WRITE)
    outcome = run_batch([folder], tmp_path / "out", notebook=report, jobs=2)
    assert not outcome.failed
    assert [(e.name, e.state) for e in outcome.entries] == [("baseline", "done"), ("plan", "done")]
    for name in ("baseline", "plan"):
        made = {p.name for p in (tmp_path / "out" / name).iterdir()}
        assert made == {"manifest.json", "report.html", "report.ipynb"}
    base, plan_ = (
        json.loads((tmp_path / "out" / n / "manifest.json").read_text())
        for n in ("baseline", "plan")
    )
    assert base["base_run"] == ""
    assert Path(plan_["base_run"]) == (tmp_path / "out" / "baseline").resolve()
    assert (plan_["replications"], plan_["seed"]) == (7, 3)
    html = (tmp_path / "out" / "plan" / "report.html").read_text(encoding="utf-8")
    assert "seen 7" in html
    assert "<title>Plan plan: scenario report</title>" in html
    record = json.loads((tmp_path / "out" / "batch.json").read_text())
    assert [e["state"] for e in record["scenarios"]] == ["done", "done"]
    assert not (tmp_path / "out" / ".staging").exists()


def test_one_scenario_alone_brings_its_base_along(tmp_path):
    folder = scenarios(tmp_path / "s", "plan", "other")
    works, refused = plan([folder / "plan.yaml"], replications=9, seed=5, notebook=b"")
    assert not refused
    assert [(w.name, w.base, w.replications, w.seed) for w in works] == [
        ("baseline", "", 9, 5),
        ("plan", "baseline", 9, 5),
    ]


def test_a_scenario_on_another_time_axis_is_a_base_of_its_own(tmp_path):
    folder = scenarios(tmp_path / "s", "plan")
    longer = CHILD.format(name="longer", title="Longer") + "horizon: {months: 24}\n"
    (folder / "longer.yaml").write_text(longer)
    below = CHILD.format(name="below", title="Below").replace("baseline", "longer")
    (folder / "below.yaml").write_text(below)
    works, refused = plan([folder], replications=None, seed=None, notebook=b"")
    assert not refused
    assert {w.name: w.base for w in works} == {
        "baseline": "", "longer": "", "plan": "baseline", "below": "longer",
    }  # fmt: skip


def test_what_is_done_and_unchanged_is_not_run_again(tmp_path):
    folder = scenarios(tmp_path / "s", "plan")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    out = tmp_path / "out"
    run_batch([folder], out, notebook=report)
    before = (out / "plan" / "report.ipynb").stat().st_mtime_ns
    again = run_batch([folder], out, notebook=report)
    assert [e.state for e in again.entries] == ["skipped", "skipped"]
    assert (out / "plan" / "report.ipynb").stat().st_mtime_ns == before

    (folder / "plan.yaml").write_text(CHILD.format(name="plan", title="Another title"))
    changed = run_batch([folder], out, notebook=report)
    assert [e.state for e in changed.entries] == ["skipped", "done"]

    (out / "baseline" / "manifest.json").write_text("{}")
    damaged = run_batch([folder], out, notebook=report)
    assert damaged.entries[0].state == "done"

    other_seed = run_batch([folder], out, notebook=report, seed=8)
    assert [e.state for e in other_seed.entries] == ["done", "done"]


def test_a_changed_base_runs_the_scenarios_compared_with_it_again(tmp_path):
    folder = scenarios(tmp_path / "s", "plan")
    keys = [w.key for w in plan([folder], replications=None, seed=None, notebook=b"n")[0]]
    base = (folder / "baseline.yaml").read_text().replace("posts: 3", "posts: 4")
    (folder / "baseline.yaml").write_text(base)
    after = [w.key for w in plan([folder], replications=None, seed=None, notebook=b"n")[0]]
    assert all(old != new for old, new in zip(keys, after, strict=True))
    assert [w.key for w in plan([folder], replications=None, seed=None, notebook=b"m")[0]] != after


def test_a_failing_scenario_does_not_stop_the_others(tmp_path):
    folder = scenarios(tmp_path / "s", "bad", "good")
    fail = "if 'bad' in scenario_path: raise ValueError('no posts\\nare left')"
    report = notebook(tmp_path / "n.ipynb", fail, WRITE)
    outcome = run_batch([folder], tmp_path / "out", notebook=report, jobs=2)
    states = {e.name: e.state for e in outcome.entries}
    assert states == {"baseline": "done", "bad": "failed", "good": "done"}
    assert outcome.failed
    bad = next(e for e in outcome.entries if e.name == "bad")
    assert bad.reason.startswith("ValueError: no posts are left (see ")
    assert "\n" not in bad.reason
    assert "Traceback" in (tmp_path / "out" / "logs" / "bad.log").read_text()
    assert not (tmp_path / "out" / "bad").exists()


def test_a_scenario_that_cannot_be_read_is_named_and_the_others_run(tmp_path, capsys):
    folder = scenarios(tmp_path / "s")
    (folder / "broken.yaml").write_text(CHILD.format(name="broken", title="x") + "polices: {}\n")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    outcome = run_batch([folder], tmp_path / "out", notebook=report)
    assert outcome.failed
    assert [e.state for e in outcome.entries] == ["done"]
    said = capsys.readouterr().err
    assert "broken.yaml:5" in said
    assert "policies" in said


def test_leaving_politely_is_not_success(tmp_path):
    report = notebook(tmp_path / "n.ipynb", "import sys; sys.exit(0)", WRITE)
    with pytest.raises(RunFailed, match="wrote no manifest"):
        run_notebook(Notebook.read(report), values(tmp_path), tmp_path)


def test_a_dead_kernel_is_named_and_leaves_no_process(tmp_path):
    report = notebook(tmp_path / "n.ipynb", "import os; os._exit(7)", WRITE)
    with pytest.raises(RunFailed, match="kernel died"):
        run_notebook(Notebook.read(report), values(tmp_path), tmp_path)
    assert kernels.end_all() == 0


def test_kernels_that_still_run_can_be_ended_with_what_they_started(tmp_path):
    began = tmp_path / "worker"
    start = (
        "import pathlib, subprocess, sys, time\n"
        "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(began)!r}).write_text(str(worker.pid))\n"
        "time.sleep(600)"
    )
    report = notebook(tmp_path / "n.ipynb", start, WRITE)
    failures = []

    def work():
        try:
            run_notebook(Notebook.read(report), values(tmp_path), tmp_path)
        except RunFailed as error:
            failures.append(error.reason)

    thread = threading.Thread(target=work)
    thread.start()
    ended = 0
    for _ in range(300):
        thread.join(0.2)
        ended += kernels.end_all() if began.exists() and began.read_text() else 0
        if not thread.is_alive():
            break
    assert not thread.is_alive()
    assert ended >= 1
    assert failures
    if os.name != "nt":
        assert gone(int(began.read_text()))


def gone(pid: int) -> bool:
    """Whether a process ends soon."""
    try:
        process = psutil.Process(pid)
        for _ in range(50):
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            time.sleep(0.1)
    except psutil.NoSuchProcess:
        return True
    process.kill()
    return False


def test_a_notebook_without_tagged_parameters_is_refused(tmp_path):
    report = notebook(tmp_path / "n.ipynb", WRITE, tagged=False)
    with pytest.raises(InputError, match="0 cells tagged “parameters”; exactly one is needed"):
        run_batch([scenarios(tmp_path / "s")], tmp_path / "out", notebook=report)
    assert not (tmp_path / "out").exists()


def test_a_parameter_that_the_notebook_lacks_is_refused_with_the_nearest(tmp_path):
    path = notebook(tmp_path / "n.ipynb", WRITE)
    path.write_text(path.read_text().replace("base_run", "base_runs"))
    with pytest.raises(InputError, match=r"has no parameter base_run, .*did you mean base_runs\?"):
        run_batch([scenarios(tmp_path / "s")], tmp_path / "out", notebook=path)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", [("a",), Path("x"), None, [1]])
def test_only_plain_values_are_injected(tmp_path, value):
    report = Notebook.read(notebook(tmp_path / "n.ipynb", WRITE))
    with pytest.raises(InputError, match="only plain values are injected"):
        report.check({"seed": value})


def test_two_scenarios_of_one_name_are_an_error(tmp_path):
    folders = [scenarios(tmp_path / "s"), scenarios(tmp_path / "t")]
    report = notebook(tmp_path / "n.ipynb", WRITE)
    with pytest.raises(InputError, match=r"name: baseline is also the name of .*baseline\.yaml"):
        run_batch(folders, tmp_path / "out", notebook=report)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["../up", "a/b", "/etc", "", ".", "..", "A", "a b", "x" * 65])
def test_a_name_never_leads_out_of_the_output_folder(tmp_path, name):
    with pytest.raises(InputError, match="is no name for an output folder"):
        output.child(tmp_path, name)


def test_a_link_never_leads_out_of_the_output_folder(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan").symlink_to(tmp_path)
    with pytest.raises(InputError, match="is no name for an output folder"):
        output.child(tmp_path / "out", "plan")


def test_a_folder_that_is_a_file_is_said_in_one_line(tmp_path):
    (tmp_path / "out").write_text("here")
    with pytest.raises(InputError, match="can't be written to") as caught:
        output.make_folder(tmp_path / "out")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(
    os.name == "nt" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="whoever may do everything can write everywhere",
)
def test_a_folder_without_permission_is_said_in_one_line(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(InputError, match=r"can't be written to \(Permission denied\)"):
        output.make_folder(tmp_path / "closed" / "out")


def test_one_folder_serves_one_batch_at_a_time(tmp_path):
    with output.held(tmp_path):
        code = (
            "import sys; from pathlib import Path; from wfmodel.batch.output import held\n"
            f"with held(Path({str(tmp_path)!r})): pass"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode != 0
    assert "another batch is writing here" in done.stderr
    with output.held(tmp_path):
        pass


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    output.write_atomically(path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        output.write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.json"]


def test_progress_is_a_quiet_line_where_there_is_no_terminal(capsys):
    with Lines(2) as display:
        display.started("plan")
        display.ended("plan", "failed", 3.2, "no posts")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "failed   plan (3 s) 1/2: no posts\n"
