"""Comparing scenarios: run side by side on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from wfmodel import experiment
from wfmodel.batch.output import inert, new_folder, write_atomically
from wfmodel.batch.ready import reportable
from wfmodel.errors import InputError
from wfmodel.reporting import differing, goals, page, site
from wfmodel.reporting.block import paragraph
from wfmodel.reporting.disclosure.files import flows_hidden
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.outline import Outline
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.showing import STATUS


def weakest_status(statuses: Sequence[str]) -> str:
    """What a page over several scenarios may claim: no more than the least settled of them."""
    order = list(STATUS)
    return STATUS[min(statuses, key=order.index)]


def compare_scenarios(
    base: Path,
    alternatives: Sequence[Path],
    out: Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Run scenarios on the same luck; write comparison.csv, targets.csv and comparison.html.

    Raises `InputError` where two have one name, or where they do not start and end together.
    """
    scenarios = [load_scenario(path) for path in (base, *alternatives)]
    names = [scenario.name for scenario in scenarios]
    for place, scenario in enumerate(scenarios):
        if scenario.name in names[:place]:
            what = f"{scenario.name} stands for another scenario too"
            raise InputError(scenario.where("name"), what)
        if scenario.horizon != scenarios[0].horizon:
            what = f"differs from that of {base}; only equal ones can be compared"
            raise InputError(scenario.where("horizon"), what)
        reportable(scenario)
    first_run = scenarios[0].run  # the luck of the first is that of all
    with new_folder(out) as folder:
        results = experiment.run(
            scenarios,
            replications or first_run.replications,
            first_run.seed if seed is None else seed,
            jobs,
            progress=progress,
        )
    first = Facts(results, names[0], published=True)
    others = [Facts(results, name, first, published=True) for name in names[1:]]
    facts = [first, *others]
    _write_tables(folder, facts)
    outlines = [Outline.of(one) for one in facts]
    parts = [
        "<h1>Scenarios compared</h1>",
        f"<h2>{escape(first.scenario.title)}, and what is compared with it</h2>",
        site.compared(outlines, {}).html(),
    ]
    for one in facts[1:]:
        parts.append(f"<h2>{escape(one.scenario.title)}</h2>")
        parts.append(paragraph(one.scenario.description).html())
        parts.append(differing.in_short(one).html())
        parts.append(differing.differences(one).html())
    html = page.document(
        "".join(parts),
        title="Scenarios compared",
        status=weakest_status([scenario.status for scenario in scenarios]),
        generator=f"wfmodel {version('wfmodel')}",
    )
    write_atomically(folder / "comparison.html", html)


def _write_tables(folder: Path, facts: Sequence[Facts]) -> None:
    """Differences by measure and month, and the targets of every scenario, as CSV."""
    rows = [
        flows_hidden(one.results.compare(one.name, to=facts[0].name).table(), one.rule).assign(
            scenario=one.name
        )
        for one in facts[1:]
    ]
    targets = [goals.published(one).assign(scenario=one.name) for one in facts]
    for name, frames in (("comparison.csv", rows), ("targets.csv", targets)):
        table = inert(pd.concat(frames, ignore_index=True))
        write_atomically(folder / name, table.to_csv(index=False, lineterminator="\n"))
