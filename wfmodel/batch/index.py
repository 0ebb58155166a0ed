"""The pages over a batch: its reports, what failed, and the scenarios side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence, Set
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
from wfmodel.reporting import comparison, page, site
from wfmodel.reporting.outline import Outline
from wfmodel.results.manifest import file_hash

INDEX, COMPARISON = "index.html", "comparison.html"


def write_index(
    folder: Path, works: Sequence[Work], entries: Sequence[Entry], refused: Sequence[Refused]
) -> dict[str, str]:
    """The pages over a batch: the index of its reports, and the scenarios compared.

    Gives their hashes by name.
    """
    stands = {entry.name for entry in entries if not entry.failed}
    outlines = _outlines(folder, stands)
    families = [[outlines[n] for n in names] for names in _families(works, set(outlines))]
    shown = [work for work in works if work.name in stands]
    bodies = {INDEX: _index(works, entries, refused, families, stands - outlines.keys())}
    if families:
        bodies[COMPARISON] = _compared(families)
    titles = {INDEX: "All scenarios", COMPARISON: "Scenarios compared"}
    for name, body in bodies.items():
        trail = [(titles[INDEX], INDEX), (titles[name], "")] if name != INDEX else []
        html = page.document(
            body,
            title=titles[name],
            status=weakest_status([work.status for work in shown or works]),
            trail=trail,
            footer=_footer(shown),
            generator=f"wfmodel {version('wfmodel')}",
        )
        write_atomically(folder / name, html)
    return {name: file_hash(folder / name) for name in bodies}


def _footer(shown: Sequence[Work]) -> str:
    text = f"Made with wfmodel {version('wfmodel')}"
    if shown:
        text += f", {shown[0].replications} replications each, seed {shown[0].seed}"
    return f"{text}. Simulated people, not named staff."


def _index(
    works: Sequence[Work],
    entries: Sequence[Entry],
    refused: Sequence[Refused],
    families: Sequence[Sequence[Outline]],
    without: Set[str],
) -> str:
    """What failed, what each family comes to, and a card or a link for every report."""
    parts = ["<h1>All scenarios</h1>"]
    failures = [_failure(entry) for entry in entries if entry.failed]
    failures += [escape(published(reason)) for bad in refused for reason in bad.reasons]
    if failures:
        items = "".join(f"<li>{failure}</li>" for failure in failures)
        parts.append(f'<div class="wf-failed"><p>Without a report:</p><ul>{items}</ul></div>')
    if families:
        link = f'<a href="{COMPARISON}">Compare the scenarios</a>'
        parts.append(f"<p>{link}: targets, cost, differences on the same luck, assumptions.</p>")
    for family in families:
        outlines = _ordered(family)
        links = _links(outlines)
        parts += [f"<h2>{escape(outlines[0].title)}, and what is compared with it</h2>"]
        parts += [comparison.conclusion(outlines).html()]
        if len(outlines) <= site.MOST_DRAWN:
            parts.append(site.cards(outlines, links).html())
        else:
            items = "".join(
                f'<li><a href="{links[one.name]}">{escape(one.title)}</a></li>' for one in outlines
            )
            parts.append(f"<ul>{items}</ul>")
    if others := [work for work in works if work.name in without]:
        items = "".join(f"<li>{_link(work)}</li>" for work in others)
        parts.append(f"<h2>Reports with nothing to compare</h2><ul>{items}</ul>")
    return "".join(parts)


def _compared(families: Sequence[Sequence[Outline]]) -> str:
    """The page that compares, a family after another."""
    parts = ["<h1>Scenarios compared</h1>"]
    for family in families:
        outlines = _ordered(family)
        parts.append(f"<h2>{escape(outlines[0].title)}, and what is compared with it</h2>")
        parts.append(site.compared(outlines, _links(outlines)).html())
    return "".join(parts)


def _ordered(family: Sequence[Outline]) -> list[Outline]:
    """The base first, then what others vary, then the variations."""
    parents = {one.parent for one in family}
    return sorted(family, key=lambda one: (bool(one.parent), one.name not in parents))


def _links(outlines: Sequence[Outline]) -> dict[str, str]:
    """The address of each report, relative to the pages."""
    return {one.name: f"{one.name}/{PAGE}" for one in outlines}


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
