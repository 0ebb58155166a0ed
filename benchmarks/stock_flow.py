"""The stock-flow workload in this suite and in its rivals, milliseconds per replication."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks import rivals
from benchmarks.suite import prepared
from benchmarks.timing import timed
from wfmodel.scenario.reading import load_scenario

HERE = Path(__file__).parent
NEWORDER = "neworder==1.4.3"


def measure() -> dict[str, float | None]:
    """Milliseconds per replication by way of doing it; None where it could not be done here."""
    draws = rivals.DRAWS
    found = {
        "compiled": suite("compiled", 100),
        "reference": suite("reference", 5),
        "simpy": timed(lambda: [rivals.simpy_plain(seed) for seed in range(3)], 3).ms,
        "numpy_event": min(
            timed(lambda n=n: rivals.numpy_event(n, 1), n).ms  # type: ignore[misc]
            for n in (3, 10, 30, 100)
        ),
        "neworder": neworder(),
        "floor": timed(lambda: [rivals.floor(seed, draws) for seed in range(100)], 100).ms,
    }
    return found


def suite(simulation: str, replications: int) -> float:
    """Headcount and leavers at the month ends, from the scenario file."""
    scenario = load_scenario(HERE / "stock_flow.yaml")
    ready = prepared(scenario, ["headcount", "leavers"], simulation)
    return timed(lambda: ready(range(replications)), replications).ms


def neworder() -> float | None:
    """neworder, which is installed for this alone and needs a compiler of C++."""
    uv = shutil.which("uv")
    if uv is None:
        return None
    command = [uv, "run", "--no-project", "--python", sys.executable, "--with", NEWORDER]
    command += ["python", "-W", "ignore", str(HERE / "neworder_model.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"neworder could not be run: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return float(json.loads(done.stdout)["ms"])
