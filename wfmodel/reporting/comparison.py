"""Comparison: several scenarios side by side, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.assumptions import folded, spelt
from wfmodel.reporting.block import Block, bullets, paragraph, stack
from wfmodel.reporting.disclosure.rule import HELD, Rule
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.outline import Outline
from wfmodel.reporting.tables import Table
from wfmodel.scenario.assumptions import changes

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
    found = changes(facts.scenario, base)
    if not found:
        return paragraph("Nothing differs from the scenario it is compared with.")
    frame = pd.DataFrame(
        {
            "Setting": [words.capital(spelt(change.path, facts.scenario)) for change in found],
            base.title: [change.parent or "–" for change in found],
            "In this scenario": [change.own or "–" for change in found],
        }
    )
    title = f"What differs from “{base.title}” ({len(found)} settings)"
    return folded(title, Table(frame, title))


def in_short(facts: Facts) -> Block:
    """The policies, change events and pipelines that the base does not have, or has otherwise."""
    if facts.base is None:
        return paragraph(ALONE)
    own, other = facts.scenario, facts.base.scenario
    lines = []
    for kind in ("policies", "change_events", "pipelines"):
        before = getattr(other, kind)
        for name, part in getattr(own, kind).items():
            if name not in before or before[name] != part:
                title = part.title or words.capital(words.plain(name))
                verb = "changed" if name in before else "new"
                lines.append(f"{title} ({verb} {_KINDS[kind]}{_when(part)})")
        gone = [name for name in before if name not in getattr(own, kind)]
        lines += [f"Without: {before[name].title or words.plain(name)}" for name in gone]
    if own.labour_market != other.labour_market:
        lines.append("Another labour market")
    return bullets(lines or ["No policy, change event or pipeline differs"])


_KINDS = {"policies": "policy", "change_events": "change event", "pipelines": "pipeline"}


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


def overview(outlines: Sequence[Outline], links: Mapping[str, str] | None = None) -> Block:
    """One table of scenarios: targets as chances, FTE, cost, redundancies, agency.

    ``links`` holds the address of each scenario's report, relative to the page.
    """
    targets = shared_targets(outlines)
    figures = list(dict.fromkeys(name for one in outlines for name in one.figures))
    caption = "Scenarios side by side: the chance of each target, then key figures"
    head = "".join(
        f'<th scope="col">{escape(title)}</th>'
        for title in ("Scenario", *targets.values(), "All targets together", *figures)
    )
    body, lines = "", [caption]
    for one in outlines:
        title = escape(one.title)
        link = (links or {}).get(one.name)
        label = f'<a href="{escape(link, quote=True)}">{title}</a>' if link else title
        chances = {target["name"]: target for target in one.targets}
        texts = [chances[name]["text"] if name in chances else "–" for name in targets]
        likely = [name in chances and chances[name]["probability"] >= 0.5 for name in targets]
        texts.append(words.brief_chance(one.together))
        texts += [one.figures.get(name, "–") for name in figures]
        likely += [False] * (1 + len(figures))
        body += f'<tr><th scope="row">{label}</th>' + "".join(map(_cell, texts, likely)) + "</tr>"
        lines.append(f"{one.title}: {'; '.join(texts)}")
    markup = (
        f'<div class="wf-table wf-wide" role="region" aria-label="{escape(caption)}" tabindex="0">'
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
        f'<p class="wf-note">{escape(NOTE)}</p>'
    )
    return Block(markup, "\n".join(lines))


def shared_targets(outlines: Sequence[Outline]) -> dict[str, str]:
    """Titles by name of the targets that more than one scenario has; of all where there are few."""
    found = [(t["name"], t["title"]) for one in outlines for t in one.targets]
    names = [name for name, _ in found]
    least = 2 if len(outlines) > 2 else 1
    return {name: title for name, title in found if names.count(name) >= least}


def own_targets(outline: Outline, outlines: Sequence[Outline]) -> str:
    """The targets that only this scenario has, with their chances, as a sentence."""
    shared = shared_targets(outlines)
    own = [f"{t['title']}: {t['text']}" for t in outline.targets if t["name"] not in shared]
    return f"Targets of its own: {'; '.join(own)}." if own else ""


def _cell(text: str, likely: bool) -> str:
    shown = f"<strong>{escape(text)}</strong>" if likely else escape(text)
    return f'<td class="wf-number">{shown}</td>'


NOTE = (
    "Chances are the share of simulated futures in which a target is met, bold from one half on; a "
    "range where an uncertain input moves the chance by more than ten points. FTE: median, with "
    "the range of 8 in 10 futures. Money and people: means."
)


def closing_fte(outlines: Sequence[Outline]) -> Figure:
    """FTE at the end in each scenario."""
    rows = [
        {"scenario": one.title, "median": one.fte[0], "low": one.fte[1], "high": one.fte[2]}
        for one in outlines
    ]
    first = outlines[0]
    return charts.ranges(
        pd.DataFrame(rows),
        title=f"FTE employed on {first.closing_day}",
        name="FTE employed",
        goal=first.goal_fte,
        opening=first.opening_fte,
    )


def conclusion(outlines: Sequence[Outline]) -> Block:
    """What the comparison says, in sentences."""
    best = max(outlines, key=lambda one: (one.met, np.nan_to_num(one.together)))
    lowest = min(outlines, key=lambda one: one.fte[0])
    fte = [words.number(value) for value in lowest.fte]
    alone = len(outlines) == 1
    often = f"in at least half of the futures: {best.met} of {len(best.targets)}."
    lead = f"Of {len(outlines)} scenarios, “{best.title}” meets most targets {often}"
    ends = f"FTE ends lowest in “{lowest.title}”: {fte[0]}"
    if alone:
        lead, ends = f"“{best.title}” meets targets {often}", f"FTE ends at {fte[0]}"
    rest = [
        _together(outlines),
        f"{ends} ({words.futures(fte[1], fte[2])}).",
        *_levers(outlines),
    ]
    text = " ".join(rest)
    return Block(
        f'<p class="wf-answer"><strong>{escape(lead)}</strong> {escape(text)}</p>', f"{lead} {text}"
    )


LEVERS = {
    "fte": ("FTE", lambda v: words.signed(v)),
    "cost": ("staffing cost", lambda v: ("+" if v > 0 else "") + words.pounds(v)),
    "redundancies": ("compulsory redundancies", lambda v: ("+" if v > 0 else "") + words.people(v)),
}


def _levers(outlines: Sequence[Outline]) -> list[str]:
    """Which variation moves the scenario that most others vary furthest, by figure."""
    parents = [one.parent for one in outlines]
    known = {one.name: one for one in outlines}
    middle = max(known, key=lambda name: (parents.count(name), name))
    varied = [one for one in outlines if one.parent == middle]
    if not varied:
        return []
    plan = known[middle]
    parts = []
    for key, (name, written) in LEVERS.items():
        furthest = max(varied, key=lambda one: _gap(one, plan, key))
        gap = furthest.numbers[key] - plan.numbers[key]
        if np.isfinite(gap) and gap:
            parts.append(f"{name} {written(gap)} (“{furthest.title}”)")
    if not parts:
        return []
    return [f"Largest changes by a single variation of “{plan.title}”: {words.joined(parts)}."]


def _gap(one: Outline, plan: Outline, key: str) -> float:
    """How far a figure is moved; not at all where it is hidden."""
    return float(np.nan_to_num(abs(one.numbers[key] - plan.numbers[key])))


def _together(outlines: Sequence[Outline]) -> str:
    """The best chance that all targets hold in one and the same future."""
    best = max(float(np.nan_to_num(one.together)) for one in outlines)
    if len(outlines) == 1:
        return f"The chance that all targets hold together is {words.chance(best)}."
    if best < 0.01:
        return "In no scenario do all targets hold together in as many as 1 in 100 futures."
    names = [one.title for one in outlines if one.together == best]
    where = f", in “{names[0]}”" if len(names) == 1 else ", in whichever scenario"
    return f"The chance that all targets hold together is at best {words.chance(best)}{where}."
