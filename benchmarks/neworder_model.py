"""The stock-flow workload in neworder (continuous time), printed as milliseconds and counts.

Run by itself, in an environment that has neworder:

    uv run --no-project --with neworder==1.4.3 python benchmarks/neworder_model.py
"""

from __future__ import annotations

import json
import statistics
import time
import warnings
from pathlib import Path

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import neworder

SERVICE = np.loadtxt(Path(__file__).parent / "service_years.txt")
RATES = np.array([0.25, 0.20, 0.15, 0.15, 0.15, 0.10, 0.10, 0.10, 0.10, 0.10, 0.08])
"""Hazards by year of service; the last one holds on."""
YEARS, MONTHS, STAGE = 4.0, 48, 0.125


class StockFlow(neworder.Model):
    """Posts that empty and fill, in one step of four years."""

    def __init__(self, seed: int) -> None:
        timeline = neworder.LinearTimeline(0.0, YEARS, 1)
        super().__init__(timeline, lambda: seed)
        self.left: list[np.ndarray] = []
        self.came: list[np.ndarray] = []

    def step(self) -> None:
        """Let people leave and posts fill, as long as anything happens within the four years."""
        served, now = SERVICE, np.zeros(SERVICE.size)
        while now.size:
            now = now + self.mc.next_arrival(served, RATES, 1.0, False, 0.0) - served
            now = now[now < YEARS]
            self.left.append(now)
            for _ in range(2):  # rates are at most 1, so in months
                now = now + self.mc.stopping(1 / (12 * STAGE), now.size) / 12
            now = now[now < YEARS]
            self.came.append(now)
            served = np.zeros(now.size)


def replicate(seed: int) -> tuple[int, int]:
    """Headcount at the end, and leavers, of one replication."""
    model = StockFlow(seed)
    neworder.run(model)
    left, came = np.concatenate(model.left), np.concatenate(model.came)
    leavers = np.bincount((left * 12).astype(np.int64), minlength=MONTHS)
    starters = np.bincount((came * 12).astype(np.int64), minlength=MONTHS)
    headcount = SERVICE.size + np.cumsum(starters - leavers)
    return int(headcount[-1]), int(leavers.sum())


def main(repeats: int = 7, replications: int = 20) -> None:
    """Time it, after one replication that is not counted."""
    replicate(0)
    found, outcomes = [], []
    for _ in range(repeats):
        began = time.process_time()
        outcomes = [replicate(seed) for seed in range(replications)]
        found.append((time.process_time() - began) / replications)
    headcount, leavers = np.mean(outcomes, axis=0)
    print(json.dumps({"ms": 1000 * statistics.median(found), "headcount": headcount,
                      "leavers": leavers}))  # fmt: skip


if __name__ == "__main__":
    main()
