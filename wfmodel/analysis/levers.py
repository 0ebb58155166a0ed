"""Levers: what each adds against the same futures without it, and at what cost for one worker more.

The effect of most levers is assumed, so its size is told beside the answer: how many times as large
(or as small) it would have to be for the lever to pay for itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.results.results import Results, Run

LEAST = 0.05
"""Starters, leavers or FTE-years fewer than these are none: chance in a few replications."""


MEASURES = (
    "starters", "leavers", "fte_in_post", "policies_gbp", "one_off_cost_gbp", "recurring_cost_gbp",
)  # fmt: skip
"""What is read of each scenario: a run may keep these alone."""


def compare_levers(results: Results, to: str) -> pd.DataFrame:
    """A row for each scenario that was run beside ``to``, with its means over the horizon.

    ``starters``, ``leavers`` and ``fte_years`` (in post) are differences, with ``fte_years_low``
    and ``_high`` p10 and p90. ``cost_gbp`` is what the lever itself costs: policies, training and
    other one-off costs; ``per_starter_gbp``, ``per_leaver_kept_gbp`` and ``per_fte_year_gbp``
    divide it by each, where there is any of both. ``saved_gbp`` is agency work less pay, before
    that cost; ``net_gbp`` what is left. ``pays_at`` is how many times the assumed effect pays for
    the lever: below 1 it pays as assumed, NaN where it saves nothing.
    """
    base = results.run(to)
    rows = []
    for name in results.scenarios:
        run = results.run(name)
        if name == base.scenario.name or run.scenario.horizon != base.scenario.horizon:
            continue
        rows.append(_row(run, base))
    return pd.DataFrame(rows)


def _total(run: Run, base: Run, measure: str) -> np.ndarray:
    """A flow's difference over the horizon, by replication."""
    return np.nansum(run.series(measure) - base.series(measure), axis=1)


def _row(run: Run, base: Run) -> dict[str, float | str]:
    difference = run.series("fte_in_post") - base.series("fte_in_post")
    years = difference[:, 1:].sum(axis=1) / 12
    starters = _total(run, base, "starters").mean()
    leavers = _total(run, base, "leavers").mean()
    own = _total(run, base, "policies_gbp") + _total(run, base, "one_off_cost_gbp")
    spent = _total(run, base, "recurring_cost_gbp") + _total(run, base, "one_off_cost_gbp")
    cost, saved = float(own.mean()), float((own - spent).mean())
    low, high = np.percentile(years, [10, 90])
    return {
        "scenario": run.scenario.name,
        "title": run.scenario.title,
        "starters": float(starters),
        "leavers": float(leavers),
        "fte_years": float(years.mean()),
        "fte_years_low": float(low),
        "fte_years_high": float(high),
        "cost_gbp": cost,
        "per_starter_gbp": _each(cost, starters),
        "per_leaver_kept_gbp": _each(cost, -leavers),
        "per_fte_year_gbp": _each(cost, years.mean()),
        "saved_gbp": saved,
        "net_gbp": float(-spent.mean()),
        "pays_at": cost / saved if saved >= 1 and cost > 0 else np.nan,
    }


def _each(cost: float, number: float) -> float:
    return float(cost / number) if number >= LEAST and cost > 0 else np.nan
