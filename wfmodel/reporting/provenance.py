"""Provenance: what made a report, from what, when; and the writing of its results."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from wfmodel.reporting import assuring, words
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.outline import Outline
from wfmodel.reporting.tables import Table
from wfmodel.results import store
from wfmodel.scenario.showing import STATUS


def written(facts: Facts, run_dir: str = "") -> Table:
    """What the report was made from. With a ``run_dir``, the results are written there first.

    The manifest goes last: where it stands, everything before it was reached.
    """
    if run_dir:
        Outline.of(facts).write(Path(run_dir))
        store.write_run(Path(run_dir), facts.results, facts.name)
    scenario, run = facts.scenario, facts.results.run(facts.name)
    workforce = facts.results.inputs(facts.name).workforce
    rows = {
        "Status": STATUS[scenario.status],
        "Scenario": f"{scenario.title} ({scenario.name})",
        "Compared with": facts.base.scenario.title if facts.base else "nothing",
        "Data": ", ".join(path.name for path in workforce.input_files) or "the scenario itself",
        "Date of the data": assuring.data_day(facts),
        "First day": words.day(facts.start),
        "Last day": facts.closing_day,
        "Futures (replications)": words.number(len(facts.paths("fte"))),
        "Seed": str(run.seed),
        "Time to simulate": f"{words.number(run.seconds, 1)} seconds",
        "Made on": f"{words.day(dt.datetime.now(dt.UTC).date())}",
        "Version": f"wfmodel {version('wfmodel')}",
        "Assured by": assuring.assurer(facts),
    }
    frame = pd.DataFrame({"What": list(rows), "Value": list(rows.values())})
    return Table(frame, "What this report was made from")
