"""Moves: what each flow did in the futures of a scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.disclosure.folding import folded
from wfmodel.reporting.disclosure.rule import HELD
from wfmodel.reporting.facts import Facts, ranged
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table
from wfmodel.results.measures import measure
from wfmodel.results.statistics import REASONS

CAUSES = {
    "leavers_other_council": "To another council",
    "leavers_agency": "To an agency",
    "leavers_out_of_profession": "Out of local government",
    "leavers_retirement": "Retirement",
    "leavers_end_of_fixed_term": "End of a fixed term",
    "leavers_probation_failed": "Probation not passed",
    "leavers_other": "Dismissal, ill health, death",
    "leavers_training": "Out of training",
}
OTHER = "Other causes"
FILLING = (
    "posts_filled", "posts_filled_inside", "adverts", "campaigns_failed", "redeployed", "promoted",
    "moved_sideways",
)  # fmt: skip
KEEPING = ("hours_reduced", "hours_reduced_fte", "long_absences", "secondments")
NOW_AWAY = ("long_absence_headcount", "seconded_headcount", "acting_up_headcount")
TRAINING = (
    "pipeline_intake", "pipeline_dropped_out", "pipeline_qualified", "pipeline_converted",
    "places_deferred", "places_lost",
)  # fmt: skip


def totals(
    facts: Facts, names: tuple[str, ...] = FILLING, caption: str = "Filling vacancies, whole run"
) -> Table:
    """Flows over the whole run: what each counts, with median and range."""
    rows = [
        (measure(name).title, ranged(facts.total(name), facts.rule), measure(name).definition)
        for name in names
    ]
    frame = pd.DataFrame(rows, columns=["Flow", "Median (8 in 10 futures)", "What is counted"])
    return Table(frame, caption)


def leaving(facts: Facts) -> Block:
    """Leavers by cause, and turnover month by month."""
    counts = {title: facts.total(name) for name, title in CAUSES.items()}
    kept = {title: values for title, values in counts.items() if values.any()}
    kept = folded(kept, OTHER, facts.rule, lambda values: np.atleast_1d(values.mean()))
    causes = charts.outcomes(
        kept,
        title="Why people leave",
        whom="leavers over the whole run",
        by="Cause",
        rule=facts.rule,
    )
    turnover = charts.fan(
        facts.paths("turnover"),
        start=facts.start,
        title="Turnover of the last 12 months",
        name="turnover",
        written=lambda value: words.percent(value, 1),
    )
    return stack(causes, turnover)


def filling(facts: Facts) -> Block:
    """How vacancies are filled, and how many there are."""
    vacant = charts.fan(
        facts.paths("vacancy_fte"),
        start=facts.start,
        title="Vacant FTE",
        name="vacant FTE",
        base=facts.base.paths("vacancy_fte") if facts.base else None,
        base_name=facts.base.scenario.title if facts.base else "",
    )
    days = facts.at_end("time_to_fill_days")
    known = days[np.isfinite(days)]
    text = "No post was filled in the last 12 months."
    if len(known):
        text = f"Posts filled in the last 12 months had stood vacant for {ranged(known)} days."
    return stack(vacant, totals(facts), paragraph(text))


def agency(facts: Facts) -> Figure:
    """Agency and casual FTE by reason at the end."""
    counts = {
        words.capital(measure(f"agency_{reason}_fte").title.removeprefix("Agency: ")): facts.at_end(
            f"agency_{reason}_fte"
        )
        for reason in REASONS
    }
    usual = ("vacancies", "peaks and projects", "managed teams", "casual work")
    kept = {n: v for n, v in counts.items() if v.any() or n.lower() in usual}
    return charts.outcomes(
        kept,
        title="Agency and casual FTE",
        whom="agency and casual FTE at the end",
        by="Reason",
    )


def keeping(facts: Facts) -> Block:
    """Who works less in their post, is away from it, or acts in another, and keeps it."""
    if not any(facts.paths(name)[:, 1:].any() for name in (*KEEPING, *NOW_AWAY)):
        return paragraph("In this scenario nobody's hours fall, and nobody is away or acts up.")
    rows = [
        (measure(name).title, ranged(facts.at_end(name)), measure(name).definition)
        for name in NOW_AWAY
    ]
    columns = ["Stock", "Median (8 in 10 futures)", "What is counted"]
    stocks = Table(pd.DataFrame(rows, columns=columns), "Away and acting up, at the end")
    return stack(totals(facts, KEEPING, "Fewer hours, absence, secondment, whole run"), stocks)


def pipelines(facts: Facts) -> Block:
    """What each pipeline took in, lost, and brought into posts."""
    found = facts.scenario.pipelines
    if not found:
        return paragraph("The scenario has no pipeline.")
    rows = []
    for name, pipeline in found.items():
        sums = [facts.total(m, dimension="pipeline", group=name) for m in TRAINING]
        texts = [ranged(values, facts.rule) for values in sums]
        if any(facts.rule.small(float(values.mean())) for values in sums):
            texts = [HELD] * len(sums)  # who began, dropped out and qualified add up to each other
        rows.append((pipeline.title or words.plain(name), *texts))
    columns = ["Pipeline", *(measure(name).title for name in TRAINING)]
    caption = "People and places by pipeline over the whole run: median (8 in 10 futures)"
    return stack(Table(pd.DataFrame(rows, columns=columns), caption))


def progression(facts: Facts) -> Block:
    """Moves up and sideways."""
    names = ("promoted", "progressed", "moved_sideways")
    return stack(totals(facts, names, "Moves inside the council, whole run"))
