"""A quantity: a number, or what is known about it, with where it comes from and how sure it is.

Certain: ``12.5`` or ``{value: 12.5, source: …, confidence: high}``. Unknown, drawn once per
replication: ``{interval: [10, 15]}`` (evenly spread; with a ``value`` inside it, triangular with
that mode) or ``{unknown: {triangular: [10, 12, 15]}}``. Chance, drawn per event:
``{varies: {gamma: {mean: 12, shape: 2}}}``, whose parameters may themselves be unknown.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Confidence = Literal["high", "medium", "low"]


class Part(BaseModel):
    """A part of a scenario: frozen, and nothing unrecognised is accepted."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _listed(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


_in_order = BeforeValidator(_listed)  # YAML and JSON write as a list what is kept as a tuple
Pair = Annotated[tuple[float, float], _in_order]
Triple = Annotated[tuple[float, float, float], _in_order]


class Unknown(Part):
    """How an unknown is spread: exactly one of the two.

    ``triangular`` is [low, most likely, high]; ``uniform`` is [low, high].
    """

    triangular: Triple | None = None
    uniform: Pair | None = None

    @model_validator(mode="after")
    def _one_in_order(self) -> Unknown:
        given = [x for x in (self.triangular, self.uniform) if x is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of triangular, uniform")
        if list(given[0]) != sorted(given[0]):
            raise ValueError(f"{list(given[0])} is not in rising order")
        return self


class Quantity(Part):
    """A number with what is known about it."""

    value: float | None = None
    interval: Pair | None = None
    unknown: Unknown | None = None
    varies: Varies | None = None
    source: str | None = Field(None, description="where the figure comes from")
    confidence: Confidence | None = Field(None, description="low requires an interval or unknown")
    assumed_effect: bool = Field(
        False, description="a lever without evidence: shown with its break-even size"
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Quantity:
        forms = [self.interval is not None, self.unknown is not None, self.varies is not None]
        if sum(forms) > 1 or (not any(forms) and self.value is None):
            raise ValueError("give a value, or one of interval, unknown, varies")
        if self.value is not None and (self.unknown is not None or self.varies is not None):
            raise ValueError("a value goes with an interval or stands alone")
        if self.interval is not None:
            low, high = self.interval
            if low > high:
                raise ValueError(f"interval [{low:g}, {high:g}] is not in rising order")
            if self.value is not None and not low <= self.value <= high:
                raise ValueError(
                    f"value {self.value:g} is outside its interval [{low:g}, {high:g}]"
                )
        if self.confidence == "low" and not self.is_unknown:
            raise ValueError("confidence low requires an interval or an unknown")
        return self

    @property
    def is_unknown(self) -> bool:
        """Whether it, or a parameter of how it varies, is drawn once per replication."""
        if self.varies is not None:
            return any(part.is_unknown for part in self.varies.parameters)
        return self.interval is not None or self.unknown is not None

    @property
    def range(self) -> tuple[float, float, float]:
        """Low, central and high value; three times the value where it is certain."""
        if self.varies is not None:
            return self.varies.mean.range
        if self.unknown is not None and self.unknown.triangular is not None:
            return self.unknown.triangular
        if self.unknown is not None and self.unknown.uniform is not None:
            low, high = self.unknown.uniform
            return low, (low + high) / 2, high
        if self.interval is not None:
            low, high = self.interval
            return low, (low + high) / 2 if self.value is None else self.value, high
        assert self.value is not None
        return self.value, self.value, self.value

    @property
    def central(self) -> float:
        """The most likely value, for display and for what is the same in every replication."""
        return self.range[1]


class Gamma(Part):
    """Gamma spread; shape 1 is exponential."""

    mean: Amount
    shape: Positive


class Exponential(Part):
    """Exponential spread."""

    mean: Amount


class Lognormal(Part):
    """Lognormal spread with coefficient of variation ``cv``."""

    mean: Positive
    cv: Amount


class Poisson(Part):
    """Poisson count."""

    mean: Amount


class Varies(Part):
    """How a quantity varies from event to event: exactly one."""

    gamma: Gamma | None = None
    exponential: Exponential | None = None
    lognormal: Lognormal | None = None
    poisson: Poisson | None = None
    uniform: Pair | None = None
    triangular: Triple | None = None

    @model_validator(mode="after")
    def _one(self) -> Varies:
        names = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(names) != 1:
            raise ValueError(
                "give exactly one of gamma, exponential, lognormal, poisson, uniform, triangular"
            )
        if names[0] in ("uniform", "triangular"):
            edges = list(getattr(self, names[0]))
            if edges != sorted(edges):
                raise ValueError(f"{edges} is not in rising order")
        return self

    @property
    def form(self) -> str:
        """The name of the distribution."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def parameters(self) -> list[Quantity]:
        """The parameters in order, as quantities."""
        spread = getattr(self, self.form)
        if isinstance(spread, tuple):
            return [Quantity(value=x) for x in spread]
        return [getattr(spread, name) for name in type(spread).model_fields]

    @property
    def mean(self) -> Quantity:
        """Its mean (for a triangular spread the mode stands in the middle)."""
        parameters = self.parameters
        if self.form == "uniform":
            return Quantity(value=sum(p.central for p in parameters) / 2)
        if self.form == "triangular":
            return Quantity(value=sum(p.central for p in parameters) / 3)
        return parameters[0]


def _wrap(given: Any) -> Any:
    if isinstance(given, bool):
        raise ValueError("is true or false, a number is needed")
    return {"value": given} if isinstance(given, int | float | str) else given


def _within(low: float, high: float, *, may_vary: bool) -> AfterValidator:
    allowed = f"{low:g} to {high:,.10g}" if high < 1e15 else f"{low:g} or more"
    if 0 < low < 0.001:
        allowed = "more than 0"

    def check(quantity: Quantity) -> Quantity:
        if quantity.varies is not None and not may_vary:
            raise ValueError(
                "can't vary from event to event; give a value, an interval or an unknown"
            )
        lowest, _, highest = quantity.range
        if quantity.varies is not None and quantity.varies.form in ("uniform", "triangular"):
            edges = [part.central for part in quantity.varies.parameters]
            lowest, highest = edges[0], edges[-1]
        if lowest < low or highest > high:
            shown = f"{lowest:g}" if lowest == highest else f"[{lowest:g}, {highest:g}]"
            bound = allowed if lowest < low or high < 1e15 else f"at most {high:,.0f}"
            raise ValueError(f"{shown} is out of range, allowed is {bound}")
        return quantity

    return AfterValidator(check)


_wrapped = BeforeValidator(_wrap, json_schema_input_type=float | Quantity)
_MOST = 1e15

Amount = Annotated[Quantity, _wrapped, _within(0, _MOST, may_vary=False)]
"""Zero or more."""
Positive = Annotated[Quantity, _wrapped, _within(1e-6, _MOST, may_vary=False)]
"""More than zero."""
Number = Annotated[Quantity, _wrapped, _within(-_MOST, _MOST, may_vary=False)]
"""Any number, certain or unknown."""
Share = Annotated[Quantity, _wrapped, _within(0, 1, may_vary=False)]
"""A share or probability, 0 to 1."""
Duration = Annotated[Quantity, _wrapped, _within(0, 100_000, may_vary=True)]
"""A length of time in the unit that its key names; it may vary from event to event."""
Size = Annotated[Quantity, _wrapped, _within(0, 1_000_000, may_vary=True)]
"""A number of people; it may vary from event to event, and is rounded to whole people."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A name: lower-case letters, digits, ``_`` and ``-``, at most 64."""

for _part in (Gamma, Exponential, Lognormal, Poisson, Varies, Quantity):
    _part.model_rebuild()
