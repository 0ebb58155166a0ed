"""Comparison: several scenarios side by side, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.block import Block
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.outline import Outline


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
        f'<div class="wf-table wf-wide" role="group" aria-label="{escape(caption)}" tabindex="0">'
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
