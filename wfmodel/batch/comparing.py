"""Comparing scenarios: the index of a batch, and scenarios run side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from wfmodel import experiment
from wfmodel.batch.output import child, make_folder, write_atomically
from wfmodel.batch.ready import reportable
from wfmodel.batch.record import FAILED, Entry
from wfmodel.batch.work import Refused, Work
from wfmodel.errors import InputError
from wfmodel.reporting import comparison, page
from wfmodel.reporting.block import paragraph
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.outline import Outline
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.showing import STATUS

INDEX = "index.html"


def write_index(
    folder: Path, works: Sequence[Work], entries: Sequence[Entry], refused: Sequence[Refused]
) -> None:
    """The page that links the reports of a batch and compares the scenarios that succeeded."""
    stands = {entry.name for entry in entries if entry.state != FAILED}
    outlines = {name: Outline.read(child(folder, name)) for name in stands}
    parts = ["<h1>Scenarios compared</h1>"]
    failures = [f"{e.title}: {e.reason}" for e in entries if e.state == FAILED]
    failures += [reason for bad in refused for reason in bad.reasons]
    if failures:
        items = "".join(f"<li>{escape(failure)}</li>" for failure in failures)
        parts.append(f'<div class="wf-failed"><p>Without a report:</p><ul>{items}</ul></div>')
    for family in _families(works, stands):
        parts.append(_family([outlines[name] for name in family]))
    names = [work for work in works if work.name in stands]
    footer = (
        f"Made with wfmodel {version('wfmodel')}, {names[0].replications} replications each, "
        f"seed {names[0].seed}. Simulated people, not named staff."
    )
    html = page.document(
        "".join(parts),
        title="Scenarios compared",
        status=weakest_status([work.status for work in names]),
        footer=footer,
        generator=f"wfmodel {version('wfmodel')}",
    )
    write_atomically(folder / INDEX, html)


def _families(works: Sequence[Work], stands: set[str]) -> list[list[str]]:
    """Names by base, each base first."""
    bases = [work.name for work in works if not work.base]
    families = [[b, *(w.name for w in works if w.base == b)] for b in bases]
    kept = [[name for name in family if name in stands] for family in families]
    return [family for family in kept if family]


def _family(outlines: Sequence[Outline]) -> str:
    """A family of scenarios, its base first."""
    parents = {one.parent for one in outlines}
    outlines = sorted(outlines, key=lambda one: (bool(one.parent), one.name not in parents))
    links = {one.name: f"{one.name}/report.html" for one in outlines}
    items = "".join(
        f'<li><a href="{links[one.name]}">{escape(one.title)}</a>. '
        f"{escape(one.description)} {escape(comparison.own_targets(one, outlines))}</li>"
        for one in outlines
    )
    parts = [
        comparison.conclusion(outlines).html(),
        comparison.overview(outlines, links).html(),
        comparison.closing_fte(outlines).html(),
        f"<h2>The scenarios</h2><ul>{items}</ul>",
    ]
    return "".join(parts)


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
    folder = make_folder(out)
    first_run = scenarios[0].run  # the luck of the first is that of all
    results = experiment.run(
        scenarios,
        replications or first_run.replications,
        first_run.seed if seed is None else seed,
        jobs,
        progress=progress,
    )
    first = Facts(results, names[0])
    facts = [first, *(Facts(results, name, first) for name in names[1:])]
    _write_tables(folder, facts)
    outlines = [Outline.of(one) for one in facts]
    parts = [
        "<h1>Scenarios compared</h1>",
        comparison.conclusion(outlines).html(),
        comparison.overview(outlines).html(),
        comparison.closing_fte(outlines).html(),
    ]
    for one in facts[1:]:
        parts.append(f"<h2>{escape(one.scenario.title)}</h2>")
        parts.append(paragraph(one.scenario.description).html())
        parts.append(comparison.in_short(one).html())
        parts.append(comparison.differences(one).html())
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
        one.results.compare(one.name, to=facts[0].name).table().assign(scenario=one.name)
        for one in facts[1:]
    ]
    targets = [one.targets.assign(scenario=one.name) for one in facts]
    for name, frames in (("comparison.csv", rows), ("targets.csv", targets)):
        table = pd.concat(frames, ignore_index=True)
        for column in table.select_dtypes(include=["object", "string"]):
            table[column] = table[column].map(_inert)
        text = table.to_csv(index=False, lineterminator="\n")
        write_atomically(folder / name, text)


def _inert(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
