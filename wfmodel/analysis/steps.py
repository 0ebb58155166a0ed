"""Steps: what one scenario assumes otherwise than another, each as a scenario of its own.

A step is the scenario of before with one assumption of after. What can't be changed alone (a role
and the posts in it) is changed together.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wfmodel.errors import InputError
from wfmodel.results.targets import check_targets
from wfmodel.scenario.assumptions import in_words
from wfmodel.scenario.inheritance import OWN
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.reading import to_document
from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import lower
from wfmodel.workforce import load_workforce

MOST = 40
"""More steps than this are taken together, the most detailed first: each is a run."""
GIVEN = "given"
"""What is too long to say, such as a whole policy."""
_KEPT = ("run",)
"""What is not assumed: how it is run."""
_NOTED = ("source", "confidence", "assumed_effect")
"""What is said about a number, and moves nothing."""

Place = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One changed assumption; ``before`` and ``after`` in words, blank where there is none."""

    path: str
    before: str
    after: str
    scenario: Scenario


@dataclass(frozen=True)
class _Change:
    place: Place
    before: Any
    after: Any


def steps(before: Scenario, after: Scenario) -> list[Step]:
    """The steps from one scenario to another, in the order of the format; each can be run."""
    old, new = to_document(before), to_document(after)
    groups: dict[Place, list[_Change]] = {}
    for change in _changes(old, new):
        groups.setdefault(_key(change), []).append(change)
    while True:
        while len(groups) > MOST:
            deepest = max(map(len, groups))
            groups = _together(groups, {key for key in groups if len(key) == deepest})
        made = {key: _made(old, changes, before, after) for key, changes in groups.items()}
        if not (alone := {key for key, scenario in made.items() if scenario is None and key}):
            break
        groups = _together(groups, alone)
    return [
        Step(_shown(key, groups[key]), *_said(groups[key]), scenario)
        for key, scenario in made.items()
        if scenario is not None
    ]


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], at: Place = ()) -> Iterator[_Change]:
    """Every place at which two documents differ."""
    for key in dict.fromkeys([*old, *new]):
        if not at and key in (*OWN, *_KEPT):
            continue
        a, b = old.get(key), new.get(key)
        if _bare(a) == _bare(b):
            continue
        if isinstance(a, dict) and isinstance(b, dict) and not (_is_quantity(a) or _is_quantity(b)):
            yield from _changes(a, b, (*at, key))
        else:
            yield _Change((*at, key), a, b)


def _bare(value: Any) -> Any:
    """A value without what is merely said about it."""
    if isinstance(value, dict):
        bare = {key: _bare(inner) for key, inner in value.items() if key not in _NOTED}
        return bare["value"] if bare.keys() == {"value"} else bare
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _is_quantity(value: Mapping[str, Any]) -> bool:
    return bool(value) and value.keys() <= Quantity.model_fields.keys()


def _key(change: _Change) -> Place:
    """What a change belongs to: the same one in several roles is one assumption."""
    place = change.place
    if place[0] == "roles" and len(place) > 2:
        return ("roles", "*", *place[2:], f"{_words(change.before)} → {_words(change.after)}")
    return place


def _together(
    groups: Mapping[Place, list[_Change]], keys: set[Place]
) -> dict[Place, list[_Change]]:
    """Groups of which some are taken together with what stands beside them."""
    wider = {key[:-1] for key in keys}
    found: dict[Place, list[_Change]] = {}
    for key, changes in groups.items():
        above = [w for w in wider if key[: len(w)] == w]
        found.setdefault(min(above, key=len) if above else key, []).extend(changes)
    return found


def _made(
    old: dict[str, Any], changes: list[_Change], before: Scenario, after: Scenario
) -> Scenario | None:
    """The scenario with some changes made; None where it can't be run."""
    document = copy.deepcopy(old)
    for change in changes:
        inner = document
        for key in change.place[:-1]:
            inner = inner.setdefault(key, {})
        if change.after is None:
            inner.pop(change.place[-1], None)
        else:
            inner[change.place[-1]] = copy.deepcopy(change.after)
    try:
        scenario = Scenario.model_validate(document)
        scenario._path = after._path or before._path
        changed = tuple(".".join(change.place) for change in changes)
        for source, wanted in ((before, False), (after, True)):
            stated = source._stated.items()
            found = {p: v for p, v in stated if _is_below(p, changed) == wanted}
            scenario._stated.update(found)
        check_targets(scenario)
        lower(scenario, load_workforce(scenario))
    except (InputError, ValueError, LookupError):
        return None
    return scenario


def _is_below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}.") for place in places)


def _shown(key: Place, changes: list[_Change]) -> str:
    """The path of a step; of several roles their number."""
    if len(changes) == 1:
        return ".".join(changes[0].place)
    if key[:2] == ("roles", "*"):
        roles = {change.place[1] for change in changes}
        rest = ".".join(part for part in key[2:] if " → " not in part)
        return f"roles.*.{rest} ({len(roles)} roles)".replace("..", ".").replace(". (", " (")
    return ".".join(key) or "everything"


def _said(changes: list[_Change]) -> tuple[str, str]:
    """Before and after in words; of several changes at once how many there are."""
    words = {(_words(change.before), _words(change.after)) for change in changes}
    return words.pop() if len(words) == 1 else (GIVEN, f"{len(changes)} changes")


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and _is_quantity(value):
        return in_words(Quantity.model_validate(value))
    return GIVEN if isinstance(value, dict) else in_words(value)
