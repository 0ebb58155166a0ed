"""Workforce modelling for UK councils: who leaves, who joins, what it costs, and how sure we are.

>>> import wfmodel as wf
>>> base = wf.load_scenario("scenarios/colchester/baseline.yaml")  # doctest: +SKIP
>>> results = wf.run([base], replications=1000)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wfmodel.analysis import check_figures, find_value
    from wfmodel.errors import InputError
    from wfmodel.experiment import run, trace
    from wfmodel.results.measures import MEASURES
    from wfmodel.results.results import Results
    from wfmodel.results.store import open_results, write_run
    from wfmodel.scenario.reading import load_scenario
    from wfmodel.scenario.schema import Scenario
    from wfmodel.workforce import Workforce, load_workforce

__version__ = version("wfmodel")

_PUBLIC = {
    "InputError": "wfmodel.errors",
    "MEASURES": "wfmodel.results.measures",
    "Results": "wfmodel.results.results",
    "Scenario": "wfmodel.scenario.schema",
    "Workforce": "wfmodel.workforce",
    "load_scenario": "wfmodel.scenario.reading",
    "check_figures": "wfmodel.analysis",
    "find_value": "wfmodel.analysis",
    "load_workforce": "wfmodel.workforce",
    "open_results": "wfmodel.results.store",
    "run": "wfmodel.experiment",
    "trace": "wfmodel.experiment",
    "write_run": "wfmodel.results.store",
}

__all__ = [
    "MEASURES", "InputError", "Results", "Scenario", "Workforce", "__version__", "check_figures",
    "find_value",    "load_scenario", "load_workforce", "open_results", "run", "trace", "write_run",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: the command line stays quick."""
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'wfmodel' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
