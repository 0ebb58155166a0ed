"""The index of a batch: its reports, what they come to side by side, and what failed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

from wfmodel.batch.comparing import weakest_status
from wfmodel.batch.editions import PAGE
from wfmodel.batch.failing import published
from wfmodel.batch.output import child, write_atomically
from wfmodel.batch.record import Entry
from wfmodel.batch.work import Refused, Work
from wfmodel.errors import InputError
from wfmodel.reporting import comparison, page
from wfmodel.reporting.outline import Outline
from wfmodel.results.manifest import file_hash

INDEX = "index.html"
MOST_DRAWN = 60
"""With more scenarios than this a chart of all of them can't be read; the table remains."""


def write_index(
    folder: Path, works: Sequence[Work], entries: Sequence[Entry], refused: Sequence[Refused]
) -> dict[str, str]:
    """The page that links the reports of a batch and compares the scenarios that succeeded.

    Gives its hash by name.
    """
    stands = {entry.name for entry in entries if not entry.failed}
    outlines = _outlines(folder, stands)
    parts = ["<h1>Scenarios compared</h1>"]
    failures = [_failure(entry) for entry in entries if entry.failed]
    failures += [escape(published(reason)) for bad in refused for reason in bad.reasons]
    if failures:
        items = "".join(f"<li>{failure}</li>" for failure in failures)
        parts.append(f'<div class="wf-failed"><p>Without a report:</p><ul>{items}</ul></div>')
    for family in _families(works, set(outlines)):
        parts.append(_family([outlines[name] for name in family]))
    if others := [work for work in works if work.name in stands - outlines.keys()]:
        items = "".join(f"<li>{_link(work)}</li>" for work in others)
        parts.append(f"<h2>Reports with nothing to compare</h2><ul>{items}</ul>")
    shown = [work for work in works if work.name in stands]
    footer = f"Made with wfmodel {version('wfmodel')}"
    if shown:
        footer += f", {shown[0].replications} replications each, seed {shown[0].seed}"
    footer += ". Simulated people, not named staff."
    html = page.document(
        "".join(parts),
        title="Scenarios compared",
        status=weakest_status([work.status for work in shown or works]),
        footer=footer,
        generator=f"wfmodel {version('wfmodel')}",
    )
    write_atomically(folder / INDEX, html)
    return {INDEX: file_hash(folder / INDEX)}


def _outlines(folder: Path, stands: set[str]) -> dict[str, Outline]:
    """What can be compared: a notebook of one's own may write no outline."""
    found = {}
    for name in stands:
        with contextlib.suppress(InputError):
            found[name] = Outline.read(child(folder, name))
    return found


def _link(work: Work) -> str:
    """A link to a scenario's report."""
    return f'<a href="{work.name}/{PAGE}">{escape(work.title)}</a>'


def _failure(entry: Entry) -> str:
    """What became of a scenario that failed, with its log."""
    log = f' (<a href="{escape(entry.log, quote=True)}">log</a>)' if entry.log else ""
    return f"{escape(entry.title)}: {escape(entry.reason)}{log}"


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
    links = {one.name: f"{one.name}/{PAGE}" for one in outlines}
    items = "".join(
        f'<li><a href="{links[one.name]}">{escape(one.title)}</a>. '
        f"{escape(one.description)} {escape(comparison.own_targets(one, outlines))}</li>"
        for one in outlines
    )
    parts = [
        comparison.conclusion(outlines).html(),
        comparison.overview(outlines, links).html(),
        comparison.closing_fte(outlines).html() if len(outlines) <= MOST_DRAWN else "",
        f"<h2>The scenarios</h2><ul>{items}</ul>",
    ]
    return "".join(parts)
