"""Bridge: what carries headcount from its opening to its closing value."""

from __future__ import annotations

from collections.abc import Mapping

from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    GREY,
    NAVY,
    ORANGE,
    SMALL,
    SOFT,
    TEAL,
    WIDTH,
    Axis,
    Paper,
    short,
)
from wfmodel.reporting import words

ROW, LEFT, RIGHT = 22, 176, WIDTH - 42


def bridge(opening: float, steps: Mapping[str, float], closing: float, whom: str) -> Drawn:
    """A waterfall of lying bars."""
    names = ["Opening", *steps, "Closing"]
    paper = Paper(ROW * len(names) + 8)
    levels = [opening]
    for value in steps.values():
        levels.append(levels[-1] + value)
    low = min([*levels, closing])
    base = 0.0 if low < 0.6 * max(levels) else 0.9 * low  # far from nothing: show what moves
    x = Axis(base, max([*levels, closing]), LEFT, RIGHT)
    x.low = base
    for row, name in enumerate(names):
        y = 4 + ROW * row
        paper.text(LEFT - 8, y + 13, short(name, 28), "end", SMALL)
        if row in (0, len(names) - 1):
            value = opening if row == 0 else closing
            paper.bar(LEFT, y + 3, x.at(value) - LEFT, 13, NAVY)
            paper.text(x.at(value) + 5, y + 13, words.people(value), size=SMALL, bold=True)
            continue
        before, value = levels[row - 1], steps[name]
        paper.line(x.at(before), y - 6, x.at(before), y + 3, GREY)
        paper.bar(x.at(before), y + 3, x.at(before + value) - x.at(before), 13,
                  TEAL if value > 0 else ORANGE)  # fmt: skip
        edge = max(x.at(before), x.at(before + value))
        paper.text(edge + 5, y + 13, _signed(value), size=SMALL, colour=SOFT)
    moves = words.moves(words.people(opening), words.people(closing), closing - opening)
    sentence = f"Headcount of {whom} {moves} on average."
    for sign, what in ((1, "gain"), (-1, "loss")):
        largest = max(steps, key=lambda n: sign * steps[n], default="")
        if largest and sign * steps[largest] > 0:
            sentence += (
                f" Largest {what}: {words.small(largest)} ({words.people(abs(steps[largest]))})."
            )
    if base:
        sentence += f" Bars begin at {words.number(base)}."
    rows = [["Opening", words.people(opening)]]
    rows += [[name, _signed(value)] for name, value in steps.items()]
    rows.append(["Closing", words.people(closing)])
    return Drawn(
        "From opening to closing", sentence, paper.svg(f"Waterfall. {sentence}"),
        ("Step", "People, mean of all futures"), rows,
    )  # fmt: skip


def _signed(value: float) -> str:
    text = words.people(value)
    return f"+{text}" if value > 0 else text
