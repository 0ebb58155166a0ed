"""What is asked beside a run: a plan's figures, claims, levers and ways in, and what would meet a
target."""

from wfmodel.analysis.checking import check_figures
from wfmodel.analysis.claims import Claims, read_claims
from wfmodel.analysis.figures import Figures, PlanFigure, read_figures
from wfmodel.analysis.judging import judge_claims
from wfmodel.analysis.levers import compare_levers
from wfmodel.analysis.routes import follow_routes
from wfmodel.analysis.solving import Found, find_value

__all__ = [
    "Claims", "Figures", "Found", "PlanFigure", "check_figures", "compare_levers", "find_value",
    "follow_routes", "judge_claims", "read_claims", "read_figures",
]  # fmt: skip
