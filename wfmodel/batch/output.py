"""The output folder: writable, held by one batch at a time, and never half-written."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from wfmodel.errors import InputError

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
LOCK = ".batch.lock"


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


def child(folder: Path, name: str) -> Path:
    """The folder of one scenario, right below ``folder``; else raises `InputError`."""
    path = (folder / name).resolve()
    if not NAME.match(name) or path.parent != folder.resolve():
        raise InputError(
            name, "is no name for an output folder; allowed are a-z, 0-9, _ and -, at most 64"
        )
    return path


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that it is there whole or not at all."""
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(part, 0o644)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def replace_folder(new: Path, path: Path) -> None:
    """Put the finished folder ``new`` in the place of ``path``; whatever was there goes last."""
    old = new.with_name(f"{new.name}.old")
    if path.exists():
        os.replace(path, old)
    os.replace(new, path)
    shutil.rmtree(old, ignore_errors=True)


def inert(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before every text that a spreadsheet would take for a formula.

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


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder for one batch; raises `InputError` while another one does.

    The system lets go of the lock when the process ends, however it ends.
    """
    with open(folder / LOCK, "a+b") as file:
        if not _lock(file):
            raise InputError(
                str(folder), "another batch is writing here; wait for it or give another --out"
            )
        try:
            yield
        finally:
            _unlock(file)


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _lock(file) -> bool:  # type: ignore[no-untyped-def]
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

    def _unlock(file) -> None:  # type: ignore[no-untyped-def]
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]

else:
    import fcntl

    def _lock(file) -> bool:  # type: ignore[no-untyped-def]
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file) -> None:  # type: ignore[no-untyped-def]
        fcntl.flock(file, fcntl.LOCK_UN)
