"""Several councils at once: a batch for each folder, and a page over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

from wfmodel.batch.comparing import weakest_status
from wfmodel.batch.index import INDEX
from wfmodel.batch.output import child, write_atomically
from wfmodel.batch.running import Outcome
from wfmodel.reporting import page
from wfmodel.scenario.reading import find_scenarios

TITLE = "All councils"


def councils(paths: Sequence[Path], out: Path) -> dict[str, tuple[list[Path], Path]]:
    """The batches that paths stand for: name, paths and folder of each.

    One folder that holds nothing but folders with scenarios is a batch for each of these, in a
    folder of its own in ``out``, since every council has its as-today. All else is one batch, which
    has no name.
    """
    if len(paths) == 1 and paths[0].is_dir():
        files = find_scenarios(paths)
        tops = sorted({file.relative_to(paths[0]).parts[0] for file in files})
        if len(tops) > 1 and all((paths[0] / top).is_dir() for top in tops):
            return {top: ([paths[0] / top], child(out, top)) for top in tops}
    return {"": (list(paths), out)}


def write_contents(out: Path, outcomes: Mapping[str, Outcome]) -> None:
    """The page over the batches of several councils, with a link to the index of each."""
    items = []
    for name, outcome in outcomes.items():
        done = sum(not entry.failed for entry in outcome.entries)
        failed = len(outcome.entries) + len(outcome.refused) - done
        said = f"{done} report{'' if done == 1 else 's'}" + (f", {failed} failed" if failed else "")
        items.append(
            f'<li><a href="{escape(name)}/{INDEX}">{escape(name.title())}</a>: {said}</li>'
        )
    html = page.document(
        f"<h1>{TITLE}</h1><ul>{''.join(items)}</ul>",
        title=TITLE,
        status=weakest_status([s for outcome in outcomes.values() for s in outcome.statuses]),
        trail=[],
        footer=f"Made with wfmodel {version('wfmodel')}. Simulated people, not named staff.",
        generator=f"wfmodel {version('wfmodel')}",
    )
    write_atomically(out / INDEX, html)
