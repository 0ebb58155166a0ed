"""A Dask cluster gives what this machine gives, also where a worker dies in the middle."""

import json
import subprocess
import sys
import threading
import time

import pytest
from batching import WRITE, notebook, scenarios
from batching import results as batched
from small import document, scenario_of, staffed

from wfmodel import experiment
from wfmodel.batch.running import run_batch
from wfmodel.errors import InputError

HOST = "127.0.0.1"


def started(module, *arguments):
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a scheduler of its own process, on loopback."""
    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    process = started("dask_scheduler", "--host", HOST, "--port", "0", "--scheduler-file", file)
    try:
        until = time.monotonic() + 60
        while not file.exists() or not file.read_text().strip():
            assert process.poll() is None, "the scheduler has ended"
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.05)
        yield json.loads(file.read_text())["address"]
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def workers(scheduler):
    """Two workers, each a process with one thread, that the scheduler knows."""
    from distributed import Client

    options = ("--nthreads", "1", "--no-nanny", "--host", HOST, "--death-timeout", "60")
    processes = [started("dask_worker", scheduler, *options) for _ in range(2)]
    try:
        with Client(scheduler, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def scenario():
    role = {
        "attrition": {
            "resignation": {"annual_hazard": {"interval": [0.2, 0.6], "confidence": "low"}}
        },
        "recruitment": {"time_to_hire_days": 60},
    }
    return scenario_of(document(staffed(30, role), months=12))


def same(one, other):
    one, other = one.run(), other.run()
    return (one.values.tobytes(), one.vectors.tobytes()) == (
        other.values.tobytes(),
        other.vectors.tobytes(),
    )


@pytest.mark.parametrize("simulation", ["compiled", "reference"])
def test_a_cluster_loses_nothing_when_a_worker_dies_in_the_middle(
    scheduler, workers, monkeypatch, simulation
):
    monkeypatch.setattr(experiment.experiment, "BLOCK", 2)
    expected = experiment.run(scenario(), replications=40, simulation=simulation)
    seen = []

    def kill_one(done, total):
        seen.append(done)
        if 5 <= done < total and all(process.poll() is None for process in workers):
            workers[0].kill()

    found = experiment.run(
        scenario(), replications=40, simulation=simulation, progress=kill_one, dask=scheduler
    )
    assert workers[0].wait(10) != 0, "the worker was to be killed"
    assert seen[-1] == 40
    assert same(found, expected)


def test_scenarios_come_out_of_a_cluster_as_they_do_here_also_when_a_worker_dies(
    scheduler, workers, tmp_path
):
    source = scenarios(tmp_path / "s", "plan", "other")
    (tmp_path / "years").mkdir()
    (tmp_path / "years" / "service.csv").write_text("1\n5\n9\n")
    base = (source / "baseline.yaml").read_text()
    base = base.replace("posts: 3}", "posts: 3, service_years_file: ../years/service.csv}")
    (source / "baseline.yaml").write_text(base)
    (source / "grid.sweep.yaml").write_text(
        "schema: 1\nextends: baseline.yaml\ntitle: Notice {n}\n"
        "levers:\n  n: {path: roles.officer.notice_weeks, values: [2, 6]}\n"
    )
    asked = [source, source / "grid.sweep.yaml"]
    wait = "import time; time.sleep(1 if base_run else 0)"
    report = notebook(tmp_path / "n.ipynb", wait, WRITE)
    run_batch(asked, tmp_path / "here", notebook=report)

    def kill_one():
        while not (tmp_path / "there" / "baseline").exists():
            time.sleep(0.05)
        time.sleep(0.5)  # into the middle of the next two
        workers[0].kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    found = run_batch(asked, tmp_path / "there", notebook=report, dask=scheduler)
    killer.join()
    assert [entry.reason for entry in found.entries] == [""] * 5
    assert batched(tmp_path / "there") == batched(tmp_path / "here")
    assert len(batched(tmp_path / "there")) == 5


def test_a_scenario_that_fails_on_a_cluster_is_named_for_what_it_was(scheduler, workers, tmp_path):
    source = scenarios(tmp_path / "s", "leaves", "ends", "good")
    cell = (
        "import os, sys, pathlib; name = pathlib.Path(scenario_path).stem\n"
        "if name == 'leaves': sys.exit(0)\nif name == 'ends': os._exit(3)"
    )
    report = notebook(tmp_path / "n.ipynb", cell, WRITE)
    found = run_batch([source], tmp_path / "out", notebook=report, dask=scheduler)
    kinds = {entry.name: entry.kind for entry in found.entries if entry.failed}
    assert kinds == {"leaves": "left", "ends": "ended"}
    assert set(batched(tmp_path / "out")) == {"baseline", "good"}


def test_a_cluster_with_another_version_is_refused_in_a_line(
    scheduler, workers, tmp_path, monkeypatch
):
    source = scenarios(tmp_path / "s")
    report = notebook(tmp_path / "n.ipynb", WRITE)
    monkeypatch.setattr("wfmodel.batch.cluster.package_hash", lambda: "another")
    with pytest.raises(InputError, match="has not this wfmodel"):
        run_batch([source], tmp_path / "out", notebook=report, dask=scheduler)
    assert not (tmp_path / "out").exists()


def test_an_address_where_no_cluster_answers_is_refused_in_a_line(monkeypatch):
    monkeypatch.setattr(experiment.crews, "WAIT_S", 1)
    with pytest.raises(InputError, match=r"--dask: no cluster answers at tcp://127.0.0.1:9"):
        experiment.run(scenario(), replications=2, dask=f"tcp://{HOST}:9")


def test_a_cluster_without_workers_is_refused_in_a_line(scheduler):
    with pytest.raises(InputError, match=r"--dask: the cluster at tcp://.* has no worker"):
        experiment.run(scenario(), replications=2, dask=scheduler)


def test_what_is_no_address_is_refused_in_a_line():
    with pytest.raises(InputError, match="--dask: "):
        experiment.run(scenario(), replications=2, dask="nonsense://here")
