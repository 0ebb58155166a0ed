"""Definitions of the measures of pay gaps, management, absence, capacity and training."""

from __future__ import annotations

from collections.abc import Callable

from wfmodel.results.formulas import Formula, Terms, above_0, cumulative, mean_of_year, rolling
from wfmodel.results.staff import Definition, share, total

SICKNESS = ("absence_stress", "absence_other", "absence_long")


def kept(after: int) -> Callable[[Terms], Formula]:
    """Share of trainees in post who were kept for some months."""
    return lambda s: s[f"pipeline_kept_{after}"] / s[f"pipeline_reached_{after}"]


def days_of_year(s: Terms) -> Formula:
    """Days of sickness of 12 months."""
    return rolling(total(s, *SICKNESS))


DEFINED: list[Definition] = [
    ("mean_pay_gap", "Mean gender pay gap", "share", "ratio", "council", False,
     ("(Mean hourly pay of men − of women) ÷ of men, main assignments, basic pay; below 0 in "
      "favour of women."),
     lambda s: s["mean_gap"]),
    ("median_pay_gap", "Median gender pay gap", "share", "ratio", "council", False,
     ("(Median hourly pay of men − of women) ÷ of men, main assignments, basic pay; below 0 in "
      "favour of women."),
     lambda s: s["median_gap"]),
    ("span_of_control", "Span of control", "ratio", "ratio", "cells", False,
     "Employees who manage nobody ÷ managers.",
     lambda s: (s["heads"] - s["managers"]) / s["managers"]),
    ("succession_cover", "Succession cover", "ratio", "ratio", "cells", False,
     "Holders of the roles that feed managers' roles ÷ managers' posts.",
     share("feeders", "manager_posts")),
    ("absence_days", "Days of sickness", "days", "flow", "cells", False,
     "Working days lost to sickness in the month, long sickness included.",
     lambda s: total(s, *SICKNESS)),
    ("absence_long_days", "Days of long sickness", "days", "flow", "cells", False,
     "Working days lost to long sickness that a role's `absence` states.",
     lambda s: s["absence_long"]),
    ("absence_stress_days", "Days of stress sickness", "days", "flow", "cells", False,
     "Working days lost to stress, depression and anxiety.", lambda s: s["absence_stress"]),
    ("absence_days_per_fte", "Sickness days per FTE", "days", "rolling", "cells", False,
     "Working days lost in 12 months ÷ mean FTE.",
     lambda s: days_of_year(s) / (mean_of_year(s["fte_seconds"]) / 100)),
    ("absence_days_per_employee", "Sickness days per employee", "days", "rolling", "cells", False,
     "Working days lost in 12 months ÷ mean headcount.",
     lambda s: days_of_year(s) / mean_of_year(s["head_seconds"])),
    ("effective_capacity", "Effective capacity", "FTE", "stock", "cells", False,
     ("FTE in post and in training who are not away × experience, less sickness, supervision and "
      "off-the-job training, plus agency FTE × its capacity; acting up counts where it is done."),
     lambda s: s["capacity"] / 100),
    ("required_fte", "Required FTE", "FTE", "stock", "services", False,
     "FTE that demand requires, in services with a demand.", lambda s: s["required"]),
    ("capacity_gap", "Capacity gap", "FTE", "stock", "services", True,
     "Required FTE less effective capacity, in services with a demand.",
     lambda s: s["required"] - s["able"]),
    ("resignation_pressure", "Pressure on resignations", "ratio", "ratio", "services", False,
     ("What shortage multiplies the resignation hazard by in the month that begins: (required FTE "
      "÷ effective capacity)^elasticity within its bounds; 1 where no elasticity is given."),
     lambda s: s["pressure"]),
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
     "Supervision that trainees take ÷ what staff in supervising roles can give.",
     share("supervision_used", "supervision_capacity")),
    ("cost_per_retained_gbp", "Cost per person retained", "£", "ratio", "pipelines", False,
     ("Fees, one-off costs and pay of trainees beside the establishment since the start ÷ people "
      "still employed who took a post."),
     lambda s: cumulative(s["pipeline_cost"]) / 100 / above_0(s["pipeline_employed"])),
]  # fmt: skip
