"""Experiments: scenarios run many times on common luck, over the machine's cores or a cluster.

A replication is a pure function of (scenario, seed, replication number), so results are the same
for any number of jobs and any order. What grows with the number of replications are measures,
never movements.
"""

from wfmodel.experiment.asked import Wanted, check, kept
from wfmodel.experiment.experiment import run, trace
from wfmodel.experiment.replications import block
from wfmodel.experiment.simulations import DEFAULT, SIMULATIONS, simulation_named

__all__ = [
    "DEFAULT",
    "SIMULATIONS",
    "Wanted",
    "block",
    "check",
    "kept",
    "run",
    "simulation_named",
    "trace",
]
