"""Batch: each scenario by itself, nothing believed but a manifest, nothing done twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from batching import BASE, CHILD, WRITE, everything, notebook, recorded, results, scenarios

from wfmodel.batch import output
from wfmodel.batch.claims import Claims
from wfmodel.batch.index import write_index
from wfmodel.batch.kernels import Kernel, Nursery
from wfmodel.batch.limits import Limits
from wfmodel.batch.notebook import Notebook
from wfmodel.batch.papermilling import RunFailed, run_notebook
from wfmodel.batch.progress import Lines
from wfmodel.batch.running import run_batch
from wfmodel.batch.work import plan
from wfmodel.errors import InputError

LIMITS = Limits(60, 10**9)


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as one:
        yield one


@pytest.fixture
def batch(tmp_path, nursery):
    """Run a batch into `out`."""

    def run(paths, report, out=tmp_path / "out", **more):
        return run_batch(paths, out, notebook=report, nursery=nursery, **more)

    return run


def states(outcome) -> dict[str, str]:
    return {entry.name: entry.state for entry in outcome.entries}


def test_a_batch_reports_on_every_scenario_and_records_it(tmp_path, batch):
    folder = scenarios(tmp_path / "s", "plan")
    report = notebook(tmp_path / "n.ipynb", "print('seen', replications, bool(base_run))", WRITE)
    outcome = batch([folder], report, jobs=2)
    assert not outcome.failed
    assert states(outcome) == {"baseline": "done", "plan": "done"}
    out = tmp_path / "out"
    for name in ("baseline", "plan"):
        made = {p.name for p in (out / name).iterdir()}
        assert made == {
            "manifest.json", "report.html", "report.ipynb", "results.parquet", "targets.parquet",
        }  # fmt: skip
    found = results(out)
    assert (found["plan"]["base"], found["baseline"]["base"]) == ("baseline", "")
    assert (found["plan"]["replications"], found["plan"]["seed"]) == (list(range(7)), 3)
    html = (out / "plan" / "report.html").read_text(encoding="utf-8")
    assert "seen 7 True" in html
    assert "<title>Plan plan: scenario report</title>" in html
    assert {e["state"] for e in recorded(out).values()} == {"done"}
    assert list((out / ".batch" / "work").iterdir()) == []


def test_a_report_is_told_nothing_that_is_not_true_later(tmp_path, batch):
    report = notebook(tmp_path / "n.ipynb", WRITE)
    batch([scenarios(tmp_path / "s", "plan")], report)
    path = tmp_path / "out" / "plan" / "report.ipynb"
    told = [cell.source for cell in nbformat.read(path, 4).cells if "# Parameters" in cell.source]
    values: dict = {}
    exec(told[0], values)
    assert Path(values["scenario_path"]) == tmp_path / "s" / "plan.yaml"
    assert (path.parent / values["base_run"] / "manifest.json").is_file()
    assert values["run_dir"] == ""
    assert "papermill" not in path.read_text(encoding="utf-8")


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


def test_what_is_done_and_unchanged_is_not_run_again(tmp_path, batch):
    folder = scenarios(tmp_path / "s", "plan")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    out = tmp_path / "out"
    batch([folder], report)
    before = (out / "plan" / "report.ipynb").stat().st_mtime_ns
    again = batch([folder], report)
    assert set(states(again).values()) == {"skipped"}
    assert (out / "plan" / "report.ipynb").stat().st_mtime_ns == before

    (folder / "plan.yaml").write_text(CHILD.format(name="plan", title="Another title"))
    assert states(batch([folder], report)) == {"baseline": "skipped", "plan": "done"}

    (out / "baseline" / "targets.parquet").write_bytes(b"damaged")
    (out / "batch.json").unlink()
    assert states(batch([folder], report)) == {"baseline": "done", "plan": "skipped"}

    (out / "plan" / "manifest.json").unlink()
    assert states(batch([folder], report)) == {"baseline": "skipped", "plan": "done"}

    assert set(states(batch([folder], report, seed=8)).values()) == {"done"}
    assert set(states(batch([folder], report, seed=8, fresh=True)).values()) == {"done"}


def test_a_changed_base_or_notebook_runs_everything_again(tmp_path):
    folder = scenarios(tmp_path / "s", "plan")

    def keys(source=b"n"):
        return [w.key for w in plan([folder], replications=None, seed=None, notebook=source)[0]]

    before = keys()
    assert keys() == before
    assert not set(keys(b"m")) & set(before)
    base = (folder / "baseline.yaml").read_text().replace("posts: 3", "posts: 4")
    (folder / "baseline.yaml").write_text(base)
    assert not set(keys()) & set(before)


def test_a_scenario_that_cannot_be_read_is_named_and_the_others_run(tmp_path, batch, capsys):
    folder = scenarios(tmp_path / "s")
    (folder / "broken.yaml").write_text(CHILD.format(name="broken", title="x") + "polices: {}\n")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    outcome = batch([folder], report)
    assert outcome.failed
    assert states(outcome) == {"baseline": "done"}
    said = capsys.readouterr().err
    assert "broken.yaml:5" in said
    assert "policies" in said


def test_a_failing_scenario_is_on_the_index_and_does_not_stop_the_others(tmp_path, batch):
    folder = scenarios(tmp_path / "s", "bad", "good")
    (tmp_path / "people").write_text("Jane Planted\nwas born in 1970")
    fail = f"who = open({str(tmp_path / 'people')!r}).read()\n"
    fail += "if 'bad' in scenario_path: raise ValueError(who)"
    report = notebook(tmp_path / "n.ipynb", fail, WRITE)
    outcome = batch([folder], report, jobs=2)
    assert states(outcome) == {"baseline": "done", "bad": "failed", "good": "done"}
    out = tmp_path / "out"
    bad = recorded(out)["bad"]
    assert bad["kind"] == "error"
    assert bad["reason"].startswith("ValueError in cell 2 (")
    log = (out / bad["log"]).read_text(encoding="utf-8")
    assert "the notebook:2" in log
    assert b"Planted" not in everything(out)
    assert not (out / "bad").exists()

    only = batch([folder / "bad.yaml"], report, out=tmp_path / "other", index=write_index)
    assert only.failed
    index = (tmp_path / "other" / "index.html").read_text(encoding="utf-8")
    assert "Plan bad: ValueError in cell 2" in index
    assert 'href="logs/bad.log"' in index


def test_a_batch_in_which_nothing_stands_has_an_index_of_what_failed(tmp_path, batch):
    report = notebook(tmp_path / "n.ipynb", "1 / 0", WRITE)
    outcome = batch([scenarios(tmp_path / "s")], report, index=write_index)
    assert states(outcome) == {"baseline": "failed"}
    assert "ZeroDivisionError" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_failure_takes_an_older_result_away_but_not_one_of_the_same(tmp_path, batch):
    folder = scenarios(tmp_path / "s")
    switch = tmp_path / "fails"
    fail = f"import pathlib\nif pathlib.Path({str(switch)!r}).exists(): raise ValueError()"
    report = notebook(tmp_path / "n.ipynb", fail, WRITE)
    batch([folder], report)
    switch.touch()
    assert states(batch([folder], report, fresh=True)) == {"baseline": "failed"}
    assert states(batch([folder], report)) == {"baseline": "skipped"}
    text = (folder / "baseline.yaml").read_text().replace("posts: 3", "posts: 4")
    (folder / "baseline.yaml").write_text(text)
    assert states(batch([folder], report)) == {"baseline": "failed"}
    assert not (tmp_path / "out" / "baseline").exists()


def kernel_of(nursery, tmp_path, memory=0) -> Kernel:
    return Kernel(nursery, tmp_path / "crash", {}, memory)


def values(run_dir: Path, **more):
    facts = {"scenario_path": "x.yaml", "run_dir": str(run_dir), "replications": 5, "seed": 1}
    return {**facts, **more}


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("pass", "manifest.json is missing"),
        ("open(run_dir + '/manifest.json', 'w').write('{}')", "is not a manifest"),
        (WRITE + "open(run_dir + '/manifest.json', 'a').write(' ')", "is damaged"),
        (WRITE + "open(run_dir + '/targets.parquet', 'w').write('x')", "does not fit its results"),
        (WRITE.replace("replications,", "3,"), "another seed or number of replications"),
    ],
)
def test_only_a_whole_manifest_of_what_was_asked_is_believed(tmp_path, nursery, cell, what):
    folder = scenarios(tmp_path / "s")
    report = Notebook.read(notebook(tmp_path / "n.ipynb", cell))
    given = values(tmp_path, scenario_path=str(folder / "baseline.yaml"))
    with pytest.raises(RunFailed, match=what) as caught:
        run_notebook(report, given, tmp_path, kernel_of(nursery, tmp_path), LIMITS)
    assert caught.value.kind == "unwritten"


def test_an_input_that_a_cell_refuses_is_told_in_its_words(tmp_path, nursery):
    cell = "from wfmodel.errors import InputError\nraise InputError('{}', 'is Jane')"
    for place, said in (("a.yaml:3: x", "a.yaml:3: x: is Jane"), ("a.csv:3: x", "a.csv:3: is wr")):
        report = Notebook.read(notebook(tmp_path / "n.ipynb", cell.format(place)))
        with pytest.raises(RunFailed) as caught:
            run_notebook(report, values(tmp_path), tmp_path, kernel_of(nursery, tmp_path), LIMITS)
        assert caught.value.kind == "input"
        assert caught.value.reason.startswith(said)


def test_kernels_listen_to_this_machine_alone_and_keep_no_history(tmp_path, nursery):
    cell = (
        "import psutil, json, pathlib, os\n"
        "from IPython import get_ipython\n"
        "open_ = [c for c in psutil.Process().net_connections('inet') if c.status == 'LISTEN']\n"
        "ports = sorted({c.laddr[0] for c in open_})\n"
        "history = get_ipython().history_manager.enabled\n"
        "seen = {'ports': ports, 'history': history, 'group': os.getpgid(0) == os.getpid()}\n"
        "pathlib.Path(run_dir, 'seen.json').write_text(json.dumps(seen))\n" + WRITE
    )
    report = Notebook.read(notebook(tmp_path / "n.ipynb", cell))
    path = str(scenarios(tmp_path / "s") / "baseline.yaml")
    kernel = kernel_of(nursery, tmp_path)
    run_notebook(report, values(tmp_path, scenario_path=path), tmp_path, kernel, LIMITS)
    seen = json.loads((tmp_path / "seen.json").read_text())
    assert seen["history"] is False
    assert set(seen["ports"]) <= {"127.0.0.1"}  # a kernel wakes a thread of its own that way
    if os.name != "nt":
        assert seen["group"]
        assert kernel.transport == "ipc"
        assert nursery.folder.stat().st_mode & 0o077 == 0
    assert list(nursery.folder.iterdir()) == []


def test_copies_of_the_nursery_do_not_draw_alike(tmp_path, nursery):
    cell = (
        "import pathlib, random, numpy as np\n"
        "pathlib.Path(run_dir, 'drawn').write_text(f'{random.random()} {np.random.random()}')\n"
    )
    path = str(scenarios(tmp_path / "s") / "baseline.yaml")
    report = Notebook.read(notebook(tmp_path / "n.ipynb", cell + WRITE))
    drawn = set()
    for _ in range(2):
        kernel = kernel_of(nursery, tmp_path)
        run_notebook(report, values(tmp_path, scenario_path=path), tmp_path, kernel, LIMITS)
        drawn.update((tmp_path / "drawn").read_text().split())
    assert len(drawn) == 4


def test_a_notebook_without_tagged_parameters_is_refused(tmp_path, batch):
    report = notebook(tmp_path / "n.ipynb", WRITE, tagged=False)
    with pytest.raises(InputError, match="0 cells tagged “parameters”; exactly one is needed"):
        batch([scenarios(tmp_path / "s")], report)
    assert not (tmp_path / "out").exists()


def test_a_parameter_that_the_notebook_lacks_is_refused_with_the_nearest(tmp_path, batch):
    path = notebook(tmp_path / "n.ipynb", WRITE)
    path.write_text(path.read_text().replace("base_run", "base_runs"))
    with pytest.raises(InputError, match=r"has no parameter base_run, .*did you mean base_runs\?"):
        batch([scenarios(tmp_path / "s")], path)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", [("a",), Path("x"), None, [1]])
def test_only_plain_values_are_injected(tmp_path, value):
    report = Notebook.read(notebook(tmp_path / "n.ipynb", WRITE))
    with pytest.raises(InputError, match="only plain values are injected"):
        report.check({"seed": value})


def test_two_scenarios_of_one_name_are_an_error(tmp_path, batch):
    folders = [scenarios(tmp_path / "s"), scenarios(tmp_path / "t")]
    report = notebook(tmp_path / "n.ipynb", WRITE)
    with pytest.raises(InputError, match=r"name: baseline is also the name of .*baseline\.yaml"):
        batch(folders, report)
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
    (tmp_path / "out" / ".batch").symlink_to(tmp_path)
    with pytest.raises(InputError, match="leads out of"):
        Claims(tmp_path / "out")


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


def test_a_claim_is_one_batchs_and_ends_with_its_process(tmp_path):
    claims = Claims(tmp_path)
    code = (
        "import sys, time; from pathlib import Path; from wfmodel.batch.claims import Claims\n"
        f"with Claims(Path({str(tmp_path)!r})).on('plan') as ours:\n"
        "    print(ours, flush=True); time.sleep(600)"
    )
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    with claims.on("plan") as ours, claims.on("another") as free:
        assert (ours, free) == (False, True)
    other.kill()
    other.wait()
    with claims.on("plan") as ours:
        assert ours


def test_what_a_dead_batch_left_is_cleared_away_and_what_a_live_one_needs_is_not(tmp_path):
    claims = Claims(tmp_path)
    for name in ("dead.abc", "live.abc"):
        (claims.work / name).mkdir()
    with claims.on("live"):
        claims.sweep()
        assert [path.name for path in claims.work.iterdir()] == ["live.abc"]
    claims.sweep()
    assert list(claims.work.iterdir()) == []


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


def test_a_full_disk_fails_a_scenario_and_leaves_what_stood_there(tmp_path, batch, monkeypatch):
    folder = scenarios(tmp_path / "s")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    batch([folder], report)
    before = results(tmp_path / "out")
    put = output.replace_folder

    def full(new, path):
        monkeypatch.setattr(output.os, "replace", lambda *_: no_space())
        try:
            put(new, path)
        finally:
            monkeypatch.undo()

    def no_space():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output, "replace_folder", full)
    outcome = batch([folder], report, seed=9)
    assert states(outcome) == {"baseline": "failed"}
    assert outcome.entries[0].kind == "disk"
    assert "No space left on device" in outcome.entries[0].reason
    assert results(tmp_path / "out") == before


def test_progress_is_a_quiet_line_where_there_is_no_terminal(capsys, tmp_path):
    with Lines(3, 1) as display:
        display.started("plan", tmp_path / "told")
        display.at("plan", 1, 2)
        display.look()
        display.ended("plan", "done", 61.2)
        display.ended("bad", "failed", 3.2, "no posts")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "done     plan (61 s) 1/3, about 2 min left",
        "failed   bad (3 s) 2/3: no posts",
    ]


def test_hundreds_of_scenarios_are_planned_from_few_readings(tmp_path, monkeypatch):
    from wfmodel.batch import work

    folder = scenarios(tmp_path / "s", *(f"p{n}" for n in range(20)))
    read = []
    load = work.load_scenario
    monkeypatch.setattr(work, "load_scenario", lambda path: read.append(path) or load(path))
    works, _ = plan([folder], replications=None, seed=None, notebook=b"")
    assert len(works) == 21
    assert len(read) == 22  # each once, and their base once more
    assert BASE
