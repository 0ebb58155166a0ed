"""The opening workforce of a scenario, from whichever of the three sources it names."""

from __future__ import annotations

import os

from wfmodel.errors import InputError
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce.extract import read_tables
from wfmodel.workforce.groups import workforce_from_groups
from wfmodel.workforce.synthesis import synthesise
from wfmodel.workforce.tables import Workforce

_KEPT = 4
_kept: dict[str, tuple[list[tuple[str, int, int]], Workforce]] = {}
"""The workforces made last, with the state of the files that they were made from."""


def load_workforce(scenario: Scenario) -> Workforce:
    """The opening workforce, checked; raises `InputError` with every problem found.

    The same workforce is made once: whoever moves a lever of a scenario gets the one that is there.
    """
    asked = _asked(scenario)
    if asked in _kept:
        state, workforce = _kept[asked]
        if state == _state(workforce):
            return workforce
    workforce = _load(scenario)
    _kept.pop(asked, None)
    _kept[asked] = _state(workforce), workforce
    while len(_kept) > _KEPT:
        del _kept[next(iter(_kept))]
    return workforce


def _asked(scenario: Scenario) -> str:
    """All of a scenario that its opening workforce depends on."""
    source = scenario.workforce.model_dump_json(exclude={"turnover", "agency_uses"})
    roles = [
        (name, role.grade, role.pay_points, sorted((role.skills or {}).items()))
        for name, role in scenario.roles.items()
    ]
    return repr((os.path.realpath(scenario.folder), source, scenario.horizon.start, roles))


def _state(workforce: Workforce) -> list[tuple[str, int, int]]:
    """The files that a workforce was made from, with when they were written and how long they
    are; −1 where one is gone."""
    found = []
    for path in workforce.input_files:
        state = path.stat() if path.exists() else None
        written, length = (state.st_mtime_ns, state.st_size) if state else (-1, -1)
        found.append((str(path), written, length))
    return found


def _load(scenario: Scenario) -> Workforce:
    source = scenario.workforce
    place = scenario.where("workforce")
    given = [n for n in ("synthesis", "tables") if getattr(source, n)]
    given += ["groups"] if source.groups else []
    if len(given) != 1:
        shown = " and ".join(given) or "nothing"
        raise InputError(place, f"names {shown}; give exactly one of synthesis, tables, groups")
    if source.synthesis:
        workforce = synthesise(scenario.folder / source.synthesis, scenario)
    elif source.tables:
        workforce = read_tables(scenario.folder / source.tables)
    else:
        workforce = workforce_from_groups(scenario)  # right by the way it is built
    workforce.services.update(
        {n: t for n, t in source.services.items() if n in set(workforce.posts["service"])}
    )
    _check_roles(workforce, scenario, place)
    return workforce


def _check_roles(workforce: Workforce, scenario: Scenario, place: str) -> None:
    unknown = sorted(set(workforce.posts["role"].unique()) - set(scenario.roles))
    if unknown:
        known = ", ".join(name for name in scenario.roles if name != "*")
        raise InputError(
            place, f"posts have roles the scenario lacks: {', '.join(unknown)}; it has {known}"
        )
