"""What pydantic finds wrong with a scenario, in plain words and at the place where it stands."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

from pydantic_core import ErrorDetails

from wfmodel.scenario import shape
from wfmodel.scenario.document import Fault, Node, printable

MOST_NEAREST = 300
"""Unknown keys for which the nearest legal one is looked up; a file with more is hardly a slip."""


class _Spot(NamedTuple):
    """Where an error stands: the deepest value on its way, its type, a key missing or wrong."""

    node: Node
    annotation: Any
    kind: Any = None
    key: Any = None


def faults(errors: Iterable[ErrorDetails], root: Node, annotation: Any) -> Iterator[Fault]:
    """One fault for each error; errors about alternatives at one place are said once."""
    said: set[tuple[str, int, str]] = set()
    for number, error in enumerate(errors):
        fault = _fault(error, root, annotation, look_up=number < MOST_NEAREST)
        if fault is None or (error["type"] != "value_error" and fault[:3] in said):
            continue
        said.add(fault[:3])
        yield fault


def unknown_key(node: Node, annotation: Any, kind: Any, key: Any, *, look_up: bool = True) -> Fault:
    """That the part at ``node`` has no such key, with the nearest or else all that it has."""
    place = node.value[key]
    legal = shape.legal_keys(annotation, kind)
    guess = shape.nearest(key, legal) if look_up else ""
    hint = f"did you mean {guess}?" if guess else f"allowed are {shape.listed(legal)}"
    return place.fault(f"is not a known key, {hint}")


def show(value: Any) -> str:
    """A value as it goes into a message, on one line."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        cut = value if len(value) <= 60 else value[:59] + "…"
        return printable(json.dumps(cut, ensure_ascii=False), 400)
    if isinstance(value, dt.datetime):
        return f"a time of day ({value})"
    return printable(value)


def _spot(root: Node, annotation: Any, steps: tuple[int | str, ...]) -> _Spot:
    """Follow an error's location; steps that the tree has not name an alternative of a union."""
    spot = _Spot(root, annotation)
    for place, part in enumerate(steps):
        value = spot.node.value
        step = _key_of(value, part)
        if steps[place + 1 : place + 2] == ("[key]",):
            return spot._replace(key=step)
        if step in shape.kinds(spot.annotation):
            narrowed = shape.narrow(spot.annotation, step)
            spot = spot._replace(kind=step, annotation=narrowed)
        elif isinstance(value, dict) and step in value and value[step].value is not None:
            spot = _Spot(value[step], shape.inside(spot.annotation, step, spot.kind))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            spot = _Spot(value[step], shape.inside(spot.annotation, step))
    return spot


def _key_of(value: Any, step: Any) -> Any:
    """The key of a mapping that a location means: it gives dates by how Python writes them."""
    if isinstance(step, str) and isinstance(value, dict) and step not in value:
        return next((key for key in value if not isinstance(key, str) and repr(key) == step), step)
    return step


def _fault(error: ErrorDetails, root: Node, annotation: Any, *, look_up: bool) -> Fault | None:
    found, steps = error["type"], error["loc"]
    if steps and found in ("extra_forbidden", "invalid_key"):
        node, part, kind, _ = _spot(root, annotation, steps[:-1])
        return unknown_key(node, part, kind, _key_of(node.value, steps[-1]), look_up=look_up)
    if steps and found == "missing":
        return _missing(_spot(root, annotation, steps[:-1]), steps[-1])
    spot = _spot(root, annotation, steps)
    if "[key]" in steps:
        return _wrong_key(spot)
    if found == "value_error":
        return spot.node.fault(printable(error["msg"].removeprefix("Value error, "), 200))
    if found == "union_tag_not_found":
        allowed = f"allowed are {shape.listed(shape.kinds(spot.annotation))}"
        return spot.node.fault(f"is missing, {allowed}", "kind")
    if found == "union_tag_invalid":
        options = shape.kinds(spot.annotation)
        return _at(spot.node, "kind").fault(_not_of(_at(spot.node, "kind").value, options))
    if found.endswith("_type") and _fits(spot.node.value, spot.annotation):
        return None  # another alternative takes it, and says what is wrong inside
    return spot.node.fault(_wrong_value(spot.node.value, spot.annotation))


def _at(node: Node, key: Any) -> Node:
    return node.value[key] if isinstance(node.value, dict) and key in node.value else node


def _fits(value: Any, annotation: Any) -> bool:
    kinds = [get_origin(kind) for kind, _ in shape.alternatives(annotation)]
    return len(kinds) > 1 and isinstance(value, list) and list in kinds


def _missing(spot: _Spot, key: Any) -> Fault:
    if not isinstance(spot.node.value, dict):
        return spot.node.fault(_wrong_value(spot.node.value, spot.annotation))
    wanted = shape.needed(shape.inside(spot.annotation, key, spot.kind)) or "something"
    if key in spot.node.value:
        return spot.node.value[key].fault(f"is empty, {wanted} is needed")
    return spot.node.fault(f"is missing, {wanted} is needed", key)


def _not_of(value: Any, options: list[str]) -> str:
    guess = shape.nearest(value, options)
    hint = f" did you mean {guess}?" if guess else ""
    verb = "is" if len(options) == 1 else "are"
    return f"is {show(value)},{hint} allowed {verb} {shape.listed(options)}"


def _wrong_value(value: Any, annotation: Any) -> str:
    options = _words(annotation)
    if options:
        return _not_of(value, options)
    for kind, metadata in shape.alternatives(annotation):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        allowed = shape.bounds(metadata)
        if allowed and number and (kind is float or (kind is int and isinstance(value, int))):
            return f"is {show(value)}, allowed is {allowed}"
        if get_origin(kind) is list and value == []:
            return "is an empty list, at least one item is needed"
    return f"is {show(value)}, {shape.needed(annotation) or 'something else'} is needed"


def _words(annotation: Any) -> list[str]:
    """The words between which ``annotation`` chooses; empty where it is about anything else."""
    kinds = [kind for kind, _ in shape.alternatives(annotation)]
    if not all(get_origin(kind) is Literal for kind in kinds):
        return []
    return [str(word) for kind in kinds for word in get_args(kind)]


def _wrong_key(spot: _Spot) -> Fault:
    place = _at(spot.node, spot.key)
    wanted = shape.key_type(spot.annotation)
    words = _words(wanted)
    if words:
        guess = shape.nearest(spot.key, words)
        hint = f"did you mean {guess}?" if guess else f"allowed are {shape.listed(words)}"
        return place.fault(f"is not a known key, {hint}")
    pairs = [pair for pair in shape.alternatives(wanted) if get_origin(pair[0]) is not Literal]
    if isinstance(spot.key, int) and pairs and pairs[0][0] is int:
        return place.fault(f"is not an allowed key, allowed is {shape.bounds(pairs[0][1])}")
    phrases = [shape.needed(Annotated[(kind, *more)] if more else kind) for kind, more in pairs]
    return place.fault(f"is not an allowed key, {' or '.join(phrases) or 'another key'} is needed")


def nulls(own: Node, parent: Node | None, annotation: Any) -> Iterator[Fault]:
    """Keys of ``own`` that are null where the format has no such key, or nothing to remove."""
    if not isinstance(own.value, dict):
        return
    before = parent.value if parent is not None and isinstance(parent.value, dict) else {}
    kind = _at(own, "kind").value if "kind" in own.value else None
    if kind is None and "kind" in before:
        kind = before["kind"].value
    is_part = bool(shape.parts(shape.narrow(annotation, kind)))
    in_role = own.path.startswith("roles.")  # there, null may keep out a default of the role "*"
    for key, node in own.value.items():
        if node.value is not None:
            yield from nulls(node, before.get(key), shape.inside(annotation, key, kind))
        elif is_part and key not in shape.legal_keys(annotation, kind):
            yield unknown_key(own, annotation, kind, key)
        elif not in_role and (key not in before or before[key].value is None):
            guess = shape.nearest(key, [k for k in before if isinstance(k, str)])
            hint = "; write {} for one with nothing of its own"
            if is_part or not shape.parts(shape.inside(annotation, key, kind)):
                hint = "; give it a value, or leave the key out"
            elif guess:
                hint = f", did you mean {guess}?"
            if not (is_part and shape.is_required(annotation, key, kind)):  # that is said anyway
                yield node.fault(f"is empty, and there is none to remove{hint}")
