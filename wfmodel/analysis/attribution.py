"""Attribution: which headline numbers moved from one run to another, and what moved each.

Both are run again today, and so is the earlier one with each changed assumption by itself, all on
the luck of the later: what an assumption moves is a difference on common luck. What they move
beyond the sum of that, they move together; what is left is of luck, data or the package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wfmodel import experiment
from wfmodel.analysis.headlines import MEASURES, Headline, headlines
from wfmodel.analysis.steps import Step, steps
from wfmodel.results.run import Run
from wfmodel.results.sensitivity import noise_of
from wfmodel.scenario.schema import Scenario

TOGETHER = "together, beyond the sum of each alone"
AGAIN = "the earlier one run again as the later one was"
SINCE = "the later one as it was stored, not as it comes out today"


@dataclass(frozen=True)
class Part:
    """What a cause moves a number by, in its unit, with the standard error."""

    cause: str
    by: float
    error: float
    step: Step | None = None


@dataclass(frozen=True)
class Move:
    """One headline number before and after; ``moved`` where that is more than noise.

    ``parts`` are what moved it, the most first, without those that are not more than noise.
    """

    name: str
    title: str
    unit: str
    before: float
    after: float
    error: float
    moved: bool
    parts: list[Part]


Progress = Callable[[int, int], None]


def attribution(
    before: Run, after: Run, *, jobs: int = 1, progress: Progress | None = None
) -> list[Move]:
    """Every headline number that both runs have, and what moved it; raises InputError where one of
    them can't be run any more.
    """
    changed = steps(before.scenario, after.scenario)
    asked = [before.scenario, *(step.scenario for step in changed), after.scenario]
    total, done = len(asked) * len(after.numbers), 0
    found = []
    for scenario in asked:
        found.append(_again(scenario, after, jobs))
        done += len(after.numbers)
        if progress is not None:
            progress(done, total)
    stored = [{h.name: h for h in headlines(run)} for run in (before, after)]
    names = [n for n in stored[0] if n in stored[1] and all(n in run for run in found)]
    noise = noise_of(len(names))
    paired = (before.seed, before.numbers) == (after.seed, after.numbers)
    moves = []
    for name in names:
        old, new = stored[0][name], stored[1][name]
        runs = [run[name] for run in found]
        by, error = _difference(old, new, paired)
        parts = _parts(old, new, runs, changed, paired) if _is_more(by, error, noise) else []
        moves.append(
            Move(
                name, new.title, new.unit, _mean(old.values), _mean(new.values), error,
                _is_more(by, error, noise), parts,
            )
        )  # fmt: skip
    return moves


def _again(scenario: Scenario, like: Run, jobs: int) -> dict[str, Headline]:
    """The headline numbers of a scenario, on the luck of a run."""
    results = experiment.run(scenario, like.numbers, like.seed, jobs, measures=MEASURES)
    return {headline.name: headline for headline in headlines(results.run())}


def _parts(
    old: Headline, new: Headline, runs: list[Headline], changed: list[Step], paired: bool
) -> list[Part]:
    """What moved a number from ``old`` to ``new``; ``runs`` are before, each step, and after, all
    as they come out today.
    """
    first, *alone, last = runs
    parts = [Part(AGAIN, *_difference(old, first, paired))]
    for step, one in zip(changed, alone, strict=True):
        parts.append(Part(step.path, *_difference(first, one, True), step))
    gaps = sum((one.values - first.values for one in alone), np.zeros(first.values.size))
    beyond = last.values - first.values - gaps
    if len(alone) > 1:
        parts.append(Part(TOGETHER, _mean(beyond), _error(beyond)))
    parts.append(Part(SINCE, *_difference(last, new, True)))
    noise = noise_of(len(parts))
    kept = [part for part in parts if _is_more(part.by, part.error, noise)]
    return sorted(kept, key=lambda part: -abs(part.by))


def _difference(old: Headline, new: Headline, paired: bool) -> tuple[float, float]:
    """How far the mean moved, with its standard error; replications are paired on common luck."""
    by = _mean(new.values) - _mean(old.values)
    if paired:
        return by, _error(new.values - old.values)
    return by, float(np.hypot(_error(old.values), _error(new.values)))


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _error(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else float("nan")


def _is_more(by: float, error: float, noise: float) -> bool:
    """Whether a difference is more than noise; where all replications agree, any is."""
    return abs(by) > max(noise * error, 1e-9) if np.isfinite(by) and np.isfinite(error) else False
