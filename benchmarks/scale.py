"""Growth: the stock-flow workload over ten years with ever more posts and replications."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.suite import prepared
from wfmodel.scenario.reading import load_scenario

SIZES = (3_700, 12_000, 37_000, 120_000, 370_000, 1_200_000)
MONTHS = 120
HERE = Path(__file__).parent


def measure(sizes: tuple[int, ...] = SIZES) -> list[dict[str, float]]:
    """Seconds and peak memory by posts (one replication) and by replications (3,700 posts), each
    in a process of its own."""
    asked = [(posts, 1) for posts in sizes]
    asked += [(sizes[0], replications) for replications in (10, 100, 1000)]
    return [_apart(*one) for one in asked]


def _apart(posts: int, replications: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale", str(posts), str(replications)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
    return json.loads(done.stdout)


def one(posts: int, replications: int) -> dict[str, float]:
    """Seconds of the replications, after one of a small council has compiled what there is to
    compile, and the most memory that the process has held."""
    path = HERE / "stock_flow.yaml"
    group = "workforce.groups.everybody"
    years = {"varies": {"gamma": {"mean": 7.2, "shape": 1.2}}}
    wanted = {
        f"{group}.posts": posts,
        f"{group}.service_years_file": None,
        f"{group}.service_years": years,
        "horizon.months": MONTHS,
    }
    prepared(load_scenario(path, {"horizon.months": 12}))(range(1))
    ready = prepared(load_scenario(path, wanted))
    began = time.perf_counter()
    ready(range(replications))
    seconds = time.perf_counter() - began
    return {
        "posts": posts, "replications": replications, "seconds": seconds, "peak_mib": _peak_mib(),
    }  # fmt: skip


def _peak_mib() -> float:
    """The most memory that this process has held; NaN where the system does not say.

    Not from getrusage, where a process begins with the peak of the one that started it.
    """
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return math.nan


if __name__ == "__main__":
    print(json.dumps(one(int(sys.argv[1]), int(sys.argv[2]))))
