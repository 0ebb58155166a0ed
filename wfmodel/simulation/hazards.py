"""The hazards of leaving in one replication: roles, bands, policies, change and turnover."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from wfmodel.errors import InputError
from wfmodel.flows import attrition
from wfmodel.rates.turnover import resignation_scale
from wfmodel.scenario.policies import Retention
from wfmodel.scenario.roles import Bands
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.segments import covers, span
from wfmodel.simulation.slots import Hazards, Slots
from wfmodel.units import YEAR, birthday

DESTINATIONS = ("other_council", "agency", "out_of_profession")
CAUSES = (*DESTINATIONS, "retirement", "other")


class Rates(NamedTuple):
    """What attrition reads; see `wfmodel.flows.attrition`.

    ``factor`` [causes, cells, segments]; ``resignation`` [roles, 3]; ``other`` [roles];
    ``retirement`` and ``age_multiplier`` [roles, age bands]; ``service_multiplier`` [roles,
    service bands]; edges in seconds of service and in years of age; ``segment_start`` in seconds.
    """

    factor: np.ndarray
    resignation: np.ndarray
    other: np.ndarray
    retirement: np.ndarray
    service_multiplier: np.ndarray
    age_multiplier: np.ndarray
    service_bands: np.ndarray
    service_edge: np.ndarray
    age_bands: np.ndarray
    age_edge: np.ndarray
    segment_start: np.ndarray


class Leaving:
    """Where the numbers of leaving stand, and whom each policy and change reaches."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        numbers = inputs.numbers
        roles = [inputs.scenario.roles[name] for name in inputs.roles]
        paths = [f"roles.{name}.attrition" for name in inputs.roles]
        each = [(role.attrition, path) for role, path in zip(roles, paths, strict=True)]
        self._base = Hazards(
            numbers, [(a.resignation if a else None, f"{p}.resignation") for a, p in each]
        )
        self._other = Hazards(numbers, [(a.other if a else None, f"{p}.other") for a, p in each])
        weights = [(f"{p}.destinations.{d}", 0.0) for p in paths for d in DESTINATIONS]
        self._weights = Slots(numbers, weights, (len(roles), len(DESTINATIONS)))
        self._lower_service([(a.service_bands if a else {}) for a, _ in each], paths)
        self._lower_ages(paths)
        self._passing = Slots(
            numbers,
            [(f"roles.{name}.probation.pass_probability", 1.0) for name in inputs.roles],
            (len(roles),),
        )
        self._multipliers = [*self._retention(), *self._change()]
        turnover = inputs.scenario.workforce.turnover
        self._turnover = None
        if turnover is not None:
            self._turnover = Hazards(numbers, [(turnover.rate, "workforce.turnover.rate")])
            self._opening = self._bands_at_start()

    def rates(self, vector: np.ndarray, leaving: np.ndarray) -> Rates:
        """The rates of one replication; ``leaving`` is the market's factor [cells, segments]."""
        inputs = self.inputs
        factor = np.ones((attrition.CAUSES, *leaving.shape))
        factor[: attrition.RETIREMENT] = leaving
        flat = factor.reshape(-1)
        for slot, cells in self._multipliers:
            multiplier = vector[slot]
            if multiplier != 1.0:
                flat[cells] *= multiplier
        rates = Rates(
            factor,
            self._resignation(vector),
            self._other.read(vector),
            self._retirement.read(vector),
            self._service.read(vector),
            self._age.read(vector),
            self._service_bands,
            self._service_edge,
            self._age_bands,
            self._age_edge,
            inputs.segment_start,
        )
        return rates if self._turnover is None else self._calibrated(vector, rates)

    def _resignation(self, vector: np.ndarray) -> np.ndarray:
        """Hazards of resigning by destination; all out of the profession where no weight is
        given."""
        base, weights = self._base.read(vector), self._weights.read(vector)
        total = weights[:, 0] + weights[:, 1] + weights[:, 2]
        split = total > 0
        found = np.zeros_like(weights)
        found[:, 2] = base
        found[split] = base[split, None] * weights[split] / total[split, None]
        return found

    def _lower_service(self, bands: list[Bands], paths: list[str]) -> None:
        wide = max(1, *(len(b) for b in bands))
        edges = np.zeros((len(bands), wide), dtype=np.int64)
        wanted: list[tuple[str, float]] = []
        for row, (given, path) in enumerate(zip(bands, paths, strict=True)):
            edges[row, : len(given)] = list(given)
            wanted += [(f"{path}.service_bands.{edge}", 1.0) for edge in given]
            wanted += [("", 1.0)] * (wide - len(given))
        self._service = Slots(self.inputs.numbers, wanted, edges.shape)
        self._service_edge = (edges * YEAR).astype(np.int64)
        self._service_bands = np.array([max(1, len(b)) for b in bands])

    def _lower_ages(self, paths: list[str]) -> None:
        roles = [self.inputs.scenario.roles[name] for name in self.inputs.roles]
        ages = [
            sorted({0, *r.attrition.age_bands, *r.attrition.retirement}) if r.attrition else [0]
            for r in roles
        ]
        wide = max(map(len, ages))
        self._age_edge = np.zeros((len(roles), wide), dtype=np.int64)
        self._age_bands = np.array([len(a) for a in ages])
        retirement: list[tuple[str, float]] = []
        multiplier: list[tuple[str, float]] = []
        for row, (role, edges, path) in enumerate(zip(roles, ages, paths, strict=True)):
            self._age_edge[row, : len(edges)] = edges
            own = role.attrition
            for edge in edges:
                retirement.append(
                    _at(own.retirement if own else {}, edge, f"{path}.retirement", 0.0)
                )
                multiplier.append(_at(own.age_bands if own else {}, edge, f"{path}.age_bands", 1.0))
            retirement += [("", 0.0)] * (wide - len(edges))
            multiplier += [("", 1.0)] * (wide - len(edges))
        shape = self._age_edge.shape
        self._retirement = Slots(self.inputs.numbers, retirement, shape)
        self._age = Slots(self.inputs.numbers, multiplier, shape)

    def _places(self, causes: np.ndarray, scope: np.ndarray, during: np.ndarray) -> np.ndarray:
        """Where causes, cells and segments stand in the table of factors, laid out flat."""
        shape = (attrition.CAUSES, self.inputs.cells, during.size)
        table = np.arange(math.prod(shape)).reshape(shape)
        return table[np.ix_(causes, scope, during)].ravel()

    def _retention(self) -> list[tuple[int, np.ndarray]]:
        inputs, found = self.inputs, []
        for name, policy in inputs.scenario.policies.items():
            if isinstance(policy, Retention):
                slot = inputs.numbers.index[f"policies.{name}.hazard_multiplier"]
                during = covers(
                    inputs.segment_start, *span(inputs.calendar, policy.start, policy.end)
                )
                scope = inputs.in_scope(policy.services, policy.roles)
                causes = np.array([CAUSES.index(cause) for cause in policy.causes or DESTINATIONS])
                found.append((slot, self._places(causes, scope, during)))
        return found

    def _change(self) -> list[tuple[int, np.ndarray]]:
        inputs, found = self.inputs, []
        for name, event in inputs.scenario.change_events.items():
            slot = inputs.numbers.index.get(f"change_events.{name}.leaving_multiplier")
            if slot is None:
                continue
            first, last = span(
                inputs.calendar, event.announced or event.implemented, event.implemented
            )
            scope = inputs.in_scope(event.services, event.roles)
            if isinstance(event.posts, list):
                rows = [inputs.names.posts.index(post) for post in event.posts]
                scope = np.isin(np.arange(inputs.cells), inputs.posts.cell[rows])
            during = covers(inputs.segment_start, first, last)
            found.append((slot, self._places(np.arange(attrition.RETIREMENT), scope, during)))
        return found

    def _calibrated(self, vector: np.ndarray, rates: Rates) -> Rates:
        """The rates with resignations scaled to the published turnover."""
        inputs = self.inputs
        turnover = inputs.scenario.workforce.turnover
        assert turnover is not None
        assert self._turnover is not None
        role, service, age = self._opening
        if role.size == 0:
            return rates
        resigning = rates.resignation.sum(axis=1)[role]
        resigning = (
            resigning * rates.service_multiplier[role, service] * rates.age_multiplier[role, age]
        )
        others = rates.retirement[role, age] + rates.other[role]
        ends = inputs.people.contract_end
        fixed_terms = float(np.count_nonzero((ends >= 0) & (ends < YEAR)))
        passing = self._passing.read(vector)[role]
        whole = turnover.measured_as == "all_leavers"
        try:
            scale = resignation_scale(
                float(self._turnover.read(vector)[0]),
                role.size,
                math.fsum(resigning),
                math.fsum(others) + fixed_terms if whole else 0.0,
                math.fsum(passing) / role.size if whole and role.size else 1.0,
            )
        except ValueError as error:
            place = f"{inputs.scenario.path or inputs.scenario.name}: workforce.turnover"
            raise InputError(place, str(error)) from None
        return rates._replace(resignation=rates.resignation * scale)

    def _bands_at_start(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Role, service band and age band of each opening person in post."""
        inputs = self.inputs
        person, first = np.unique(inputs.assignments.person, return_index=True)
        role = inputs.posts.cell[inputs.assignments.post[first]] % len(inputs.roles)
        served = -inputs.people.service_start[person]
        service = np.zeros(person.size, dtype=np.int64)
        age = np.zeros(person.size, dtype=np.int64)
        for k in range(1, self._service_edge.shape[1]):
            service += (k < self._service_bands[role]) & (served >= self._service_edge[role, k])
        start = inputs.calendar.start_day
        years = np.array(
            [_age(day, start) for day in inputs.people.birth_day[person].tolist()], dtype=np.int64
        )
        for k in range(1, self._age_edge.shape[1]):
            age += (k < self._age_bands[role]) & (years >= self._age_edge[role, k])
        return role, service, age


def _at(bands: Bands, edge: int, path: str, default: float) -> tuple[str, float]:
    """The path of the band in force at an age, and its default."""
    below = [e for e in bands if e <= edge]
    return (f"{path}.{max(below)}", default) if below else ("", default)


def _age(birth_day: int, day: int) -> int:
    years = (day - birth_day) // 365
    return years if birthday(birth_day, years) <= day else years - 1
