"""Drivers: which input moves a result most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, ORANGE, canvas, few_ticks, lying_bars, short
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Format, Table

MOST = 10


def drivers(
    effects: pd.DataFrame,
    *,
    title: str,
    result: str,
    written: Format = words.number,
) -> Figure:
    """A tornado: how far ``result`` moves between the low and the high end of each input.

    ``effects`` has ``input``, ``at_low`` and ``at_high`` (the mean result where the input is low
    and where it is high) and perhaps ``beyond``: whether that is more than chance would show. Such
    inputs come first; the bars of the others are pale.
    """
    ordered = effects.assign(swing=(effects["at_high"] - effects["at_low"]).abs())
    first = [column for column in ("beyond", "swing") if column in ordered]
    ordered = ordered.sort_values(first, ascending=False, kind="stable", ignore_index=True)
    ordered = ordered.head(MOST)
    with canvas(0.38 * len(ordered) + 1.0) as (chart, axes):
        y = np.arange(len(ordered))
        middle = (
            float(np.nanmean(ordered[["at_low", "at_high"]].to_numpy())) if len(ordered) else 0.0
        )
        for side, colour in (("low", ORANGE), ("high", NAVY)):
            reach, label = ordered[f"at_{side}"] - middle, f"Where the input is {side}"
            bars = axes.barh(y, reach, left=middle, color=colour, height=0.55, label=label)
            for bar, beyond in zip(bars, ordered.get("beyond", [True] * len(y)), strict=True):
                bar.set_alpha(1.0 if beyond else 0.35)
        axes.axvline(middle, color="0.3", linewidth=1)
        lying_bars(axes, [short(name, 44) for name in ordered["input"]])
        few_ticks(axes, written)
        axes.set_xlabel(words.capital(result))
        axes.margins(x=0.08)
        chart.legend(loc="outside upper left", ncols=2, fontsize=9)
    return Figure(
        title,
        "Tornado chart",
        chart,
        _sentence(ordered, result, written),
        _table(ordered, result, written),
    )


def _sentence(ordered: pd.DataFrame, result: str, written: Format) -> str:
    if ordered.empty:
        return f"No uncertain input moves {result}."
    first = ordered.iloc[0]
    text = (
        f"{words.capital(result)} moves most with {words.small(str(first['input']))}: "
        f"{written(first['at_low'])} where it is low, {written(first['at_high'])} where it is high."
    )
    if "beyond" in ordered:
        count = int(ordered["beyond"].sum())
        if not count:
            return f"No single input moves {result} beyond what chance alone would show."
        if count < len(ordered):
            stand = "stands" if count == 1 else "stand"
            text += (
                f" {count} of {len(ordered)} inputs {stand} out beyond what chance alone would "
                "show; the bars of the others are pale."
            )
    return text


def _table(ordered: pd.DataFrame, result: str, written: Format) -> Table:
    names = {
        "input": "Input",
        "at_low": "Where it is low",
        "at_high": "Where it is high",
        "swing": "Swing",
    }
    frame = ordered.rename(columns=names)[list(names.values())]
    if "beyond" in ordered:
        frame["Beyond chance"] = ["yes" if beyond else "no" for beyond in ordered["beyond"]]
    numbers = list(names.values())[1:]
    return Table(frame, f"{words.capital(result)} by input", dict.fromkeys(numbers, written))
