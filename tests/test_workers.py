"""Workers: whoever started them may be killed, and none stays, at work or idle."""

import os
import subprocess
import sys

import pytest
from batching import left_after, marked, scenarios

SCRIPT = """\
import sys, time
from wfmodel import experiment
from wfmodel.scenario.reading import load_scenario
path, count = sys.argv[1:]
tell = lambda done, total: print(done, flush=True)
experiment.run(load_scenario(path), int(count), jobs=2, simulation="reference", progress=tell)
time.sleep(600)
"""
SOON = 10.0


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
@pytest.mark.parametrize(("count", "until"), [(200, 200), (100_000, 101)], ids=["idle", "at work"])
def test_a_killed_process_leaves_no_worker(tmp_path, count, until):
    path = scenarios(tmp_path / "s") / "baseline.yaml"
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(path), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "WFMODEL_MARK": f"workers {count}"},
    )
    while int(process.stdout.readline()) < until:
        pass
    own = [p for p in marked(f"workers {count}") if p.pid != process.pid]
    assert sum("loky" in " ".join(p.cmdline()) for p in own) >= 2
    process.kill()
    process.wait()
    assert left_after(SOON, own) == []
