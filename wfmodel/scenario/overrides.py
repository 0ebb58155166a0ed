"""What is set from outside a scenario's files: levers, as values by dotted path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from wfmodel.scenario.document import (
    DATE,
    MOST_DEPTH,
    Fault,
    Node,
    Refused,
    below,
    printable,
    scalar,
)
from wfmodel.scenario.inheritance import merge
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.shape import alternatives, inside, key_type, narrow, parts
from wfmodel.scenario.wording import nulls

OUTSIDE = "overrides"
"""The name by which what is set from outside goes in messages, in place of a file's."""


def overridden(root: Node, overrides: Mapping[str, Any]) -> tuple[Node, list[Fault]]:
    """The tree with every override merged in, in their order, and what they remove in vain.

    A value may be a tree itself. Raises Refused where one can't be merged in at all.
    """
    found: list[Fault] = []
    for line, (path, value) in enumerate(overrides.items(), 1):
        if not isinstance(path, str) or not path:
            fault = Fault(OUTSIDE, line, printable(path), "is not a dotted path such as run.seed")
            raise Refused(fault)
        whole = value if isinstance(value, Node) else tree(value, printable(path), line)
        root = _set(root, path.split("."), whole, Scenario, found)
    return root, found


def tree(value: Any, path: str, line: int, depth: int = 0) -> Node:
    """A value from Python as a tree; raises Refused where it is no plain value."""
    if isinstance(value, BaseModel):
        value = value.model_dump(by_alias=True, exclude_unset=True)
    elif hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()  # one of numpy's numbers
    if depth > MOST_DEPTH:
        raise Refused(Fault(OUTSIDE, line, path, f"is more than {MOST_DEPTH} levels deep"))
    if isinstance(value, str) and DATE.fullmatch(value):
        value = scalar(value)  # a notebook's parameters have dates as text
    inner: Any = value
    if isinstance(value, Mapping):
        inner = {k: tree(v, below(path, k), line, depth + 1) for k, v in value.items()}
    elif isinstance(value, list | tuple):
        inner = [tree(v, below(path, n), line, depth + 1) for n, v in enumerate(value)]
    elif not isinstance(value, str | int | float | dt.date | None):
        what = f"is a {type(value).__name__}; text, a number, a date, a list or a mapping is needed"
        raise Refused(Fault(OUTSIDE, line, path, what))
    return Node(inner, OUTSIDE, line, path)


def _set(node: Node, path: list[str], value: Node, annotation: Any, found: list[Fault]) -> Node:
    """The tree with ``value`` at ``path`` below ``node``, whose type is ``annotation``."""
    if not path:
        return merge(node, value, annotation)
    if isinstance(node.value, list):
        return _set_item(node, path, value, annotation, found)
    entries = node.value if isinstance(node.value, dict) else {}
    key = _key(path[0], annotation, entries)
    kind = entries["kind"].value if "kind" in entries else None
    type_inside = inside(annotation, key, kind)
    nothing = Node({} if path[1:] else None, value.file, value.line, below(node.path, key))
    if not path[1:]:
        own = Node({key: value}, value.file, value.line, node.path)
        found += nulls(own, node, annotation)
    changed = _set(entries.get(key, nothing), path[1:], value, type_inside, found)
    is_quantity = Quantity in parts(narrow(annotation, kind))
    if key in entries or is_quantity:
        entries = {**entries, key: changed}
    else:
        # A new key may exclude others, as an annual_hazard beside an annual_turnover would be.
        own = Node({key: changed}, value.file, value.line, node.path)
        entries = merge(Node(entries, node.file, node.line, node.path), own, annotation).value
    place = node if isinstance(node.value, dict) else value
    return Node(entries, place.file, place.line, node.path)


def _set_item(
    node: Node, path: list[str], value: Node, annotation: Any, found: list[Fault]
) -> Node:
    if not (path[0].isdecimal() and int(path[0]) < len(node.value)):
        what = f"there is no item {printable(path[0])}, the list has {len(node.value)}, from 0"
        raise Refused(value.fault(what))
    number = int(path[0])
    items = list(node.value)
    items[number] = _set(items[number], path[1:], value, inside(annotation, number), found)
    return Node(items, node.file, node.line, node.path)


def _key(text: str, annotation: Any, entries: dict[Any, Node]) -> Any:
    """A step of a dotted path as the key it means: a year, an age, a date, else text."""
    for key in entries:
        if str(key) == text:
            return key
    for kind, _ in alternatives(key_type(annotation)):
        if kind is int and text.isdecimal():
            return int(text)
        if kind is dt.date:
            try:
                return dt.date.fromisoformat(text)
            except ValueError:
                return text
    return text
