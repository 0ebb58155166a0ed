"""How the package compiles: rules, wholes and the parts of wholes, one cache folder per version.

Numba's cache on disk does not notice a change in an imported file and would silently keep an old
rule, so the folder is named by a hash of the sources that compiled code can be made of, and of the
compilers. `wfmodel.compiling` says how parts and wholes are compiled.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # its log and exp differ in the last bit

import llvmlite
import numba
import numpy as np
import platformdirs

from wfmodel.compiling import Parts, Phrases, Wholes

_ABOVE = ("cli", "__main__.py", "experiment", "exploring", "batch", "reporting", "analysis")
"""What stands above everything that compiles: imports go downward, so it can't be compiled in."""


def _cache_folder() -> Path:
    package = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for version in (numba.__version__, llvmlite.__version__, np.__version__):
        digest.update(version.encode())
    for source in sorted(package.rglob("*.py")):
        if source.relative_to(package).parts[0] not in _ABOVE:
            digest.update(source.read_bytes())
    return Path(platformdirs.user_cache_dir("wfmodel", appauthor=False)) / digest.hexdigest()


CACHE = Path(os.environ.get("NUMBA_CACHE_DIR") or _cache_folder()).resolve()
"""Where what is compiled is kept."""


def _keep_in_cache() -> None:
    """Tell Numba where to keep what is decorated next: it forgets when its environment changes."""
    numba.config.CACHE_DIR = str(CACHE)


_keep_in_cache()


def is_compiled(what: str) -> bool:
    """Whether it was noted that something has been compiled and kept on disk."""
    return _note(what).exists()


def note_compiled(what: str) -> None:
    """Note that something has been compiled; where nothing can be kept, it will be again."""
    with contextlib.suppress(OSError):
        _note(what).touch()


def _note(what: str) -> Path:
    return CACHE / f"{what}.compiled"


def rule(given: Any) -> Any:
    """Compile a scalar rule, cached on disk, without the interpreter's lock.

    Used bare, or with a signature where keys pass through Python: a key is an unsigned 64-bit
    number, and Numba would take a Python number for a signed one.
    """
    _keep_in_cache()
    if isinstance(given, str):
        return numba.njit(given, cache=True, nogil=True)
    return numba.njit(cache=True, nogil=True)(given)


def whole(function: Any) -> Any:
    """Compile a simulation or a fold with all its parts, cached on disk, without the lock.

    Like its parts it reads arrays by places from 0 on: no index counts from the end.
    """
    _keep_in_cache()
    return numba.njit(pipeline_class=Wholes, cache=True, nogil=True, error_model="numpy")(function)


_INNER = {
    "nogil": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "error_model": "numpy",
    "_nrt": False,
}


def part(function: Any) -> Any:
    """Compile a part of a whole: called from compiled functions only, and cached with them.

    It stands there once, however often it is called.
    """
    return numba.njit(pipeline_class=Parts, **_INNER)(function)


def phrase(function: Any) -> Any:
    """Compile a part so small that it is written out wherever it is called."""
    return numba.njit(pipeline_class=Phrases, **_INNER)(function)
