"""Checks across a scenario: names that are used exist, dates are sensible, parts fit each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

from wfmodel.scenario.document import Fault, Node, printable
from wfmodel.scenario.shape import listed, nearest

# Where a name of each sort is used; ``*`` is any key or item, a final ``=`` means the key itself.
ROLE, SERVICE, PIPELINE, USE = "role", "service", "pipeline", "agency use"
USES = {
    "roles.*.feeds_from.*": ROLE,
    "roles.*.push.to": ROLE,
    "workforce.groups.*.role": ROLE,
    "workforce.agency_uses.*.role": ROLE,
    "workforce.agency_uses.*.service": SERVICE,
    "policies.*.roles.*": ROLE,
    "policies.*.exempt_roles.*": ROLE,
    "policies.*.services.*": SERVICE,
    "policies.*.exempt_services.*": SERVICE,
    "policies.*.pipeline": PIPELINE,
    "policies.*.end_uses.*": USE,
    "change_events.*.roles.*": ROLE,
    "change_events.*.services.*": SERVICE,
    "change_events.*.create.*.role": ROLE,
    "change_events.*.create.*.service": SERVICE,
    "pipelines.*.from_roles.*": ROLE,
    "pipelines.*.trainee_role": ROLE,
    "pipelines.*.target_role": ROLE,
    "pipelines.*.supervision.roles.*": ROLE,
    "pipelines.*.newly_qualified.step_up_to": ROLE,
    "pipelines.*.service": SERVICE,
    "pipelines.*.target_services.*": SERVICE,
    "demand.=": SERVICE,
    "targets.*.scope.role": ROLE,
    "targets.*.scope.service": SERVICE,
}
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_POSTS = 10_000_000
MOST_POST_MONTHS = 600_000_000


def across(root: Node, folder: Path) -> Iterator[Fault]:
    """Everything wrong between the parts of a merged tree, whether or not each part is right."""
    yield from _names(root)
    yield from _dates(root)
    yield from _workforce(root, folder)
    yield from _size(root)
    yield from _money(root)
    yield from _months(root)
    yield from _acting(root)


def found(node: Node, pattern: str) -> Iterator[Node]:
    """The values at a pattern of the tree."""
    step, _, rest = pattern.partition(".")
    value = node.value
    if not step:
        yield node
    elif step == "=" and isinstance(value, dict):
        yield from (
            Node(k, n.file, n.line, n.path) for k, n in value.items() if n.value is not None
        )
    elif step == "*" and isinstance(value, dict | list):
        for inner in list(value.values()) if isinstance(value, dict) else value:
            yield from found(inner, rest)
    elif isinstance(value, dict) and step in value:
        yield from found(value[step], rest)


def _at(root: Node, path: str) -> Node | None:
    """The value at a path, where there is one that is not null."""
    node = next(found(root, path), None)
    return None if node is None or node.value is None else node


def _keys(root: Node, path: str) -> dict[str, Node]:
    node = _at(root, path)
    return (
        {str(k): n for k, n in node.value.items()} if node and isinstance(node.value, dict) else {}
    )


def _known(root: Node) -> dict[str, set[str] | None]:
    """The names there are of each sort; None where only the workforce's own files can say."""
    given = set(_keys(root, "workforce.services"))
    services = given | {
        str(n.value) for n in found(root, "workforce.groups.*.service") if isinstance(n.value, str)
    }
    if not given and (_at(root, "workforce.synthesis") or _at(root, "workforce.tables")):
        services = set()
    names = {"role": "roles", "pipeline": "pipelines", "agency use": "workforce.agency_uses"}
    known: dict[str, set[str] | None] = {
        sort: {k for k, n in _keys(root, path).items() if n.value is not None and k != "*"}
        for sort, path in names.items()
    }
    known[SERVICE] = services or None
    return known


def _names(root: Node) -> Iterator[Fault]:
    known = _known(root)
    for pattern, sort in USES.items():
        names = known[sort]
        if names is None:
            continue
        for node in found(root, pattern):
            if isinstance(node.value, str) and node.value not in names:
                yield node.fault(_no_such(sort, node.value, names))


def _no_such(sort: str, name: str, names: set[str]) -> str:
    guess = nearest(name, sorted(names))
    if guess:
        hint = f"did you mean {guess}?"
    else:
        hint = f"the {sort}s are {listed(sorted(names), 12)}" if names else f"there are no {sort}s"
    return f"there is no {sort} {printable(name)}, {hint}"


def _dates(node: Node) -> Iterator[Fault]:
    """Dates, also those that are keys, outside the years in which a plan can stand."""
    value = node.value
    if isinstance(value, dt.date):
        yield from _date(value, node)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, dt.date):
                yield from _date(key, inner)
            yield from _dates(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dates(inner)


def _date(date: dt.date, node: Node) -> Iterator[Fault]:
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        yield node.fault(
            f"{date} is out of range, allowed are the years {FIRST_YEAR} to {LAST_YEAR}"
        )


def _workforce(root: Node, folder: Path) -> Iterator[Fault]:
    workforce = _at(root, "workforce")
    if workforce is None or not isinstance(workforce.value, dict):
        return
    sources = {
        k: workforce.value[k] for k in ("synthesis", "tables", "groups") if k in workforce.value
    }
    given = [k for k, node in sources.items() if node.value not in (None, {})]
    if len(given) != 1:
        shown = " and ".join(given) or "none of them"
        yield workforce.fault(f"has {shown}, exactly one of synthesis, tables, groups is needed")
    for key, is_there, what in (
        ("synthesis", Path.is_file, "file"),
        ("tables", Path.is_dir, "folder"),
    ):
        if key in given:
            yield from _exists(sources[key], folder, is_there, what)
    for node in found(root, "workforce.groups.*.service_years_file"):
        yield from _exists(node, folder, Path.is_file, "file")


def _exists(
    node: Node, folder: Path, is_there: Callable[[Path], bool], what: str
) -> Iterator[Fault]:
    if not isinstance(node.value, str):
        return
    try:
        if is_there(folder / node.value):
            return
    except (OSError, ValueError):
        pass
    yield node.fault(
        f"there is no {what} {printable(node.value, 400)} (relative to the scenario), one is needed"
    )


def _whole(node: Node | None) -> int:
    is_whole = node is not None and isinstance(node.value, int) and not isinstance(node.value, bool)
    return node.value if node is not None and is_whole else 0


def _size(root: Node) -> Iterator[Fault]:
    """A run too large to hold: the other limits of the format are each too wide to say so."""
    posts = sum(_whole(node) for node in found(root, "workforce.groups.*.posts"))
    months = max(_whole(_at(root, "horizon.months")), 1)
    groups = _at(root, "workforce.groups")
    if groups is None:
        return
    if posts > MOST_POSTS:
        yield groups.fault(f"have {posts:,} posts together, allowed is {MOST_POSTS:,}")
    elif posts * months > MOST_POST_MONTHS:
        asked = f"have {posts:,} posts over {months} months"
        yield groups.fault(f"{asked}, allowed are {MOST_POST_MONTHS:,} posts × months")


def _money(root: Node) -> Iterator[Fault]:
    """Roles without pay, and targets on a budget, where money is asked."""
    budget = _at(root, "budget")
    targets = _keys(root, "targets")
    for target in targets.values():
        relative = _at(target, "relative_to")
        if relative is not None and relative.value == "budget" and budget is None:
            yield relative.fault("is budget, but the scenario has no budget; add one")
    measures = [_at(target, "measure") for target in targets.values()]
    costs = [m for m in measures if m is not None and _is_money(m.value)]
    if budget is None and not costs:
        return
    reason = "a budget is given" if budget is not None else f"a target asks for {costs[0].value}"
    for name, role in _keys(root, "roles").items():
        if name == "*" or not isinstance(role.value, dict):
            continue
        pay = [key for key in ("salary_gbp", "pay_points") if _at(role, key)]
        if not pay:
            yield role.fault(f"needs salary_gbp or pay_points, since {reason}")


def _is_money(measure: object) -> bool:
    return isinstance(measure, str) and ("cost" in measure or measure.endswith("_gbp"))


def _months(root: Node) -> Iterator[Fault]:
    months = _at(root, "horizon.months")
    if months is None or not _whole(months):
        return
    for node in found(root, "targets.*.month"):
        if _whole(node) > months.value:
            yield node.fault(f"is {node.value}, beyond the horizon; allowed is 0 to {months.value}")


def _acting(root: Node) -> Iterator[Fault]:
    """Posts in which nobody can act up: of a role that no other feeds, or where no role manages."""
    roles = {name: node for name, node in _keys(root, "roles").items() if name != "*"}
    for policy in found(root, "policies.*"):
        kind = _at(policy, "kind")
        if kind is None or kind.value != "acting_up":
            continue
        named = [node for node in found(policy, "roles.*") if node.value in roles]
        for node in named:
            if _at(roles[node.value], "feeds_from") is None:
                yield node.fault(f"{node.value} has no feeds_from, so nobody can act up in it")
        manage = [role for role in roles.values() if (_at(role, "manager") or role).value is True]
        if _at(policy, "roles") is None and not manage:
            yield policy.fault("no role has manager: true; name the roles that are acted in")
