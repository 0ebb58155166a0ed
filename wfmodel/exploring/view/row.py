"""A row: one lever with its name, where it stands, how sure that is, and a control to move it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from wfmodel.exploring.levers import Lever, Value

Moved = Callable[[str, Value], None]
FULL = w.Layout(width="100%")
TOGETHER = w.Layout(align_items="center", overflow="visible")
UNSET = ""
"""What stands in a list for nothing: a list can't hold nothing itself."""


class Row:
    """A row that can be given one lever after another: widgets cost more than what they say."""

    def __init__(self, moved: Moved, put_back: Callable[[str], None]) -> None:
        self.said = w.HTML(layout=FULL)
        self.slider = w.FloatSlider(continuous_update=False, layout=FULL)
        self.count = w.IntSlider(continuous_update=False, layout=FULL)
        self.switch = w.Checkbox(indent=False, layout=FULL)
        self.choice = w.Dropdown(layout=FULL)
        self.back = w.Button(description="Put back", layout=w.Layout(width="80px"))
        self.place = w.HBox([self.slider], layout=w.Layout(flex="1 1 auto", overflow="visible"))
        self.box = w.VBox([self.said, w.HBox([self.place, self.back], layout=TOGETHER)])
        self.box.add_class("wx-row")
        self.lever: Lever | None = None
        self._moved, self._silent = moved, False
        for control in (self.slider, self.count, self.switch, self.choice):
            control.observe(self._changed, "value")
        self.back.on_click(lambda _: self.lever and put_back(self.lever.path))

    def hold(
        self, lever: Lever, value: Value, is_moved: bool, idle: str = "", headed: bool = True
    ) -> None:
        """Show a lever where it stands; ``idle`` says why it does nothing, where it does;
        ``headed``: with what it belongs to above it."""
        self._silent = True
        try:
            control = self._control(lever, value)
            control.tooltip = f"{lever.part}: {lever.label}"
            if self.place.children != (control,):
                self.place.children = (control,)
        finally:
            self._silent = False
        self.lever = lever
        self.said.value = said(lever, value, is_moved, idle, headed)
        self.back.layout.display = "" if is_moved else "none"
        self.back.tooltip = f"Put back {lever.part}: {lever.label}"
        getattr(self.box, "add_class" if is_moved else "remove_class")("wx-row-moved")

    def _control(self, lever: Lever, value: Value) -> Any:
        if lever.kind in ("number", "whole"):
            slider = self.count if lever.kind == "whole" else self.slider
            number = lever.low if value is None else float(value)  # type: ignore[arg-type]
            low, high = min(lever.low, number), max(lever.high, number)
            with slider.hold_trait_notifications():
                slider.min, slider.max, slider.step = _ordered(slider, low, high, lever.step)
                slider.value = type(slider.value)(number)
            slider.readout_format = readout(lever)
            return slider
        if lever.kind == "switch":
            self.switch.value = bool(value)
            self.switch.description = "yes" if value else "no"
            return self.switch
        options = [(lever.written(option), option) for option in lever.options]
        if value is None or lever.start is None:
            options.insert(0, (lever.written(None), UNSET))
        if self.choice.options != tuple(options):
            self.choice.options = options
        self.choice.value = UNSET if value is None else value
        return self.choice

    def _changed(self, change: Any) -> None:
        if not self._silent and self.lever is not None:
            value = change["new"]
            self._moved(self.lever.path, None if value == UNSET else value)


def _ordered(slider: Any, low: float, high: float, step: float) -> tuple[Any, Any, Any]:
    kind = type(slider.value)
    return kind(low), kind(high), kind(step)


def readout(lever: Lever) -> str:
    """How the number at a slider is written.

    >>> from wfmodel.exploring.levers import Lever
    >>> units = [("%", 0.02), ("%", 0.005), ("£", 50), ("×", 0.05)]
    >>> [readout(Lever("", "", "", "", "number", unit, 0, 1, step, 0, "")) for unit, step in units]
    ['.0%', '.1%', ',.0f', '.2f']
    """
    if lever.kind == "whole":
        return ",d"
    digits = len(f"{lever.step:.6f}".rstrip("0").partition(".")[2])
    if lever.unit == "%":
        return f".{max(digits - 2, 0)}%"
    return f",.{digits}f" if lever.step >= 1 else f".{digits}f"


def said(lever: Lever, value: Value, is_moved: bool, idle: str = "", headed: bool = True) -> str:
    """What is said about a lever, as HTML."""
    stand = escape(lever.stated)
    if is_moved:
        mark = f'<span class="wx-moved">{escape(lever.written(value))}</span>'
        stand = f"{mark}, changed from {stand}"
    elif lever.unknown:
        stand = f"not known, {stand}"
    more = [lever.about.rstrip(".")] if lever.about else []
    if lever.kind in ("number", "whole"):
        more.append(f"Range {lever.written(lever.low)} to {lever.written(lever.high)}")
    more += ["Nobody knows it: every future draws it anew"] if lever.unknown else []
    more += [f"Source: {lever.source}"] if lever.source else []
    more += [f"Confidence: {lever.confidence}"] if lever.confidence else []
    more += ["An assumed effect: there is no evidence for it yet"] if lever.assumed_effect else []
    about = escape(". ".join(more))
    why = f"<details><summary>About it</summary>{about}.</details>" if more else ""
    still = f'<span class="wx-idle">Does nothing here: {escape(idle)}</span>' if idle else ""
    name = escape(f"{lever.part}: {lever.label}", quote=True)
    part = f'<span class="wx-part">{escape(lever.part)}</span>' if headed else ""
    return (
        f'<div class="wx-lever" data-lever="{name}">{part}'
        f'<span class="wx-label">{escape(lever.label)}</span> '
        f'<span class="wx-stand">{stand}</span>{why}{still}</div>'
    )
