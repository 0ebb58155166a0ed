"""Groups: the parts of the council by which measures are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from wfmodel.scenario.schema import Scenario
from wfmodel.simulation.inputs import Inputs

CELL_DIMENSIONS = ("council", "service", "role", "service_role")
PEOPLE_DIMENSIONS = ("sex", "ethnicity", "disability", "age_band")
FUNDING, PIPELINE, GRADE = "funding", "pipeline", "grade"
MANAGERS = "managers"
ALL = "all"
NOT_STATED = "not_stated"
AGE_EDGES = (25, 35, 45, 55, 65)
AGE_BANDS = ("under_25", "25_to_34", "35_to_44", "45_to_54", "55_to_64", "65_and_over")
"""Age bands of the census, closed below."""


REACH = {
    "council": ("council",),
    "services": ("council", "service"),
    "pipelines": ("council", PIPELINE),
    "cells": CELL_DIMENSIONS,
    "money": (*CELL_DIMENSIONS, FUNDING),
    "members": (*CELL_DIMENSIONS, FUNDING, *PEOPLE_DIMENSIONS[:3]),
    "people": (*CELL_DIMENSIONS, FUNDING, *PEOPLE_DIMENSIONS),
    "represented": (*CELL_DIMENSIONS, GRADE),
}
"""The dimensions by which something exists. The groups of a reach are the first ones of every
reach that goes further, so that values by the further reach begin with those by the nearer."""


@dataclass(frozen=True)
class Groups:
    """Every (dimension, group) in order, and where each stands.

    ``members`` are the full cell numbers of the groups made of cells; groups of people have none.
    """

    keys: tuple[tuple[str, str], ...]
    members: tuple[np.ndarray | None, ...]

    @classmethod
    def of(cls, inputs: Inputs, measures: Iterable[str] = ()) -> Groups:
        """The council, what ``run.detail`` and the targets' scopes ask for, and the grades that
        targets and ``measures`` name."""
        scenario = inputs.scenario
        wanted = dimensions(scenario)
        keys: list[tuple[str, str]] = []
        members: list[np.ndarray | None] = []
        cells = np.arange(inputs.cells)
        service, role = cells // len(inputs.roles), cells % len(inputs.roles)
        scopes = [target.scope for target in scenario.targets.values()]

        def add(dimension: str, group: str, of: np.ndarray | None) -> None:
            keys.append((dimension, group))
            members.append(of)

        add("council", ALL, cells)
        for number, name in enumerate(inputs.services):
            if "service" in wanted or any(s.service == name for s in scopes):
                add("service", name, cells[service == number])
        for number, name in enumerate(inputs.roles):
            if "role" in wanted or any(s.role == name for s in scopes):
                add("role", name, cells[role == number])
        if "service_role" in wanted:
            for cell in sorted(_cells(inputs)):
                add("service_role", inputs.names.place(cell), cells[cell : cell + 1])
        if len(inputs.fundings) > 1:
            for name in inputs.fundings:
                add(FUNDING, name, None)
        for dimension in PEOPLE_DIMENSIONS:
            if dimension in wanted:
                for name in people_groups(inputs, dimension):
                    add(dimension, name, None)
        named = [*(target.measure for target in scenario.targets.values()), *measures]
        for grade, of_grade in _graded(inputs, named).items():
            add(GRADE, grade, cells[of_grade[role]])
        for name in scenario.pipelines:
            add(PIPELINE, name, None)
        return cls(tuple(keys), tuple(members))

    def within(self, reach: str) -> list[int]:
        """Where the groups of a reach stand, in order."""
        return [n for n, key in enumerate(self.keys) if key[0] in REACH[reach]]

    def size(self, reach: str) -> int:
        """How many groups a reach has."""
        return len(self.within(reach))

    def first(self, reach: str, dimension: str) -> int | None:
        """The place of a dimension's first group among those of a reach; None where none is
        kept."""
        here = [self.keys[n][0] for n in self.within(reach)]
        return here.index(dimension) if dimension in here else None

    def place(self, reach: str, dimension: str, group: str) -> int:
        """The place of a group among those of a reach; ValueError where it is not kept."""
        return [self.keys[n] for n in self.within(reach)].index((dimension, group))


def _cells(inputs: Inputs) -> set[int]:
    """Cells that have posts, or may come to have them."""
    scenario = inputs.scenario
    cells = set(inputs.posts.cell.tolist())
    cells.update(
        inputs.cell(c.service, c.role) for e in scenario.change_events.values() for c in e.create
    )
    for pipeline in scenario.pipelines.values():
        after = pipeline.newly_qualified
        for service in (pipeline.service, *(pipeline.target_services or [])):
            cells.add(inputs.cell(service, pipeline.target_role))
            if after is not None and after.step_up_to is not None:
                cells.add(inputs.cell(service, after.step_up_to))
        cells.add(inputs.cell(pipeline.service, pipeline.trainee_role or pipeline.target_role))
    steps = {name: role.push.to for name, role in scenario.roles.items() if role.push is not None}
    for cell in list(cells):  # posts rise with who progresses in them, step by step
        service, role = divmod(cell, len(inputs.roles))
        name = inputs.roles[role]
        for _ in steps:
            name = steps.get(name, name)
            cells.add(inputs.cell(inputs.services[service], name))
    return cells


def _graded(inputs: Inputs, measures: Iterable[str]) -> dict[str, np.ndarray]:
    """Which roles are managers', or at or above each grade that a measure names, bool [roles]."""
    roles = [inputs.scenario.roles[name] for name in inputs.roles]
    graded = {MANAGERS: np.array([bool(role.manager) for role in roles])}
    for measure in measures:
        _, _, grade = measure.partition("_share_grade_")
        if grade.isdigit():
            graded[grade] = np.array([(role.grade or 0) >= int(grade) for role in roles])
    return graded


def dimensions(scenario: Scenario) -> list[str]:
    """The dimensions that a run keeps; the council always."""
    return list(dict.fromkeys(["council", *scenario.run.detail]))


def people_groups(inputs: Inputs, dimension: str) -> tuple[str, ...]:
    """The groups of a dimension of people; for a characteristic the last is those who did not
    state it.
    """
    if dimension == "age_band":
        return AGE_BANDS
    return (*inputs.characteristics[dimension], NOT_STATED)
