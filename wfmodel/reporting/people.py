"""People: how many there are, who joins and who goes, what becomes of those at risk."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.block import Block, paragraph
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table

JOINING = {
    "starters": "Starters",
    "intake_outside": "Trainees from outside",
    "transferred_in": "Transferred in",
}
GOING = {
    "resignations": "Resignations",
    "leavers_retirement": "Retirements",
    "voluntary_exits": "Voluntary exits",
    "redundancies_compulsory": "Compulsory redundancies",
    "transferred_out": "Transferred out",
}
OTHER = "Other leavers"
CAUSES = ("resignations", "leavers_retirement", "voluntary_exits", "redundancies_compulsory")

CHARACTERISTICS = ("sex", "age_band", "ethnicity", "disability")
FEWEST = 5
"""Fewer people than this in a group of people are not shown."""
HIDDEN = f"under {FEWEST}"


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


def bridge(facts: Facts) -> Figure:
    """What carries headcount from its opening to its closing value, mean of all futures."""
    steps = {title: float(facts.total(name).mean()) for name, title in JOINING.items()}
    gone = {name: float(facts.total(name).mean()) for name in GOING}
    leavers = float(facts.total("leavers").mean())
    steps |= {title: -gone[name] for name, title in GOING.items()}
    steps[OTHER] = -(leavers - sum(gone[name] for name in CAUSES))
    heads = facts.paths("headcount").mean(axis=0)
    return charts.bridge(
        float(heads[0]),
        steps,
        float(heads[-1]),
        title="Headcount from opening to closing",
        name="headcount",
    )


def flows(facts: Facts) -> Figure | Block:
    """Who joins and who goes, quarter by quarter."""
    joining = {title.lower(): facts.paths(name) for name, title in JOINING.items()}
    going = {title.lower(): facts.paths(name) for name, title in GOING.items()}
    left = np.nan_to_num(facts.paths("leavers"))
    known = sum(np.nan_to_num(facts.paths(name)) for name in CAUSES)
    going[OTHER.lower()] = left - known
    joining, going = (
        {name: paths for name, paths in side.items() if np.nansum(paths)}
        for side in (joining, going)
    )
    if not joining and not going:
        return paragraph("Nobody joins and nobody goes.")
    return charts.flows(joining, going, start=facts.start, title="Who joins and who goes")


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
        counts, title="What becomes of those at risk", whom="people whose posts go"
    )


def affected(facts: Facts) -> Block | Table:
    """Who is affected, by characteristic; groups of fewer than five are not shown."""
    rows = []
    for dimension in CHARACTERISTICS:
        if dimension not in facts.scenario.run.detail:
            continue
        found = [_group(facts, dimension, group) for group in facts.results.groups_of(dimension)]
        rows += with_hidden([row for row in found if any(row[c] for c in COUNTED[:2])])
    if not rows:
        return paragraph("This run kept no results by characteristic.")
    return Table(
        pd.DataFrame(rows),
        "Who is affected: people by characteristic, mean of all futures",
        note=(
            f"Counts below {FEWEST} are not shown, nor is a second one where the first could be "
            "worked out. Who leaves is not counted by age band, which people outgrow (–). "
            "Simulated people, not named staff; characteristics never enter selection."
        ),
    )


COUNTED = ("Employed at the start", "Employed at the end", "Leave", "At risk", "Redundant")


def _group(facts: Facts, dimension: str, group: str) -> dict[str, object]:
    heads = facts.paths("headcount", dimension, group).mean(axis=0)
    flows = [("leavers",), ("at_risk",), ("redundancies_compulsory", "voluntary_exits")]
    gone = [
        float(facts.total(*names, dimension=dimension, group=group).mean())
        if dimension != "age_band"
        else float("nan")
        for names in flows
    ]
    name = f"{words.capital(words.plain(dimension))}: {words.plain(group)}"
    return dict(
        zip(("Group", *COUNTED), (name, float(heads[0]), float(heads[-1]), *gone), strict=True)
    )


def with_hidden(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows of one characteristic as text, with small counts hidden.

    Where only one count of a column would be hidden, the next smallest is too, since the column
    adds up to a total that is known.
    """
    shown = [dict(row) for row in rows]
    for column in COUNTED:
        values = np.array([float(row[column]) for row in rows])  # type: ignore[arg-type]
        small = np.round(values) < FEWEST
        small &= np.round(values) > 0
        if small.sum() == 1:
            rest = np.where(small | (np.round(values) == 0) | ~np.isfinite(values), np.inf, values)
            if np.isfinite(rest).any():
                small[int(np.argmin(rest))] = True
        for row, value, hide in zip(shown, values, small, strict=True):
            smallest = np.round(value) < FEWEST
            text = HIDDEN if smallest else "not shown"
            row[column] = text if hide else words.number(value)
    return shown
