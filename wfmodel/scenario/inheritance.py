"""A scenario's tree with its parents merged in, and the defaults that its roles share.

Mappings merge, ``null`` removes, lists and single values replace. What says one thing together is
replaced whole: a quantity, a rate, a path, a policy or change event of another kind. Of things that
exclude each other (``pay_points`` and ``salary_gbp``) the nearer one holds. A role's own ``null``
also keeps out the default of the role ``"*"``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from wfmodel.scenario import change, context, pipelines, policies, rate, roles, schema
from wfmodel.scenario.document import Fault, Node, Refused, printable, read_document
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.shape import inside, narrow, parts
from wfmodel.scenario.sweep import ENDING, LEVERS, is_sweep
from wfmodel.scenario.wording import nulls, show

OWN = ("schema", "name", "extends", "title", "description", "status", "assurance")
"""What a scenario never takes from its parent."""
MOST_PARENTS = 20

WHOLE_PARTS = (Quantity, rate.Rate, policies.Path, context.TargetScope)
EXCLUDING: dict[type[BaseModel], list[tuple[str, ...]]] = {
    schema.WorkforceSource: [("synthesis", "tables", "groups")],
    schema.Group: [("service_years", "service_years_file")],
    roles.Role: [("salary_gbp", "pay_points")],
    roles.Agency: [("annual_cost_gbp", "premium")],
    pipelines.Intake: [("months", "every_months")],
    change.ChangeEvent: [("posts", "share")],
    context.Demand: [("fte", "cases", "annual_growth"), ("fte", "cases_per_fte", "annual_growth")],
    context.Target: [("at_most", "at_least")],
}
SWITCHED = {policies.VacancyControl: ("mode", ("share", "path"))}
"""Keys that belong to one value of another key, and go when it changes."""


@dataclass
class Lineage:
    """A scenario's tree over those of its parents, and the faults of the files that it came from.

    ``spoiled`` are the places (file, path) about which a fault of form has already said enough.
    """

    root: Node
    faults: list[Fault]
    spoiled: list[tuple[str, str]]
    files: list[str]


@dataclass
class _Found:
    roots: list[Node] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spoiled: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def with_parents(path: Path) -> Lineage:
    """The tree of the scenario at ``path``; raises Refused where a file can't be read."""
    found = _lineage(path)
    merged: Node | None = None
    for root in reversed(found.roots):
        spoiled = set(found.spoiled)
        empty = nulls(root, merged, schema.Scenario)
        found.faults += [fault for fault in empty if (fault.file, fault.path) not in spoiled]
        merged = root if merged is None else merge(_inherited(merged), root, schema.Scenario)
    assert merged is not None
    return Lineage(merged, found.faults, found.spoiled, found.files)


def _lineage(path: Path) -> _Found:
    """The trees of a scenario and its parents, the nearest first."""
    found = _Found()
    seen: list[str] = []
    following: Path | None = path
    folder = path.parent
    while following is not None:
        document = read_document(following, str(following))
        found.faults += document.faults
        found.spoiled += document.spoiled
        found.files.append(str(following))
        seen.append(os.path.realpath(following))
        root = document.root
        if not isinstance(root.value, dict):
            what = "is not a mapping, a mapping with schema, name and title is needed"
            raise Refused(root.fault(what))
        found.faults += _of_the_file(root, following, is_parent=len(seen) > 1)
        if is_sweep(following):
            root = _without_levers(root)
        found.roots.append(_rebased(root, following.parent, folder))
        following = _parent(root, following, seen)
    return found


def _of_the_file(root: Node, path: Path, *, is_parent: bool) -> list[Fault]:
    """What is wrong with the keys that every file has for itself."""
    faults = []
    name = root.value.get("name")
    stem = path.name.removesuffix(ENDING).removesuffix(path.suffix).lstrip("_")
    if name is not None and isinstance(name.value, str) and name.value != stem:
        called = f"but the file is called {printable(path.name)}; name it {printable(stem)}"
        faults.append(name.fault(f"is {printable(name.value)}, {called}"))
    version = root.value.get("schema")
    if version is not None and isinstance(version.value, bool):
        faults.append(version.fault(f"is {str(version.value).lower()}, 1 is needed"))
    elif is_parent:
        faults += [
            root.fault("is missing, and is needed", k)
            for k in ("schema", "name")
            if k not in root.value
        ]
        if version is not None and version.value != 1:
            faults.append(version.fault(f"is {printable(version.value)}, 1 is needed"))
    return faults


def _parent(root: Node, path: Path, seen: list[str]) -> Path | None:
    """The file that ``root`` extends; raises Refused where there is none or no end to them."""
    extends = root.value.get("extends")
    if extends is None or extends.value is None:
        return None
    name = extends.value
    if not isinstance(name, str):
        raise Refused(extends.fault("is not text, the parent's file is needed"))
    if not name or "\0" in name or Path(name).is_absolute():
        raise Refused(extends.fault(f"is {show(name)}, a path relative to this file is needed"))
    there = [Path(os.path.normpath(path.parent / tried)) for tried in (name, f"{name}.yaml")]
    found = next((p for p in there if _is_file(p)), None)
    if found is None:
        raise Refused(
            extends.fault(f"there is no file {printable(there[0], 400)}, a scenario file is needed")
        )
    if is_sweep(found):
        raise Refused(extends.fault(f"{found.name} is a sweep, a scenario file is needed"))
    if os.path.realpath(found) in seen:
        chain = [*(Path(p).name for p in seen), found.name]
        raise Refused(
            extends.fault(
                f"goes round in a circle: {printable(' → '.join(chain), 400)}; extend another file"
            )
        )
    if len(seen) > MOST_PARENTS:
        raise Refused(
            extends.fault(
                f"is the end of a chain of more than {MOST_PARENTS} parents, the most allowed"
            )
        )
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _without_levers(root: Node) -> Node:
    kept = {key: node for key, node in root.value.items() if key != LEVERS}
    return Node(kept, root.file, root.line, root.path)


def _inherited(root: Node) -> Node:
    kept = {key: node for key, node in root.value.items() if key not in OWN}
    return Node(kept, root.file, root.line, root.path)


def _rebased(root: Node, folder: Path, to: Path) -> Node:
    """The tree with its file names made relative to ``to``, the folder of the child."""
    if os.path.abspath(folder) == os.path.abspath(to):
        return root

    def moved(node: Node, keys: tuple[str, ...]) -> Node:
        if not isinstance(node.value, dict):
            return node
        entries = dict(node.value)
        for key in keys:
            name = entries.get(key)
            if (
                name is not None
                and isinstance(name.value, str)
                and not Path(name.value).is_absolute()
            ):
                there = Path(os.path.relpath(folder / name.value, to)).as_posix()
                entries[key] = Node(there, name.file, name.line, name.path)
        return Node(entries, node.file, node.line, node.path)

    workforce = root.value.get("workforce")
    if workforce is None or not isinstance(workforce.value, dict):
        return root
    workforce = moved(workforce, ("synthesis", "tables"))
    groups = workforce.value.get("groups")
    if groups is not None and isinstance(groups.value, dict):
        of_groups = {
            name: moved(group, ("service_years_file",)) for name, group in groups.value.items()
        }
        workforce.value["groups"] = Node(of_groups, groups.file, groups.line, groups.path)
    return Node({**root.value, "workforce": workforce}, root.file, root.line, root.path)


def merge(parent: Node, own: Node, annotation: Any) -> Node:
    """``own`` over ``parent``, which both stand where the format has ``annotation``."""
    if not (isinstance(parent.value, dict) and isinstance(own.value, dict)):
        return own
    before, after = _value(parent, "kind"), _value(own, "kind")
    kind = before if after is None else after
    model = next(iter(parts(narrow(annotation, kind))), None)
    if model in WHOLE_PARTS or (after is not None and before is not None and after != before):
        return own
    kept = {
        key: node
        for key, node in parent.value.items()
        if key not in _superseded(model, parent, own)
    }
    for key, node in own.value.items():
        kept[key] = merge(kept[key], node, inside(annotation, key, kind)) if key in kept else node
    return Node(kept, own.file, own.line, own.path)


def _value(node: Node, key: str) -> Any:
    return node.value[key].value if key in node.value else None


def _superseded(model: type[BaseModel] | None, parent: Node, own: Node) -> set[str]:
    """Keys of ``parent`` that can't stand beside those of ``own``."""
    if model is None:
        return set()
    gone: set[str] = set()
    for group in EXCLUDING.get(model, []):
        if any(_value(own, key) is not None for key in group):
            gone.update(key for key in group if key not in own.value)
    if model in SWITCHED:
        switch, keys = SWITCHED[model]
        if _value(own, switch) not in (None, _value(parent, switch)):
            gone.update(keys)
    return gone


def with_defaults(root: Node) -> Node:
    """The tree with the role ``"*"`` merged below every other role."""
    given = root.value.get("roles")
    if given is None or not isinstance(given.value, dict) or "*" not in given.value:
        return root
    common = given.value["*"]
    filled = {
        name: role if name == "*" or role.value is None else merge(common, role, roles.Role)
        for name, role in given.value.items()
    }
    whole = Node(filled, given.file, given.line, given.path)
    return Node({**root.value, "roles": whole}, root.file, root.line, root.path)
