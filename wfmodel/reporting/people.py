"""People: how many there are, who joins and who goes, what becomes of those at risk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.block import Block, paragraph
from wfmodel.reporting.disclosure.folding import folded
from wfmodel.reporting.disclosure.groups import COLUMNS, by_characteristic
from wfmodel.reporting.disclosure.rule import Rule
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.steps import AMONG_LEAVERS, GOING, JOINING
from wfmodel.reporting.tables import Table

OTHER = "Other leavers"
MORE = "Other joiners"

CHARACTERISTICS = ("sex", "age_band", "ethnicity", "disability")


def staffing(facts: Facts, measure: str = "fte", title: str = "FTE employed") -> Figure:
    """A fan of a stock of people, with the base behind it and its targets upon it."""
    return charts.fan(
        facts.paths(measure),
        start=facts.start,
        title=title,
        name=title,
        base=facts.base.paths(measure) if facts.base else None,
        base_name=facts.base.scenario.title if facts.base else "",
        goal=facts.goals(measure),
    )


def bridge(facts: Facts) -> Figure | Block:
    """What carries headcount from its opening to its closing value, mean of all futures."""
    steps = {title: facts.total(name).mean() for name, title in JOINING.items()}
    gone = {name: facts.total(name).mean() for name in GOING}
    going = {title: gone[name] for name, title in GOING.items()}
    going[OTHER] = facts.total("leavers").mean() - sum(gone[name] for name in AMONG_LEAVERS)
    steps = _folded(steps, (MORE, "All joiners"), facts.rule, np.atleast_1d)
    going = _folded(going, (OTHER, "All leavers"), facts.rule, np.atleast_1d)
    heads = facts.paths("headcount").mean(axis=0)
    if any(facts.rule.small(float(count)) for count in (*steps.values(), *going.values())):
        return paragraph(f"{words.capital(facts.rule.hidden)} people join, or go, over the run.")
    return charts.bridge(
        float(heads[0]),
        {title: float(n) for title, n in steps.items()}
        | {title: -float(n) for title, n in going.items()},
        float(heads[-1]),
        title="Headcount from opening to closing",
        name="headcount",
    )


def flows(facts: Facts) -> Figure | Block:
    """Who joins and who goes, quarter by quarter; year by year where a page is published."""
    joining = {title.lower(): facts.paths(name) for name, title in JOINING.items()}
    going = {title.lower(): facts.paths(name) for name, title in GOING.items()}
    left = np.nan_to_num(facts.paths("leavers"))
    known = sum(np.nan_to_num(facts.paths(name)) for name in AMONG_LEAVERS)
    going[OTHER.lower()] = left - known
    joining, going = (
        {name: paths for name, paths in side.items() if np.nansum(paths)}
        for side in (joining, going)
    )
    if not joining and not going:
        return paragraph("Nobody joins and nobody goes.")
    years = facts.financial_years

    def yearly(paths: np.ndarray) -> np.ndarray:
        monthly = np.nan_to_num(paths[:, 1:]).mean(axis=0)
        return np.array([monthly[years == year].sum() for year in np.unique(years)])

    joining = _folded(joining, (MORE.lower(), "all joiners"), facts.rule, yearly)
    going = _folded(going, (OTHER.lower(), "all leavers"), facts.rule, yearly)
    told = [count for paths in (*joining.values(), *going.values()) for count in yearly(paths)]
    if any(map(facts.rule.small, told)):
        return paragraph(f"In some year {facts.rule.hidden} people join, or go.")
    return charts.flows(
        joining, going, start=facts.start, title="Who joins and who goes", yearly=facts.rule.hides
    )


def _folded(
    parts: dict[str, np.ndarray],
    names: tuple[str, str],
    rule: Rule,
    counts: Callable[[np.ndarray], np.ndarray],
) -> dict[str, np.ndarray]:
    """Flows with the small ones told as others; where nothing else is left, the others are all."""
    other, everybody = names
    kept = folded(parts, other, rule, counts)
    if rule.hides and [title for title, n in kept.items() if counts(n).any()] == [other]:
        return {everybody: kept[other]}
    return kept


def pool(facts: Facts) -> Figure | Block:
    """What becomes of the people whose posts go."""
    entered = facts.total("at_risk")
    exits = facts.total("voluntary_exits")
    if not entered.any() and not exits.any():
        return paragraph(
            "No post is deleted under anybody, so nobody enters the redeployment pool."
        )
    counts = {
        "Redeployed, trial passed": facts.total("redundancies_avoided"),
        "Compulsory redundancies": facts.total("redundancies_compulsory"),
        "Still in the pool at the end": facts.at_end("pool_headcount"),
    }
    # Whoever resigned or retired out of the pool, or ended in it otherwise, is the remainder.
    counts["Left the pool by themselves"] = np.maximum(entered - sum(counts.values()), 0)
    counts["Voluntary exits, before any selection"] = exits
    return charts.outcomes(
        counts,
        title="What becomes of those at risk",
        whom="people whose posts go",
        rule=facts.rule,
    )


def affected(facts: Facts) -> Block | Table:
    """Who is affected, by characteristic; small groups are hidden where it is published."""
    rows = []
    for dimension in CHARACTERISTICS:
        if dimension not in facts.scenario.run.detail:
            continue
        names, counts = by_characteristic(facts, dimension)
        for place, name in enumerate(names):
            first = place * len(COLUMNS)
            texts = [counts.text(cell) for cell in range(first, first + len(COLUMNS))]
            rows.append((f"{words.capital(words.plain(dimension))}: {words.plain(name)}", *texts))
    if not rows:
        return paragraph("This run kept no results by characteristic.")
    note = (
        "Who leaves is not counted by age band, which people outgrow (–). "
        "Simulated people, not named staff; characteristics never enter selection."
    )
    return Table(
        pd.DataFrame(rows, columns=["Group", *COLUMNS]),
        "Who is affected: people by characteristic, mean of all futures",
        note=f"{facts.rule.strict.note} {note}".strip(),
    )
