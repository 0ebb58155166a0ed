"""Honesty about guesses: what the inputs that nobody is sure of do to a target or a measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.special

from wfmodel.results import targets
from wfmodel.results.measures import measure
from wfmodel.results.reach import presses, reaches
from wfmodel.results.run import Run
from wfmodel.scenario.unknowns import quantities

POINTS = 0.10
"""A chance that moves by more than this is shown as a range, naming the input."""
NOISE = 0.05
"""Chance that any of the inputs is flagged for a target where none of them matters."""

RANGE_COLUMNS = ["name", "input", "low", "high", "at_low", "at_high", "z", "flagged"]
Row = tuple[Any, ...]
DRIVER_COLUMNS = ["input", "correlation", "z", "confidence", "at_low", "at_high"]


def confidences(run: Run) -> dict[str, str]:
    """How sure each unknown is, by its path; a parameter of a spread is as sure as what it belongs
    to.
    """
    by_path: dict[str, str] = {}
    for path, quantity in quantities(run.scenario):
        outer = path.split(".varies.")[0]
        by_path[path] = quantity.confidence or by_path.get(outer, "")
    at = {slot: path for path, slot in run.inputs.numbers.index.items()}
    return {path: by_path[at[slot]] for path, slot in run.unknowns.items()}


def target_ranges(run: Run) -> pd.DataFrame:
    """The chance of each target where a low-confidence input is in the lower and in the upper half
    of its draws.

    ``low`` and ``high`` are the smaller and the larger chance, ``at_low`` and ``at_high`` those at
    low and high values of the input, ``z`` their difference in standard errors. ``flagged`` where
    they are more than ten points apart, and further than chance alone would put any of so many
    inputs (never under two standard errors). Those that move a target most come first; inputs that
    can't reach a target's measure are left out.
    """
    guesses = _guesses(run)
    rows: list[Row] = []
    for name, target in run.scenario.targets.items():
        named = measure(target.measure)
        asked = [path for path in guesses if reaches(path, named, presses(run.scenario))]
        rows += _moved(run, name, targets.outcome(run, name), asked)
    return _widest_first(rows)


def together_ranges(run: Run) -> pd.DataFrame:
    """The same of the chance that all targets are met in one future; ``name`` is blank."""
    found = targets.together(run)
    named = [measure(target.measure) for target in run.scenario.targets.values()]
    pressed = presses(run.scenario)
    asked = [p for p in _guesses(run) if any(reaches(p, one, pressed) for one in named)]
    return _widest_first(_moved(run, "", found, asked) if found is not None else [])


def _guesses(run: Run) -> list[str]:
    """The unknowns of low confidence that differ from one replication to another."""
    sure = confidences(run)
    return [path for path in run.unknowns if sure[path] == "low" and np.ptp(run.drawn(path)) > 0]


def _moved(run: Run, name: str, found: targets.Outcome, asked: Sequence[str]) -> list[Row]:
    """A row for each input: the chance in the halves of its draws."""
    rows: list[Row] = []
    noise = noise_of(len(asked))
    for path in asked:
        drawn = run.drawn(path)
        upper = drawn > np.median(drawn)
        halves = [_chance(found, half & found.known) for half in (~upper, upper)]
        if any(math.isnan(p) for p, _ in halves):
            continue
        (at_low, error_low), (at_high, error_high) = halves
        z = (at_high - at_low) / math.hypot(error_low, error_high)
        low, high = min(at_low, at_high), max(at_low, at_high)
        flagged = high - low > POINTS and abs(z) > noise
        rows.append((name, path, low, high, at_low, at_high, z, flagged))
    return rows


def _widest_first(rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=RANGE_COLUMNS)
    order = (frame["high"] - frame["low"]).to_numpy(dtype=np.float64)
    return frame.iloc[np.argsort(-order, kind="stable")].reset_index(drop=True)


def noise_of(inputs: int) -> float:
    """Standard errors within which chance alone keeps the largest of so many differences, 19 times
    in 20.

    >>> round(noise_of(1), 2), round(noise_of(100), 2)
    (2.0, 3.48)
    """
    return max(2.0, float(scipy.special.ndtri(1 - NOISE / (2 * max(1, inputs)))))


def _chance(found: targets.Outcome, half: np.ndarray) -> tuple[float, float]:
    return targets.probability(int(found.met[half].sum()), int(half.sum()))


def drivers(run: Run, values: np.ndarray) -> pd.DataFrame:
    """Rank correlation of every unknown input with a measure, the strongest first.

    ``values`` is float64 [replications]; ``at_low`` and ``at_high`` are its means where the input
    is in the lower and in the upper half of its draws; ``z`` is the correlation in standard errors
    of no correlation.
    """
    sure = confidences(run)
    known = np.isfinite(values)
    rows = []
    for path in run.unknowns:
        drawn = run.drawn(path)[known]
        if known.sum() < 3 or np.ptp(drawn) == 0 or np.ptp(values[known]) == 0:
            continue
        correlation = float(np.corrcoef(_ranks(drawn), _ranks(values[known]))[0, 1])
        upper = drawn > np.median(drawn)
        rows.append(
            (
                path, correlation, correlation * math.sqrt(int(known.sum()) - 1), sure.get(path,
                ""),
                float(values[known][~upper].mean()), float(values[known][upper].mean()),
            )
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=DRIVER_COLUMNS)
    order = np.argsort(-frame["correlation"].abs().to_numpy(dtype=np.float64), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0; ties share their mean."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    first = np.cumsum(count) - count
    return (first + (count - 1) / 2)[place]
