"""Paper: what charts are drawn on, in the Analysis Function's colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
CHARCOAL, LILAC = "#3D3D3D", "#A285D1"
PALE, MIDDLE, GREY = "#BFDDF1", "#6BACE6", "#BFBFBF"
INK, SOFT, LINE = "#1d1d1d", "#4a4a4a", "#dfe3e8"
WIDTH = 400
"""Width of a chart in its own units, a letter being 13 high; it is shown at any width."""
SMALL, LETTER = 12, 13


class Paper:
    """An SVG under way. Coordinates are rounded to a tenth: nobody sees less."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        self.height, self.width = height, width
        self._drawn: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str = LINE, thick: float = 1,
             dash: str = "") -> None:  # fmt: skip
        """A line."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._drawn.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{thick}"{dashed}/>'
        )

    def path(self, points: Iterable[tuple[float, float]], colour: str, thick: float = 2,
             dash: str = "") -> None:  # fmt: skip
        """A line through points; it breaks where one is undefined."""
        parts, pen = [], "M"
        for x, y in points:
            if math.isnan(y):
                pen = "M"
                continue
            parts.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self._drawn.append(
            f'<path d="{"".join(parts)}" fill="none" stroke="{colour}" stroke-width="{thick}" '
            f'stroke-linejoin="round"{dashed}/>'
        )

    def area(self, x: Sequence[float], low: Sequence[float], high: Sequence[float],
             colour: str) -> None:  # fmt: skip
        """A band between two lines, where both are defined."""
        known = [n for n in range(len(x)) if not (math.isnan(low[n]) or math.isnan(high[n]))]
        if not known:
            return
        there = [f"{x[n]:.1f} {high[n]:.1f}" for n in known]
        back = [f"{x[n]:.1f} {low[n]:.1f}" for n in reversed(known)]
        self._drawn.append(f'<path d="M{"L".join([*there, *back])}Z" fill="{colour}"/>')

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A bar; it may be given from its right end, with a negative width."""
        x, width = (x + width, -width) if width < 0 else (x, width)
        self._drawn.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}" height="{height:.1f}" '
            f'fill="{colour}"/>'
        )

    def mark(self, x: float, y: float, colour: str, size: float = 4.5) -> None:
        """A diamond."""
        self._drawn.append(
            f'<path d="M{x:.1f} {y - size:.1f}L{x + size:.1f} {y:.1f}L{x:.1f} {y + size:.1f}'
            f'L{x - size:.1f} {y:.1f}Z" fill="{colour}"/>'
        )

    def range(self, low: float, high: float, y: float) -> None:
        """A whisker along x."""
        self.line(low, y, high, y, INK, 1.2)
        for x in (low, high):
            self.line(x, y - 3, x, y + 3, INK, 1.2)

    def text(self, x: float, y: float, said: str, anchor: str = "start", size: int = LETTER,
             colour: str = INK, bold: bool = False) -> None:  # fmt: skip
        """Text whose foot is at y."""
        weight = ' font-weight="700"' if bold else ""
        self._drawn.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'fill="{colour}"{weight}>{escape(said)}</text>'
        )

    def svg(self, alt: str) -> str:
        """The finished chart; ``alt`` says what it shows to those who do not see it."""
        said = escape(alt, quote=True)
        return (
            f'<svg role="img" aria-label="{said}" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="100%" font-family="Arial, Helvetica, Liberation Sans, sans-serif">'
            f"{''.join(self._drawn)}</svg>"
        )


class Axis:
    """A scale from values to places, with round ticks."""

    def __init__(self, low: float, high: float, start: float, end: float, count: int = 5) -> None:
        if not high > low:
            low, high = low - 0.5, low + 0.5
        self.ticks = ticks(low, high, count)
        self.low = min(low, self.ticks[0]) if self.ticks else low
        self.high = max(high, self.ticks[-1]) if self.ticks else high
        self.start, self.end = start, end

    def at(self, value: float) -> float:
        """Where a value stands."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round values between two ends, about so many.

    >>> ticks(652, 773), ticks(0, 0.13, 4)
    ([660.0, 680.0, 700.0, 720.0, 740.0, 760.0], [0.0, 0.05, 0.1])
    """
    rough = (high - low) / max(count, 1)
    if not rough > 0 or not math.isfinite(rough):
        return [low]
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(f * size for f in (1, 2, 5, 10) if f * size >= rough * 0.8)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def short(text: str, most: int = 34) -> str:
    """A label that fits beside a bar.

    >>> short("Corporate services and improvement", 20)
    'Corporate services…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def legend(paper: Paper, entries: Sequence[tuple[str, str, str]], y: float = 12) -> None:
    """What colours mean, in one line: (form, colour, text); forms are band, line, dash, mark."""
    x = 0.0
    for form, colour, said in entries:
        if form == "band":
            paper.bar(x, y - 9, 14, 10, colour)
        elif form == "mark":
            paper.mark(x + 7, y - 4, colour)
        else:
            paper.line(x, y - 4, x + 14, y - 4, colour, 2, "4 3" if form == "dash" else "")
        paper.text(x + 18, y, said, size=SMALL, colour=SOFT)
        x += 28 + 6.1 * len(said)


Written = Callable[[float], str]
