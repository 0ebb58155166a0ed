"""What is asked beside a run: a plan's own figures checked, and what would meet a target."""

from wfmodel.analysis.checking import check_figures
from wfmodel.analysis.figures import Figures, PlanFigure, read_figures
from wfmodel.analysis.solving import Found, find_value

__all__ = ["Figures", "Found", "PlanFigure", "check_figures", "find_value", "read_figures"]
