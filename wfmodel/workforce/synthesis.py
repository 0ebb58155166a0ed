"""An opening workforce synthesised to published margins."""

from __future__ import annotations

from pathlib import Path

from wfmodel.errors import InputError
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce.tables import Workforce


def synthesise(path: Path, scenario: Scenario) -> Workforce:
    raise InputError(str(path), "synthesis is not there yet")
