"""Tornado: how far each lever and unknown moves a result, and how its spread splits."""

from __future__ import annotations

from collections.abc import Sequence

from wfmodel.exploring.mattering import Effect, Split
from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    GREY,
    LILAC,
    NAVY,
    ORANGE,
    SMALL,
    SOFT,
    TEAL,
    WIDTH,
    Axis,
    Paper,
    Written,
    legend,
    short,
)
from wfmodel.reporting import words

ROW, LEFT, RIGHT, TOP = 34, 8, WIDTH - 60, 24
MOST = 12
PARTS = (
    ("unknowns", "not knowing", ORANGE),
    ("market", "labour market", LILAC),
    ("chance", "chance", TEAL),
    ("together", "together", GREY),
)


def tornado(found: Sequence[Effect], name: str, written: Written) -> Drawn:
    """A bar a lever, from the result at its low end to that at its high end; the widest first."""
    ordered = sorted(found, key=lambda one: -abs(one.swing))[:MOST]
    paper = Paper(TOP + ROW * len(ordered) + 22)
    ends = [end for one in ordered for end in (one.at_low, one.at_high)] or [0.0, 1.0]
    x = Axis(min(ends), max(ends), LEFT, RIGHT)
    foot = TOP + ROW * len(ordered)
    legend(paper, [("band", NAVY, "at its low end"), ("band", ORANGE, "at its high end")])
    for tick in x.ticks:
        paper.line(x.at(tick), TOP, x.at(tick), foot)
        paper.text(x.at(tick), foot + 14, written(tick), "middle", SMALL, SOFT)
    for place, one in enumerate(ordered):
        y = TOP + ROW * place
        colour = SOFT if not one.is_certain else "#1d1d1d"
        label = f"{one.lever.part}: {words.small(one.lever.label)}"
        paper.text(LEFT, y + 13, short(label, 56), size=SMALL, colour=colour)
        middle = (one.at_low + one.at_high) / 2
        paper.bar(x.at(one.at_low), y + 18, x.at(middle) - x.at(one.at_low), 11,
                  NAVY if one.is_certain else GREY)  # fmt: skip
        paper.bar(x.at(middle), y + 18, x.at(one.at_high) - x.at(middle), 11,
                  ORANGE if one.is_certain else GREY)  # fmt: skip
        paper.text(WIDTH - 2, y + 27, _swing(one, written), "end", SMALL, colour)
    certain = [one for one in ordered if one.is_certain]
    sentence = "Nothing that was tried moves it beyond chance." if found else "Nothing was tried."
    if certain:
        told = [
            f"{one.lever.part}, {words.small(one.lever.label)} ({_swing(one, written)})"
            for one in certain[:3]
        ]
        sentence = f"What moves {name} most, from one end of its range to the other: "
        sentence += f"{'; '.join(told)}."
    head = ("Lever or unknown", "Low end", "High end", "Result at low", "Result at high",
            "Beyond chance", "Confidence")  # fmt: skip
    rows = [
        [
            f"{one.lever.part}: {words.small(one.lever.label)}",
            one.lever.written(one.low),
            one.lever.written(one.high),
            written(one.at_low),
            written(one.at_high),
            "yes" if one.is_certain else "no",
            one.lever.confidence or "–",
        ]
        for one in ordered
    ]
    return Drawn("What moves it most", sentence, paper.svg(f"Bars. {sentence}"), head, rows)


def _swing(one: Effect, written: Written) -> str:
    text = written(abs(one.swing))
    if not one.is_certain:
        return "within chance"
    return f"{'+' if one.swing > 0 else '−'}{text}"


def shares(found: Sequence[Split], name: str, written: Written) -> Drawn:
    """A bar for the council and one for the smallest team: how the spread of a result splits."""
    paper = Paper(26 + 48 * len(found))
    legend(paper, [("band", colour, said) for _, said, colour in PARTS])
    for place, one in enumerate(found):
        y, at = 26 + 48 * place, float(LEFT)
        label = f"{words.capital(one.whom)}: {words.number(one.size)} people, sd {written(one.sd)}"
        paper.text(LEFT, y + 12, short(label, 60), size=SMALL)
        for part, _, colour in PARTS:
            share = getattr(one, part)
            paper.bar(at, y + 18, share * (WIDTH - 2 * LEFT), 16, colour)
            at += share * (WIDTH - 2 * LEFT)
    told = []
    for one in found:
        most = max(PARTS, key=lambda part: getattr(one, part[0]))
        told.append(f"in {one.whom} {most[1]} makes {words.percent(getattr(one, most[0]))} of it")
    sentence = f"The spread of {name}: {'; '.join(told)}." if told else "There is no spread."
    if found:
        sentence += f" Each share is known to about ± {words.number(200 * found[0].se)} points."
    head = (
        "Whom",
        "People at the start",
        "Spread (sd)",
        *(said.capitalize() for _, said, _ in PARTS),
    )
    rows = [
        [
            words.capital(one.whom), words.number(one.size), written(one.sd),
            *(words.percent(getattr(one, part)) for part, _, _ in PARTS),
        ]
        for one in found
    ]  # fmt: skip
    return Drawn(
        "Where the spread comes from", sentence, paper.svg(f"Bars. {sentence}"), head, rows
    )
