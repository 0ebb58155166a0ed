"""Charts from plain arrays and frames: each returns a figure with its sentence and its table."""

from wfmodel.reporting.charts.bridge import bridge
from wfmodel.reporting.charts.budget import budget
from wfmodel.reporting.charts.drivers import drivers
from wfmodel.reporting.charts.fan import fan
from wfmodel.reporting.charts.flows import flows
from wfmodel.reporting.charts.holes import holes
from wfmodel.reporting.charts.outcomes import outcomes
from wfmodel.reporting.charts.ranges import ranges
from wfmodel.reporting.charts.targets import targets
from wfmodel.reporting.charts.tradeoff import tradeoff

__all__ = [
    "bridge", "budget", "drivers", "fan", "flows", "holes", "outcomes", "ranges", "targets",
    "tradeoff",
]  # fmt: skip
