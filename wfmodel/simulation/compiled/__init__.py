"""The compiled simulation: the same ledger as the reference, from one event loop in Numba."""

from __future__ import annotations

from wfmodel.simulation.compiled.simulate import simulate

__all__ = ["simulate"]
