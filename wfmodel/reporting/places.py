"""Places: where a notebook finds a file, whichever folder it was opened from."""

from __future__ import annotations

from pathlib import Path

from wfmodel.errors import InputError
from wfmodel.scenario.sweep import address


def located(path: str | Path) -> Path:
    """The file or folder at ``path``, taken from here or from the nearest folder above that has it.

    A scenario's address in a sweep stays one. Raises `InputError` where none has it.
    """
    given, name = address(Path(path).expanduser())
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / given).exists():
            found = (folder / given).resolve()
            return Path(f"{found}#{name}") if name else found
    raise InputError(str(path), f"is neither in {here} nor in a folder above it")
