"""What a scenario's report costs in a batch, beside its simulation."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

COUNCIL = Path(__file__).parent.parent / "scenarios" / "colchester"
SCENARIOS = ("baseline", "hold_to_path", "match_60", "two_coaches", "voluntary_first")


def seconds(replications: int = 200) -> float:
    """Seconds for each scenario of a batch, the index apart: five scenarios against one."""
    few, many = _batch(SCENARIOS[:1], replications), _batch(SCENARIOS, replications)
    return (many - few) / (len(SCENARIOS) - 1)


def _batch(names: tuple[str, ...], replications: int) -> float:
    paths = [str(COUNCIL / f"{name}.yaml") for name in names]
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "wfmodel.cli", "batch", *paths, "--out", out]
        command += ["--replications", str(replications), "--jobs", "1"]
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began
