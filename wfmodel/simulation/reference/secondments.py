"""Secondments: people who go to a partner for a time, and keep their post."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from wfmodel import draws
from wfmodel.scenario.policies import Secondment
from wfmodel.simulation.order import ENTRY
from wfmodel.simulation.parameters import lengths
from wfmodel.simulation.reference.absences import Terms
from wfmodel.simulation.reference.clock import Steps
from wfmodel.simulation.reference.state import Person
from wfmodel.simulation.reference.vacancies import is_settled
from wfmodel.units import DAY, MONTH

if TYPE_CHECKING:
    from wfmodel.simulation.reference.council import Council


class Secondments:
    """All policies by which people are seconded."""

    def __init__(self, council: Council) -> None:
        self.council = council

    def start(self) -> None:
        """Wait for each policy's start; one from before the run's start is over."""
        inputs = self.council.inputs
        for name, policy in sorted(inputs.scenario.policies.items()):
            if isinstance(policy, Secondment):
                first = 0 if policy.start is None else inputs.calendar.seconds(policy.start)
                if first >= 0:
                    self.council.clock.process(self.second(name, policy, first))

    def second(self, name: str, policy: Secondment, first: int) -> Steps:
        """On its day, so many of those settled in scope go, by keyed draw."""
        council = self.council
        key = draws.text_key(name)
        yield council.clock.at(first, ENTRY, int(draws.text_key(f"secondment/{name}")))
        scope = council.inputs.in_scope(policy.services, policy.roles)
        able = [
            (council.chance("secondment", draws.join(key, person.key)), person.order, person)
            for role in council.staff.holders
            for person in role.values()
            if scope[person.cell] and is_settled(person)
        ]
        for *_, person in sorted(able, key=lambda row: row[:2])[: policy.heads]:
            council.absences.go(person, self._terms(name, key, person), council.now, None)
        council.settle_soon()

    def _terms(self, name: str, key: np.uint64, person: Person) -> Terms:
        view, path = self.council.parameters.view, f"policies.{name}"
        return Terms(
            cause="secondment", stream="secondment",
            key=draws.join(draws.join(key, person.key), np.uint64(1)),
            months=lengths(f"{path}.months", 0.0, MONTH, view),
            returns=view.get(f"{path}.return_probability", 1.0),
            share=math.floor(view.get(f"{path}.partner_pays", 1.0) * 1000 + 0.5),
            covered=view.get(f"{path}.cover.probability", 0.0),
            lag=lengths(f"{path}.cover.lag_days", 0.0, DAY, view),
        )  # fmt: skip
