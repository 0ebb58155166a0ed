"""Site: the pages over a batch, made from the outlines of its scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, comparison, settings
from wfmodel.reporting.block import Block, heading, paragraph, stack
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.outline import Outline
from wfmodel.reporting.tables import Shown, Table
from wfmodel.scenario.showing import STATUS

MOST_DRAWN = 60
"""With more scenarios than this a chart or cards of all of them can't be read; tables remain."""


def cards(outlines: Sequence[Outline], links: Mapping[str, str]) -> Block:
    """A card a scenario: its headline, and its targets as chances."""
    items, lines = "", []
    for one in outlines:
        title = escape(one.title)
        link = links.get(one.name)
        named = f'<a href="{escape(link, quote=True)}">{title}</a>' if link else title
        chances = "".join(
            f"<li>{escape(target['title'])}: <strong>{escape(target['text'])}</strong></li>"
            for target in one.targets
        )
        items += (
            f"<li><h3>{named}</h3>"
            f'<p class="wf-note">{escape(STATUS[one.status])}. {escape(one.description)}</p>'
            f"<p>{escape(one.headline)}</p><ul>{chances}</ul></li>"
        )
        told = "; ".join(f"{target['title']}: {target['text']}" for target in one.targets)
        lines.append(f"{one.title}. {one.headline} {told}")
    return Block(f'<ul class="wf-cards wf-scenarios">{items}</ul>', "\n".join(lines))


def compared(outlines: Sequence[Outline], links: Mapping[str, str]) -> Block:
    """Scenarios of one family side by side: targets, cost, the trade-off between them, what each
    does otherwise than the first on the same luck, and what each assumes otherwise.
    """
    drawn = len(outlines) <= MOST_DRAWN
    parts: list[Shown] = [comparison.conclusion(outlines), comparison.overview(outlines, links)]
    if drawn and (figure := tradeoff(outlines)) is not None:
        parts += [heading("What a better chance costs"), figure]
    if drawn:
        parts += [heading("How many people at the end"), comparison.closing_fte(outlines)]
    if len(outlines) > 1:
        parts += [heading("What each does otherwise"), differences(outlines)]
        titles, own = [one.title for one in outlines], [one.settings for one in outlines]
        parts += [heading("What each assumes otherwise"), settings.side_by_side(titles, own)]
    return stack(*parts)


def tradeoff(outlines: Sequence[Outline]) -> Figure | None:
    """Recurring cost against the chance of the target that tells the scenarios apart most; None
    where they have no target in common.
    """
    found = _telling(outlines)
    if found is None or len(outlines) < 2:
        return None
    name, title = found
    rows = []
    for one in outlines:
        chances = {target["name"]: target["probability"] for target in one.targets}
        if np.isfinite(chances.get(name, np.nan)):
            low, high = one.numbers["cost_low"], one.numbers["cost_high"]
            rows.append((one.title, one.numbers["cost"], low, high, chances[name]))
    points = pd.DataFrame(rows, columns=["scenario", "cost", "low", "high", "chance"])
    return charts.tradeoff(
        points,
        title=f"Cost against the chance of “{title}”",
        cost=f"Recurring cost {outlines[0].year}",
        chance=title,
    )


def _telling(outlines: Sequence[Outline]) -> tuple[str, str] | None:
    """The shared target, other than one of cost, whose chance differs most between scenarios."""
    spread = {}
    for name, title in comparison.shared_targets(outlines).items():
        own = [target for one in outlines for target in one.targets if target["name"] == name]
        known = [t["probability"] for t in own if np.isfinite(t["probability"])]
        if len(known) > 1 and own[0]["unit"] != "£":
            spread[name, title] = max(known) - min(known)
    # Of several that tell as much the last is asked for last, at the end of a path.
    return max(reversed(list(spread)), key=lambda key: spread[key]) if spread else None


def differences(outlines: Sequence[Outline]) -> Block | Table:
    """Each scenario less the first, future by future: mean, and the range of 8 in 10 futures."""
    own = [one for one in outlines if one.differences]
    if not own:
        return paragraph("There is nothing to compare with.")
    names = list(dict.fromkeys(name for one in own for name in one.differences))
    frame = pd.DataFrame(
        [(one.title, *(one.differences.get(name, "–") for name in names)) for one in own],
        columns=["Scenario", *names],
    )
    return Table(
        frame,
        f"Each scenario less “{outlines[0].title}”, on the same luck",
        note=(
            "Mean of the differences, future by future, with the range that holds 8 in 10 of them. "
            "All meet the same luck, so a difference is the plan's doing and not chance's."
        ),
        wide=True,
    )
