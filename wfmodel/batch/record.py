"""The record of a batch: what became of each scenario, kept in ``batch.json`` after every end."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from wfmodel.batch.output import file_hash, write_atomically

FILE = "batch.json"
DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass
class Entry:
    """One scenario: ``state`` is done, skipped (done before, unchanged) or failed for ``reason``.

    ``files`` holds the SHA-256 of every file in its folder.
    """

    name: str
    title: str
    state: str
    seconds: float = 0.0
    reason: str = ""
    key: str = ""
    files: dict[str, str] = field(default_factory=dict)


class Record:
    """All entries by name; `put` writes the file anew."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.before = _read(self.path)
        self.entries: dict[str, Entry] = {}

    def put(self, entry: Entry) -> None:
        """Take up one entry and keep those of earlier batches that this one has not reached."""
        self.entries[entry.name] = entry
        kept = {**self.before, **self.entries}
        text = json.dumps({"scenarios": [asdict(e) for e in kept.values()]}, indent=2)
        write_atomically(self.path, text + "\n")

    def stands(self, name: str, key: str, folder: Path) -> Entry | None:
        """The entry of an earlier run with the same key whose files are all there, unchanged."""
        entry = self.before.get(name)
        if entry is None or entry.state == FAILED or entry.key != key or not entry.files:
            return None
        try:
            same = all(file_hash(folder / file) == was for file, was in entry.files.items())
        except OSError:
            return None
        return entry if same else None


def _read(path: Path) -> dict[str, Entry]:
    """Entries of an earlier batch; none where the file is missing or not ours."""
    try:
        entries = [Entry(**entry) for entry in json.loads(path.read_text("utf-8"))["scenarios"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {entry.name: entry for entry in entries}
