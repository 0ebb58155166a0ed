"""One replication while it is folded: its ledger, replayed and weighed once for all that is
counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfmodel.results.counts import Counted
from wfmodel.results.payroll import Payroll, award_factors, month_factors, payroll
from wfmodel.results.spells import Spells, replay
from wfmodel.results.stocks import Weights
from wfmodel.scenario.unknowns import View
from wfmodel.simulation.inputs import Inputs
from wfmodel.simulation.ledger import Ledger


@dataclass(frozen=True)
class Replication:
    """What every statistic is counted from.

    ``factors`` is what pay awards multiply pay by, by stretch between Aprils; ``by_month`` by
    month, [months + 1].
    """

    inputs: Inputs
    view: View
    ledger: Ledger
    spells: Spells
    weights: Weights
    counted: Counted
    payroll: Payroll
    factors: np.ndarray
    by_month: np.ndarray

    @classmethod
    def of(cls, inputs: Inputs, vector: np.ndarray, ledger: Ledger) -> Replication:
        """Replay a ledger; ``vector`` holds the replication's drawn numbers."""
        view = inputs.numbers.view(vector)
        spells = replay(inputs, ledger)
        weights = Weights.of(inputs, ledger, spells)
        factors = award_factors(inputs, view)
        return cls(
            inputs=inputs,
            view=view,
            ledger=ledger,
            spells=spells,
            weights=weights,
            counted=Counted.of(ledger, spells, weights),
            payroll=payroll(inputs, view, ledger, spells, factors),
            factors=factors,
            by_month=month_factors(inputs, factors),
        )

    @property
    def months(self) -> int:
        """Number of month ends, the start included."""
        return self.inputs.calendar.months + 1
