"""What a scenario's report costs in a batch, and how much of that is its simulation."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wfmodel import experiment
from wfmodel.reporting.apart import READ
from wfmodel.reporting.facts import FUTURES
from wfmodel.scenario.reading import load_scenario

COUNCIL = Path(__file__).parent.parent / "scenarios" / "colchester"
SCENARIOS = ("baseline", "hold_to_path", "match_60", "two_coaches", "voluntary_first")
SMALL = Path(__file__).parent / "small.yaml"
HUNDRED = """\
schema: 1
extends: small.yaml
title: Hold {hold}, notice {notice}
levers:
  hold: {path: policies.hold.share, from: 0.05, to: 0.5, step: 0.05}
  notice: {path: roles.officer.notice_weeks, values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}
"""


def measure(replications: int = 200) -> dict[str, float]:
    """Seconds: each Colchester report and a small council's, one after another, with what their
    simulation alone takes; and a hundred small scenarios on all cores, start and index included.
    """
    paths = [COUNCIL / f"{name}.yaml" for name in SCENARIOS]
    few, many = _batch(paths[:1], replications, 1), _batch(paths, replications, 1)
    with tempfile.TemporaryDirectory() as place:
        base, grid = Path(place, SMALL.name), Path(place, "grid.sweep.yaml")
        base.write_text(SMALL.read_text(encoding="utf-8"), encoding="utf-8")
        grid.write_text(HUNDRED, encoding="utf-8")
        one, hundred = _batch([base], 50, 1), _batch([base, grid], 50, 1)
        together = _batch([base, grid], 50, None)
    return {
        "colchester": (many - few) / (len(SCENARIOS) - 1),
        "colchester_simulated": _simulated(paths[1], replications),
        "small": (hundred - one) / 100,
        "small_simulated": _simulated(SMALL, 50),
        "hundred_small": together,
    }


def _batch(paths: list[Path], replications: int, jobs: int | None) -> float:
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "wfmodel.cli", "batch", *map(str, paths), "--out", out]
        command += ["--replications", str(replications)]
        command += [] if jobs is None else ["--jobs", str(jobs)]
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began


def _simulated(path: Path, replications: int) -> float:
    """The scenario's futures with all that a report asks of them, and those that tell chance,
    market and not knowing apart: two more of each, with few measures, where there are enough."""
    scenario = load_scenario(path)
    experiment.run(scenario, 2, jobs=1)
    began = time.perf_counter()
    experiment.run(scenario, replications, jobs=1)
    if replications >= FUTURES:
        experiment.run(scenario, 2 * replications, jobs=1, measures=list(READ))
    return time.perf_counter() - began
