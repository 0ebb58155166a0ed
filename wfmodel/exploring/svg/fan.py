"""Fan: the chosen measure's futures, the starting scenario's median and range behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from wfmodel.exploring.svg.drawn import Drawn
from wfmodel.exploring.svg.paper import (
    CHARCOAL,
    LINE,
    MIDDLE,
    NAVY,
    ORANGE,
    PALE,
    SMALL,
    SOFT,
    WIDTH,
    Axis,
    Paper,
    Written,
    legend,
)
from wfmodel.reporting import words
from wfmodel.units import add_months

TOP, FOOT, LEFT, RIGHT = 24, 214, 44, WIDTH - 8
HEIGHT = 246


def fan(
    own: np.ndarray,
    ghost: np.ndarray | None,
    goals: Mapping[int, float],
    *,
    start: dt.date,
    title: str,
    name: str,
    written: Written,
    precise: Written | None = None,
    height: float = HEIGHT,
) -> Drawn:
    """A fan of percentiles by month, float64 [5, months + 1] (10, 25, 50, 75, 90), as ``own``; the
    starting scenario's as ``ghost``, None where nothing has been moved."""
    foot = height - (HEIGHT - FOOT)
    paper, months = Paper(height), own.shape[1] - 1
    shown = [own, *([ghost] if ghost is not None else [])]
    values = np.concatenate([part[[0, 4]].ravel() for part in shown] + [list(goals.values())])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    y = Axis(low, high, foot, TOP)
    x = [LEFT + (RIGHT - LEFT) * month / max(months, 1) for month in range(months + 1)]
    for tick in y.ticks:
        paper.line(LEFT, y.at(tick), RIGHT, y.at(tick))
        paper.text(LEFT - 6, y.at(tick) + 4, written(tick), "end", SMALL, SOFT)
    _months(paper, x, start, foot)
    lines = [[y.at(v) for v in line.tolist()] for line in own]
    paper.area(x, lines[0], lines[4], PALE)
    paper.area(x, lines[1], lines[3], MIDDLE)
    if ghost is not None:
        for row, dash, thick in ((0, "2 3", 1.0), (4, "2 3", 1.0), (2, "5 3", 1.6)):
            paper.path(zip(x, map(y.at, ghost[row].tolist()), strict=True), CHARCOAL, thick, dash)
    paper.path(zip(x, lines[2], strict=True), NAVY, 2.4)
    for month, goal in goals.items():
        paper.mark(x[month], y.at(goal), ORANGE)
    entries = [("line", NAVY, "median"), ("band", PALE, "8 in 10"), ("band", MIDDLE, "5 in 10")]
    entries += [("dash", CHARCOAL, "as it started")] if ghost is not None else []
    entries += [("mark", ORANGE, "target")] if goals else []
    legend(paper, entries)
    said = precise or written
    sentence = _sentence(own, ghost, goals, start, name, said)
    head, rows = _rows(own, ghost, goals, start, said)
    return Drawn(title, sentence, paper.svg(f"Fan chart. {sentence}"), head, rows)


def _months(paper: Paper, x: list[float], start: dt.date, foot: float) -> None:
    months = len(x) - 1
    step = 6 if months <= 48 else 12 if months <= 120 else 24
    for month in range(0, months + 1, step):
        paper.line(x[month], foot, x[month], foot + 4, LINE)
        date = add_months(start, month)
        anchor = "end" if month == months else "start" if month == 0 else "middle"
        paper.text(x[month], foot + 16, f"{date:%b}", anchor, SMALL, SOFT)
        paper.text(x[month], foot + 28, f"{date:%Y}", anchor, SMALL, SOFT)


def _sentence(
    own: np.ndarray, ghost: np.ndarray | None, goals: Mapping[int, float], start: dt.date,
    name: str, written: Written,
) -> str:  # fmt: skip
    months = own.shape[1] - 1
    known = np.flatnonzero(np.isfinite(own[2]))
    if not known.size:
        return f"{words.capital(name)} is never defined in these futures."
    first, last = int(known[0]), int(known[-1])
    opening, closing = float(own[2, first]), float(own[2, last])
    moves = words.moves(written(opening), written(closing), closing - opening)
    text = (
        f"{words.capital(name)} {moves} "
        f"by {words.month_end(start, last)} in the median, with "
        f"{words.futures(written(own[0, last]), written(own[4, last]))}."
    )
    if ghost is not None:
        text += f" As it started it would end at {written(ghost[2, last])}."
    if goals and (month := max(goals)) <= months:
        text += f" Target for {words.month_end(start, month)}: {written(goals[month])}."
    return text


def _rows(
    own: np.ndarray, ghost: np.ndarray | None, goals: Mapping[int, float], start: dt.date,
    written: Written,
) -> tuple[tuple[str, ...], list[list[str]]]:  # fmt: skip
    months = own.shape[1] - 1
    step = 6 if months <= 48 else 12
    head = ["Date", "Median", "1 in 10 below", "1 in 10 above"]
    head += ["Median as it started"] if ghost is not None else []
    head += ["Target"] if goals else []
    rows = []
    for month in [m for m in range(months + 1) if m % step == 0 or m == months]:
        row = [words.month_end(start, month, brief=True)]
        row += [written(own[line, month]) for line in (2, 0, 4)]
        row += [written(ghost[2, month])] if ghost is not None else []
        row += [written(goals[month]) if month in goals else "–"] if goals else []
        rows.append(row)
    return tuple(head), rows
