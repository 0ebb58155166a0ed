"""What a plan says put to the model: its published figures, its ways in, its levers."""

from wfmodel.analysis.checking import check_figures
from wfmodel.analysis.figures import Figures, PlanFigure, read_figures
from wfmodel.analysis.levers import compare_levers
from wfmodel.analysis.routes import follow_routes

__all__ = [
    "Figures", "PlanFigure", "check_figures", "compare_levers", "follow_routes", "read_figures",
]  # fmt: skip
