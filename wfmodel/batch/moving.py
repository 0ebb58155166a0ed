"""Two folders of results compared: what moved in the scenarios that both hold, in plain lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from wfmodel.analysis.attribution import AGAIN, Move, Part, attribution
from wfmodel.analysis.headlines import CHANCE
from wfmodel.analysis.steps import GIVEN
from wfmodel.batch.reproducing import changed_since
from wfmodel.errors import InputError
from wfmodel.reporting import words
from wfmodel.results import manifest
from wfmodel.results.store import open_results

COLUMNS = ["scenario", "number", "title", "unit", "before", "after", "se", "moved", "cause", "from",
           "to", "by", "by_se"]  # fmt: skip


class Moved:
    """What moved between two folders; see `compare_folders`."""

    def __init__(self, moves: dict[str, list[Move]], notes: list[str]) -> None:
        self.moves, self.notes = moves, notes

    def lines(self) -> Iterator[str]:
        """What moved, and by what, a line each."""
        for name, moves in self.moves.items():
            still = [move.title for move in moves if not move.moved]
            yield f"{name}: {len(moves) - len(still)} of {len(moves)} headline numbers moved"
            for move in moves:
                if move.moved:
                    yield f"  {_told(move)}"
                    yield from (f"    {_because(part, move.unit)}" for part in move.parts)
                    if not move.parts:
                        yield "    no cause by itself is more than noise"
            if still and len(still) < len(moves):
                yield f"  not moved: {'; '.join(still)}"

    def table(self) -> pd.DataFrame:
        """The same as a table: a row for each number that did not move, and for each cause of one
        that did.
        """
        rows: list[tuple[object, ...]] = []
        for name, moves in self.moves.items():
            for move in moves:
                own = (name, move.name, move.title, move.unit, move.before, move.after,
                       move.error, move.moved)  # fmt: skip
                for part in move.parts:
                    step = part.step
                    change = (step.before, step.after) if step else ("", "")
                    rows.append((*own, part.cause, *change, part.by, part.error))
                if not move.parts:
                    rows.append((*own, "", "", "", None, None))
        return pd.DataFrame(rows, columns=COLUMNS)


def compare_folders(
    before: Path,
    after: Path,
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Moved:
    """What moved between the scenarios that two folders hold, by name; two runs are a pair however
    they are called. Raises InputError where there is nothing to compare.
    """
    old, new = open_results(before).folders, open_results(after).folders
    pairs = {name: name for name in new if name in old}
    if len(old) == len(new) == 1:
        pairs = dict(zip(new, old, strict=True))
    if not pairs:
        raise InputError(f"{before}, {after}", "have no scenario in common")
    notes = [f"only in {before}: {name}" for name in old if name not in pairs.values()]
    notes += [f"only in {after}: {name}" for name in new if name not in pairs]
    moves = {}
    for done, (name, earlier) in enumerate(pairs.items()):
        notes += _otherwise(name, old[earlier], new[name])

        def told(part: int, whole: int, done: int = done) -> None:
            if progress is not None:
                progress(done * whole + part, len(pairs) * whole)

        runs = [open_results(folder).run() for folder in (old[earlier], new[name])]
        moves[name] = attribution(*runs, jobs=jobs, progress=told)
    return Moved(moves, notes)


def _otherwise(name: str, before: Path, after: Path) -> list[str]:
    """What differs but is no assumption: luck, replications, data, versions."""
    old, new = manifest.read(before), manifest.read(after)
    found = []
    if old["seed"] != new["seed"]:
        found.append(f"seed {old['seed']} and {new['seed']}")
    counts = [len(about["replications"]) for about in (old, new)]
    if old["replications"] != new["replications"]:
        found.append(f"{counts[0]} and {counts[1]} replications")
    for about, when in ((old, "earlier"), (new, "later")):
        found += [f"since the {when} one {line}" for line in changed_since(about, scenario=False)]
    return [f"{name}: {line}" for line in found]


def _told(move: Move) -> str:
    """How a number moved."""
    if move.unit == CHANCE:
        shown = [words.brief_chance(value) for value in (move.before, move.after)]
    else:
        shown = [_value(value, move.unit) for value in (move.before, move.after)]
    return f"{move.title}: {shown[0]} → {shown[1]} ({_by(move.after - move.before, move.unit)})"


def _because(part: Part, unit: str) -> str:
    """What a cause moved it by."""
    by = _by(part.by, unit)
    if part.step is None:
        told = f"{part.cause} (seed, replications, data, package)" if part.cause == AGAIN else ""
        return f"{by}  {told or part.cause}"
    before, after = part.step.before, part.step.after
    if not before:
        what = "added" if after == GIVEN else f"set to {after}"
    elif not after:
        what = "removed" if before == GIVEN else f"no more {before}"
    else:
        what = f"{before} → {after}"
    return f"{by}  {part.step.path}: {what}"


def _value(value: float, unit: str) -> str:
    if unit == "£":
        return words.pounds(value)
    return words.percent(value, 1) if unit == "share" else words.number(value, 1)


def _by(value: float, unit: str) -> str:
    if unit == CHANCE:
        return f"{words.signed(100 * value)} points"
    if unit == "£":
        return f"{'+' if value > 0 else ''}{words.pounds(value)}"
    if unit == "share":
        return f"{words.signed(100 * value, 1)} points"
    return words.signed(value, 1)
