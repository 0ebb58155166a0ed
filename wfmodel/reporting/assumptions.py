"""Assumptions: every input with source and confidence, what a scenario changes, the law used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.tables import Table
from wfmodel.scenario.assumptions import Assumption, assumptions, changes
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce import Workforce

ORDER = ("low", "medium", "high", "")
NOT_SAID = "not stated"


def spelt(path: str) -> str:
    """The path of an input as words.

    >>> spelt("roles.*.recruitment.time_to_hire_days"), spelt("budget.pay_award.2025")
    ('all roles: recruitment, time to hire days', 'budget: pay award, 2025')
    """
    parts = path.split(".")
    if parts[0] == "roles" and len(parts) > 1:
        parts = ["all roles" if parts[1] == "*" else f"role {words.plain(parts[1])}", *parts[2:]]
    said = [words.plain(part) for part in parts]
    return said[0] if len(said) == 1 else f"{said[0]}: {', '.join(said[1:])}"


def log(scenario: Scenario, workforce: Workforce | None = None) -> Block:
    """The assumptions log, the least certain first; the surer ones are folded away."""
    entries = assumptions(scenario)
    parts: list[Block | Table] = []
    for level in ORDER:
        chosen = [entry for entry in entries if entry.confidence == level]
        if not chosen:
            continue
        name = f"Inputs of {level} confidence" if level else "Inputs without a stated confidence"
        table = _log_table(chosen, f"{name} ({len(chosen)})")
        parts.append(table if level == "low" else folded(table.caption, table))
    if workforce is not None and len(workforce.assumptions):
        frame = pd.DataFrame(
            {
                "Assumption": workforce.assumptions["assumption"].astype(str),
                "Source": workforce.assumptions["source"].astype(str),
                "Confidence": workforce.assumptions["confidence"].astype(str),
            }
        )
        title = f"The opening workforce: what is assumed where nothing is published ({len(frame)})"
        parts.append(folded(title, Table(frame, title)))
    effects = [spelt(entry.path) for entry in entries if entry.assumed_effect]
    if effects:
        text = f"Assumed effects, for which there is no evidence yet: {words.joined(effects)}."
        parts.insert(0, paragraph(text))
    return stack(*parts)


def _log_table(entries: Sequence[Assumption], caption: str) -> Table:
    frame = pd.DataFrame(
        {
            "Input": [words.capital(spelt(entry.path)) for entry in entries],
            "Value": [entry.value for entry in entries],
            "Source": [entry.source or NOT_SAID for entry in entries],
        }
    )
    return Table(frame, caption)


def folded(title: str, inner: Block | Table) -> Block:
    """Something that opens when it is asked for."""
    return Block(
        f"<details><summary>{escape(title)}</summary>{inner.html()}</details>", inner.text()
    )


def what_changes(scenario: Scenario, base: Scenario) -> Block:
    """What the scenario has otherwise than its base."""
    found = changes(scenario, base)
    if not found:
        return paragraph("Nothing differs from the scenario it is compared with.")
    frame = pd.DataFrame(
        {
            "Setting": [words.capital(spelt(change.path)) for change in found],
            base.title: [change.parent or "–" for change in found],
            "In this scenario": [change.own or "–" for change in found],
        }
    )
    title = f"What differs from “{base.title}” ({len(found)} settings)"
    return folded(title, Table(frame, title))


def rules_used(rules: pd.DataFrame) -> Block:
    """The statutory figures that the run used, with their from-dates and sources."""
    frame = pd.DataFrame(
        {
            "Rule": rules["meaning"].astype(str),
            "In force from": [words.day(date) for date in pd.to_datetime(rules["start"]).dt.date],
            "Value": [
                f"{value:,.6g} {unit}".strip()
                for value, unit in zip(rules["value"], rules["unit"], strict=True)
            ],
            "Source": [without_address(str(source)) for source in rules["source"]],
            "Confidence": rules["confidence"].astype(str),
            "To be reviewed by": [words.day(d) for d in pd.to_datetime(rules["review"]).dt.date],
        }
    )
    return folded(f"Statutory rules used ({len(frame)})", Table(frame, "Statutory rules used"))


def without_address(text: str) -> str:
    """The text without the scheme of an address, so that nothing on a page looks fetched.

    >>> without_address("GOV.UK, https://www.gov.uk/redundancy-pay")
    'GOV.UK, www.gov.uk/redundancy-pay'
    """
    return re.sub(r"https?://", "", text)
