"""Services: where the holes fall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.block import Block, paragraph
from wfmodel.reporting.disclosure.groups import small_services
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure


def gaps(facts: Facts, measure: str = "vacancy_rate") -> pd.DataFrame:
    """A measure by service at the horizon: mean and range, the worst first; without services in
    which too few people work to be published.
    """
    rows = []
    few = small_services(facts)
    for name, title in facts.services.items():
        if name in few:
            continue
        values = facts.at_end(measure, "service", name)
        known = values[np.isfinite(values)]
        if not len(known):
            continue
        low, high = np.percentile(known, (10, 90))
        rows.append({"service": title, "mean": known.mean(), "low": low, "high": high, "key": name})
    frame = pd.DataFrame(rows, columns=["service", "mean", "low", "high", "key"])
    return frame.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def vacancies(facts: Facts) -> Figure:
    """Vacancy rate by service at the horizon, with the capacity gap in the table."""
    frame = gaps(facts)
    frame["Vacant FTE"] = [
        float(np.nanmean(facts.at_end("vacancy_fte", "service", key))) for key in frame["key"]
    ]
    if facts.base:
        frame[f"Rate, {words.small(facts.base.scenario.title)}"] = [
            words.percent(float(np.nanmean(facts.base.at_end("vacancy_rate", "service", key))))
            for key in frame["key"]
        ]
    figure = charts.holes(
        frame.drop(columns="key"),
        title="Vacancies by service",
        when=f"on {facts.closing_day}",
    )
    return _without_few(figure, facts)


def capacity(facts: Facts) -> Figure | Block:
    """Required FTE less effective capacity by service at the horizon, where a demand is stated."""
    frame = gaps(facts, "capacity_gap")
    if not len(frame):
        return paragraph("No service states what capacity it requires.")
    figure = charts.holes(
        frame.drop(columns="key"),
        title="Capacity short of what is required, by service",
        value="Capacity gap in FTE",
        written=lambda value: words.number(value, 1),
        when=f"on {facts.closing_day}",
    )
    return _without_few(figure, facts)


def _without_few(figure: Figure, facts: Facts) -> Figure:
    """The figure with a note on the services that are left out of it, if any are."""
    few = [facts.services[name] for name in small_services(facts)]
    if not few:
        return figure
    note = f"{figure.table.note} Not shown, since few people work there: {words.joined(few)}."
    return replace(figure, table=replace(figure.table, note=note))
