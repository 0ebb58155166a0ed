"""The shape of the scenario format: which type stands at a path, which keys and values it takes."""

from __future__ import annotations

import datetime as dt
import difflib
import types
import typing
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from wfmodel.scenario.document import printable
from wfmodel.scenario.quantity import Name, Quantity

_NAME_PATTERN = get_args(Name)[1].metadata[0].pattern


def alternatives(annotation: Any) -> list[tuple[Any, tuple[Any, ...]]]:
    """The types that ``annotation`` allows, each with its bounds; None is left out."""
    if get_origin(annotation) is Annotated:
        inner, *extra = get_args(annotation)
        bounds = tuple(m for e in extra for m in (e.metadata if isinstance(e, FieldInfo) else [e]))
        return [(kind, (*inside, *bounds)) for kind, inside in alternatives(inner)]
    if get_origin(annotation) in (Union, types.UnionType):
        return [pair for part in get_args(annotation) for pair in alternatives(part)]
    return [] if annotation in (None, type(None)) else [(annotation, ())]


def parts(annotation: Any) -> list[type[BaseModel]]:
    """The parts of a scenario that ``annotation`` allows."""
    kinds = (kind for kind, _ in alternatives(annotation))
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


@lru_cache(maxsize=512)
def fields(part: type[BaseModel]) -> dict[str, Any]:
    """The keys of a part, each with its type."""
    return {
        info.alias or name: Annotated[(info.annotation, *info.metadata)]  # type: ignore[valid-type]
        if info.metadata
        else info.annotation
        for name, info in part.model_fields.items()
    }


def narrow(annotation: Any, kind: Any) -> Any:
    """The one part whose ``kind`` is ``kind``, where several parts are allowed; else None."""
    models = parts(annotation)
    if len(models) < 2:
        return annotation
    chosen = [m for m in models if kind in get_args(m.model_fields["kind"].annotation)]
    return chosen[0] if chosen else None


def kinds(annotation: Any) -> list[str]:
    """The kinds between which ``annotation`` chooses; empty where it allows one part or none."""
    models = parts(annotation)
    if len(models) < 2:
        return []
    return [kind for m in models for kind in get_args(m.model_fields["kind"].annotation)]


def inside(annotation: Any, key: Any, kind: Any = None) -> Any:
    """The type of what stands under ``key``; None where the format has no such key.

    ``kind`` is the value of the key ``kind`` beside it, for parts that are chosen by it.
    """
    for alternative, _ in alternatives(narrow(annotation, kind)):
        origin, arguments = get_origin(alternative), get_args(alternative)
        if isinstance(alternative, type) and issubclass(alternative, BaseModel):
            return fields(alternative).get(key) if isinstance(key, str) else None
        if origin is dict:
            return arguments[1]
        if origin is list and isinstance(key, int):
            return arguments[0]
        if origin is tuple and isinstance(key, int) and 0 <= key < len(arguments):
            return arguments[key]
    return None


def key_type(annotation: Any) -> Any:
    """The type of the keys of a mapping by name, age, year or date; None for anything else."""
    for alternative, _ in alternatives(annotation):
        if get_origin(alternative) is dict:
            return get_args(alternative)[0]
    return None


def legal_keys(annotation: Any, kind: Any = None) -> list[str]:
    """The keys that a part takes."""
    models = parts(narrow(annotation, kind))
    return list(fields(models[0])) if models else []


def is_required(annotation: Any, key: str, kind: Any = None) -> bool:
    """Whether a part can't do without the key."""
    models = parts(narrow(annotation, kind))
    found = (info for name, info in models[0].model_fields.items() if key in (name, info.alias))
    return any(info.is_required() for info in found)


def bounds(metadata: tuple[Any, ...]) -> str:
    """What the bounds allow, as ``1 to 12``; empty where there are none.

    >>> import annotated_types as at
    >>> bounds((at.Ge(0), at.Le(100))), bounds((at.Gt(0), at.Le(1))), bounds((at.Ge(0),))
    ('0 to 100', 'above 0, at most 1', '0 or more')
    """
    limit = {n: getattr(m, n) for m in metadata for n in ("ge", "gt", "le", "lt") if hasattr(m, n)}
    shown = {name: f"{value:,}" if value >= 10_000 else str(value) for name, value in limit.items()}
    if shown.keys() == {"ge", "le"}:
        return f"{shown['ge']} to {shown['le']}"
    words = {"ge": "{} or more", "gt": "above {}", "le": "at most {}", "lt": "below {}"}
    return ", ".join(words[name].format(value) for name, value in shown.items())


def needed(annotation: Any) -> str:
    """What ``annotation`` allows, in words: ``a whole number, 1 to 12``."""
    phrases = [_needed(kind, metadata) for kind, metadata in alternatives(annotation)]
    return " or ".join(dict.fromkeys(phrases))


def _needed(kind: Any, metadata: tuple[Any, ...]) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return " or ".join(str(a) for a in arguments)
    if origin is tuple:
        return f"a list of {len(arguments)} numbers"
    if origin is list:
        return "a list"
    if origin is dict:
        return "a mapping"
    if kind is Quantity:
        return "a number (or a mapping with value, interval, unknown or varies)"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"a mapping with keys such as {', '.join(list(fields(kind))[:4])}"
    if kind is str and any(getattr(m, "pattern", None) == _NAME_PATTERN for m in metadata):
        return "a name (lower-case letters, digits, _ and -, at most 64, no _ or - first)"
    words = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}
    words[dt.date] = "a date such as 2024-04-01"
    allowed = bounds(metadata)
    return words.get(kind, "something else") + (f", {allowed}," if allowed else "")


def nearest(word: Any, known: typing.Iterable[str]) -> str:
    """The one of ``known`` most like ``word``; empty where none is."""
    if not isinstance(word, str) or not 0 < len(word) <= 64:
        return ""
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def listed(words: typing.Iterable[Any], most: int = 30) -> str:
    """``a, b, c``; a long list is cut."""
    shown = [printable(word, 64) for word in words]
    return ", ".join(shown[:most]) + (f" … ({len(shown)} in all)" if len(shown) > most else "")
