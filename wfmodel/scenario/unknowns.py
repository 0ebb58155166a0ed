"""The numbers of a scenario: every quantity by its path, and the draw of those that are unknown.

An unknown is drawn once per replication, keyed by its path: two scenarios that both hold it unknown
share its luck, and no other draw depends on whether it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from pydantic import BaseModel

from wfmodel import draws
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.schema import Scenario

UNIFORM, TRIANGULAR = 0, 1


def quantities(part: BaseModel | dict | list, path: str = "") -> Iterator[tuple[str, Quantity]]:
    """Every quantity below ``part`` with its dotted path, in the order of the schema."""
    if isinstance(part, Quantity):
        yield path, part
        if part.varies is not None:
            for name, inner in zip(_parameter_names(part), part.varies.parameters, strict=True):
                yield f"{path}.varies.{part.varies.form}.{name}", inner
        return
    if isinstance(part, BaseModel):
        items = [(name.rstrip("_"), getattr(part, name)) for name in type(part).model_fields]
    elif isinstance(part, dict):
        items = [(str(key), value) for key, value in part.items()]
    else:
        items = [(str(number), value) for number, value in enumerate(part)]
    for name, value in items:
        if isinstance(value, BaseModel | dict | list):
            yield from quantities(value, f"{path}.{name}" if path else name)


def _parameter_names(quantity: Quantity) -> list[str]:
    assert quantity.varies is not None
    spread = getattr(quantity.varies, quantity.varies.form)
    return (
        [str(n) for n in range(len(spread))]
        if isinstance(spread, tuple)
        else list(type(spread).model_fields)
    )


@dataclass(frozen=True)
class Form:
    """How a quantity varies per event: a shape of `wfmodel.draws.vary` and its slots."""

    shape: int
    slots: tuple[int, int, int]


@dataclass
class Numbers:
    """All numbers of a scenario as one vector, so that a replication's draw is one vector too.

    ``index`` maps paths to slots of the vector; `slot` adds a constant where it is silent.
    """

    base: list[float] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    unknown: list[tuple[str, int, int, tuple[float, float, float]]] = field(default_factory=list)
    _constants: dict[float, int] = field(default_factory=dict)
    _drawn: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None = None

    @classmethod
    def of(cls, scenario: Scenario) -> Numbers:
        """The numbers of a resolved scenario."""
        numbers = cls()
        for path, quantity in quantities(scenario):
            # what all roles take from the role "*" is one unknown, not one for each role
            key = scenario._stated[path][2] if path in scenario._stated else path
            numbers._add(path, quantity, key)
        return numbers

    def _add(self, path: str, quantity: Quantity, key: str) -> None:
        self.index[path] = len(self.base)
        self.base.append(quantity.central)
        if quantity.varies is not None:
            first = len(self.base)  # the parameters follow at once: `quantities` yields them next
            count = len(quantity.varies.parameters)
            slots = (first, first + min(1, count - 1), first + min(2, count - 1))
            self.forms[path] = Form(getattr(draws, quantity.varies.form.upper()), slots)
        elif quantity.is_unknown:
            flat = quantity.interval is not None and quantity.value is None
            if quantity.unknown is not None:
                flat = quantity.unknown.uniform is not None
            self.unknown.append(
                (key, self.index[path], UNIFORM if flat else TRIANGULAR, quantity.range)
            )

    def constant(self, value: float) -> int:
        """The slot of a constant."""
        if value not in self._constants:
            self._constants[value] = len(self.base)
            self.base.append(float(value))
        return self._constants[value]

    def slot(self, path: str, default: float) -> int:
        """The slot of the number at ``path``, or of ``default`` where the scenario has none."""
        return self.index[path] if path in self.index else self.constant(default)

    def form(self, path: str, default: float) -> Form:
        """How the quantity at ``path`` varies; FIXED where it does not."""
        if path in self.forms:
            return self.forms[path]
        slot = self.slot(path, default)
        return Form(draws.FIXED, (slot, slot, slot))

    def draw(self, seed: int, replication: int) -> np.ndarray:
        """The vector of one replication, float64 [numbers]: unknowns drawn, the rest as it is."""
        *unknown, base = self._arrays()
        vector = base.copy()
        if self.unknown:
            stream = draws.stream_key(seed, replication, "unknowns")
            draws.draw_unknowns(stream, *unknown, vector)
        return vector

    def _arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Key, slot and range of each unknown, as `wfmodel.draws.draw_unknowns` reads them, and
        the vector without them."""
        if self._drawn is None or self._drawn[3].size != len(self.base):
            keys = np.array([draws.text_key(key) for key, *_ in self.unknown], dtype=np.uint64)
            slots = np.array([slot for _, slot, *_ in self.unknown], dtype=np.int64)
            given = [ends for *_, ends in self.unknown]
            ranges = np.array(given, dtype=np.float64).reshape(-1, 3)
            ranges[[spread == UNIFORM for *_, spread, _ in self.unknown], 1] = math.nan
            self._drawn = keys, slots, ranges, np.array(self.base, dtype=np.float64)
        return self._drawn

    def central(self) -> np.ndarray:
        """The vector with every unknown at its most likely value."""
        return np.array(self.base, dtype=np.float64)

    def view(self, vector: np.ndarray) -> View:
        """The numbers of one vector, by path."""
        return View(self, vector)


@dataclass(frozen=True)
class View:
    """One replication's numbers, looked up by path."""

    numbers: Numbers
    vector: np.ndarray

    def get(self, path: str, default: float) -> float:
        """The number at ``path``, or ``default`` where the scenario does not give one."""
        slot = self.numbers.index.get(path)
        return default if slot is None else float(self.vector[slot])
