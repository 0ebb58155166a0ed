"""Kernel: what runs before the explorer's notebook asks for it, then runs the notebook.

Given a scenario, it is found and checked first. Where it is, or what is wrong with it, goes to
standard output as a pickle; then comes all that takes long; then, from standard input, which kernel
to be.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from wfmodel.batch.ready import reportable
from wfmodel.reporting.places import located
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario


def main(path: str) -> None:
    """Check the scenario, make ready, and be a kernel."""
    try:
        found = located(path)
        scenario = load_scenario(found)
        reportable(scenario)
    except Exception as error:  # whoever started us says it
        _tell(error)
        return
    _tell(found)
    _make_ready(scenario)
    try:
        asked = pickle.load(sys.stdin.buffer)
    except EOFError:  # nobody is there any more
        return
    _serve(**asked)


def _tell(found: Path | Exception) -> None:
    pickle.dump(found, sys.stdout.buffer)
    sys.stdout.flush()


def _make_ready(scenario: Scenario) -> None:
    """Import what the notebook will, and load or compile what it computes with."""
    from ipykernel import ipkernel, kernelapp  # noqa: F401 - before widgets, which talk through it

    import wfmodel.exploring.view.explorer  # noqa: F401
    from wfmodel.exploring.futures import Futures
    from wfmodel.exploring.shown import MEASURES

    Futures(scenario, MEASURES).extend(1)


def _serve(connection: str, cwd: str, env: dict[str, str]) -> None:
    """Be the kernel of a connection until it is told to stop."""
    import ipywidgets
    from ipykernel.kernelapp import IPKernelApp

    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody reads what it was
    os.environ.update(env)
    os.chdir(cwd)
    app = IPKernelApp.instance()
    app.initialize(["-f", connection])
    ipywidgets.load_ipython_extension(app.shell)  # it was imported where there was none yet
    app.start()


if __name__ == "__main__":
    main(sys.argv[1])
