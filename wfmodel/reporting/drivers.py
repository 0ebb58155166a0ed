"""Drivers: which uncertain inputs the answer depends on, and the weakest of them."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import pandas as pd

from wfmodel.reporting import charts, words
from wfmodel.reporting.assumptions import spelt
from wfmodel.reporting.block import Block, paragraph
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table
from wfmodel.results.measures import measure as measure_named
from wfmodel.results.reach import presses, reaches
from wfmodel.scenario.assumptions import Assumption, assumptions


def tornado(
    facts: Facts, measure: str = "fte", name: str = "FTE employed at the end"
) -> Figure | Block:
    """How far a result moves between the low and the high half of each uncertain input."""
    found = _drivers(facts, measure)
    if not len(found):
        return paragraph(f"No uncertain input reaches {name}.")
    limit = beyond_noise(len(found))
    effects = pd.DataFrame(
        {
            "input": [words.capital(spelt(str(path), facts.scenario)) for path in found["input"]],
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
    """The input of low confidence that the answer depends on most, in sentences.

    First what moves a chance by more than ten points, then what moves FTE at the end, each only
    beyond what chance would show among so many inputs.
    """
    entries = assumptions(facts.scenario)
    stated = {entry.path: entry for entry in entries}
    count = sum(entry.confidence == "low" for entry in entries)
    if facts.moved:
        name, wide = max(facts.moved.items(), key=lambda p: p[1]["high"] - p[1]["low"])
        titles = {str(row["name"]): str(row["title"]) for row in facts.rows}
        return (
            f"{_told(facts, wide['path'], stated)}. The chance of “{titles[name]}” is "
            f"{words.percent(wide['at_low'])} where it is in the lower half of its range and "
            f"{words.percent(wide['at_high'])} in the upper. {count} inputs are of low confidence."
        )
    found = _drivers(facts, "fte")
    low = found[found["confidence"] == "low"]
    beyond = low[low["z"].abs() > beyond_noise(len(low))].to_dict("records")
    if beyond:
        first = beyond[0]
        told = _told(facts, str(first["input"]), stated)
        gap = first["at_high"] - first["at_low"]
        return (
            f"{told}. FTE at the end is {words.number(abs(gap), 1)} "
            f"{'higher' if gap > 0 else 'lower'} where it is in the upper half of its range. "
            f"{count} inputs are of low confidence."
        )
    text = (
        f"{count} inputs are of low confidence; over {words.number(len(facts.paths('fte')))} "
        "futures none of them stands out beyond chance."
    )
    effects = list(
        dict.fromkeys(spelt(e.path, facts.scenario) for e in entries if e.assumed_effect)
    )
    if effects:
        text += f" Without any evidence: {'; '.join(effects)}."
    return text


def _drivers(facts: Facts, name: str) -> pd.DataFrame:
    """The uncertain inputs that can reach a measure, the one it follows most closely first."""
    found = facts.results.drivers(facts.name, name)
    asked, pressed = measure_named(name), presses(facts.scenario)
    return found.loc[[reaches(str(path), asked, pressed) for path in found["input"]]]


def _told(facts: Facts, path: str, stated: Mapping[str, Assumption]) -> str:
    """An input with its value and source."""
    name = words.capital(spelt(path, facts.scenario))
    entry = stated.get(path.split(".varies.")[0])
    if entry is None:
        return name
    source = f" ({entry.source})" if entry.source else ""
    return f"{name}, taken as {entry.value}{source}"


def beyond_noise(inputs: int) -> float:
    """Standard errors beyond which a difference is no accident when so many inputs are looked at.

    >>> round(beyond_noise(1), 2), round(beyond_noise(300), 2)
    (1.96, 3.76)
    """
    return NormalDist().inv_cdf(1 - 0.025 / max(inputs, 1))


def flagged(ranges: pd.DataFrame, points: float) -> pd.DataFrame:
    """Rows of target ranges that are wider than ``points`` and no accident among so many inputs and
    targets.
    """
    width = ranges["high"] - ranges["low"]
    return ranges[(width > points) & (ranges["z"].abs() > beyond_noise(len(ranges)))]
