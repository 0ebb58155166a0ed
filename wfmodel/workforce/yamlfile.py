"""A YAML data file read as strictly as a scenario; its complaints name file, line and path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from wfmodel.errors import InputError
from wfmodel.scenario.document import Document, Node, Refused, plain, read_document
from wfmodel.scenario.wording import faults

Model = TypeVar("Model", bound=BaseModel)


class YamlFile:
    """One file's tree; raises `InputError` where it can't be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise InputError(str(path), "does not exist, or is no file; is the name right?")
        try:
            self.document: Document = read_document(path, str(path))
        except Refused as refused:
            raise InputError([refused.fault.problem()]) from None
        if self.document.faults:
            raise InputError([fault.problem() for fault in self.document.faults])

    def place(self, steps: Sequence[Any]) -> str:
        """``file:line: path`` of a key, by its nearest parent's line where it is missing."""
        node: Node = self.document.root
        for step in steps:
            inner = node.value.get(step) if isinstance(node.value, dict) else None
            if inner is None:
                break
            node = inner
        return f"{self.path}:{node.line}: {'.'.join(map(str, steps))}"

    def parse(self, model: type[Model]) -> Model:
        """The data as ``model``; raises `InputError` with every problem, each with its line."""
        root = self.document.root
        try:
            return model.model_validate(plain(root))
        except ValidationError as error:
            found = sorted(faults(error.errors(), root, model), key=lambda fault: fault.line)
            raise InputError([fault.problem() for fault in found]) from None
