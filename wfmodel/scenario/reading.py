"""Read a scenario: its file and parents, what is set from outside, and every fault at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wfmodel.errors import InputError
from wfmodel.scenario import sweep
from wfmodel.scenario.document import Fault, Node, Refused, plain, printable
from wfmodel.scenario.inheritance import with_defaults, with_parents
from wfmodel.scenario.overrides import overridden
from wfmodel.scenario.quantity import Part, Quantity
from wfmodel.scenario.references import across
from wfmodel.scenario.roles import Role
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.sweep import address, is_sweep
from wfmodel.scenario.wording import faults as worded

__all__ = ["Scenario", "find_scenarios", "load_scenario", "parent_of", "to_document"]


def load_scenario(path: str | Path, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario at ``path`` with its parents merged in, every key and name checked.

    ``path`` is its file, or its address in a sweep. ``overrides`` sets values by dotted path
    (``{"roles.officer.notice_weeks": 4}``), under the same rules as a child's file. Raises
    InputError with every problem found.
    """
    path, name = address(path)
    try:
        lineage = with_parents(path)
        settings = sweep.point(path, name) if is_sweep(path) else {}
        sweep.check_places(lineage.root, settings)
        root = _named(lineage.root, name, settings) if settings else lineage.root
        set_here = {one.path: one.node for one in settings.values()}
        changed, from_outside = overridden(root, {**set_here, **(overrides or {})})
    except Refused as refused:
        raise InputError([fault.problem() for fault in refused.faults]) from None
    tree = with_defaults(changed)
    scenario, found = _validated(tree)
    found = [
        *lineage.faults,
        *from_outside,
        *_unspoiled([*found, *across(tree, path.parent)], lineage.spoiled),
    ]
    if found or scenario is None:
        raise InputError([fault.problem() for fault in _in_order(found, lineage.files)])
    scenario._path = path
    scenario._files.extend(lineage.files)
    scenario._stated.update(_places(tree))
    scenario._levers.update({lever: sweep.kept(one.value) for lever, one in settings.items()})
    return scenario


def _named(root: Node, name: str, settings: sweep.Point) -> Node:
    """The tree of a sweep as that of one of its scenarios."""
    title = root.value.get("title")
    own = {"name": Node(name, root.file, root.line, "name")}
    if title is not None and isinstance(title.value, str):
        own["title"] = replace(title, value=sweep.told(title.value, settings))
    return replace(root, value={**root.value, **own})


def _validated(tree: Node) -> tuple[Scenario | None, list[Fault]]:
    """The scenario that the tree describes, or what the format has against it."""
    found: list[Fault] = []
    data = plain(tree)
    roles = data.get("roles")
    if isinstance(roles, dict) and "*" in roles:
        found += _common(tree.value["roles"].value["*"], roles.pop("*"))
    try:
        return Scenario.model_validate(data, strict=True), found
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [*found, *worded(details, tree, Scenario)]


def _common(node: Node, data: Any) -> list[Fault]:
    """What is wrong with the role ``"*"``, of which each role may have to fill in the rest."""
    try:
        Role.model_validate(data, strict=True)
    except ValidationError as error:
        details = [e for e in error.errors(include_url=False) if e["type"] != "missing"]
        return list(worded(details, node, Role))
    return []


def _unspoiled(found: Iterable[Fault], spoiled: list[tuple[str, str]]) -> Iterator[Fault]:
    """The faults that don't merely follow from a fault of form at the same place."""
    places = set(spoiled)
    for fault in found:
        steps = fault.path.split(".")
        above = ("", *(".".join(steps[:n]) for n in range(1, len(steps) + 1)))
        if not places or not any((fault.file, path) in places for path in above):
            yield fault


def _in_order(found: list[Fault], files: list[str]) -> list[Fault]:
    """The faults by file, the scenario's own first, then by line; each once."""
    rank = {file: place for place, file in enumerate(files)}
    once = dict.fromkeys(found)
    return sorted(once, key=lambda fault: (rank.get(fault.file, len(rank)), fault.line))


def _places(node: Node) -> Iterator[tuple[str, tuple[str, int, str]]]:
    """Every path with the file, line and path at which its value was stated."""
    inner: list[tuple[Any, Node]] = []
    if isinstance(node.value, dict):
        inner = list(node.value.items())
    elif isinstance(node.value, list):
        inner = list(enumerate(node.value))
    for key, child in inner:
        yield str(key), (child.file, child.line, child.path)
        yield from ((f"{key}.{path}", place) for path, place in _places(child))


def parent_of(
    scenario: Scenario, load: Callable[[Path], Scenario] = load_scenario
) -> Scenario | None:
    """The scenario that this one extends; None where it extends none, or a part of a scenario.

    ``load`` reads it, for those who keep what they have read.
    """
    if scenario.extends is None or scenario.path is None:
        return None
    there = Path(os.path.normpath(scenario.folder / scenario.extends))
    there = there if there.is_file() else there.with_name(f"{there.name}.yaml")
    return None if there.name.startswith("_") else load(there)


def find_scenarios(paths: Iterable[str | Path], *, sweeps: bool = False) -> list[Path]:
    """Scenario files among files and folders (searched to the bottom), sorted, each once.

    A sweep that is named stands for the addresses of all its scenarios. In folders, files beginning
    with ``_`` (parts of scenarios) and hidden files are left out, and sweeps unless they are asked
    for. Raises InputError where a path does not exist or holds no scenario.
    """
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        try:
            there = _there(path, sweeps)
        except (OSError, ValueError):
            there = None
        if there is None:
            raise InputError(
                printable(path, 400),
                "does not exist, a scenario file or a folder of them is needed",
            )
        if not there:
            raise InputError(
                printable(path, 400), "has no scenario, a folder with *.yaml files is needed"
            )
        for file in there:
            found.setdefault(os.path.realpath(file), file)
    if not found:
        raise InputError("", "no scenario is named, give a scenario file or a folder of them")
    return sorted(found.values())


def _there(path: Path, sweeps: bool) -> list[Path] | None:
    """The scenarios that a path stands for; None where it does not exist."""
    if path.is_dir():
        files = (file for file in sorted(_within(path)) if sweeps or not is_sweep(file))
        return [one for file in files for one in _crossed(file)]
    file, name = address(path)
    if not file.is_file():
        return None
    return [path] if name else _crossed(path)


def _crossed(file: Path) -> list[Path]:
    """The addresses in a sweep, sorted as its levers are; a sweep that is wrong, and any other
    file, is left to whoever loads it.
    """
    try:
        return [Path(f"{file}#{name}") for name in sweep.points(file)] if is_sweep(file) else [file]
    except Refused:
        return [file]


def _within(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*.yaml"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if not hidden and not file.name.startswith("_") and file.is_file():
            yield file


def to_document(scenario: Scenario) -> dict[str, Any]:
    """The resolved scenario as plain values (JSON has them all), the same for the same scenario.

    A quantity that is a bare number is a number; what is not given is left out.
    """
    document = _plain(scenario)
    assert isinstance(document, dict)
    return document


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity) and value.model_dump(exclude_defaults=True).keys() == {"value"}:
        return value.value
    if isinstance(value, Part):
        fields = (
            (info.alias or name, getattr(value, name))
            for name, info in type(value).model_fields.items()
        )
        return {key: _plain(inner) for key, inner in fields if inner is not None}
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | None) else str(value)
