"""Verify: every file of a folder of results against the hashes that were kept of it.

Hashes are kept twice, in each scenario's manifest and in the record of the batch, so that a
damaged manifest does not hide a damaged result.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from wfmodel.batch import record
from wfmodel.batch.attempt import LOGS
from wfmodel.batch.done import hashes
from wfmodel.batch.output import OURS
from wfmodel.errors import InputError
from wfmodel.results import manifest
from wfmodel.results.manifest import MANIFEST, file_hash

DAMAGED, MISSING = "is damaged", "is missing"
FOREIGN = "is foreign: nothing that was run has written it"


def verify(folder: Path) -> tuple[list[str], int]:
    """What is wrong with each file that is damaged, missing or foreign, a line each, and how many
    files were looked at; raises InputError where there is no folder of results.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "is no folder of results")
    if (folder / MANIFEST).exists():
        found = hashes(folder)
        return [f"{folder / name}: {what}" for name, what in _run(folder, found, {})], len(found)
    entries, pages = record.read(folder / record.FILE)
    wrong = {} if entries or not (folder / record.FILE).exists() else {record.FILE: DAMAGED}
    folders = {path.name: path for path in _folders(folder)}
    count = 0
    for name, path in folders.items():
        found = hashes(path)
        count += len(found)
        kept = entries[name].files if name in entries and not entries[name].failed else {}
        if not kept and MANIFEST not in found:
            wrong[name] = FOREIGN
            continue
        wrong |= {f"{name}/{file}": what for file, what in _run(path, found, kept)}
    lost = [e.name for e in entries.values() if not e.failed and e.name not in folders]
    wrong |= dict.fromkeys(lost, MISSING)
    beside = _beside(folder)
    count += len(beside)
    wrong |= dict(_of_the_batch(beside, entries, pages, known=record.FILE not in wrong))
    if not count:
        raise InputError(str(folder), "holds no results")
    return [f"{folder / name}: {what}" for name, what in sorted(wrong.items())], count


def _run(folder: Path, found: dict[str, str], kept: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the files of one run, by name; ``kept`` are hashes kept elsewhere."""
    wanted: Mapping[str, str] = kept
    try:
        wanted = manifest.files(manifest.read(folder))
    except InputError:
        yield MANIFEST, DAMAGED if MANIFEST in found else MISSING
        wanted = wanted or _as_far_as_can_be_read(folder)
    for name, digest in wanted.items():
        if name not in found:
            yield name, MISSING
        elif name != MANIFEST and found[name] != digest:
            yield name, DAMAGED
    for name in found.keys() - wanted.keys() - {MANIFEST}:
        yield name, FOREIGN if wanted else "can't be checked, since its manifest is damaged"


def _as_far_as_can_be_read(folder: Path) -> dict[str, str]:
    """The hashes in a manifest that is not what was written, if it can be read at all."""
    try:
        return manifest.files(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _of_the_batch(
    beside: Mapping[str, str],
    entries: Mapping[str, record.Entry],
    pages: Mapping[str, str],
    *,
    known: bool,
) -> Iterator[tuple[str, str]]:
    """What is wrong with the pages and logs of a batch whose record is ``known``."""
    wanted = dict(pages)
    for entry in entries.values():
        wanted |= entry.files if entry.failed else {}
    for name, digest in wanted.items():
        if name not in beside:
            yield name, MISSING
        elif beside[name] != digest:
            yield name, DAMAGED
    for name in beside.keys() - wanted.keys() - {record.FILE}:
        yield name, FOREIGN if known else f"can't be checked, since {record.FILE} is damaged"


def _folders(folder: Path) -> list[Path]:
    own = {OURS, LOGS}
    return sorted(p for p in folder.iterdir() if p.is_dir() and p.name not in own)


def _beside(folder: Path) -> dict[str, str]:
    """The hash of every file beside the folders of scenarios, and of every log."""
    files = [path for path in folder.iterdir() if path.is_file()]
    files += [path for path in (folder / LOGS).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}
