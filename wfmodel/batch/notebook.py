"""The notebook that a batch runs: checked before anything is run, fed with plain values only."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

import nbformat

from wfmodel.errors import InputError, Problem

TAG = "parameters"
Plain = str | int | float | bool

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")


def shipped(name: str) -> Path:
    """A notebook that comes with the package; raises `InputError` where it is missing."""
    for folder in _PLACES:
        if (folder / name).is_file():
            return folder / name
    raise InputError(name, f"is not in {_PLACES[-1]}; name a notebook with --notebook")


@dataclass(frozen=True)
class Notebook:
    """A notebook with one cell tagged ``parameters``; ``parameters`` are the names set there."""

    path: Path
    source: bytes
    parameters: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Notebook:
        """The notebook in a file; raises `InputError` where it can't be run over scenarios."""
        try:
            source = path.read_bytes()
            node = nbformat.reads(source.decode("utf-8"), as_version=4)
        except OSError as error:
            raise InputError(str(path), f"can't be read ({error.strerror})") from None
        except Exception as error:  # nbformat raises many kinds for a broken file
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(str(path), f"is not a notebook: {reason}") from None
        tagged = [cell for cell in node.cells if TAG in cell.metadata.get("tags", [])]
        if len(tagged) != 1:
            raise InputError(
                str(path), f"has {len(tagged)} cells tagged “{TAG}”; exactly one is needed"
            )
        return cls(path, source, tuple(_assigned(tagged[0].source)))

    def node(self) -> nbformat.NotebookNode:
        """A fresh copy to run."""
        return nbformat.reads(self.source.decode("utf-8"), as_version=4)

    def check(self, values: dict[str, Plain]) -> None:
        """Raises `InputError` for a value that the notebook does not know or that is not plain.

        Papermill would only warn of the first and run on its defaults.
        """
        problems = []
        for name, value in values.items():
            if name not in self.parameters:
                near = difflib.get_close_matches(name, self.parameters, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                known = ", ".join(self.parameters) or "none"
                problems.append(
                    Problem(str(self.path), f"has no parameter {name}, it has {known}{hint}")
                )
            elif type(value) not in (str, int, float, bool):
                kind = type(value).__name__
                problems.append(
                    Problem(str(self.path), f"{name} is a {kind}; only plain values are injected")
                )
        if problems:
            raise InputError(problems)


def _assigned(source: str) -> list[str]:
    """The plain names that the parameters cell assigns."""
    import ast

    names = []
    for statement in ast.parse(source).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names
