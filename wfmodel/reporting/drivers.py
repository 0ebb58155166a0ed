"""Drivers: which uncertain inputs the answer depends on, and the weakest of them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.assumptions import spelt
from wfmodel.reporting.block import Block, paragraph
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table
from wfmodel.scenario.assumptions import assumptions


def tornado(facts: Facts, measure: str = "fte", name: str = "FTE employed at the end") -> Figure:
    """How far a result moves between the low and the high half of each uncertain input."""
    found = facts.results.drivers(facts.name, measure)
    limit = beyond_noise(len(found))
    effects = pd.DataFrame(
        {
            "input": [words.capital(spelt(str(path))) for path in found["input"]],
            "at_low": found["at_low"].to_numpy(dtype=float),
            "at_high": found["at_high"].to_numpy(dtype=float),
            "beyond": found["z"].abs().to_numpy(dtype=float) > limit,
        }
    )
    return charts.drivers(
        effects,
        title=f"What moves {name} most",
        result=name,
        written=lambda value: words.number(value, 1),
    )


def ranges(facts: Facts) -> Block | Table:
    """Targets whose chance a low-confidence input moves by more than ten points."""
    if not facts.moved:
        return paragraph(
            "No single low-confidence input moves the chance of a target by more than ten points "
            "beyond what chance alone would do."
        )
    titles = {str(row["name"]): str(row["title"]) for row in facts.rows}
    frame = pd.DataFrame(
        {
            "Target": [titles[name] for name in facts.moved],
            "Input of low confidence": [words.capital(w["input"]) for w in facts.moved.values()],
            "Chance where it is low": [words.percent(w["at_low"]) for w in facts.moved.values()],
            "Chance where it is high": [words.percent(w["at_high"]) for w in facts.moved.values()],
        }
    )
    return Table(frame, "Chances that depend on an input nobody is sure of")


def weakest(facts: Facts) -> str:
    """The input of low confidence that the answer depends on most, in a sentence."""
    stated = {entry.path: entry for entry in assumptions(facts.scenario)}
    count = sum(entry.confidence == "low" for entry in stated.values())
    found = facts.results.drivers(facts.name, "fte")
    low = found[found["confidence"] == "low"].to_dict("records")
    if not low:
        return f"{count} inputs are of low confidence; none of them moves FTE at the end."
    first = low[0]
    gap = first["at_high"] - first["at_low"]
    entry = stated.get(str(first["input"]).split(".varies.")[0])
    value = f", taken as {entry.value}" if entry else ""
    source = f" ({entry.source})" if entry and entry.source else ""
    effect = (
        f"FTE at the end is {words.number(abs(gap), 1)} {'higher' if gap > 0 else 'lower'} "
        f"where it is in the upper half of its range"
    )
    name = spelt(str(first["input"]))
    if abs(first["z"]) > beyond_noise(len(low)):
        text = f"{words.capital(name)}{value}{source}. {effect}."
    else:
        text = (
            f"None of {count} low-confidence inputs stands out beyond chance over "
            f"{words.number(len(facts.paths('fte')))} futures; the strongest is {name}"
            f"{value}{source}: {effect}."
        )
    wide = max(facts.moved.items(), key=lambda p: p[1]["high"] - p[1]["low"], default=None)
    if wide is not None:
        titles = {str(row["name"]): str(row["title"]) for row in facts.rows}
        chances = words.chance_range(wide[1]["low"], wide[1]["high"])
        text += f" The chance of “{titles[wide[0]]}” is {chances}, depending on {wide[1]['input']}."
    return text


def beyond_noise(inputs: int) -> float:
    """Standard errors beyond which a difference is no accident when so many inputs are looked at.

    >>> round(beyond_noise(1), 2), round(beyond_noise(300), 2)
    (1.96, 3.76)
    """
    return NormalDist().inv_cdf(1 - 0.025 / max(inputs, 1))


def flagged(ranges: pd.DataFrame, points: float) -> pd.DataFrame:
    """Rows of target ranges that are wider than ``points`` and no accident among so many inputs."""
    width = ranges["high"] - ranges["low"]
    count = ranges.groupby("name")["input"].transform("count")
    limit = np.array([beyond_noise(int(n)) for n in count])
    return ranges[(width > points) & (ranges["z"].abs() > limit)]
