"""The opening workforce of a scenario, from whichever of the three sources it names."""

from __future__ import annotations

from wfmodel.errors import InputError
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce.extract import read_tables
from wfmodel.workforce.groups import workforce_from_groups
from wfmodel.workforce.synthesis import synthesise
from wfmodel.workforce.tables import Workforce


def load_workforce(scenario: Scenario) -> Workforce:
    """The opening workforce, checked; raises `InputError` with every problem found."""
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
