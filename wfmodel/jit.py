"""How the package compiles: one decorator, one cache folder per version of the sources.

Numba's cache on disk does not notice a change in an imported file and would silently keep an old
rule, so the folder is named by a hash of all of the package's sources and of the compilers.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # its log and exp differ in the last bit

import llvmlite
import numba
import numpy as np
import platformdirs


def _cache_folder() -> Path:
    digest = hashlib.blake2b(digest_size=8)
    for version in (numba.__version__, llvmlite.__version__, np.__version__):
        digest.update(version.encode())
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return Path(platformdirs.user_cache_dir("wfmodel", appauthor=False)) / digest.hexdigest()


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(_cache_folder())


def rule(given: Any) -> Any:
    """Compile a scalar rule, cached on disk, without the interpreter's lock.

    Used bare, or with a signature where keys pass through Python: a key is an unsigned 64-bit
    number, and
    Numba would take a Python number for a signed one.
    """
    if isinstance(given, str):
        return numba.njit(given, cache=True, nogil=True)
    return numba.njit(cache=True, nogil=True)(given)
