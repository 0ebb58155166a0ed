"""Time, cells, groups and people, as places in the arrays of a fold."""

from __future__ import annotations

import numpy as np

from wfmodel.results.fold import costs, flows, places, replay
from wfmodel.results.fold.sheet import Sheet
from wfmodel.results.groups import (
    AGE_EDGES,
    FUNDING,
    PEOPLE_DIMENSIONS,
    Groups,
    people_groups,
)
from wfmodel.simulation.inputs import CHARACTERISTICS, Inputs
from wfmodel.simulation.ledger import KINDS
from wfmodel.simulation.months import month_shares, years_of_months
from wfmodel.units import DAY

MOST_GROUPS = places.CELL_WIDTH - places.GROUP
"""Groups of cells that one cell is in: the council, its service, its role, and itself."""


def lower_time(sheet: Sheet, inputs: Inputs) -> None:
    """The calendar: months, Aprils and financial years."""
    m, calendar, aprils = sheet.m, inputs.calendar, inputs.aprils
    starts = calendar.month_starts
    m[places.ENDS], m[places.WIDE] = starts.size, starts.size + 1
    m[places.HORIZON], m[places.START_DAY] = calendar.horizon, calendar.start_day
    m[places.START_MONTH] = 12 * calendar.start.year + calendar.start.month
    m[places.STARTS] = sheet.whole(starts)
    days = np.arange(calendar.horizon // DAY) * DAY
    m[places.MONTH_OF_DAY] = sheet.whole(np.searchsorted(starts, days, side="right"))
    m[places.APRILS], m[places.APRIL_COUNT] = sheet.whole(aprils), aprils.size
    edges = np.concatenate([[0], aprils, [calendar.horizon]])
    m[places.EDGES] = sheet.whole(edges)
    m[places.EDGE_ENDS] = sheet.whole(np.searchsorted(starts, edges, side="right"))
    begins = np.concatenate([[0], starts[:-1]])
    m[places.STRETCH_OF_MONTH] = sheet.whole(np.searchsorted(aprils, begins, side="right"))
    years = years_of_months(calendar)
    m[places.YEARS], m[places.YEAR_AT] = np.unique(years).size, sheet.whole(np.unique(years))
    m[places.YEAR_OF_MONTH] = sheet.whole(years - years[0])
    m[places.SECONDS_OF_MONTH] = sheet.whole(np.diff(starts, prepend=starts[0]))
    m[places.LENGTHS] = sheet.others(month_shares(calendar))


def lower_movements(sheet: Sheet, wanted: set[str]) -> None:
    """What each kind of movement does, whether it costs something, and what it counts as."""
    costly = {kind: not wanted.isdisjoint(told) for kind, told in costs.PRICED.items()}
    sheet.m[places.ACTS] = sheet.whole(
        number
        for kind in KINDS
        for number in (replay.ACTS.get(kind, replay.COUNTS), costly.get(kind, False))
    )
    sheet.m[places.FLOWS] = sheet.whole(flows.table())
    sheet.m[places.FLOW_AT] = sheet.whole(flows.records(wanted))


def lower_cells(sheet: Sheet, inputs: Inputs, groups: Groups) -> None:
    """Every cell with its role and its groups."""
    m, scenario = sheet.m, inputs.scenario
    roles = [scenario.roles[name] for name in inputs.roles]
    feeding = {name for role in roles if role.manager for name in role.feeds_from or []}
    of_cell = _members(inputs, groups, "cells", 0)
    of_grade = _members(inputs, groups, "represented", groups.size("cells"))
    exits, demands = _exits(inputs), {name: n for n, name in enumerate(scenario.demand)}
    supervising = supervisors(inputs)
    records = []
    for cell in range(inputs.cells):
        service, role = divmod(cell, len(inputs.roles))
        name = inputs.roles[role]
        own = [*of_cell[cell], *[0] * (MOST_GROUPS - len(of_cell[cell]))]
        records += [
            role, inputs.role_point_low[role], inputs.role_point_high[role],
            bool(roles[role].manager), name in feeding, exits[cell],
            demands.get(inputs.services[service], -1),
            supervising.index(name) if name in supervising else -1,
            len(of_grade[cell]), sheet.whole(of_grade[cell]), len(of_cell[cell]), *own,
        ]  # fmt: skip
    m[places.CELLS], m[places.ROLES] = inputs.cells, len(roles)
    m[places.CELL_AT] = sheet.whole(records)
    m[places.LIST] = sheet.whole([0] * places.LIST_WIDTH)
    m[places.SERVICE_GROUPS] = groups.size("services")
    m[places.CELL_GROUPS] = groups.size("cells")
    m[places.MONEY_GROUPS] = groups.size("money")


def _members(inputs: Inputs, groups: Groups, reach: str, first: int) -> list[list[int]]:
    """By cell, which groups of a reach it is in, from the ``first`` on."""
    found: list[list[int]] = [[] for _ in range(inputs.cells)]
    for place, number in enumerate(groups.within(reach)):
        members = groups.members[number]
        if place >= first and members is not None:
            for cell in members.tolist():
                found[cell].append(place)
    return found


def _exits(inputs: Inputs) -> np.ndarray:
    """The first change event by which the staff of each cell may go voluntarily, −1 for none."""
    found = np.full(inputs.cells, -1, dtype=np.int64)
    for number, event in enumerate(inputs.scenario.change_events.values()):
        if event.voluntary is not None:
            scope = inputs.in_scope(event.services, event.roles)
            found[scope & (found < 0)] = number
    return found


def supervisors(inputs: Inputs) -> list[str]:
    """The roles that supervise in any pipeline, each once."""
    pipelines = inputs.scenario.pipelines.values()
    named = [p.supervision.roles if p.supervision else [] for p in pipelines]
    return list(dict.fromkeys(name for names in named for name in names))


def lower_people(sheet: Sheet, inputs: Inputs, groups: Groups) -> None:
    """Characteristics, contracts and ages: which groups people are in, and who is measured."""
    m, labels = sheet.m, inputs.characteristics
    own = []
    for dimension in PEOPLE_DIMENSIONS[:3]:
        first = groups.first("people", dimension)
        own += [-1 if first is None else first, len(people_groups(inputs, dimension))]
    m[places.OWN] = sheet.whole(own)
    named = _labels_of_interest(labels)
    for k, name in enumerate(CHARACTERISTICS):
        m[places.HAVING + k] = sheet.flags(n in named[name] for n in range(len(labels[name])))
    men = [n for n, x in enumerate(labels["sex"]) if x in ("male", "m", "man", "men")]
    women = named["sex"]
    m[places.MAN], m[places.WOMAN] = men[0] if men else -1, women[0] if women else -1
    m[places.CONTRACTS] = sheet.whole(inputs.people.contract)
    for place, dimension in ((places.FUNDINGS, FUNDING), (places.AGES, "age_band")):
        first = groups.first("people", dimension)
        m[place] = -1 if first is None else first
    m[places.AGE_EDGES] = sheet.whole(AGE_EDGES)


def _labels_of_interest(labels: dict[str, tuple[str, ...]]) -> dict[str, list[int]]:
    """Codes of female, ethnic minority and disabled among each characteristic's labels."""
    white = [x for x in labels["ethnicity"] if x.startswith("white")]
    return {
        "sex": [n for n, x in enumerate(labels["sex"]) if x in ("female", "f", "woman", "women")],
        "ethnicity": [
            n
            for n, x in enumerate(labels["ethnicity"])
            if "minority" in x or (white and x not in white)
        ],
        "disability": [
            n for n, x in enumerate(labels["disability"]) if x in ("disabled", "yes", "y")
        ],
    }
