"""Definitions of the measures of pay gaps, management, absence, capacity and training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wfmodel.results.staff import Definition, council_only, mean_stock, share, total
from wfmodel.results.timing import rolling

if TYPE_CHECKING:
    from wfmodel.results.fold import Statistics


def kept(after: int):  # type: ignore[no-untyped-def]
    """Share of trainees in post who were kept for some months."""
    return lambda s: s[f"pipeline_kept_{after}"] / s[f"pipeline_reached_{after}"]


def supervision(s: Statistics) -> np.ndarray:
    """Supervision in use over what there is; for the council each role counted once."""
    capacity = s["pipeline_supervision_capacity"].copy()
    capacity[0] = s.central["supervision_capacity"]
    return s["pipeline_supervision_used"] / capacity


DEFINED: list[Definition] = [
    ("mean_pay_gap", "Mean gender pay gap", "share", "ratio", "council", False,
     ("(Mean hourly pay of men − of women) ÷ of men, main assignments, basic pay; below 0 in "
      "favour of women."),
     lambda s: council_only(s, s.gaps["mean"])),
    ("median_pay_gap", "Median gender pay gap", "share", "ratio", "council", False,
     ("(Median hourly pay of men − of women) ÷ of men, main assignments, basic pay; below 0 in "
      "favour of women."),
     lambda s: council_only(s, s.gaps["median"])),
    ("span_of_control", "Span of control", "ratio", "ratio", "cells", False,
     "Employees who manage nobody ÷ managers.",
     lambda s: (s["heads"] - s["managers"]) / s["managers"]),
    ("succession_cover", "Succession cover", "ratio", "ratio", "cells", False,
     "Holders of the roles that feed managers' roles ÷ managers' posts.",
     share("feeders", "manager_posts")),
    ("absence_days", "Days of sickness", "days", "flow", "cells", False,
     "Working days lost to sickness in the month.",
     lambda s: total(s, "absence_stress", "absence_other")),
    ("absence_stress_days", "Days of stress sickness", "days", "flow", "cells", False,
     "Working days lost to stress, depression and anxiety.", lambda s: s["absence_stress"]),
    ("absence_days_per_fte", "Sickness days per FTE", "days", "rolling", "cells", False,
     "Working days lost in 12 months ÷ mean FTE.",
     lambda s: rolling(total(s, "absence_stress", "absence_other")) / (mean_stock(s, "fte") / 100)),
    ("absence_days_per_employee", "Sickness days per employee", "days", "rolling", "cells", False,
     "Working days lost in 12 months ÷ mean headcount.",
     lambda s: rolling(total(s, "absence_stress", "absence_other")) / mean_stock(s, "head")),
    ("effective_capacity", "Effective capacity", "FTE", "stock", "cells", False,
     ("FTE in post and in training × experience, less sickness, supervision and off-the-job "
      "training, plus agency FTE × its capacity."),
     lambda s: s["capacity"] / 100),
    ("required_fte", "Required FTE", "FTE", "stock", "services", False,
     "FTE that demand requires, in services with a demand.", lambda s: s["required"]),
    ("capacity_gap", "Capacity gap", "FTE", "stock", "services", True,
     "Required FTE less effective capacity, in services with a demand.",
     lambda s: s["required"] - s["able"]),
    *((f"pipeline_{name}", title, "heads", kind, "pipelines", False, text,
       lambda s, n=name: s[f"pipeline_{n}"])
      for name, title, kind, text in (
          ("intake", "Pipeline intake", "flow", "People who begin training in a pipeline."),
          ("dropped_out", "Pipeline drop-outs", "flow", "Trainees who do not finish."),
          ("qualified", "Pipeline qualified", "flow", "Trainees who qualify."),
          ("converted", "Pipeline in post", "flow", "Qualified trainees who take a post."),
          ("in_training", "In training", "stock", "People in training at the month end."),
          ("employed", "In post from pipelines", "stock", "Employees who took a post from one."),
      )),
    ("places_deferred", "Training places deferred", "places", "flow", "pipelines", False,
     "Places put off because nobody could supervise them.",
     lambda s: s["pipeline_places_deferred"]),
    ("places_lost", "Training places lost", "places", "flow", "pipelines", False,
     "Places lost because nobody could supervise them.", lambda s: s["pipeline_places_lost"]),
    *((f"pipeline_retained_{after}_months", f"Retained {after} months", "share", "ratio",
    "pipelines", False,
       (f"Of those who took a post out of a pipeline at least {after} months ago, the share "
        f"still employed {after} months after."),
       kept(after))
      for after in (12, 24, 36)),
    ("supervisor_use", "Supervision in use", "share", "ratio", "pipelines", False,
     "Supervision that trainees take ÷ what staff in supervising roles can give.", supervision),
    ("cost_per_retained_gbp", "Cost per person retained", "£", "ratio", "pipelines", False,
     ("Fees, one-off costs and pay of trainees beside the establishment since the start ÷ people "
      "still employed who took a post."),
     lambda s: np.cumsum(s["pipeline_cost"], axis=1) / 100 / np.where(s["pipeline_employed"] > 0,
     s["pipeline_employed"], np.nan)),
]  # fmt: skip
