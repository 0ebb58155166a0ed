"""Assumptions: every input with its source and confidence, and the law that was used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph, stack, tables_in
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.results.measures import measure
from wfmodel.results.reach import presses, reaches
from wfmodel.results.sensitivity import noise_of
from wfmodel.scenario.assumptions import Assumption, assumptions
from wfmodel.scenario.schema import Scenario

ORDER = ("low", "medium", "high", "")
NOT_SAID = "not stated"


KINDS = {
    "roles": "role",
    "policies": "policy",
    "change_events": "change event",
    "pipelines": "pipeline",
}
"""Parts of a scenario that have names, and what one of them is."""
EFFECT = (
    "Effect: how much higher FTE ends, on average, where the input is in the upper half of its "
    "range than in the lower; “within chance” where so many inputs would show as much by accident; "
    "a dash where the input is certain or can't reach FTE."
)
BANDS = {
    "service_bands": "length of service from {} years",
    "age_bands": "age from {}",
    "retirement": "retirement from age {}",
    "experience": "experience from {} years",
}
UNITS = {"days": "days", "weeks": "weeks", "months": "months", "years": "years", "gbp": "£"}
POSTS = {"share": "share of the posts in scope"}
"""What a change event calls by one word."""


def spelt(path: str, scenario: Scenario | None = None) -> str:
    """The path of an input as words; what has a title in the scenario goes by it.

    >>> spelt("roles.*.recruitment.time_to_hire_days.varies.gamma.mean")
    'all roles: recruitment, time to hire (days)'
    >>> spelt("pipelines.care.stages.0.completion_probability"), spelt("budget.pay_award.2025")
    ('pipeline care: stage 1, completion probability', 'budget: pay award, 2025')
    """
    section, *steps = path.split(".")
    begin = words.plain(section)
    if section in KINDS and steps:
        begin = _called(section, steps.pop(0), scenario)
    if "varies" in steps:  # the mean of a spread is what it is about
        steps = steps[: steps.index("varies")] + [step for step in steps[-1:] if step != "mean"]
    said: list[str] = []
    for before, step in zip(["", *steps], steps, strict=False):
        if step.isdigit() and before in (*BANDS, "stages"):
            said[-1] = BANDS[before].format(step) if before in BANDS else f"stage {int(step) + 1}"
        elif step.isdigit() and len(step) < 4 and said:  # one of several, not a year
            said[-1] = f"{said[-1]} {int(step) + 1}"
        elif section == "change_events" and step in POSTS:
            said.append(POSTS[step])
        else:
            name, _, unit = step.rpartition("_")
            known = bool(name) and unit in UNITS
            said.append(f"{words.plain(name)} ({UNITS[unit]})" if known else words.plain(step))
    return f"{begin}: {', '.join(said)}" if said else begin


def _called(section: str, name: str, scenario: Scenario | None) -> str:
    """A named part of a scenario, by its title where it has one."""
    if name == "*":
        return "all roles"
    part = getattr(scenario, section).get(name) if scenario else None
    if part is None or not part.title:
        return f"{KINDS[section]} {words.plain(name)}"
    return words.small(part.title) if section == "roles" else f"“{part.title}”"


def log(facts: Facts) -> Block:
    """The assumptions log, the least certain first, folded by how sure they are."""
    workforce = facts.results.inputs(facts.name).workforce
    entries = assumptions(facts.scenario)
    effects_known = effects_on(facts)
    parts: list[Block | Table] = []
    for level in ORDER:
        chosen = [entry for entry in entries if entry.confidence == level]
        if not chosen:
            continue
        name = f"Inputs of {level} confidence" if level else "Inputs without a stated confidence"
        table = _log_table(chosen, facts.scenario, effects_known, f"{name} ({len(chosen)})")
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
    effects = [spelt(entry.path, facts.scenario) for entry in entries if entry.assumed_effect]
    if effects:
        text = f"Assumed effects, for which there is no evidence yet: {'; '.join(effects)}."
        parts.insert(0, paragraph(text))
    return stack(*parts)


def effects_on(facts: Facts) -> dict[str, str]:
    """What each uncertain input does to the headline, by its path: how far FTE at the end is from
    its lower to its upper half, where that is beyond what chance alone would show.
    """
    found = facts.results.drivers(facts.name, "fte")
    asked, pressed = measure("fte"), presses(facts.scenario)
    found = found.loc[[reaches(str(path), asked, pressed) for path in found["input"]]]
    limit = noise_of(len(found))
    return {
        str(row["input"]).split(".varies.")[0]: (
            f"{words.signed(row['at_high'] - row['at_low'], 1)} FTE"
            if abs(row["z"]) > limit
            else "within chance"
        )
        for row in found.to_dict("records")
    }


def _log_table(
    entries: Sequence[Assumption], scenario: Scenario, effects: Mapping[str, str], caption: str
) -> Table:
    frame = pd.DataFrame(
        {
            "Input": [words.capital(spelt(entry.path, scenario)) for entry in entries],
            "Value": [entry.value for entry in entries],
            "Effect on FTE at the end": [effects.get(entry.path, "–") for entry in entries],
            "Source": [entry.source or NOT_SAID for entry in entries],
        }
    )
    if not any(entry.path in effects for entry in entries):
        return Table(frame.drop(columns="Effect on FTE at the end"), caption)
    return Table(frame, caption, note=EFFECT)


def folded(title: str, inner: Block | Table) -> Block:
    """Something that opens when it is asked for."""
    return Block(
        f"<details><summary>{escape(title)}</summary>{inner.html()}</details>",
        inner.text(),
        tables_in(inner),
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
