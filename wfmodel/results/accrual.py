"""Accrual: what adds up over time at a yearly rate, exactly, by cell and month.

Rates are whole numbers (pence a year, heads, hundredths of FTE), times whole seconds, so every sum
is exact; pence × seconds are divided by the seconds of a year once, at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfmodel.jit import rule
from wfmodel.units import YEAR


@rule
def _spread(part, carry, group, first, last, rate, starts):  # type: ignore[no-untyped-def]
    """Add ``rate`` from ``first`` to ``last`` (within the run) as what is due in the month and
    what runs on.
    """
    for i in range(group.size):
        if rate[i] == 0 or first[i] >= last[i] or group[i] < 0:
            continue
        for end in range(2):
            time = last[i] if end else first[i]
            sign = -rate[i] if end else rate[i]
            month = np.searchsorted(starts, time, side="right")
            if month >= starts.size:
                continue
            if time == starts[month - 1]:
                carry[group[i], month] += sign
            else:
                part[group[i], month] += sign * (starts[month] - time)
                carry[group[i], month + 1] += sign


@dataclass(frozen=True)
class Accrual:
    """Rate × seconds, int64 [groups, months + 1], in month ends (0 is empty).

    ``whole`` counts whole years' worth of the rate (pence, for pence a year), ``rest`` the seconds
    left over.
    """

    whole: np.ndarray
    rest: np.ndarray

    @classmethod
    def of(
        cls,
        groups: int,
        starts: np.ndarray,
        group: np.ndarray,
        first: np.ndarray,
        last: np.ndarray,
        rate: np.ndarray,
    ) -> Accrual:
        """What the rates add up to; ``group`` −1 is left out, times are cut to the run."""
        months = starts.size
        part = np.zeros((groups, months + 1), dtype=np.int64)
        carry = np.zeros((groups, months + 1), dtype=np.int64)
        _spread(
            part, carry, group.astype(np.int64), np.clip(first, 0, starts[-1]).astype(np.int64),
            np.clip(last, 0, starts[-1]).astype(np.int64), rate.astype(np.int64), starts,
        )  # fmt: skip
        running = np.cumsum(carry, axis=1)[:, :months]
        length = np.diff(starts, prepend=starts[0])
        years, seconds = np.divmod(running, YEAR)  # so that no product leaves 64 bits
        more, rest = np.divmod(seconds * length + part[:, :months], YEAR)
        return cls(years * length + more, rest)

    @property
    def exact(self) -> np.ndarray:
        """Rate × seconds as Python integers, which have no largest one."""
        return self.whole.astype(object) * YEAR + self.rest.astype(object)
