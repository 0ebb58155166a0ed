"""Groups: the parts of the council by which measures are kept."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Groups:
    """Every (dimension, group) in order, and where each stands.

    ``members`` are the full cell numbers of the groups made of cells; groups of people have none.
    """

    keys: tuple[tuple[str, str], ...]
    members: tuple[np.ndarray | None, ...]

    @classmethod
    def of(cls, inputs: Inputs) -> Groups:
        """The council, and what ``run.detail`` and the targets' scopes ask for."""
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
        for dimension in PEOPLE_DIMENSIONS:
            if dimension in wanted:
                for name in people_groups(inputs, dimension):
                    add(dimension, name, None)
        for grade, of_grade in _graded(inputs).items():
            add(GRADE, grade, cells[of_grade[role]])
        for name in scenario.pipelines:
            add(PIPELINE, name, None)
        if len(inputs.fundings) > 1:
            for name in inputs.fundings:
                add(FUNDING, name, None)
        return cls(tuple(keys), tuple(members))

    def find(self, dimension: str, group: str) -> list[int]:
        """Where a group stands, or nothing where it is not kept."""
        return [n for n, key in enumerate(self.keys) if key == (dimension, group)]

    def index(self, dimension: str, group: str) -> int:
        """Where a group stands; KeyError where it is not kept."""
        return self.keys.index((dimension, group))

    def of_dimension(self, dimension: str) -> list[int]:
        """Where the groups of a dimension stand."""
        return [n for n, key in enumerate(self.keys) if key[0] == dimension]

    def mask(self, dimensions: tuple[str, ...]) -> np.ndarray:
        """Which groups belong to one of the dimensions, bool [groups]."""
        return np.array([key[0] in dimensions for key in self.keys])


def _cells(inputs: Inputs) -> set[int]:
    """Cells that have posts, or may come to have them."""
    scenario = inputs.scenario
    cells = set(inputs.posts.cell.tolist())
    cells.update(
        inputs.cell(c.service, c.role) for e in scenario.change_events.values() for c in e.create
    )
    for pipeline in scenario.pipelines.values():
        for service in (pipeline.service, *(pipeline.target_services or [])):
            cells.add(inputs.cell(service, pipeline.target_role))
        cells.add(inputs.cell(pipeline.service, pipeline.trainee_role or pipeline.target_role))
    return cells


def _graded(inputs: Inputs) -> dict[str, np.ndarray]:
    """Which roles are managers', or at or above each grade that a target names, bool [roles]."""
    roles = [inputs.scenario.roles[name] for name in inputs.roles]
    graded = {MANAGERS: np.array([bool(role.manager) for role in roles])}
    for target in inputs.scenario.targets.values():
        _, _, grade = target.measure.partition("_share_grade_")
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
