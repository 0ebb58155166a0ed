"""Which cells are alike: those that no policy, change event or market group tells apart."""

from __future__ import annotations

import numpy as np

from wfmodel.scenario.policies import AgencyControl, RecruitmentEffort, Retention
from wfmodel.simulation.inputs import Inputs


def rows_of_cells(inputs: Inputs) -> np.ndarray:
    """The row of each cell in tables of what policies, change and the market do, int64 [cells].

    Cells share a row where all of these treat them alike.
    """
    scopes = [np.tile(inputs.market_groups, len(inputs.services))]
    for policy in inputs.scenario.policies.values():
        if isinstance(policy, Retention | RecruitmentEffort | AgencyControl):
            scopes.append(inputs.in_scope(policy.services, policy.roles))
    for event in inputs.scenario.change_events.values():
        scopes.append(inputs.cells_of_event(event))
    columns = np.stack([scope.astype(np.int64) for scope in scopes], axis=1)
    return np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
