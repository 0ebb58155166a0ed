"""A YAML file as a tree in which every value knows the file, line and path at which it stands.

Only plain YAML 1.2 is read: one document of mappings, lists and single values. What could make a
small file large, or mean something else than it says (anchors, aliases, merges, tags, duplicate
keys), is refused, and so is a file beyond the limits below.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.reader import ReaderError

from wfmodel.errors import Problem

_RARE = re.compile("[\t\x85\u2028\u2029]")
"""What libyaml takes for a space or the end of a line where YAML does not."""
MOST_BYTES = 256 * 1024
MOST_NODES = 20_000
MOST_DEPTH = 20
WHOLE = "file"
"""The path by which a problem of the whole file goes."""

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+(_[0-9]+)*")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Fault(NamedTuple):
    """A problem with the place taken apart, so that problems can be sorted and told apart."""

    file: str
    line: int
    path: str
    what: str

    def problem(self) -> Problem:
        """The problem as it is shown: ``file:line: path: what``."""
        return Problem(f"{printable(self.file, 4096)}:{self.line}: {self.path or WHOLE}", self.what)


class Refused(Exception):
    """A file that can't be read any further; ``fault`` is the first of its ``faults``."""

    def __init__(self, *faults: Fault) -> None:
        self.fault, self.faults = faults[0], faults
        super().__init__(*faults)


@dataclass(frozen=True, slots=True)
class Node:
    """A value where it stands: a dict of Nodes, a list of Nodes, or a single value."""

    value: Any
    file: str
    line: int
    path: str

    def fault(self, what: str, key: Any = None) -> Fault:
        """A fault here, or at ``key`` within."""
        return Fault(
            self.file, self.line, self.path if key is None else below(self.path, key), what
        )


@dataclass
class Document:
    """One file as read: its tree, what is wrong with its form, and the paths that this spoils."""

    root: Node
    faults: list[Fault] = field(default_factory=list)
    spoiled: list[tuple[str, str]] = field(default_factory=list)


def printable(text: Any, most: int = 80) -> str:
    """``text`` on one line: what can't be printed is escaped, what is long is cut."""
    text = str(text)
    cut = text if len(text) <= most else text[: most - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


def below(path: str, key: Any) -> str:
    """The path of ``key`` within ``path``."""
    return f"{path}.{printable(key)}" if path else printable(key)


def plain(node: Node) -> Any:
    """The tree as dicts, lists and values, with what is null left out of mappings."""
    if isinstance(node.value, dict):
        return {k: plain(n) for k, n in node.value.items() if n.value is not None}
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return node.value


def read_document(path: Path, file: str) -> Document:
    """The file at ``path``, called ``file`` in messages; raises Refused if it can't be read."""
    return parse(text_of(path, file), file)


def text_of(path: Path, file: str) -> str:
    """The text of the file at ``path``, called ``file`` in messages; raises Refused likewise."""

    def refuse(what: str, line: int = 1) -> Refused:
        return Refused(Fault(file, line, "", what))

    try:
        if path.is_dir():
            raise refuse("is a folder, a scenario file is needed")
        if not path.exists():
            raise refuse("does not exist, a scenario file is needed")
        if not path.is_file():
            raise refuse("is not an ordinary file, a scenario file is needed")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise refuse(f"can't be read ({printable(reason)}), a readable file is needed") from None
    if len(content) > MOST_BYTES:
        raise refuse(f"is larger than {MOST_BYTES // 1024} KiB, which is the most allowed")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refuse("is not UTF-8 text, save it as UTF-8", line) from None


@lru_cache(maxsize=64)
def parse(text: str, file: str) -> Document:
    """The tree of a YAML text; raises Refused where it is not YAML or is beyond the limits.

    What it gives is shared and must not be changed.
    """
    builder = _Builder(text, file)
    try:
        root = builder.root()
    except ReaderError as error:
        builder.line = text.count("\n", 0, error.position) + 1
        raise builder.refuse("has a character that text may not have, remove it") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.line = mark.line + 1 if mark else builder.line
        raise builder.refuse(_syntax(error, text)) from None
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        # The YAML library trips over some texts that are not YAML, in place of saying so.
        raise builder.refuse("is not valid YAML") from None
    return Document(root, builder.faults, builder.spoiled)


def _syntax(error: MarkedYAMLError, text: str) -> str:
    problem = str(error.problem or error.context or "it can't be read")
    if "'\\t'" in problem or "tab" in problem:
        return "has a tab where YAML wants spaces, indent with spaces"
    if "mapping values are not allowed" in problem:
        return "is not valid YAML: a second ': ' on one line, put text that holds it in quotes"
    if "found undefined alias" in problem:
        return "has an alias, anchors and aliases are not allowed"
    return f"is not valid YAML: {printable(problem, 160)}"


def _loader(text: str) -> Any:
    """The parser for a text: the quick one in C, but for texts with what it takes too easily.

    Of both only the events are used: what a value means is for us to say.
    """
    quick = yaml.__with_libyaml__ and not _RARE.search(text)
    return yaml.CSafeLoader if quick else yaml.SafeLoader


class _Builder:
    """Builds the tree from the parser's events, one value after the other."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.events: Iterator[Event] = yaml.parse(text, Loader=_loader(text))
        self.faults: list[Fault] = []
        self.spoiled: list[tuple[str, str]] = []
        self.count = 0
        self.line = 1
        self.path = ""

    def refuse(self, what: str) -> Refused:
        return Refused(Fault(self.file, self.line, self.path, what))

    def note(self, path: str, what: str, *, spoils: bool) -> None:
        self.faults.append(Fault(self.file, self.line, path, what))
        if spoils:
            self.spoiled.append((self.file, path))

    def next(self) -> Event:
        event = next(self.events)
        assert event.start_mark is not None
        self.line = event.start_mark.line + 1
        return event

    def root(self) -> Node:
        event = self.next()
        while isinstance(event, StreamStartEvent):
            event = self.next()
        if isinstance(event, StreamEndEvent):
            raise self.refuse("is empty, a mapping with schema, name and title is needed")
        assert isinstance(event, DocumentStartEvent)
        if event.version or event.tags:
            raise self.refuse("has a % directive, none is allowed")
        first = self.next()
        line = self.line
        value = self.value(first, "", 1)
        self.next()
        if not isinstance(self.next(), StreamEndEvent):
            self.path = ""
            raise self.refuse("has more than one document, one is allowed")
        return Node(value, self.file, line, "")

    def value(self, event: Event, path: str, depth: int) -> Any:
        self.path = path
        self.count += 1
        if self.count > MOST_NODES:
            raise self.refuse(f"is beyond {MOST_NODES:,} keys and values, the most a file may have")
        if depth > MOST_DEPTH:
            raise self.refuse(f"stands more than {MOST_DEPTH} levels deep, the most allowed")
        if isinstance(event, AliasEvent):
            self.note(path, "is an alias (*), write the value out", spoils=True)
            return None
        if getattr(event, "anchor", None) is not None:
            self.note(path, "has an anchor (&), write the value out where it is used", spoils=False)
        if (tag := getattr(event, "tag", None)) is not None:
            self.note(path, f"has a tag ({printable(tag, 40)}), none is allowed", spoils=True)
        if isinstance(event, MappingStartEvent):
            return self.mapping(path, depth)
        if isinstance(event, ScalarEvent):
            return scalar(event.value) if not event.style else event.value
        return self.sequence(path, depth)

    def sequence(self, path: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := self.next(), SequenceEndEvent):
            line, inner = self.line, below(path, len(items))
            items.append(Node(self.value(event, inner, depth + 1), self.file, line, inner))
        return items

    def mapping(self, path: str, depth: int) -> dict[Any, Node]:
        entries: dict[Any, Node] = {}
        while not isinstance(event := self.next(), MappingEndEvent):
            line = self.line
            key = self.key(event, path, depth)
            inner = path if key is None else below(path, key)
            value = self.value(self.next(), inner, depth + 1)
            if key is None:
                continue
            if key in entries:
                first = entries[key].line
                what = f"is given twice, first in line {first}; give it once"
                self.faults.append(Fault(self.file, line, inner, what))
            else:
                entries[key] = Node(value, self.file, line, inner)
        return entries

    def key(self, event: Event, path: str, depth: int) -> Any:
        """The key that ``event`` begins; None where it is none and its value is to be dropped."""
        if not isinstance(event, ScalarEvent):
            self.note(path, "has a key that is not text, a number or a date", spoils=True)
            self.value(event, path, depth + 1)
            return None
        if event.value == "<<" and not event.style:
            self.note(path, "has a merge (<<), use extends or write the keys out", spoils=True)
            return None
        text = self.value(event, below(path, event.value), depth)
        is_date = isinstance(text, dt.date)
        return text if is_date or type(text) is int else event.value


def scalar(text: str) -> Any:
    """What a value without quotes means: null, true or false, a number, a date, else text.

    >>> [scalar(x) for x in ("12", "1_000", "1.5e3", "no", "12:30", "2024-04-01", "2024-02-30")]
    [12, 1000, 1500.0, 'no', '12:30', datetime.date(2024, 4, 1), '2024-02-30']
    """
    if _NULL.fullmatch(text):
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        # Beyond 64 bits it is no count and no seed; as a float it is checked like any number.
        return int(text) if len(text) < 20 else float(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf"))
    if DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    return text
