"""What a plan says put to the model: its published figures, each stated, reproduced or checked."""

from wfmodel.analysis.checking import check_figures
from wfmodel.analysis.figures import Figures, PlanFigure, read_figures

__all__ = ["Figures", "PlanFigure", "check_figures", "read_figures"]
