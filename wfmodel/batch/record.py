"""The record of a batch: what became of each scenario, kept in ``batch.json`` after every end.

What is done is known from the manifests; the record tells of failures, and holds the hashes once
more, so that a damaged manifest does not hide a damaged result.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from wfmodel.batch.claims import Claims
from wfmodel.batch.output import write_atomically

FILE = "batch.json"
DONE, SKIPPED, FAILED = "done", "skipped", "failed"


@dataclass
class Entry:
    """One scenario: ``state`` is done, skipped (done before, unchanged) or failed.

    A failure has a ``kind`` (see `wfmodel.batch.failing`) and a ``reason``, and ``log``, a file.
    ``key`` is the hash of all that it depends on, ``files`` the SHA-256 of every file of it.
    """

    name: str
    title: str
    state: str
    kind: str = ""
    reason: str = ""
    seconds: float = 0.0
    key: str = ""
    log: str = ""
    files: dict[str, str] = field(default_factory=dict)
    ended: str = ""

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return self.state == FAILED


class Record:
    """All entries by name, those of other and of earlier batches on the folder among them."""

    def __init__(self, folder: Path, claims: Claims) -> None:
        self.path = folder / FILE
        self.claims = claims
        self.began = _now()

    def put(self, *entries: Entry, pages: dict[str, str] | None = None) -> None:
        """Take up entries, and the hashes of pages that tell of all of them."""
        for entry in entries:
            entry.ended = entry.ended or _now()
        with self.claims.common():
            known, before = read(self.path)
            known |= {entry.name: entry for entry in entries}
            write_atomically(self.path, _text(known.values(), before if pages is None else pages))

    def failed_since(self, name: str, key: str) -> Entry | None:
        """How another batch failed of the same while this one was waiting for it."""
        entry = read(self.path)[0].get(name)
        same = entry is not None and entry.failed and entry.key == key
        return entry if same and entry is not None and entry.ended >= self.began else None


def read(path: Path) -> tuple[dict[str, Entry], dict[str, str]]:
    """Entries and hashes of pages; none where the file is missing or is not what was written."""
    try:
        text = path.read_text("utf-8")
        found = json.loads(text)
        entries = [Entry(**entry) for entry in found["scenarios"]]
        pages = dict(found["pages"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}, {}
    if text != _text(entries, pages):
        return {}, {}
    return {entry.name: entry for entry in entries}, pages


def _text(entries: Iterable[Entry], pages: dict[str, str]) -> str:
    """The file: a line for each scenario, and the hash of all."""
    lines = ",\n  ".join(json.dumps(asdict(entry)) for entry in entries)
    body = f' "scenarios": [\n  {lines}\n ],\n "pages": {json.dumps(pages)}'
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f'{{\n{body},\n "sha256": "{digest}"\n}}\n'


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()
