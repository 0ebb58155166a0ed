"""Sweep: a scenario's file with levers, crossed into many scenarios named by their values.

A sweep is written like any scenario that extends another, in a file ``NAME.sweep.yaml``. Each of
its scenarios has an address, ``NAME.sweep.yaml#SCENARIO``, which goes wherever a file does.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from wfmodel.scenario import shape
from wfmodel.scenario.document import Fault, Node, Refused, below, parse, plain, printable, text_of
from wfmodel.scenario.quantity import Name, Part
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.wording import faults as worded

ENDING = ".sweep.yaml"
LEVERS = "levers"
MOST = 10_000
"""Scenarios that one sweep may make."""
LONGEST = 64
"""Letters that a scenario's name may have."""


class Lever(Part):
    """What is varied: the value at ``path``, over a list, over named values, or over a range."""

    path: str
    title: str | None = None
    values: Any = Field(None, description="a list of single values, or values of any form by name")
    from_: float | None = Field(None, alias="from")
    to: float | None = None
    step: Annotated[float, Field(gt=0)] | None = None


class _Levers(Part):
    levers: dict[Name, Lever]


@dataclass(frozen=True)
class Setting:
    """One value of a lever: ``node`` is set at ``path``; ``label`` is its part of the name."""

    path: str
    title: str
    value: Any
    label: str
    node: Node


Point = dict[str, Setting]
"""A setting of every lever, by the lever's name."""


def address(path: str | Path) -> tuple[Path, str]:
    """The file of a scenario and, where a sweep makes it, its name.

    >>> [str(part) for part in address("grid.sweep.yaml#grid-share_0p5")]
    ['grid.sweep.yaml', 'grid-share_0p5']
    """
    file, mark, name = str(path).rpartition(f"{ENDING}#")
    return (Path(file + ENDING), name) if mark else (Path(path), "")


def is_sweep(path: Path) -> bool:
    """Whether a file is called like a sweep."""
    return path.name.endswith(ENDING)


def points(path: Path) -> dict[str, Point]:
    """The scenarios of a sweep by name; raises Refused where the file or its levers are wrong."""
    return _points(text_of(path, str(path)), str(path))


def point(path: Path, name: str) -> Point:
    """One of them; raises Refused where it has none of that name."""
    found = points(path)
    if name in found:
        return found[name]
    if not name:
        what = f"is a sweep of {len(found)} scenarios, name one as {path.name}#{next(iter(found))}"
        raise Refused(Fault(str(path), 1, "", f"{what}, or run all with `wfmodel batch`"))
    near = difflib.get_close_matches(name, found, 1, 0) or list(found)[:1]
    what = f"makes no scenario {printable(name)}; nearest is {near[0]}"
    raise Refused(Fault(str(path), 1, LEVERS, what))


def check_places(root: Node, settings: Point) -> None:
    """Raises Refused where a lever is set on a role, policy or the like that the base has not.

    Setting it would make a new one, which nothing would use.
    """
    for one in settings.values():
        node, annotation = root, Scenario
        for step in one.path.split(".")[:-1]:
            entries = node.value if isinstance(node.value, dict) else {}
            if shape.key_type(annotation) is not None and step not in map(str, entries):
                near = shape.nearest(step, map(str, entries))
                hint = f"did you mean {near}?" if near else f"there are {shape.listed(entries)}"
                raise Refused(one.node.fault(f"the base has no {printable(step)}, {hint}"))
            key = next((key for key in entries if str(key) == step), step)
            kind = entries["kind"].value if "kind" in entries else None
            annotation = shape.inside(annotation, key, kind)
            node = entries.get(key, Node({}, node.file, node.line, node.path))


def told(title: str, settings: Point) -> str:
    """The title of a scenario: that of the sweep, and what is set."""
    said = (f"{one.title} {_shown(one.value)}" for one in settings.values())
    return f"{title}: {', '.join(said)}"


def kept(value: Any) -> Any:
    """A setting's value as results keep it: a number, text, true or false, or None."""
    return value.isoformat() if isinstance(value, dt.date) else value


@lru_cache(maxsize=8)
def _points(text: str, file: str) -> dict[str, Point]:
    root = parse(text, file).root
    if not isinstance(root.value, dict) or LEVERS not in root.value:
        raise Refused(root.fault("is missing, a sweep needs levers", LEVERS))
    if root.value.get("extends") is None:
        raise Refused(root.fault("is missing, a sweep needs a base", "extends"))
    node = root.value[LEVERS]
    own = Node({LEVERS: node}, file, node.line, "")
    try:
        levers = _Levers.model_validate(plain(own), strict=True).levers
    except ValidationError as error:
        raise Refused(*worded(error.errors(include_url=False), own, _Levers)) from None
    settings = [list(_settings(lever, node.value[name])) for name, lever in levers.items()]
    count = math.prod(map(len, settings)) if settings else 0
    if not 0 < count <= MOST:
        raise Refused(node.fault(f"make {count:,} scenarios, allowed are 1 to {MOST:,}"))
    stem = Path(file).name.removesuffix(ENDING).lstrip("_")
    found: dict[str, Point] = {}
    for crossed in product(*settings):
        chosen = dict(zip(levers, crossed, strict=True))
        name = "-".join([stem, *(f"{lever}_{one.label}" for lever, one in chosen.items())])
        if len(name) > LONGEST:
            what = f"make the name {name} of {len(name)} letters, allowed are {LONGEST}"
            raise Refused(node.fault(f"{what}; give the sweep or its levers shorter names"))
        found[name] = chosen
    return found


def _settings(lever: Lever, node: Node) -> Iterator[Setting]:
    """All settings of one lever; raises Refused where they can't be told."""
    title = lever.title or node.path.rpartition(".")[2].replace("_", " ")
    seen: dict[str, Any] = {}
    for key, value in _values(lever, node):
        single = not isinstance(value.value, dict | list)
        shown = value.value if single else key
        label = _label(key if isinstance(key, str) else shown)
        if not label or label in seen:
            what = f"gives {printable(shown)} the name {label!r}"
            what += f", as {printable(seen[label])}" if label else ""
            raise Refused(value.fault(f"{what}; give values by name: {{name: value, …}}"))
        seen[label] = shown
        yield Setting(lever.path, title, shown, label, _moved(value, lever.path))


def _values(lever: Lever, node: Node) -> list[tuple[Any, Node]]:
    """The values of a lever, each with its name or its number in the list."""
    given = node.value.get("values")
    ranged = [lever.from_, lever.to, lever.step]
    if (given is None) == (None in ranged) or (given is not None and ranged != [None] * 3):
        raise Refused(node.fault("is given by values, or else by from, to and step"))
    if given is None:
        return _range(lever, node)
    if isinstance(given.value, dict):
        return list(given.value.items())
    if not isinstance(given.value, list):
        raise Refused(given.fault("is a single value, a list or values by name are needed"))
    for number, value in enumerate(given.value):
        if isinstance(value.value, dict | list):
            what = "is no single value; give such values by name: {name: value, …}"
            raise Refused(given.fault(what, number))
    return list(enumerate(given.value))


def _range(lever: Lever, node: Node) -> list[tuple[Any, Node]]:
    assert lever.from_ is not None
    assert lever.to is not None
    assert lever.step is not None
    steps = math.floor((lever.to - lever.from_) / lever.step + 1e-9)
    if not 0 <= steps < MOST:
        raise Refused(node.fault(f"takes {steps + 1:,} values, allowed are 1 to {MOST:,}"))
    whole = all(isinstance(node.value[key].value, int) for key in ("from", "step"))
    values = (round(lever.from_ + n * lever.step, 10) for n in range(steps + 1))
    place = node.value["from"]
    return [
        (n, Node(int(value) if whole else value, place.file, place.line, place.path))
        for n, value in enumerate(values)
    ]


def _moved(node: Node, path: str) -> Node:
    """A value as if it stood at the path at which it is set; its line remains."""
    value = node.value
    if isinstance(value, dict):
        value = {key: _moved(inner, below(path, key)) for key, inner in value.items()}
    elif isinstance(value, list):
        value = [_moved(inner, below(path, n)) for n, inner in enumerate(value)]
    return Node(value, node.file, node.line, path)


def _label(value: Any) -> str:
    """A value as a part of a name.

    >>> [_label(x) for x in (0.25, -3, 1e-7, None, True, "Until target")]
    ['0p25', 'm3', '1em07', 'none', 'true', 'until_target']
    """
    text = _shown(value).lower()
    if isinstance(value, int | float):
        text = text.replace(",", "").replace("-", "m").replace("+", "").replace(".", "p")
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def _shown(value: Any) -> str:
    """A value as a reader sees it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:.10g}" if isinstance(value, float) else str(value)
