"""Saving: the levers as they stand as a scenario file that extends its parent and holds only what
changed."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import FoldedScalarString

from wfmodel.batch.output import write_atomically
from wfmodel.errors import InputError
from wfmodel.exploring.levers import Lever
from wfmodel.exploring.session import Session
from wfmodel.results.targets import check_targets
from wfmodel.scenario.assumptions import changes
from wfmodel.scenario.quantity import Part, Quantity
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario

NAME_LENGTH = 64
MARK = "# Kept from the explorer"
"""How a file that was saved here begins; no other file is written over."""
CHOSEN = "chosen in the explorer"
FILES = re.compile(r"^workforce\.(synthesis|tables|groups\..*service_years_file)$")
"""Settings that name a file, which is called otherwise from another folder."""


def save(session: Session, title: str, reason: str = "", name: str = "", folder: Path | None = None,
         ) -> Path:  # fmt: skip
    """Write the levers as they stand as a scenario beside its parent, and read it back.

    ``name`` is by default made of the title. A file that was saved here before is written over, any
    other is left alone. Raises InputError where nothing was moved, the title is blank, the name
    can't be one, or the levers do not go together.
    """
    start = session.start
    assert start.path is not None
    title, name = title.strip(), name.strip() or name_of(title)
    if not session.choices.now:
        raise InputError("levers", "are all where they were; move one first")
    if not title:
        raise InputError("title", "is blank; say in a few words what is tried")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise InputError("name", f"{name!r} is none: small letters, digits, _ and - are allowed")
    place = (folder or start.path.parent) / f"{name}.yaml"
    _check_free(place, start.path)
    session.scenario()  # raises where the levers do not go together
    text = written(session, title, reason, name, place)
    before = place.read_text(encoding="utf-8") if place.exists() else None
    write_atomically(place, text)
    try:
        check_targets(_the_same(load_scenario(place), session))
    except InputError:
        place.unlink()
        if before is not None:
            write_atomically(place, before)
        raise
    return place


def name_of(title: str) -> str:
    """A scenario's name made of its title.

    >>> name_of("Hold half; two coaches (autumn)")
    'hold_half_two_coaches_autumn'
    """
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "_".join(words)[:NAME_LENGTH].strip("_")


def _check_free(place: Path, parent: Path) -> None:
    if place.resolve() == parent.resolve():
        raise InputError(str(place), "is the scenario being explored; give another title or name")
    if place.exists() and not place.read_text(encoding="utf-8").startswith(MARK):
        raise InputError(str(place), "is there already; give another title or name")
    if not os.access(place.parent, os.W_OK):
        raise InputError(str(place.parent), "can't be written to; choose another folder")


def written(session: Session, title: str, reason: str, name: str, place: Path) -> str:
    """The text of the scenario file."""
    start = session.start
    assert start.path is not None
    head: dict[str, Any] = {
        "schema": 1,
        "name": name,
        "extends": Path(os.path.relpath(start.path, place.parent)).as_posix(),
        "status": "exploratory",
        "title": title,
    }
    if reason.strip():
        head["description"] = FoldedScalarString(" ".join(reason.split()) + "\n")
    body: dict[str, Any] = {}
    for path, value in session.overrides().items():
        _put(body, path.split("."), stated(session.levers[path], value), start)
    stream = StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True
    yaml.representer.add_representer(
        type(None), lambda r, _: r.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    yaml.dump({**head, **body}, stream)
    extends = start.title.replace("\n", " ")
    return f"{MARK}: what differs from “{extends}”.\n{stream.getvalue()}"


def stated(lever: Lever, value: Any) -> Any:
    """A value as the file states it: what was not known before says that it was chosen."""
    if not lever.unknown:
        return value
    return {"value": value, "source": f"{CHOSEN}; not known: {lever.stated}"}


def _put(body: dict[Any, Any], steps: list[str], value: Any, part: Any) -> None:
    """Put a value at a path of the file; a list is stated whole, since a child's replaces it."""
    here, *rest = steps
    key = _key(here, part)
    if not rest:
        body[key] = value
        return
    inner = _inside(part, key)
    if isinstance(inner, list):
        items = body.setdefault(key, [_plain(item) for item in inner])
        number, *deeper = rest
        _put(items[int(number)], deeper, value, inner[int(number)])
        return
    if isinstance(inner, Quantity):  # stated whole too: it says one thing
        whole = body.setdefault(key, _plain(inner))
        for step in rest[:-1]:
            whole = whole[step]
        whole[rest[-1]] = value
        return
    _put(body.setdefault(key, {}), rest, value, inner)


def _key(text: str, part: Any) -> Any:
    """A step of a dotted path as the key it means there: a year, an age, a date, else text."""
    if isinstance(part, Mapping):
        return next((key for key in part if str(key) == text), text)
    return text


def _inside(part: Any, key: Any) -> Any:
    if isinstance(part, Mapping):
        # what all roles share stands in any of them
        return next(iter(part.values()), None) if key == "*" and key not in part else part.get(key)
    return getattr(part, str(key), None)


def _plain(value: Any) -> Any:
    """A part of a scenario as plain values, without what it leaves out."""
    if isinstance(value, Quantity) and value.model_dump(exclude_defaults=True).keys() == {"value"}:
        return value.value
    if isinstance(value, Part):
        stated = ((i.alias or n, getattr(value, n)) for n, i in type(value).model_fields.items())
        default = type(value).model_fields
        return {
            key: _plain(inner)
            for key, inner in stated
            if inner is not None and not (key in default and inner == default[key].default)
        }
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | dt.date) else str(value)


def _the_same(saved: Scenario, session: Session) -> Scenario:
    """The saved scenario; raises InputError unless it says what the levers say."""
    found = [change.path for change in changes(saved, session.scenario())]
    differ = [path for path in found if not path.startswith("run.") and not FILES.search(path)]
    if differ:
        raise InputError(str(saved.path), f"would not say the same of {', '.join(differ)}")
    return saved
