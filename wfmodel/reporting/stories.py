"""Stories: what the ledger holds about one simulated person, told in sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel import experiment
from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.simulation.ledger import KINDS, Ledger

TELLING = {
    "at_risk": 4,
    "redeployed": 4,
    "trial_failed": 3,
    "redundant": 3,
    "promoted": 2,
    "moved_sideways": 2,
    "qualified": 2,
    "intake": 1,
    "leaver": 1,
    "starter": 1,
}
"""How much a kind of movement adds to a story."""

SAID = {
    "opening": "is in post at the start, in {to}",
    "starter": "joins from outside, in {to}",
    "transferred_in": "comes with a transfer, into {to}",
    "intake": "begins training",
    "notice_given": "gives notice",
    "leaver": "leaves ({cause})",
    "promoted": "is promoted from {source} to {to}",
    "moved_sideways": "moves from {source} to {to}",
    "at_risk": "loses the post in {source} and enters the redeployment pool",
    "coaching_start": "gets a career coach",
    "coaching_end": "has the coach no longer",
    "redeployed": "takes a post in {to} out of the pool, on trial",
    "trial_failed": "does not stay after the trial and returns to the pool",
    "redundant": "is made redundant",
    "voluntary_exit": "leaves by voluntary exit",
    "transferred_out": "leaves with a transfer",
    "dropped_out": "leaves training before its end",
    "qualified": "qualifies",
    "stepped_up": "is fully experienced",
    "probation_passed": "passes probation",
    "probation_failed": "does not pass probation",
    "hours_changed": "works fewer hours",
    "absence_start": "goes away ({cause})",
    "absence_end": "is back",
    "cover_start": "acts up, in {to}",
    "cover_end": "acts up no longer",
    "agency_start": "is covered for by agency",
    "agency_end": "is covered for no longer",
}


def eventful(facts: Facts, *, replication: int, seed: int) -> Block:
    """The story of the person to whom most happened in one replication.

    With a real extract nobody's story is told: only trainees' and starters', who are simulated.
    """
    ledger = experiment.trace(facts.scenario, replication, seed=seed)
    person = _most_eventful(ledger, only_simulated=bool(facts.scenario.workforce.tables))
    if person is None:
        return paragraph("Nothing happened to anybody in this future.")
    table = ledger.table()[ledger.movements["person"] == person]
    lines = [_line(facts, row) for row in table.to_dict("records")]
    frame = pd.DataFrame(
        {
            "Date": [line[0] for line in lines],
            "What happens": [line[1] for line in lines],
        }
    )
    story = "; ".join(line[1] for line in lines)
    name = table["person"].iloc[0]
    text = f"{words.capital(name)}, a simulated person, in future {replication}: {story}."
    caption = f"Movements of {name} in the ledger"
    return stack(paragraph(text), Table(frame, caption))


def _most_eventful(ledger: Ledger, *, only_simulated: bool) -> int | None:
    moves = ledger.movements
    weights = np.array([TELLING.get(kind, 0) for kind in KINDS])[moves["kind"]]
    known = moves["person"] >= 0
    if not known.any():
        return None
    scores = np.bincount(
        moves["person"][known], weights=weights[known], minlength=len(ledger.people)
    )
    if only_simulated:
        scores[ledger.people["origin"] == 0] = 0
    return int(np.argmax(scores)) if scores.max() > 0 else None


def _line(facts: Facts, row: dict) -> tuple[str, str]:  # type: ignore[type-arg]
    date = words.day(facts.scenario.calendar.date(int(row["time"])))
    sentence = SAID.get(str(row["kind"]), words.plain(str(row["kind"])))
    cause = words.plain(str(row["cause"])) or "no cause stated"
    return date, sentence.format(
        to=_place(facts, str(row["to"])), source=_place(facts, str(row["from"])), cause=cause
    )


def _place(facts: Facts, place: str) -> str:
    """Service and role by their titles."""
    service, _, name = place.partition("/")
    if not name:
        return f"the {place}" if place == "pool" else place
    role = facts.scenario.roles.get(name)
    title = role.title if role and role.title else words.plain(name)
    return f"{facts.services.get(service, service)} as {title[:1].lower()}{title[1:]}"
