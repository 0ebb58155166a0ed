"""How Numba compiles a whole of several hundred parts: in seconds, where its own way takes minutes.

Numba optimises whatever a function calls again for each caller. Here a part is kept as it was
written, and the whole is optimised once, with its parts as its own. What is left out of Numba's
pipeline serves closures and expressions of arrays, which parts do not have.
"""

from __future__ import annotations

from typing import Any

from llvmlite.binding import Linkage
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import (
    AnnotateTypes,
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (
    DeadBranchPrune,
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    RewriteDynamicRaises,
    RewriteSemanticConstants,
    TranslateByteCode,
)

# --- code


class _PartCode(JITCodeLibrary):
    """The code of a part, neither optimised nor made machine code: its whole will be."""

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
                    if isinstance(library, _PartCode):
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


class _WholeCode(JITCodeLibrary):
    """The code of a whole. Its parts are its own, so that what a part does not use is not passed
    to it."""

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
                function.linkage = Linkage.private  # without a name, lest others call it
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=False, slp_vectorize=False
        )
        passes.run(self._final_module, builder)


# --- lowering

_DATA = 4
"""Which member of Numba's array is the pointer to its data."""


class _PlainLower(Lower):
    """Lowers reading and writing one place of an array plainly: no index counts from the end.

    Numba's own way asks of every index whether it is negative, in code that takes longer to write
    out and optimise than all else that a simulation does.
    """

    def _place(self, array: Any, index: Any) -> Any:
        """A pointer to a place of an array, or None where it is not as plain as that."""
        kind, number = self.typeof(array.name), self.typeof(index.name)
        if not isinstance(kind, types.Array) or kind.ndim != 1 or kind.layout != "C":
            return None
        if not isinstance(kind.dtype, types.Integer | types.Float):
            return None
        if not isinstance(number, types.Integer):
            return None
        data = self.builder.extract_value(self.loadvar(array.name), _DATA)
        place = self.context.cast(self.builder, self.loadvar(index.name), number, types.intp)
        return self.builder.gep(data, [place], inbounds=True)

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        place = self._place(value, index)
        if place is None:
            return super().lower_getitem(resty, expr, value, index, signature)
        kind = self.typeof(value.name).dtype
        return self.context.cast(self.builder, self.builder.load(place), kind, resty)

    def lower_setitem(self, target: Any, index: Any, value: Any, signature: Any) -> Any:
        place = self._place(target, index)
        if place is None:
            return super().lower_setitem(target, index, value, signature)
        kind, given = self.typeof(target.name).dtype, self.typeof(value.name)
        number = self.context.cast(self.builder, self.loadvar(value.name), given, kind)
        return self.builder.store(number, place)


class _ApartLower(_PlainLower):
    """Lowers a function so that LLVM does not write it out again wherever it is called."""

    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        self.function.attributes.add("noinline")


class _Lowering(NativeLowering):
    """Lowers into a library of a kind of its own."""

    _name: str | None = None
    library: type[JITCodeLibrary]
    lower: type[Lower] = _PlainLower

    def run_pass(self, state: Any) -> bool:
        state.library = state.targetctx.codegen().create_library(state.func_id.func_qualname)
        state.library.__class__ = self.library
        if self.library is _WholeCode:
            state.library.enable_object_caching()
        return super().run_pass(state)

    @property
    def lowering_class(self) -> type[Lower]:
        return self.lower


@register_pass(mutates_CFG=True, analysis_only=False)
class _PhraseLowering(_Lowering):
    _name = "phrase_lowering"
    library = _PartCode


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(_Lowering):
    _name = "part_lowering"
    library = _PartCode
    lower = _ApartLower


@register_pass(mutates_CFG=True, analysis_only=False)
class _WholeLowering(_Lowering):
    _name = "whole_lowering"
    library = _WholeCode


# --- types


@register_pass(mutates_CFG=True, analysis_only=False)
class _Typing(NopythonTypeInference):
    """Type inference that asks once what an operation on some types is, not at every place."""

    _name = "typing"
    _found: dict[Any, Any] = {}

    def run_pass(self, state: Any) -> bool:
        own = types.Function.get_call_type

        def get_call_type(function: Any, context: Any, args: Any, kws: Any) -> Any:
            asked = (function, tuple(args), tuple(kws.items()))
            found = self._found.get(asked)
            if found is None:
                found = self._found[asked] = own(function, context, args, kws)
            return found

        setattr(types.Function, "get_call_type", get_call_type)  # noqa: B010
        try:
            return super().run_pass(state)
        finally:
            setattr(types.Function, "get_call_type", own)  # noqa: B010


# --- pipelines

_STEPS = (
    TranslateByteCode,
    FixupArgs,
    IRProcessing,
    RewriteSemanticConstants,
    DeadBranchPrune,
    GenericRewrites,
    RewriteDynamicRaises,
    ReconstructSSA,
    _Typing,
    PreLowerStripPhis,
    IRLegalization,
    AnnotateTypes,
)


class Phrases(CompilerBase):
    """Of parts that are written out wherever they are called."""

    lowering: type[_Lowering] = _PhraseLowering

    def define_pipelines(self) -> list[Any]:
        pipeline = PassManager("plain")
        for step in (*_STEPS, self.lowering, NoPythonBackend):
            pipeline.add_pass(step, step.__name__)
        pipeline.finalize()
        return [pipeline]


class Parts(Phrases):
    """Of parts that stand once."""

    lowering = _PartLowering


class Wholes(Phrases):
    """Of what Python calls."""

    lowering = _WholeLowering
