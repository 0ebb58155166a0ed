"""The assumptions of a scenario: every quantity in words, with its source and where it stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from wfmodel.scenario.inheritance import OWN
from wfmodel.scenario.overrides import OUTSIDE
from wfmodel.scenario.quantity import Part, Quantity
from wfmodel.scenario.schema import Scenario


class Assumption(NamedTuple):
    """One line of the assumptions log; what was not stated is empty."""

    path: str
    value: str
    source: str
    confidence: str
    assumed_effect: bool
    file: str
    line: int


class Change(NamedTuple):
    """What one scenario has otherwise than another; empty where one of them has nothing."""

    path: str
    parent: str
    own: str


class Leaf(NamedTuple):
    """A single value of a resolved scenario, by its dotted path."""

    path: str
    value: Any


def assumptions(scenario: Scenario) -> list[Assumption]:
    """The assumptions log, in the order of the format; a default that roles share is one line.

    Targets are what is asked for, not what is assumed, and are left out.
    """
    log: dict[tuple[str, str, int], Assumption] = {}
    for path, value in leaves(scenario):
        if not isinstance(value, Quantity) or path.startswith("targets."):
            continue
        file, line, stated = place(scenario, path)
        source, confidence = known(value)
        told = (in_words(value), source, confidence, value.assumed_effect)
        log.setdefault((stated, file, line), Assumption(stated, *told, file, line))
    return list(log.values())


def changes(scenario: Scenario, parent: Scenario) -> list[Change]:
    """What ``scenario`` has otherwise than ``parent``, names, descriptions and logs aside."""
    before, after = (
        {
            path: in_words(value)
            for path, value in leaves(one)
            if path.partition(".")[0] not in (*OWN, "decisions")
        }
        for one in (parent, scenario)
    )
    found: dict[Change, None] = {}
    for path, text in after.items():
        if before.get(path) != text:
            found[Change(place(scenario, path)[2], before.get(path, ""), text)] = None
    kept = {prefix for path in after for prefix in _prefixes(path)}
    for path, text in before.items():
        if path not in after:
            gone = next(prefix for prefix in _prefixes(path) if prefix not in kept)
            found[Change(gone, text if gone == path else "given", "")] = None
    return list(found)


def leaves(part: Any, path: str = "") -> Iterator[Leaf]:
    """Every value of a resolved scenario; a quantity, and a list of single values, is one."""
    items: list[tuple[Any, Any]]
    if isinstance(part, Part) and not isinstance(part, Quantity):
        items = [(i.alias or n, getattr(part, n)) for n, i in type(part).model_fields.items()]
    elif isinstance(part, dict):
        items = list(part.items())
    elif isinstance(part, list) and any(isinstance(item, Part) for item in part):
        items = list(enumerate(part))
    else:
        yield Leaf(path, part)
        return
    for key, value in items:
        if value is not None and value != [] and value != {}:
            yield from leaves(value, f"{path}.{key}" if path else str(key))


def place(scenario: Scenario, path: str) -> tuple[str, int, str]:
    """File (relative to the scenario's), line and path at which a value was stated.

    The path is another than ``path`` where the value comes from the role ``"*"``. A default of the
    format has no file, and line 0.
    """
    if path not in scenario._stated:
        return "", 0, path
    file, line, stated = scenario._stated[path]
    return _beside(file, scenario.folder) if file not in ("", OUTSIDE) else file, line, stated


@lru_cache(maxsize=64)
def _beside(file: str, folder: Path) -> str:
    """A file's name as it is written from a folder; a scenario asks it of thousands of values."""
    return Path(os.path.relpath(file, folder)).as_posix()


def known(quantity: Quantity) -> tuple[str, str]:
    """Source and confidence of a quantity, or else of the parameters by which it varies."""
    inner = quantity.varies.parameters if quantity.varies is not None else []
    sources = [part.source for part in (quantity, *inner) if part.source]
    sure = [part.confidence for part in inner if part.confidence]
    lowest = next((level for level in ("low", "medium", "high") if level in sure), "")
    return "; ".join(dict.fromkeys(sources)), quantity.confidence or lowest


def in_words(value: Any) -> str:
    """A value as a reader sees it.

    >>> in_words(Quantity(value=12, interval=(10, 15))), in_words(Quantity(interval=(60, 90)))
    ('12 (10 to 15)', '60 to 90')
    """
    if isinstance(value, Quantity):
        return _quantity(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(item) for item in value)
    return str(value)


def _quantity(quantity: Quantity) -> str:
    if quantity.varies is not None:
        names = _parameter_names(quantity)
        inner = [
            f"{name} {_quantity(part)}".strip()
            for name, part in zip(names, quantity.varies.parameters, strict=True)
        ]
        return f"varies: {quantity.varies.form}, {', '.join(inner)}"
    low, central, high = quantity.range
    spread = f"{_number(low)} to {_number(high)}"
    if quantity.unknown is not None and quantity.unknown.triangular is not None:
        return f"{_number(central)} ({spread})"
    if quantity.value is None:
        return spread
    return _number(central) if quantity.interval is None else f"{_number(central)} ({spread})"


def _parameter_names(quantity: Quantity) -> list[str]:
    assert quantity.varies is not None
    form = getattr(quantity.varies, quantity.varies.form)
    if isinstance(form, tuple):
        return ["from", "to"] if len(form) == 2 else ["from", "mode", "to"]
    return list(type(form).model_fields)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def _prefixes(path: str) -> list[str]:
    """The path's own beginnings: a section alone is too much to call gone."""
    steps = path.split(".")
    return [".".join(steps[:n]) for n in range(min(2, len(steps)), len(steps) + 1)]
