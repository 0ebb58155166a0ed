"""A YAML data file read as strictly as a scenario; its complaints name file, line and path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from wfmodel.errors import InputError
from wfmodel.scenario.document import Fault, Node, Refused, plain, read_document
from wfmodel.scenario.inheritance import merge
from wfmodel.scenario.wording import faults, nulls

Model = TypeVar("Model", bound=BaseModel)

OWN = ("schema", "extends", "title")
"""What a data file never takes from its parent."""


class YamlFile:
    """One file's tree; raises `InputError` where it can't be read.

    A file of the format ``extends`` states only what differs from its parent, a file of the same
    folder, under the rules of scenarios: mappings merge, null removes, single values replace.
    """

    def __init__(self, path: Path, extends: type[BaseModel] | None = None) -> None:
        self.path = path
        self.files = [path]
        """The file and its parents, the nearest first."""
        self._empty: list[Fault] = []
        self.root = self._read(path)
        if extends is not None:
            self.root = self._over_parents(self.root, extends)

    def _read(self, path: Path) -> Node:
        if not path.is_file():
            raise InputError(str(path), "does not exist, or is no file; is the name right?")
        try:
            document = read_document(path, str(path))
        except Refused as refused:
            raise InputError([refused.fault.problem()]) from None
        if document.faults:
            raise InputError([fault.problem() for fault in document.faults])
        return document.root

    def _over_parents(self, own: Node, annotation: type[BaseModel]) -> Node:
        if not isinstance(own.value, dict) or (said := own.value.get("extends")) is None:
            return own
        name = said.value
        if not isinstance(name, str) or Path(name).name != name:
            raise self._refused(said.fault("is not the name of a file of this folder"))
        there = self.path.parent / name
        if not there.is_file():
            raise self._refused(said.fault(f"there is no file {there}"))
        if there in self.files:
            chain = " → ".join(path.name for path in (*self.files, there))
            raise self._refused(said.fault(f"goes round in a circle: {chain}; extend another file"))
        self.files.append(there)
        parent = self._over_parents(self._read(there), annotation)
        kept = {key: node for key, node in parent.value.items() if key not in OWN}
        inherited = Node(kept, parent.file, parent.line, parent.path)
        self._empty += nulls(own, inherited, annotation)
        return merge(inherited, own, annotation)

    def _refused(self, fault: Fault) -> InputError:
        return InputError([fault.problem()])

    def node(self, steps: Sequence[Any]) -> Node | None:
        """What stands under the keys, one within the other; nothing where a key is missing."""
        node = self.root
        for step in steps:
            inner = node.value.get(step) if isinstance(node.value, dict) else None
            if inner is None:
                return None
            node = inner
        return node

    def place(self, steps: Sequence[Any]) -> str:
        """``file:line: path`` of a key, by its nearest parent's line where it is missing."""
        known = len(steps)
        while (node := self.node(steps[:known])) is None:
            known -= 1
        return f"{node.file}:{node.line}: {'.'.join(map(str, steps))}"

    def parse(self, model: type[Model]) -> Model:
        """The data as ``model``; raises `InputError` with every problem, each with its line."""
        found = list(self._empty)
        try:
            said = model.model_validate(plain(self.root))
        except ValidationError as error:
            found += faults(error.errors(), self.root, model)
        if found:
            found.sort(key=lambda fault: (fault.file, fault.line))
            raise InputError([fault.problem() for fault in found])
        return said
