"""Drivers: which input moves a result most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.charts.canvas import NAVY, ORANGE, canvas, lying_bars, short
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
    and where it is high) and perhaps ``beyond``: whether that is more than chance would show.
    """
    ordered = effects.assign(swing=(effects["at_high"] - effects["at_low"]).abs())
    ordered = (
        ordered.sort_values("swing", ascending=False, kind="stable")
        .head(MOST)
        .reset_index(drop=True)
    )
    with canvas(0.38 * len(ordered) + 1.0) as (chart, axes):
        y = np.arange(len(ordered))
        middle = (
            float(np.nanmean(ordered[["at_low", "at_high"]].to_numpy())) if len(ordered) else 0.0
        )
        axes.barh(
            y,
            ordered["at_low"] - middle,
            left=middle,
            color=ORANGE,
            height=0.55,
            label="Where the input is low",
        )
        axes.barh(
            y,
            ordered["at_high"] - middle,
            left=middle,
            color=NAVY,
            height=0.55,
            label="Where the input is high",
        )
        axes.axvline(middle, color="0.3", linewidth=1)
        lying_bars(axes, [short(name, 44) for name in ordered["input"]])
        axes.xaxis.set_major_formatter(lambda tick, _: written(tick))
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
        text += (
            f" Of these {len(ordered)} inputs {count} {'stands' if count == 1 else 'stand'} out "
            "beyond what chance alone would show."
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
