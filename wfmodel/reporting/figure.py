"""A figure: a chart with the sentence and the table that say the same."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import Any, cast

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Chart
from PIL import Image

from wfmodel.reporting.tables import Table, shown

DOTS_PER_INCH = 180
BESIDE = 6
"""A table of more columns than this stands below its chart, not beside it."""


def drawn(chart: Chart) -> FigureCanvasAgg:
    """The canvas of a chart, drawn once, under the style of whoever asks first."""
    if not isinstance(chart.canvas, FigureCanvasAgg):
        FigureCanvasAgg(chart).draw()
    return cast(FigureCanvasAgg, chart.canvas)


@dataclass(frozen=True)
class Figure:
    """A chart of some ``kind``; ``sentence`` and ``table`` say what it shows, computed with it."""

    title: str
    kind: str
    chart: Chart
    sentence: str
    table: Table

    @property
    def alt(self) -> str:
        """What the chart shows, for those who do not see it."""
        return f"{self.kind}. {self.sentence}"

    @property
    def tables(self) -> tuple[Table, ...]:
        """The table beside it."""
        return (self.table,)

    def png(self) -> bytes:
        """The chart as an image, the same bytes every time.

        `Chart.savefig` would lay it out and draw it twice more; here it is drawn already.
        """
        buffer = io.BytesIO()
        image = Image.fromarray(np.asarray(drawn(self.chart).buffer_rgba())).convert("RGB")
        # a twentieth larger than at its smallest, for half the time
        image.save(buffer, "png", compress_level=2, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
        return buffer.getvalue()

    def html(self) -> str:
        """Chart, sentence and table beside each other; nothing is fetched from anywhere."""
        image = base64.b64encode(self.png()).decode("ascii")
        beside = len(self.table.frame.columns) <= BESIDE
        layout = "wf-pair" if beside else "wf-stack"
        heading = f"<strong>{escape(self.title)}</strong>"
        return (
            f'<div class="{layout}"><figure class="wf-figure">'
            f"<figcaption>{heading} {escape(self.sentence)}</figcaption>"
            f'<img alt="{escape(self.alt, quote=True)}" src="data:image/png;base64,{image}">'
            f"</figure>{self.table.html()}</div>"
        )

    def text(self) -> str:
        """Title, sentence and table in plain text."""
        return f"{self.title}\n{self.sentence}\n{self.table.text()}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return shown(self, self.tables)
