"""Ways in: how many came by each, who is still here later, and what each of those cost.

A way in is a pipeline, or the route of a starter. The clock starts on the first day in a post: for
a trainee who trains beside the establishment when the post is taken, for one who is hired into a
vacancy on that day.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wfmodel.errors import InputError
from wfmodel.results.results import Results, Run
from wfmodel.simulation.ledger import CAUSE, CAUSES, KIND, OUTSIDE, Ledger
from wfmodel.units import MONTH, NEVER

AFTER = (12, 24, 36)
"""Months after the first day in a post at which those still here are counted."""

_TAKES = [KIND["promoted"], KIND["moved_sideways"]]
_BY_TRAINING = [CAUSE["trainee"], CAUSE["guaranteed"]]
_GOES = [
    KIND["leaver"], KIND["redundant"], KIND["voluntary_exit"], KIND["transferred_out"],
]  # fmt: skip


def follow_routes(
    results: Results, name: str | None = None, after: Sequence[int] = AFTER
) -> pd.DataFrame:
    """A row for each way in, from the ledgers of a scenario (``run(..., keep_ledgers=True)``).

    ``joined`` is the mean number who took a post; ``kept_<n>`` the share of them, pooled over the
    replications, who are still here n months later, among those who could be; ``low_<n>`` and
    ``high_<n>`` its p10 and p90 between replications. ``cost_gbp`` is what one who took a post
    cost: fees, one-off cost and pay of all who began training, or recruitment campaigns
    (NaN for agency workers who become permanent: that is the cost of a policy);
    ``time_gbp`` the supervisors' time besides; ``cost_<n>_gbp`` both ÷ ``kept_<n>``. Raises
    InputError without ledgers.
    """
    run = results.run(name)
    if not run.ledgers:
        place = f"routes of {run.scenario.name}"
        raise InputError(place, "no ledgers were kept; run with keep_ledgers=True")
    horizon = run.inputs.calendar.horizon
    first = [_first_days(run, ledger) for ledger in run.ledgers]
    rows = []
    for route in sorted({r for days in first for r in days["route"].unique()}):
        mine = [days[days["route"] == route] for days in first]
        row: dict[str, float | str] = {"route": route, "title": _title(run, route)}
        row["joined"] = float(np.mean([len(days) for days in mine]))
        row["cost_gbp"], row["time_gbp"] = _cost(run, route, float(row["joined"]))
        for months in after:
            row |= _kept(mine, months, horizon)
            each = (float(row["cost_gbp"]) + float(row["time_gbp"])) / float(row[f"kept_{months}"])
            row[f"cost_{months}_gbp"] = each
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else ["route", "title", "joined"])
    return table.sort_values("joined", ascending=False, ignore_index=True)


def _first_days(run: Run, ledger: Ledger) -> pd.DataFrame:
    """Of everybody who came: route, first second in a post, second of leaving (`NEVER`)."""
    moves = ledger.movements
    kind, person, head = moves["kind"], moves["person"], moves["head"] == 1
    started = np.flatnonzero((kind == KIND["starter"]) & head)
    hired = np.flatnonzero((kind == KIND["intake"]) & (moves["post"] >= 0) & head)
    taken = np.flatnonzero(np.isin(kind, _TAKES) & np.isin(moves["cause"], _BY_TRAINING) & head)
    began = (kind == KIND["intake"]).nonzero()[0]
    pipeline = np.full(ledger.people.size, -1)
    pipeline[person[began]] = moves["note"][began]
    names = list(run.scenario.pipelines)
    rows = [(int(person[i]), CAUSES[moves["cause"][i]], int(moves["time"][i])) for i in started]
    rows += [
        (int(person[i]), names[pipeline[person[i]]], int(moves["time"][i]))
        for i in [*hired, *taken]
        if pipeline[person[i]] >= 0
    ]
    left = np.full(ledger.people.size, NEVER)
    out = np.isin(kind, _GOES) | ((kind == KIND["dropped_out"]) & (moves["target"] == OUTSIDE))
    gone = np.flatnonzero(out & head)
    left[person[gone]] = moves["time"][gone]
    found = pd.DataFrame(rows, columns=["person", "route", "began"])
    found = found.sort_values("began", kind="stable").drop_duplicates("person")
    return found.assign(left=left[found["person"].to_numpy(dtype=int)])


def _kept(mine: list[pd.DataFrame], months: int, horizon: int) -> dict[str, float]:
    """Those still here after ``months``, of those whose day for it has come."""
    length = int(months * MONTH)
    due = [days[days["began"] + length <= horizon] for days in mine]
    here = [int((days["left"] > days["began"] + length).sum()) for days in due]
    of = [len(days) for days in due]
    shares = [h / n for h, n in zip(here, of, strict=True) if n]
    low, high = np.percentile(shares, [10, 90]) if shares else (np.nan, np.nan)
    return {
        f"kept_{months}": sum(here) / sum(of) if sum(of) else np.nan,
        f"low_{months}": float(low),
        f"high_{months}": float(high),
    }


def _title(run: Run, route: str) -> str:
    pipeline = run.scenario.pipelines.get(route)
    return (pipeline.title if pipeline else None) or route.replace("_", " ")


def _cost(run: Run, route: str, joined: float) -> tuple[float, float]:
    """Of one who took a post: what was paid, and what the supervisors' time is worth, in £."""
    if route not in run.scenario.pipelines:
        if route == "agency_to_permanent":
            return np.nan, np.nan  # no campaign; what it costs is the cost of its policy
        came = run.series("starters") - run.series("starters_agency_to_permanent")
        campaigns = np.nansum(run.series("recruitment_gbp"), axis=1).mean()
        return float(campaigns / np.nansum(came, axis=1).mean()), 0.0
    if not joined:
        return np.nan, np.nan
    paid, given = _of_trainee(run, route)
    ended = [
        np.nansum(run.series(f"pipeline_{what}", "pipeline", route), axis=1).mean()
        for what in ("qualified", "dropped_out")
    ]
    hired = run.scenario.pipelines[route].places == "vacancies"
    trained = 1.0 if hired else sum(ended) / joined
    return float(paid * trained), float(given * trained)


def _of_trainee(run: Run, route: str) -> tuple[float, float]:
    """What one who trains to the end costs: paid, and in supervisors' time, £."""
    spec = run.scenario.pipelines[route]

    def mean(path: str) -> float:
        try:
            return float(np.mean(run.drawn(path)))
        except KeyError:
            return 0.0

    here = f"pipelines.{route}"
    months = [mean(f"{here}.stages.{n}.months") for n in range(len(spec.stages))]
    paid = mean(f"{here}.cost.fee_gbp") + mean(f"{here}.cost.one_off_gbp")
    if spec.places != "vacancies" and not (spec.source == "staff" and spec.keeps_post):
        paid += mean(f"{here}.cost.salary_gbp") * sum(months) / 12
    named = spec.supervision.roles if spec.supervision else []
    loads = [mean(f"roles.{role}.supervision_load") for role in named]
    load = sum(loads) / len(loads) if loads else 0.0
    places = [mean(f"{here}.stages.{n}.supervision") for n in range(len(spec.stages))]
    years = sum(p * m / 12 for p, m in zip(places, months, strict=True))
    return paid, years * load * _of_fte(run)


def _of_fte(run: Run) -> float:
    """Pay with on-costs of one FTE a year, on average over the run."""
    years = run.scenario.horizon.months / 12
    own = np.nansum(run.series("staffing_cost_gbp") - run.series("agency_gbp"), axis=1).mean()
    return float(own / years / np.nanmean(run.series("fte_in_post")))
