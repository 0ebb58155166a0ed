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
from llvmlite.binding import Linkage
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering


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


class _PartLibrary(JITCodeLibrary):
    """The code of a part: kept as it was written, optimised and made machine code in its whole."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Nothing is linked yet: whoever calls this part is linked with all that it needs."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.external:
                function.linkage = Linkage.linkonce_odr  # it may come from several sides
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        self._ensure_finalized()
        whole, seen, waiting = self._final_module.clone(), {self}, [self]
        while waiting:
            for library in waiting.pop()._linking_libraries:
                if library not in seen:
                    seen.add(library)
                    if isinstance(library, _PartLibrary):
                        whole.link_in(library._final_module, preserve=True)
                        waiting.append(library)
                    else:
                        whole.link_in(library._get_module_for_linking(), preserve=True)
        return whole

    def get_pointer_to_function(self, name: str) -> int:
        return 0  # there is none

    @property
    def codegen(self) -> Any:
        return self  # so that nothing is set in machine code that there isn't

    def set_env(self, name: str, env: Any) -> None:
        """Nothing: a part has no surroundings of its own."""


class _ApartLower(Lower):
    """Lowers a function so that LLVM does not write it out again wherever it is called."""

    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(NativeLowering):
    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = state.targetctx.codegen().create_library(state.func_id.func_qualname)
        state.library.__class__ = _PartLibrary
        return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class _ApartLowering(_PartLowering):
    _name = "apart_lowering"

    @property
    def lowering_class(self) -> type[Lower]:
        return _ApartLower


class _Phrases(CompilerBase):
    """Numba's own pipeline, but for the lowering."""

    lowering = _PartLowering

    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [
            (self.lowering, what) if step is NativeLowering else (step, what)
            for step, what in pipeline.passes
        ]
        pipeline.finalize()
        return [pipeline]


class _Parts(_Phrases):
    lowering = _ApartLowering


_INNER = {
    "nogil": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "error_model": "numpy",
    "_nrt": False,
}


def part(function: Any) -> Any:
    """Compile a part of a larger whole: called from compiled functions only, and cached with them.

    It stands there once, however often it is called, and is optimised only there: Numba's own way
    optimises whatever a function calls again for each caller, which takes minutes for a simulation.
    """
    return numba.njit(pipeline_class=_Parts, **_INNER)(function)


def phrase(function: Any) -> Any:
    """Compile a part so small that it is written out wherever it is called."""
    return numba.njit(pipeline_class=_Phrases, **_INNER)(function)
