"""What a plan says put to the model: its published figures, its claims, its levers and ways in."""

from wfmodel.analysis.checking import check_figures
from wfmodel.analysis.claims import Claims, read_claims
from wfmodel.analysis.figures import Figures, PlanFigure, read_figures
from wfmodel.analysis.judging import judge_claims
from wfmodel.analysis.levers import compare_levers
from wfmodel.analysis.routes import follow_routes

__all__ = [
    "Claims", "Figures", "PlanFigure", "check_figures", "compare_levers", "follow_routes",
    "judge_claims", "read_claims", "read_figures",
]  # fmt: skip
