"""The output folder: writable, left by nothing written in it, and never half-written."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wfmodel.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
OURS = ".batch"
"""The folder of a batch's own in its output: claims, and what is not finished."""


def make_folder(path: Path) -> Path:
    """The folder, made where it was missing and tried for writing; raises `InputError`."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(
            str(path), f"can't be written to ({reason}); give another folder with --out"
        ) from None
    return path.resolve()


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """The same, for work that may yet be refused: then a folder that was made for it goes again."""
    missing = [p for p in (path, *path.parents) if not p.exists()]
    folder = make_folder(path)
    try:
        yield folder
    except InputError:
        with contextlib.suppress(OSError):  # something is in it
            for made in missing:
                made.rmdir()
        raise


def child(folder: Path, name: str) -> Path:
    """The folder of one scenario, right below ``folder``; else raises `InputError`."""
    path = (folder / name).resolve()
    if not NAME.match(name) or path.parent != folder.resolve():
        raise InputError(
            name, "is no name for an output folder; allowed are a-z, 0-9, _ and -, at most 64"
        )
    return path


def within(folder: Path, *names: str) -> Path:
    """A folder below ``folder``, made where it was missing; else raises `InputError`."""
    path = folder.joinpath(*names).resolve()
    if folder.resolve() not in path.parents:
        raise InputError(str(folder.joinpath(*names)), f"leads out of {folder}; remove it")
    return make_folder(path)


def write_atomically(path: Path, content: str | Callable[[Path], object]) -> None:
    """Write a file, a text or what a function writes, so that it is there whole or not at all.

    Until it is whole it is among what is not finished, where the folder has such a place.
    """
    places = [above / OURS for above in path.parents[:2]]
    place = next((place for place in places if place.is_dir()), path.parent)
    handle, part = tempfile.mkstemp(dir=place, prefix=f".{path.name}.")
    os.close(handle)
    try:
        if callable(content):
            content(Path(part))
        else:
            Path(part).write_text(content, encoding="utf-8", newline="\n")
        _to_disk(Path(part))
        os.chmod(part, 0o644)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def replace_folder(new: Path, path: Path) -> None:
    """Put the finished folder ``new`` in the place of ``path``, beside it what was there goes.

    All of it is on the disk first: a folder is there whole or not at all.
    """
    for file in (*new.iterdir(), new):
        _to_disk(file)
    old = new.with_name(f"{new.name}.old")
    if path.exists():
        os.replace(path, old)
    os.replace(new, path)
    _to_disk(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def _to_disk(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    if os.name == "nt" and path.is_dir():  # pragma: no cover
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def inert(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before every text that a spreadsheet would take for a formula.

    >>> import pandas as pd
    >>> inert(pd.DataFrame({"title": ["=1+1", "Plan"]}))["title"].tolist()
    ["'=1+1", 'Plan']
    """
    table = table.copy()
    for column in table.select_dtypes(include=["object", "string", "category"]):
        table[column] = table[column].astype(object).map(_inert)
    return table


def _inert(value: object) -> object:
    is_formula = isinstance(value, str) and value[:1] in tuple("=+-@\t\r")
    return f"'{value}" if is_formula else value
