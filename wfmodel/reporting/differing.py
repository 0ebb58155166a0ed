"""Differing: a scenario less its base: in its parts, its settings, and future by future."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wfmodel.reporting import settings, words
from wfmodel.reporting.assumptions import KINDS, folded, spelt
from wfmodel.reporting.block import Block, bullets, paragraph, stack
from wfmodel.reporting.disclosure.rule import HELD, Rule
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.scenario.assumptions import Change
from wfmodel.scenario.schema import Scenario

COMPARED = {
    "fte": ("FTE employed at the end", words.number),
    "vacancy_rate": ("Vacancy rate at the end", lambda v: words.percent(v, 1)),
    "agency_fte": ("Agency and casual FTE at the end", lambda v: words.number(v, 1)),
    "capacity_gap": ("Capacity short of required FTE at the end", lambda v: words.number(v, 1)),
}
ADDED = {
    "leavers": ("Leavers", words.number),
    "starters": ("Starters", words.number),
    "redundancies_avoided": ("Redeployed, trial passed", words.people),
    "redundancies_compulsory": ("Compulsory redundancies", words.people),
    "voluntary_exits": ("Voluntary exits", words.people),
    "recurring_cost_gbp": ("Recurring cost", words.pounds),
    "one_off_cost_gbp": ("One-off cost", words.pounds),
}


ALONE = "It is the scenario that the others are compared with."


def against_base(facts: Facts) -> Block:
    """What a scenario has otherwise than its base: in short, in its results, setting by setting."""
    if facts.base is None:
        return paragraph(ALONE)
    return stack(in_short(facts), differences(facts), what_changes(facts))


def what_changes(facts: Facts) -> Block:
    """What the scenario has otherwise than its base."""
    if facts.base is None:
        return paragraph(ALONE)
    base = facts.base.scenario
    found = settings.changed(facts)
    if not found:
        return paragraph("Nothing differs from the scenario it is compared with.")
    rows = [
        (words.capital(spelt(path, facts.scenario)), _before(path, some), _now(path, some))
        for path, some in _parted(found, base).items()
    ]
    frame = pd.DataFrame(rows, columns=["Setting", base.title, "In this scenario"])
    title = f"What differs from “{base.title}” ({len(found)} settings)"
    return folded(title, Table(frame, title))


def _parted(found: list[Change], base: Scenario) -> dict[str, list[Change]]:
    """The changes by path, those of a part that the base does not have under the part's own."""
    parted: dict[str, list[Change]] = {}
    for change in found:
        part = settings.part_of(change.path)
        section, _, name = part.partition(".")
        new = part and name not in getattr(base, section)
        parted.setdefault(part if new else change.path, []).append(change)
    return parted


def _before(path: str, some: list[Change]) -> str:
    return some[0].parent or "–" if some[0].path == path else "–"


def _now(path: str, some: list[Change]) -> str:
    """The value now; of a new part every setting, those of one thing among several together."""
    if some[0].path == path:
        return some[0].own or "–"
    told: dict[str, list[str]] = {}
    for change in some:
        said = spelt(change.path).partition(": ")[2]
        thing, comma, name = said.rpartition(", ")
        in_list = any(step.isdigit() for step in change.path.split("."))
        if comma and in_list and change.path[-1].isalpha():
            told.setdefault(thing, []).append(f"{name} {change.own}")
        else:
            told.setdefault(said, []).append(change.own)
    return "; ".join(f"{thing}: {', '.join(values)}" for thing, values in told.items())


def in_short(facts: Facts) -> Block:
    """The policies, change events and pipelines that the base does not have, or has otherwise."""
    if facts.base is None:
        return paragraph(ALONE)
    own, other = facts.scenario, facts.base.scenario
    lines = []
    for kind in settings.WHOLE:
        before = getattr(other, kind)
        for name, part in getattr(own, kind).items():
            if name not in before or before[name] != part:
                title = part.title or words.capital(words.plain(name))
                verb = "changed" if name in before else "new"
                lines.append(f"{title} ({verb} {KINDS[kind]}{_when(part)})")
        gone = [name for name in before if name not in getattr(own, kind)]
        lines += [f"Without: {before[name].title or words.plain(name)}" for name in gone]
    if own.labour_market != other.labour_market:
        lines.append("Another labour market")
    return bullets(lines or ["No policy, change event or pipeline differs"])


def _when(part: Any) -> str:
    date = getattr(part, "implemented", None) or getattr(part, "start", None)
    return f", from {words.day(date)}" if date else ""


def differences(facts: Facts) -> Table | Block:
    """The scenario less its base, replication by replication on the same luck."""
    base = facts.base
    if base is None:
        return paragraph(ALONE)
    rows = []
    for name, (title, written) in COMPARED.items():
        rows.append(_row(title, facts.at_end(name), base.at_end(name), written))
    for name, (title, written) in ADDED.items():
        own, other = facts.total(name), base.total(name)
        if written is not words.pounds and (hidden := _hidden(own, other, facts.rule)):
            rows.append((f"{title}, whole run", *hidden))
            continue
        rows.append(_row(f"{title}, whole run", own, other, written))
    names = ["Measure", base.scenario.title, "This scenario", "Difference", "8 in 10 futures"]
    return Table(
        pd.DataFrame([row for row in rows if row], columns=names),
        f"This scenario less “{base.scenario.title}”: means of the same futures",
        note="Both meet the same luck, so a difference is the plan's doing and not chance's.",
    )


def _row(title, own, other, written):  # type: ignore[no-untyped-def]
    """One measure in both scenarios, with the distribution of the differences."""
    gap = own - other
    known = gap[np.isfinite(gap)]
    if not len(known):
        return None
    low, high = np.percentile(known, (10, 90))
    mean = float(known.mean())
    sign = "+" if mean > 0 and written(mean) != written(0.0) else ""
    texts = [f"{sign}{written(mean)}", f"{written(float(low))} to {written(float(high))}"]
    return (
        title,
        written(float(np.nanmean(other))),
        written(float(np.nanmean(own))),
        *(text.replace("%", " points") for text in texts),
    )


def _hidden(own: np.ndarray, other: np.ndarray, rule: Rule) -> tuple[str, ...]:
    """The cells of a flow of people where it is small in either scenario; else none."""
    means = float(other.mean()), float(own.mean())
    return (*map(rule.people, means), HELD, HELD) if any(map(rule.small, means)) else ()


BRIEF = (
    "fte", "vacancy_rate", "agency_fte", "redundancies_compulsory", "voluntary_exits",
    "recurring_cost_gbp", "one_off_cost_gbp",
)  # fmt: skip
"""What a page that compares many scenarios tells of each."""


def brief(facts: Facts) -> dict[str, str]:
    """Differences from the base by title, written as mean and range; none without a base."""
    if facts.base is None:
        return {}
    found = {}
    for name in BRIEF:
        title, written = COMPARED.get(name) or ADDED[name]
        read = Facts.at_end if name in COMPARED else Facts.total
        own, other = read(facts, name), read(facts.base, name)
        if name in ADDED and written is not words.pounds and _hidden(own, other, facts.rule):
            found[f"{title}, whole run"] = HELD
        elif (row := _row(title, own, other, written)) is not None:
            bounds = row[4].replace(" points", "")
            found[title if name in COMPARED else f"{title}, whole run"] = f"{row[3]} ({bounds})"
    return found
