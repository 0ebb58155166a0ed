"""Settings: what scenarios assume otherwise than each other, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.assumptions import KINDS, folded, spelt
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.scenario.assumptions import Change, changes

Settings = dict[str, list[str]]
"""By path: the setting in words, its value in the base, its own; blank where there is none."""
WHOLE = tuple(KINDS)[1:]
"""Sections whose parts a scenario has or has not, as a whole."""
SIDE, MOST = 6, 60
"""Scenarios that stand beside the base in one table, and above how many there is none."""
NAMES = ("title", "description", "kind")


def of(facts: Facts) -> Settings:
    """What a scenario has otherwise than its base, by path."""
    return {
        change.path: [
            words.capital(spelt(change.path, _holder(facts, change.own))),
            change.parent,
            change.own,
        ]
        for change in changed(facts)
    }


def changed(facts: Facts) -> list[Change]:
    """What a scenario has otherwise than its base, but for what things are called."""
    if facts.base is None:
        return []
    found = changes(facts.scenario, facts.base.scenario)
    return [change for change in found if change.path.rpartition(".")[2] not in NAMES]


def part_of(path: str) -> str:
    """The path of the policy, change event or pipeline that a setting is in; blank for none.

    >>> part_of("policies.hold.share"), part_of("roles.officer.grade")
    ('policies.hold', '')
    """
    section, *steps = path.split(".")
    return f"{section}.{steps[0]}" if section in WHOLE and steps else ""


def _holder(facts: Facts, own: str):  # type: ignore[no-untyped-def]
    """The scenario that has the setting, and so the title of what it belongs to."""
    return facts.scenario if own or facts.base is None else facts.base.scenario


def side_by_side(titles: Sequence[str], settings: Sequence[Settings]) -> Block:
    """Every setting in which scenarios of one family differ, a column for each, the base's first.

    ``settings`` are by scenario, in the order of ``titles``. A policy, change event or pipeline
    that all who have it have alike is one row: there, or not.
    """
    paths = {path for one in settings for path in one}
    if not paths:
        return paragraph("The scenarios do not differ in any setting.")
    if len(titles) > MOST:
        return paragraph(
            f"{len(titles)} scenarios differ in {len(paths)} settings; each report lists its own."
        )
    tables = []
    for first in range(1, len(titles), SIDE):
        chosen = [0, *range(first, min(first + SIDE, len(titles)))]
        tables.append(_table([titles[n] for n in chosen], [settings[n] for n in chosen]))
    return stack(*tables)


def _table(titles: Sequence[str], settings: Sequence[Settings]) -> Block:
    """Some scenarios side by side, folded away until it is asked for."""
    rows = []
    for part, inside in _parts(dict.fromkeys(path for one in settings for path in one)).items():
        values = {path: _values(path, settings) for path in inside}
        if part and _is_new(inside, settings):
            held = [any(path in one for path in inside) for one in settings]
            label = _label(inside, settings).partition(":")[0]
            rows.append((label, *("yes" if has else "no" for has in held)))
            values = {
                path: row
                for path, row in values.items()
                if len({v for v, has in zip(row, held, strict=True) if has}) > 1
            }
        for path, row in values.items():
            rows.append((_label([path], settings), *(value or "–" for value in row)))
    what = f"“{titles[1]}”" if len(titles) == 2 else f"“{titles[1]}” to “{titles[-1]}”"
    if not rows:
        return paragraph(f"{what}: no setting differs.")
    frame = pd.DataFrame(rows, columns=["Setting", *titles])
    caption = f"Settings of {what} ({len(rows)})"
    return folded(caption, Table(frame, caption))


def _label(paths: Sequence[str], settings: Sequence[Settings]) -> str:
    """A setting in words, as whoever has it calls it."""
    return next(one[path][0] for one in settings for path in paths if path in one)


def _parts(paths: Mapping[str, None]) -> dict[str, list[str]]:
    """Paths by the part that they are in; those in none stand under their own path, blank first."""
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(part_of(path), []).append(path)
    return found


def _values(path: str, settings: Sequence[Settings]) -> list[str]:
    """A setting's value in each scenario: who does not differ from the base has the base's."""
    base = next(one[path][1] for one in settings if path in one)
    return [one[path][2] if path in one else base for one in settings]


def _is_new(inside: Sequence[str], settings: Sequence[Settings]) -> bool:
    """Whether the base has nothing of a part."""
    return not any(one[path][1] for one in settings for path in inside if path in one)
