"""Answers: what the model says of a claim, read future by future."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wfmodel.analysis.claims import PROBABLE, Claim
from wfmodel.analysis.solving import Found
from wfmodel.results.targets import SLACK
from wfmodel.scenario.schema import Scenario

HOLDS, CHANCE, FAILS, UNKNOWN = "holds", "chance", "fails", "unknown"
"""Verdicts: in nine futures of ten and more; in between; in one of ten and fewer; not judged."""
SURE = 0.9


@dataclass(frozen=True)
class Leaning:
    """The unknown input that a reading follows most closely: its means at low and high draws."""

    path: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Read:
    """What was read of a claim, float64 [replications], where it is defined.

    ``least`` and ``most`` are what is claimed of it, infinite where there is no such limit.
    """

    values: np.ndarray
    least: np.ndarray
    most: np.ndarray
    unit: str
    month: int

    @property
    def met(self) -> np.ndarray:
        """Whether it lies within the limits, rounding of divisions aside."""
        slack = SLACK * np.maximum(np.abs(self.values), 1)
        return (self.values >= self.least - slack) & (self.values <= self.most + slack)

    @property
    def short(self) -> np.ndarray:
        """By how much it is missed in each future where it is, always above 0."""
        return np.maximum(self.least - self.values, self.values - self.most)[~self.met]

    @property
    def kept(self) -> float:
        """The limit that would be kept with `PROBABLE`; NaN where a range is claimed."""
        floor, ceiling = np.isfinite(self.least).any(), np.isfinite(self.most).any()
        if floor == ceiling:
            return math.nan
        return float(np.quantile(self.values, PROBABLE if ceiling else 1 - PROBABLE))


@dataclass(frozen=True)
class Answer:
    """What the model says of one claim.

    ``needed`` is what a lever would have to be for it to hold, ``given`` what it is; ``unknowns``
    is how many inputs were looked at to find ``leaning``.
    """

    name: str
    claim: Claim
    verdict: str
    why: str = ""
    scenario: Scenario | None = None
    beside: Scenario | None = None
    read: Read | None = None
    probability: float = math.nan
    se: float = math.nan
    leaning: Leaning | None = None
    unknowns: int = 0
    needed: Found | None = None
    given: float | None = None
