"""Places: where a notebook finds a file, whichever folder it was opened from."""

from __future__ import annotations

from pathlib import Path

from wfmodel.errors import InputError


def located(path: str | Path) -> Path:
    """The file or folder at ``path``, taken from here or from the nearest folder above that has it.

    Raises `InputError` where none has.
    """
    given = Path(path).expanduser()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / given).exists():
            return (folder / given).resolve()
    raise InputError(str(path), f"is neither in {here} nor in a folder above it")
