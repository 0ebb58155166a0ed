"""Bridge: what carries a stock from its opening to its closing value."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, ORANGE, TEAL, canvas, number_axis, short
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Format, Table


def bridge(
    opening: float,
    steps: Mapping[str, float],
    closing: float,
    *,
    title: str,
    name: str,
    written: Format = words.number,
) -> Figure:
    """A waterfall from ``opening`` over ``steps`` (signed) to ``closing``.

    Raises ValueError where the steps do not lead from one to the other: a bridge never hides a gap.
    """
    gap = closing - opening - sum(steps.values())
    if abs(gap) > 1e-6 * max(1.0, abs(opening)):
        raise ValueError(f"the steps of the bridge miss the closing value by {gap:g}")
    kept = {label: value for label, value in steps.items() if abs(value) > 1e-9}
    labels = ["Opening", *kept, "Closing"]
    with canvas(0.36 * len(labels) + 0.7) as (chart, axes):
        level = opening
        axes.barh(0, opening, color=NAVY)
        for row, value in enumerate(kept.values(), start=1):
            axes.barh(row, value, left=level, color=TEAL if value > 0 else ORANGE)
            axes.plot([level, level], [row - 1 + 0.4, row - 0.4], color="0.5", linewidth=0.8)
            level += value
        axes.barh(len(labels) - 1, closing, color=NAVY)
        _label(axes, labels, opening, kept, closing, written)
        number_axis(axes, "x")
        axes.set_xlabel(words.capital(name))
    downs = sorted((pair for pair in kept.items() if pair[1] < 0), key=lambda pair: pair[1])
    ups = sorted((pair for pair in kept.items() if pair[1] > 0), key=lambda pair: -pair[1])
    moves = words.moves(written(opening), written(closing), closing - opening)
    sentence = f"{words.capital(name)} {moves} on average."
    for pairs, what in ((ups, "gain"), (downs, "loss")):
        if pairs:
            sentence += f" Largest {what}: {pairs[0][0].lower()} ({written(abs(pairs[0][1]))})."
    frame = pd.DataFrame({"Step": labels, "Mean": [opening, *kept.values(), closing]})
    signs = [written(opening), *(_signed(v, written) for v in kept.values()), written(closing)]
    frame["Mean"] = signs
    return Figure(
        title,
        "Bridge from opening to closing",
        chart,
        sentence,
        Table(frame, f"{words.capital(name)}: mean of all futures"),
    )


def _signed(value: float, written: Format) -> str:
    text = written(value)
    return f"+{text}" if value > 0 else text


def _label(axes, labels, opening, kept, closing, written) -> None:  # type: ignore[no-untyped-def]
    axes.set_yticks(range(len(labels)), [short(label) for label in labels])
    axes.invert_yaxis()
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.tick_params(axis="y", length=0)
    level, levels = opening, [opening]
    for value in kept.values():
        level += value
        levels.append(max(level, level - value))
    values = [written(opening), *(_signed(v, written) for v in kept.values()), written(closing)]
    reach = max([*levels, closing, 1e-9])
    for row, (edge, text) in enumerate(zip([*levels, closing], values, strict=True)):
        axes.text(edge + 0.01 * reach, row, text, va="center", fontsize=9)
    axes.set_xlim(0, 1.12 * reach)
