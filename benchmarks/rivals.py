"""The stock-flow workload as its users might write it without this suite.

3,700 posts are filled at the start; people leave by length of service, and posts are filled again
after two exponential stages. Each gives headcount and leavers at the month ends of four years.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

import numba
import numpy as np
import simpy

SERVICE = np.loadtxt(Path(__file__).parent / "service_years.txt")
EDGES = np.array([0.0, 1.0, 2.0, 5.0, 10.0])
HAZARDS = np.array([0.25, 0.20, 0.15, 0.10, 0.08])
STAGE = 0.125
YEARS, MONTHS = 4.0, 48

Counts = tuple[np.ndarray, np.ndarray]
"""Headcount at each month end, and leavers in each month."""


def counts(left: np.ndarray, came: np.ndarray) -> Counts:
    """Month ends from the years at which people left and came."""
    leavers = np.bincount((left * 12).astype(np.int64), minlength=MONTHS)[:MONTHS]
    starters = np.bincount((came * 12).astype(np.int64), minlength=MONTHS)[:MONTHS]
    return SERVICE.size + np.cumsum(starters - leavers), leavers


# --- SimPy, as its documentation writes it


def _years_left(luck: random.Random, served: float) -> float:
    """Years until somebody with ``served`` years leaves."""
    wanted, at = luck.expovariate(1.0), served
    for k in range(len(EDGES)):
        end = EDGES[k + 1] if k + 1 < len(EDGES) else math.inf
        if at < end:
            if wanted <= (end - at) * HAZARDS[k]:
                return at + wanted / HAZARDS[k] - served
            wanted -= (end - at) * HAZARDS[k]
            at = end
    raise AssertionError


def _post(env, luck, served, left, came):  # type: ignore[no-untyped-def]
    while True:
        yield env.timeout(_years_left(luck, served))
        left.append(env.now)
        yield env.timeout(luck.expovariate(1 / STAGE))
        yield env.timeout(luck.expovariate(1 / STAGE))
        came.append(env.now)
        served = 0.0


def simpy_plain(seed: int) -> Counts:
    """One replication in SimPy: a process a post."""
    env, luck = simpy.Environment(), random.Random(seed)
    left: list[float] = []
    came: list[float] = []
    for served in SERVICE.tolist():
        env.process(_post(env, luck, served, left, came))
    env.run(until=YEARS)
    return counts(np.array(left), np.array(came))


# --- NumPy, event-driven: all replications in one array

_ACCUMULATED = np.concatenate([[0.0], np.cumsum(np.diff(EDGES) * HAZARDS[:-1])])


def _accumulated(served: np.ndarray) -> np.ndarray:
    band = np.searchsorted(EDGES, served, side="right") - 1
    return _ACCUMULATED[band] + (served - EDGES[band]) * HAZARDS[band]


def _reached(hazard: np.ndarray) -> np.ndarray:
    band = np.searchsorted(_ACCUMULATED, hazard, side="right") - 1
    return EDGES[band] + (hazard - _ACCUMULATED[band]) / HAZARDS[band]


_OPENING = _accumulated(SERVICE)
_WITHIN = _accumulated(SERVICE + YEARS) - _OPENING
"""Hazard that the opening staff have accumulated, and what they may yet within the four years."""


def numpy_event(replications: int, seed: int) -> Counts:
    """Many replications at once; counts by replication, [replications, months].

    Only those who leave within the four years are followed: their hazard says so before any time
    is worked out.
    """
    luck = np.random.default_rng(seed)
    left = np.zeros(replications * MONTHS, np.int64)
    came = np.zeros(replications * MONTHS, np.int64)
    drawn = luck.standard_exponential((replications, SERVICE.size))
    of, post = np.nonzero(drawn < _WITHIN)
    now = _reached(_OPENING[post] + drawn[of, post]) - SERVICE[post]
    while of.size:
        left += np.bincount(of * MONTHS + (now * 12).astype(np.int64), minlength=left.size)
        now = now + STAGE * luck.standard_gamma(2.0, now.size)
        here = now < YEARS
        of, now = of[here], now[here]
        came += np.bincount(of * MONTHS + (now * 12).astype(np.int64), minlength=came.size)
        drawn = luck.standard_exponential(of.size)
        here = drawn < _accumulated(YEARS - now)
        of = of[here]
        now = now[here] + _reached(drawn[here])
    left, came = left.reshape(-1, MONTHS), came.reshape(-1, MONTHS)
    return SERVICE.size + np.cumsum(came - left, axis=1), left


# --- the floor: nothing but the draws


@numba.njit(cache=False)
def floor(seed: int, draws: int) -> float:
    """As many exponentials as the workload draws, each a keyed hash and a logarithm."""
    total = 0.0
    for k in range(draws):
        z = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(k)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        total -= math.log((float(z >> np.uint64(12)) + 0.5) * 2.220446049250313e-16)
    return total


DRAWS = SERVICE.size + 3 * 1855
"""One for each at the start; two stages and a new leaving for each who leaves."""
