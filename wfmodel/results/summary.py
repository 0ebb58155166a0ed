"""Summaries over replications: the range of outcomes apart from how well its mean is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.scenario.schema import Scenario

STATISTICS = ["mean", "median", "p10", "p90", "se"]


def summarise(values: np.ndarray) -> pd.DataFrame:
    """Mean, median, 10th and 90th percentile (linear) and standard error of the mean of each
    column.

    ``values`` is float64 [replications, columns]; undefined ones are left out, NaN where none is
    left.
    """
    rows = []
    for column in np.asarray(values, dtype=np.float64).T:
        known = column[np.isfinite(column)]
        if known.size == 0:
            rows.append([np.nan] * len(STATISTICS))
            continue
        p10, median, p90 = np.quantile(known, [0.1, 0.5, 0.9])
        spread = known.std(ddof=1) if known.size > 1 else np.nan
        rows.append([known.mean(), median, p10, p90, spread / np.sqrt(known.size)])
    return pd.DataFrame(rows, columns=STATISTICS)


def totals_by_year(scenario: Scenario, flow: np.ndarray) -> tuple[list[int], np.ndarray, list[int]]:
    """Financial years, a flow's totals in them [replications, years], and how many months of each
    are in the run.
    """
    calendar = scenario.calendar
    years = np.array([calendar.month_year(m) for m in range(calendar.months)], dtype=np.int64)
    found = list(dict.fromkeys(years.tolist()))
    totals = [flow[:, 1:][:, years == year].sum(axis=1) for year in found]
    whole = np.stack(totals, axis=1) if found else np.zeros((flow.shape[0], 0))
    return found, whole, [int((years == year).sum()) for year in found]
