"""Levers: every setting of a scenario that can be moved, read from the scenario and its format.

Nothing here names a setting: what the format can hold, and the scenario holds or may hold, is a
lever. A setting that is new in the format is a lever without a line here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from wfmodel.exploring import scale as scales
from wfmodel.exploring import wording
from wfmodel.exploring.grouping import group_of
from wfmodel.scenario.assumptions import known, place
from wfmodel.scenario.inheritance import OWN, SWITCHED
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.shape import alternatives, fields, narrow
from wfmodel.units import add_months

Kind = Literal["number", "whole", "switch", "choice", "date"]
Value = float | int | bool | str | dt.date | None

ASKED = (*OWN, "horizon", "run", "targets")
"""What a scenario is and asks; it is no lever."""
OPTIONAL = ("policies", "change_events", "pipelines")
"""Sections whose parts can be left out whole, and whose unset settings may be set."""
FACTS = ("seed", "kind", "grade", "manager", "entry_level", "skills")
"""Settings that say what something is, and so are moved by nobody."""
DECIDED = ("policies", "change_events", "pipelines", "budget")
"""Sections of what a council decides; they come before what it only knows."""


@dataclass(frozen=True)
class Lever:
    """One setting that can be moved.

    ``path`` is dotted, as an override takes it. ``low`` to ``high`` in steps of ``step`` is its
    range (numbers), ``options`` what it chooses between (else). ``start`` is what the scenario
    holds: None where nothing is set; of an unknown the most likely value. ``stated`` says it in
    words. ``unknown``: nobody knows it, every future draws it anew within the range.
    """

    path: str
    group: str
    part: str
    label: str
    kind: Kind
    unit: str
    low: float
    high: float
    step: float
    start: Value
    stated: str
    about: str = ""
    source: str = ""
    confidence: str = ""
    unknown: bool = False
    assumed_effect: bool = False
    options: tuple[Any, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether it takes a whole policy, change event or pipeline out and puts it back."""
        return self.path.count(".") == 1 and self.path.split(".")[0] in OPTIONAL

    def written(self, value: Value) -> str:
        """A value as a reader sees it."""
        return wording.value(value, self.unit, self.step)

    def override(self, value: Value) -> Any:
        """A value as an override of the scenario takes it."""
        if self.is_part:
            return None if value is False else True
        return value

    def matches(self, text: str) -> bool:
        """Whether every word of ``text`` is in what is said about it."""
        said = f"{self.part} {self.label} {self.group} {self.path} {self.about}".lower()
        return all(word in said for word in text.lower().split())


def levers(scenario: Scenario) -> list[Lever]:
    """Every lever of a scenario, what the council decides before what nobody knows, by group.

    What all roles share is one lever (``roles.*.…``).
    """
    found: dict[str, Lever] = {}
    for name, annotation in fields(Scenario).items():
        value = getattr(scenario, f"{name}_" if name == "schema" else name)
        if name not in ASKED and value is not None:
            for lever in _Walk(scenario, name).below(name, annotation, value):
                found.setdefault(lever.path, lever)
    parts = {part: n for n, part in enumerate(dict.fromkeys(x.part for x in found.values()))}
    return sorted(
        found.values(), key=lambda lever: (*_rank(lever), parts[lever.part], _unset(lever))
    )


def _rank(lever: Lever) -> tuple[int, int, bool]:
    section = lever.path.partition(".")[0]
    rank = DECIDED.index(section) if section in DECIDED else len(DECIDED)
    of_one_role = section == "roles" and not lever.path.startswith("roles.*")
    return wording.GROUPS.index(lever.group), rank, of_one_role


def _unset(lever: Lever) -> bool:
    return lever.start is None


class _Walk:
    """The walk down one section of a scenario, its format beside it."""

    def __init__(self, scenario: Scenario, section: str) -> None:
        self.scenario, self.section = scenario, section

    def below(self, path: str, annotation: Any, value: Any, about: str = "") -> Iterator[Lever]:
        """The levers at and below ``path``."""
        if isinstance(value, Quantity):
            yield from self._quantity(path, annotation, value, about)
        elif isinstance(value, BaseModel):
            yield from self._part(path, value)
        elif isinstance(value, dict):
            inner = next(get_args(k)[1] for k, _ in alternatives(annotation) if get_args(k))
            for key, item in value.items():
                yield from self.below(f"{path}.{key}", inner, item)
        elif isinstance(value, list) and any(isinstance(item, BaseModel) for item in value):
            inner = next(get_args(k)[0] for k, _ in alternatives(annotation) if get_args(k))
            for number, item in enumerate(value):
                yield from self.below(f"{path}.{number}", inner, item)
        else:
            yield from self._single(path, annotation, value, about)

    def _part(self, path: str, value: BaseModel) -> Iterator[Lever]:
        if path.count(".") == 1 and self.section in OPTIONAL:
            yield self._lever(path, "switch", "in force", True, about="Take it out, or leave it in")
        model = type(value)
        switch, switched = dict[Any, Any](SWITCHED).get(model, ("", ()))
        for name, annotation in fields(model).items():
            inner = getattr(value, name)
            unset = inner is None and (self.section not in OPTIONAL or name in switched)
            if name in FACTS or name == switch or unset:
                continue
            about = model.model_fields[name].description or ""
            yield from self.below(f"{path}.{name}", annotation, inner, about)

    def _quantity(
        self, path: str, annotation: Any, quantity: Quantity, about: str
    ) -> Iterator[Lever]:
        if quantity.varies is not None:
            mean = getattr(getattr(quantity.varies, quantity.varies.form), "mean", None)
            if mean is not None:
                inner = f"{path}.varies.{quantity.varies.form}.mean"
                said = f"{about}; it varies from case to case, this is its mean".lstrip("; ")
                yield from self._quantity(inner, annotation, mean, said)
            return
        stated = place(self.scenario, path)[2]
        source, confidence = known(quantity)
        scale = scales.of_quantity(path, annotation, quantity)
        yield self._lever(
            stated,
            "number",
            scale.unit,
            quantity.central,
            scale=scale,
            about=about,
            stated=wording.quantity(quantity, scale.unit, scale.step),
            source=source,
            confidence=confidence,
            unknown=quantity.is_unknown,
            assumed_effect=quantity.assumed_effect,
        )

    def _single(self, path: str, annotation: Any, value: Any, about: str) -> Iterator[Lever]:
        """A lever of a single value, or of nothing where nothing is set."""
        stated = place(self.scenario, path)[2]
        for kind, bounds in alternatives(narrow(annotation, None)):
            options: tuple[Any, ...] = ()
            if kind is Quantity or kind in (int, float):
                scale = scales.of_number(path, annotation, kind, bounds, value)
                form: Kind = "whole" if kind is int else "number"
                yield self._lever(stated, form, scale.unit, value, scale=scale, about=about)
                return
            if kind is bool:
                yield self._lever(stated, "switch", "yes or no", value, about=about)
                return
            if get_origin(kind) is Literal:
                options = get_args(kind)
                yield self._lever(stated, "choice", "", value, options=options, about=about)
                return
            if kind is dt.date:
                options = self._dates(value)
                yield self._lever(stated, "date", "date", value, options=options, about=about)
                return

    def _dates(self, value: dt.date | None) -> tuple[dt.date, ...]:
        """Firsts of the months of the run, and the date that is set."""
        horizon = self.scenario.horizon
        firsts = {add_months(horizon.start, month) for month in range(horizon.months + 1)}
        return tuple(sorted(firsts | ({value} if value is not None else set())))

    def _lever(
        self, path: str, kind: Kind, unit: str, start: Value, scale: Any = None, **more: Any
    ) -> Lever:
        scale = scale or scales.Scale("", 0.0, 1.0, 1.0)
        part, label = wording.name(path, self.scenario)
        more.setdefault("stated", wording.stated(start, unit, scale.step))
        return Lever(
            path=path,
            group=group_of(path, self.scenario),
            part=part,
            label=label,
            kind=kind,
            unit=unit,
            low=scale.low,
            high=scale.high,
            step=scale.step,
            start=start,
            **more,
        )
