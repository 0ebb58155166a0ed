"""Verdicts: the answer to one claim of a plan in sentences, every number of them computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from wfmodel.analysis.answers import CHANCE, FAILS, HOLDS, UNKNOWN, Answer, Read
from wfmodel.analysis.claims import PROBABLE
from wfmodel.analysis.solving import Found
from wfmodel.reporting import words
from wfmodel.reporting.assumptions import spelt
from wfmodel.reporting.facts import middle
from wfmodel.results.measures import FLOW, measure
from wfmodel.results.targets import scope_of
from wfmodel.scenario.schema import Scenario

WRITTEN: dict[str, Callable[[float], str]] = {
    "£": words.pounds,
    "share": lambda value: words.percent(value, 1),
    "points": lambda value: f"{words.number(100 * value, 1)} points",
    "FTE": lambda value: words.number(value, 1),
    "days": lambda value: words.number(value, 1 if abs(value) < 100 else 0),
}
COUNTED = ("heads", "posts", "places", "campaigns")
SHORT = {HOLDS: "Holds", CHANCE: "Holds with a chance", FAILS: "Fails", UNKNOWN: "Cannot be judged"}
"""Verdicts in a word or two."""


def written(unit: str) -> Callable[[float], str]:
    """How a number of a unit is written.

    >>> written("heads")(3), written("heads")(2.5), written("share")(0.125), written("ratio")(0.5)
    ('3', '2.5', '12.5%', '0.50')
    """
    if unit in COUNTED:
        return lambda value: words.number(value) if value == round(value) else words.people(value)
    return WRITTEN.get(unit, lambda value: words.number(value, 2))


def apart(unit: str) -> Callable[[float], str]:
    """How a difference of a unit is written, with its unit: shares are points apart.

    >>> apart("share")(0.042), apart("FTE")(3), apart("heads")(14), apart("£")(2000)
    ('4.2 points', '3.0 FTE', '14 people', '£2.0k')
    >>> apart("heads")(1)
    '1 person'
    """
    if unit == "share":
        return written("points")
    if unit in ("£", "ratio", "points"):
        return written(unit)
    return lambda value: f"{written(unit)(value)} {_counted(unit, value)}"


def _counted(unit: str, value: float) -> str:
    """The name of a unit after a number: one person, two people."""
    if value == 1 and unit in COUNTED:
        return {"heads": "person"}.get(unit, unit.removesuffix("s"))
    return {"heads": "people"}.get(unit, unit)


def sentence(answer: Answer) -> str:
    """The whole answer: the verdict, what is read, what would make it hold, what it leans on."""
    if answer.read is None:
        return f"{verdict(answer)}."
    said = [verdict(answer), reading(answer), missed(answer), keeping(answer), needing(answer)]
    return " ".join(f"{one}." for one in [*said, leaning(answer)] if one)


def verdict(answer: Answer) -> str:
    """Holds, holds with a chance, fails by how much, or cannot be judged and why."""
    if answer.read is None:
        return f"{SHORT[answer.verdict]}: {answer.why}"
    chance = words.chance(answer.probability)
    if answer.verdict == HOLDS:
        return f"Holds: the chance is {chance}"
    if answer.verdict == CHANCE:
        return f"Holds with a chance of {chance}"
    return f"Fails by {_short(answer)}: the chance that it holds is {chance}"


def reading(answer: Answer) -> str:
    """What is read, with its spread, and what is claimed of it."""
    read, scenario = _read(answer), answer.scenario
    assert scenario is not None
    text = written(read.unit)
    median, low, high = middle(read.values)
    spread = words.futures(text(low), text(high))
    about = subject(answer)
    unit = f" {read.unit}" if read.unit in ("FTE", "days") and read.unit not in about else ""
    return (
        f"In “{scenario.title}”, {about} {when(answer)}: {text(median)}{unit} ({spread}), "
        f"where {claimed(read)} is claimed"
    )


def subject(answer: Answer) -> str:
    """What is read, in words."""
    asked, scenario = answer.claim.simulated, answer.scenario
    assert scenario is not None
    if asked is None:
        assert answer.claim.target is not None
        target = scenario.targets[answer.claim.target.name]
        return _titled(measure(target.measure).title, *scope_of(target), scenario)
    title = measure(asked.measure).title
    per = asked.per
    alike = per is not None and (per.dimension, per.group) == (asked.dimension, asked.group)
    if per is not None and alike:
        title = f"{title} ÷ {words.small(measure(per.measure).title)}"
    said = _titled(title, asked.dimension, asked.group, scenario)
    if per is not None and not alike:
        said += f" ÷ {_titled(measure(per.measure).title, per.dimension, per.group, scenario)}"
    if asked.since is not None and measure(asked.measure).kind != FLOW:
        said = f"the change of {said}"
    return said if answer.beside is None else f"{said} compared with “{answer.beside.title}”"


def _titled(title: str, dimension: str, group: str | list[str], scenario: Scenario) -> str:
    """A title with the groups that are read."""
    groups = [group] if isinstance(group, str) else group
    if dimension == "council":
        return words.small(title)
    parts: Mapping[str, Any] = {}
    if dimension in ("pipeline", "role"):
        parts = scenario.pipelines if dimension == "pipeline" else scenario.roles
    names = [getattr(parts.get(one), "title", None) or words.plain(one) for one in groups]
    several = f"{len(names)} {dimension}s"
    return f"{words.small(title)} ({words.joined(names) if len(names) <= 2 else several})"


def when(answer: Answer) -> str:
    """The day or the time that is read."""
    read, scenario, asked = _read(answer), answer.scenario, answer.claim.simulated
    assert scenario is not None
    end = words.month_end(scenario.horizon.start, read.month)
    if asked is not None and asked.since is not None:
        return f"from {words.month_end(scenario.horizon.start, asked.since)} to {end}"
    goal = answer.claim.target
    name = asked.measure if asked is not None else scenario.targets[goal.name].measure  # type: ignore[union-attr]
    kind = measure(name).kind
    return f"in the {min(12, read.month)} months to {end}" if kind == FLOW else f"on {end}"


def claimed(read: Read) -> str:
    """What is claimed of it: a least, a most, or both."""
    floor, ceiling = np.isfinite(read.least).any(), np.isfinite(read.most).any()
    if floor and ceiling:
        least, most = (_limit(one, read.unit) for one in (read.least, read.most))
        return f"{least} to {most}"
    limits, side = (read.most, "at most") if ceiling else (read.least, "at least")
    about = "" if np.ptp(limits) == 0 else "about "
    return f"{side} {about}{_limit(limits, read.unit)}"


def _limit(limits: np.ndarray, unit: str) -> str:
    """What is claimed, in whole numbers where it is whole."""
    value = float(limits.mean())
    whole = value == round(value) and unit not in ("£", "share", "points")
    return words.number(value) if whole else written(unit)(value)


def _short(answer: Answer) -> str:
    read = _read(answer)
    return apart(read.unit)(float(np.median(read.short)))


def missed(answer: Answer) -> str:
    """By how much it fails where it does, for a claim that may hold."""
    if answer.verdict != CHANCE or not _read(answer).short.size:
        return ""
    return f"Where it fails, it fails by {_short(answer)}"


def keeping(answer: Answer) -> str:
    """The claim that would hold in eight futures of ten."""
    read = _read(answer)
    side = "at most" if np.isfinite(read.most).any() else "at least"
    empty = side == "at least" and read.unit in COUNTED and read.kept <= 0
    if answer.verdict == HOLDS or empty or not np.isfinite(read.kept):
        return ""
    tenths = words.number(10 * PROBABLE)
    return f"A claim of {side} {written(read.unit)(read.kept)} would hold in {tenths} futures of 10"


def needing(answer: Answer) -> str:
    """What a lever would have to be for the claim to hold."""
    found, needs = answer.needed, answer.claim.needs
    if found is None or needs is None:
        return ""
    lever = spelt(found.lever, answer.scenario)
    given = "" if answer.given is None else f", where {_lever(answer.given)} is assumed"
    wanted = words.percent(found.probability)
    if not found.reached:
        low, high = (_lever(bound) for bound in needs.within)
        best = found.best
        return (
            f"No value of {lever} from {low} to {high} gives it a chance of {wanted}{given}: "
            f"the highest, {words.brief_chance(best.probability)}, is at {_lever(best.value)}"
        )
    return (
        f"It would hold with a chance of {wanted} if {lever} were {_lever(found.value)}"
        f"{_open(found)}{given}"
    )


def _open(found: Found) -> str:
    """Within what chance leaves the value open."""
    if found.low is None or found.high is None or _lever(found.low) == _lever(found.high):
        return ""
    return f" ({_lever(found.low)} to {_lever(found.high)}, as far as chance lets it be known)"


def _lever(value: float | None) -> str:
    """A lever's value in three digits.

    >>> _lever(0.8333), _lever(12000.0), _lever(4.0)
    ('0.833', '12,000', '4')
    """
    return "–" if value is None else f"{float(f'{value:.3g}'):,.10g}"


def leaning(answer: Answer) -> str:
    """The assumption that the answer leans on most."""
    read, found = _read(answer), answer.leaning
    if found is None:
        several = words.number(answer.unknowns)
        if not answer.unknowns or np.ptp(read.values) == 0:
            return ""
        return f"None of {several} uncertain inputs stands out beyond chance"
    text = written(read.unit)
    name = spelt(found.path, answer.scenario)
    return (
        f"It leans most on {name}: {text(found.at_low)} in the lower half of its range, "
        f"{text(found.at_high)} in the upper"
    )


def _read(answer: Answer) -> Read:
    assert answer.read is not None
    return answer.read
