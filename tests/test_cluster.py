"""A Dask cluster gives what this machine gives, also where a worker dies in the middle."""

import json
import subprocess
import sys
import time

import pytest
from small import document, scenario_of, staffed

from wfmodel import experiment
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
