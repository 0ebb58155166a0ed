"""Assumptions: every input with its source and confidence, and the law that was used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.scenario.assumptions import Assumption, assumptions

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


def log(facts: Facts) -> Block:
    """The assumptions log, the least certain first, folded by how sure they are."""
    workforce = facts.results.inputs(facts.name).workforce
    entries = assumptions(facts.scenario)
    parts: list[Block | Table] = []
    for level in ORDER:
        chosen = [entry for entry in entries if entry.confidence == level]
        if not chosen:
            continue
        name = f"Inputs of {level} confidence" if level else "Inputs without a stated confidence"
        table = _log_table(chosen, f"{name} ({len(chosen)})")
        parts.append(folded(table.caption, table))
    if len(workforce.assumptions):
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
        text = f"Assumed effects, for which there is no evidence yet: {'; '.join(effects)}."
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


def rules_used(facts: Facts) -> Block:
    """The statutory figures that the run used, with their from-dates and sources."""
    rules = facts.results.inputs(facts.name).rules.used()
    if not len(rules):
        return paragraph("The run used no statutory figure.")
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
