"""Faults: whatever happens to one scenario or to the batch, the others' results stand."""

import os
import signal
import subprocess
import time
import uuid
from contextlib import closing
from html import escape

import pytest
from batching import WRITE, everything, left_after, marked, notebook, recorded, results, scenarios
from faults import SOON, Started, kill_again_and_again

from wfmodel.batch.index import write_index
from wfmodel.batch.kernels import Kernel, Nursery
from wfmodel.batch.limits import Limits, Watch
from wfmodel.batch.notebook import Notebook
from wfmodel.batch.papermilling import RunFailed, run_notebook
from wfmodel.batch.running import run_batch

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of another kind")

LOOP = """
import numba
@numba.njit
def f(x):
    while True:
        x += 1
f(1)
"""
POISONS = {
    "exits": ("ended", "ended its own process with exit code 3", "import os; os._exit(3)"),
    "crashes": ("crashed", "segmentation fault", "import ctypes; ctypes.string_at(0)"),
    "eats": ("memory", "more memory than the 1.0 GB allowed", "while True: eaten += 'x' * 10**8"),
    "loops": ("time", "ran longer than the", LOOP),
    "hangs": ("time", "ran longer than the", "import time; time.sleep(600)"),
    "leaves": ("left", "left early: cell 3 called sys.exit", "import sys; sys.exit(0)"),
    "floods": ("output", "wrote more output than the 50 MB", "print('x' * 10**8)"),
    "tells": ("error", "ValueError in cell 3 (", "raise ValueError(open(people).read())"),
    "lies": ("unwritten", "is not a manifest", "open(run_dir + '/manifest.json', 'w').write('{}')"),
}
"""By scenario: the kind and words of its failure, and what it does."""


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as one:
        yield one


LASTING = ("loops", "hangs")
"""What only a limit on time ends; none of the others needs to be quick where much else runs."""


@pytest.mark.parametrize(
    ("poisons", "minutes"),
    [(LASTING, 0.2), (tuple(sorted(POISONS.keys() - LASTING)), 10.0)],
    ids=["lasting", "quick"],
)
def test_each_poison_is_named_for_what_it_was_and_the_others_are_as_without(
    tmp_path, nursery, poisons, minutes
):
    (tmp_path / "people").write_text("Jane Planted, QQ123456C")
    places = f"people = {str(tmp_path / 'people')!r}; eaten = ''; import pathlib\n"
    places += "name = pathlib.Path(scenario_path).stem"
    cell = "\n".join(f"if name == {name!r}: exec({POISONS[name][2]!r})" for name in poisons)
    write = f"if name != 'lies': exec({WRITE!r})"
    report = notebook(tmp_path / "n.ipynb", places, cell, write)
    both = scenarios(tmp_path / "both", "plan", "other", *poisons)
    good = [both / f"{name}.yaml" for name in ("plan", "other")]
    run_batch(good, tmp_path / "clean", notebook=report, nursery=nursery, jobs=2)
    outcome = run_batch(
        [both], tmp_path / "out", notebook=report, nursery=nursery, jobs=2,
        minutes=minutes, gigabytes=1.0, index=write_index,
    )  # fmt: skip
    found = {e.name: (e.kind, e.reason) for e in outcome.entries if e.failed}
    assert {name: kind for name, (kind, _) in found.items()} == {
        name: POISONS[name][0] for name in poisons
    }
    told = recorded(tmp_path / "out")
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    for name in poisons:
        words = POISONS[name][1]
        assert words in found[name][1]
        assert told[name]["reason"] == found[name][1]
        assert f"Plan {name}: {escape(found[name][1])}" in index
        assert words in (tmp_path / "out" / told[name]["log"]).read_text(encoding="utf-8")
    assert b"Planted" not in everything(tmp_path / "out")
    assert results(tmp_path / "out") == results(tmp_path / "clean")


def test_a_crash_is_logged_with_its_place_in_the_code(tmp_path, nursery):
    report = notebook(tmp_path / "n.ipynb", "import ctypes\nctypes.string_at(0)", WRITE)
    folder = scenarios(tmp_path / "s")
    run_batch([folder], tmp_path / "out", notebook=report, nursery=nursery)
    assert ", in string_at\n" in (tmp_path / "out" / "logs" / "baseline.log").read_text()


def test_memory_of_all_that_a_kernel_has_started_counts(tmp_path, nursery):
    eat = "import time; eaten = bytearray(400_000_000); time.sleep(600)"
    start = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {eat!r}])"
    report = Notebook.read(notebook(tmp_path / "n.ipynb", start, WRITE))
    kernel = Kernel(nursery, tmp_path / "crash", {"WFMODEL_MARK": "eats"}, 0)
    given = {"scenario_path": "", "run_dir": str(tmp_path), "replications": 5, "seed": 1}
    limits = Limits(60, 600_000_000)
    with closing(Watch()) as watch, watch.over(kernel, limits), pytest.raises(RunFailed) as caught:
        run_notebook(report, given, tmp_path, kernel, limits)
    assert (caught.value.kind, caught.value.reason) == (
        "memory",
        "took more memory than the 0.6 GB allowed, in cell 2",
    )
    assert left_after(SOON, marked("eats")) == []


def test_killed_batches_lose_nothing_tear_nothing_and_leave_nobody(tmp_path):
    found = kill_again_and_again(tmp_path, WRITE, kills=20, count=4, seed=1)
    assert (found.wrong, found.orphans) == ([], [])
    assert found.while_running >= 3


@pytest.mark.faults
def test_at_full_size_killed_batches_lose_nothing_tear_nothing_and_leave_nobody(tmp_path):
    found = kill_again_and_again(tmp_path, WRITE, kills=200, count=100, seed=2, fresh=True)
    print(found)
    assert (found.wrong, found.orphans) == ([], [])
    assert found.while_running > 100


def test_two_batches_on_one_folder_run_each_scenario_once(tmp_path):
    ran = tmp_path / "ran"
    ran.mkdir()
    cell = (
        "import tempfile, pathlib\nname = pathlib.Path(scenario_path).stem\n"
        f"tempfile.mkstemp(dir={str(ran)!r}, prefix=name + '.')"
    )
    source = scenarios(tmp_path / "s", *(f"plan{n}" for n in range(7)))
    report = notebook(tmp_path / "n.ipynb", cell, WRITE)
    both = [Started(source, tmp_path / "out", report, jobs=1) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    assert sorted(path.name.partition(".")[0] for path in ran.iterdir()) == sorted(
        path.stem for path in source.iterdir()
    )
    assert len(results(tmp_path / "out")) == 8
    assert {entry["state"] for entry in recorded(tmp_path / "out").values()} <= {"done", "skipped"}


def test_a_batch_finishes_what_another_that_was_killed_had_begun(tmp_path):
    source = scenarios(tmp_path / "s", "plan", "other")
    begun = tmp_path / "begun"
    cell = (
        "import os, time, pathlib\nif os.environ['WFMODEL_MARK'] == 'first':\n"
        f"    pathlib.Path({str(begun)!r}).touch()\n    time.sleep(600)"
    )
    report = notebook(tmp_path / "n.ipynb", cell, WRITE)
    first = Started(source, tmp_path / "out", report, mark="first")
    while not begun.exists():
        time.sleep(0.05)
    second = Started(source, tmp_path / "out", report)
    assert second.wait(5) is None  # it waits for the base that the other runs
    first.kill()
    assert second.wait(60) == 0
    assert len(results(tmp_path / "out")) == 3
    assert left_after(SOON, marked("first")) == []


def test_a_nursery_that_is_closed_while_another_is_to_take_its_place_starts_nothing(monkeypatch):
    nursery = Nursery()
    nursery._process.kill()
    nursery._process.wait()
    start, started = subprocess.Popen, []

    def close_first(*given, **named):
        nursery.close()
        started.append(start(*given, **named))
        return started[0]

    monkeypatch.setattr("wfmodel.batch.kernels.subprocess.Popen", close_first)
    with pytest.raises(OSError, match="the batch has ended"):
        nursery.ask(do="start")
    assert started[0].wait(10) is not None
    assert not nursery.folder.exists()


def test_a_nursery_that_dies_takes_its_kernels_along_and_another_takes_its_place(tmp_path, nursery):
    mark = uuid.uuid4().hex
    wait = "import os, pathlib, time\npathlib.Path(run_dir, 'pid').touch()\ntime.sleep(600)"
    report = Notebook.read(notebook(tmp_path / "n.ipynb", wait, WRITE))
    given = {"scenario_path": "", "run_dir": str(tmp_path), "replications": 5, "seed": 1}
    kernel = Kernel(nursery, tmp_path / "crash", {"WFMODEL_MARK": mark}, 0)

    def kill(cell, cells):
        if cell == 2:
            os.kill(nursery._process.pid, signal.SIGKILL)

    with pytest.raises(RunFailed, match="was killed from outside in cell 2"):
        run_notebook(report, given, tmp_path, kernel, Limits(60, 10**9), kill)
    assert left_after(SOON, marked(mark)) == []
    good = notebook(tmp_path / "g.ipynb", WRITE)
    outcome = run_batch(
        [scenarios(tmp_path / "s")], tmp_path / "out", notebook=good, nursery=nursery
    )
    assert not outcome.failed
