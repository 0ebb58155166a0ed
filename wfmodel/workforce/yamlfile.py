"""A YAML data file read strictly, whose complaints name file, line and path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from wfmodel.errors import InputError, Problem

MOST_BYTES = 1024 * 1024
Model = TypeVar("Model", bound=BaseModel)


class YamlFile:
    """One file's data, and the line of each of its keys."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = _load(path)

    def place(self, location: Sequence[str | int]) -> str:
        """``file:line: path`` of a key; the nearest existing parent's line where it is missing."""
        node: Any = self.data
        line = 1
        shown = []
        for part in location:
            key = _own_key(node, part)
            if key is None:
                shown.append(str(part))
                node = None
                continue
            line = (node.lc.item(key) if isinstance(node, CommentedSeq) else node.lc.key(key))[
                0
            ] + 1
            shown.append(str(part))
            node = node[key]
        path = ".".join(shown)
        return f"{self.path}:{line}: {path}" if path else f"{self.path}:{line}"

    def parse(self, model: type[Model]) -> Model:
        """The data as ``model``; raises `InputError` with every problem, each with its line."""
        try:
            return model.model_validate(_plain(self.data))
        except ValidationError as error:
            raise InputError(
                [Problem(self.place(_keys(e["loc"])), _sentence(e)) for e in error.errors()]
            ) from None


def _load(path: Path) -> Any:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(
            str(path), f"can't be read ({error.strerror}); is the name right?"
        ) from None
    if size > MOST_BYTES:
        raise InputError(str(path), f"has {size} bytes, allowed are {MOST_BYTES}")
    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise InputError(str(path), "is not UTF-8 text; save it as UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = (error.problem or error.context or "is not YAML").split("\n")[0]
        raise InputError(f"{path}:{mark.line + 1}" if mark else str(path), what) from None
    except (YAMLError, ValueError) as error:
        raise InputError(str(path), str(error).split("\n")[0]) from None
    except OSError as error:
        raise InputError(str(path), f"can't be read ({error.strerror})") from None
    if not isinstance(data, CommentedMap):
        raise InputError(f"{path}:1", "is not a mapping; write key: value lines")
    return data


def _own_key(node: Any, part: str | int) -> Any:
    """The key of ``node`` that reads as ``part`` (dates and numbers are shown as text), if any."""
    if isinstance(node, CommentedSeq):
        return part if isinstance(part, int) and part < len(node) else None
    if isinstance(node, CommentedMap):
        return next((key for key in node if str(key) == str(part)), None)
    return None


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return node


def _keys(location: Sequence[str | int]) -> list[str | int]:
    return [part for part in location if part != "[key]"]


def _sentence(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "is not a key of this file"
    if error["type"] == "missing":
        return "is missing"
    text = error["msg"].removeprefix("Value error, ")
    text = text[0].lower() + text[1:]
    given = error.get("input")
    return f"{text}, given is {given!r}" if isinstance(given, str | int | float) else text
