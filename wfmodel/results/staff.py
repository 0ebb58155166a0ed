"""Definitions of the measures of people, posts, flows, training and capacity."""

from __future__ import annotations

from collections.abc import Callable

from wfmodel.results.formulas import Formula, Terms, cumulative, mean_of_year, rolling, year_before
from wfmodel.results.statistics import FEWER_HOURS, LEAVING, REASONS, ROUTES
from wfmodel.units import DAY

Definition = tuple[str, str, str, str, str, bool, str, Callable[[Terms], Formula]]
"""Name, title, unit, kind, reach, whether a main one, what it counts, how it is worked out."""
REASON_TITLES = (
    "vacancies", "peaks and projects", "managed teams", "casual work", "absences",
    "people seconded in",
)  # fmt: skip
HOURS_TITLES = ("flexible retirement", "caring", "flexible working")


def total(s: Terms, *names: str) -> Formula:
    """The sum of several statistics."""
    return sum((s[name] for name in names[1:]), s[names[0]])


def inside(s: Terms) -> Formula:
    """Vacancies filled from inside, less failed trials, of 12 months or since the start."""
    return rolling(s["fills_inside"] - s["fills_undone"])


def filled(s: Terms) -> Formula:
    """All vacancies filled, less failed trials, of 12 months or since the start."""
    return inside(s) + rolling(s["fills_outside"])


def share(part: str, whole: str) -> Callable[[Terms], Formula]:
    """One stock as a share of another."""
    return lambda s: s[part] / s[whole]


def vacancy(s: Terms) -> Formula:
    """Establishment less what is filled, hundredths."""
    return s["establishment_fte"] - s["filled_fte"]


def net_redeployed(s: Terms) -> Formula:
    """Redeployed less failed trials."""
    return s["redeployed"] - s["trial_failed"]


DEFINED: list[Definition] = [
    ("headcount", "Headcount", "heads", "stock", "people", True,
     ("People employed at the month end, in posts, in the redeployment pool and in training; "
      "casual and agency workers are not."),
     lambda s: s["heads"]),
    ("fte", "FTE employed", "FTE", "stock", "people", True,
     ("Full-time equivalents of all people employed at the month end, the redeployment pool and "
      "trainees included; casual and agency workers are not."),
     lambda s: s["fte"] / 100),
    ("fte_in_post", "FTE in post", "FTE", "stock", "cells", False,
     ("FTE of employees who hold a post, supernumerary posts included; without the pool and "
      "trainees who hold none."),
     lambda s: (s["filled_fte"] + s["extra_fte"]) / 100),
    ("establishment_fte", "Establishment", "FTE", "stock", "cells", False,
     "FTE of funded posts, filled or not; supernumerary posts are beside it.",
     lambda s: s["establishment_fte"] / 100),
    ("establishment_posts", "Posts", "posts", "stock", "cells", False,
     "Number of funded posts, filled or not.", lambda s: s["posts"]),
    ("vacancy_fte", "Vacancies", "FTE", "stock", "cells", True,
     ("Establishment FTE that no employee holds, agency-covered posts included (as in DfE's "
      "children's social work workforce)."),
     lambda s: vacancy(s) / 100),
    ("vacancy_rate", "Vacancy rate", "share", "ratio", "cells", True,
     "Vacancy FTE as a share of establishment FTE (DfE: vacancies ÷ (vacancies + FTE in post)).",
     lambda s: vacancy(s) / s["establishment_fte"]),
    ("held_fte", "Vacancies held", "FTE", "stock", "cells", False,
     "Vacant FTE held back by vacancy control.", lambda s: s["held_fte"] / 100),
    ("agency_fte", "Agency and casual", "FTE", "stock", "cells", True,
     "FTE of agency and casual work at the month end, for whatever reason.",
     lambda s: total(s, *(f"agency_{r}_fte" for r in REASONS)) / 100),
    *((f"agency_{reason}_fte", f"Agency: {title}", "FTE", "stock", "cells", False,
       f"FTE of agency and casual work whose reason is {title}.",
       lambda s, r=reason: s[f"agency_{r}_fte"] / 100)
      for reason, title in zip(REASONS, REASON_TITLES, strict=True)),
    ("pool_headcount", "In the redeployment pool", "heads", "stock", "people", False,
     "People at risk, in their notice, who hold no post.", lambda s: s["pool_heads"]),
    ("training_headcount", "Trainees beside the establishment", "heads", "stock", "people", False,
     "People in training, or waiting for a post after it, who hold none.",
     lambda s: s["training_heads"]),
    ("long_absence_headcount", "On long absence", "heads", "stock", "people", False,
     ("People on family leave, long sickness, a career break or other leave at the month end; they "
      "keep their post and are employed."),
     lambda s: s["absent_heads"]),
    ("long_absence_share", "Share on long absence", "share", "ratio", "people", False,
     "People on long absence ÷ headcount.", share("absent_heads", "heads")),
    ("seconded_headcount", "Seconded out", "heads", "stock", "people", False,
     "People who work for a partner at the month end; they keep their post and are employed.",
     lambda s: s["seconded_heads"]),
    ("acting_up_headcount", "Acting up", "heads", "stock", "people", False,
     "People who act in an open post at the month end, counted where their own post is.",
     lambda s: s["acting_heads"]),
    ("acting_up_fte", "Posts acted in", "FTE", "stock", "cells", False,
     ("FTE of open posts in which somebody acts, counted where that post is; it is vacant all the "
      "while."),
     lambda s: s["acting_fte"] / 100),
    ("starters", "Starters", "heads", "flow", "members", True,
     ("People who join from outside into a post; transfers in, trainees' intakes and "
      "redeployments are not starters."),
     lambda s: s["starters"]),
    *((f"starters_{route}", f"Starters: {route.replace('_', ' ')}", "heads", "flow", "members",
       False,
       f"Starters by the route {route.replace('_', ' ')}.",
       lambda s, r=route: s[f"starters_{r}"]) for route in ROUTES),
    ("leavers", "Leavers", "heads", "flow", "members", True,
     ("People who leave the council's employment for any reason, redundancy and the end of "
      "training included; transfers out and redeployments are not leavers."),
     lambda s: s["leavers"]),
    *((f"leavers_{cause}", f"Leavers: {cause.replace('_', ' ')}", "heads", "flow", "members", False,
       f"Leavers whose cause is {cause.replace('_', ' ')}.", lambda s, c=cause: s[f"leavers_{c}"])
      for cause in (*LEAVING, "training")),
    ("resignations", "Resignations", "heads", "flow", "members", False,
     ("People who leave by their own choice: to another council, to an agency, out of the "
      "profession."),
     lambda s: s["resignations"]),
    ("redundancies_compulsory", "Compulsory redundancies", "heads", "flow", "members", True,
     "People dismissed out of the redeployment pool, unreasonable refusals included.",
     lambda s: total(s, "redundancies_compulsory", "redundancies_refused")),
    ("voluntary_exits", "Voluntary exits", "heads", "flow", "members", True,
     "People who leave by their choice with redundancy pay in a change event.",
     lambda s: s["voluntary_exits"]),
    ("hours_reduced", "Hours reduced", "heads", "flow", "members", False,
     "People who go on in their post for fewer hours, flexible retirement included.",
     lambda s: s["hours_reduced"]),
    *((f"hours_reduced_{kind}", f"Hours reduced: {title}", "heads", "flow", "members", False,
       f"People who go on in their post for fewer hours; reason: {title}.",
       lambda s, k=kind: s[f"hours_{k}"])
      for kind, title in zip(FEWER_HOURS, HOURS_TITLES, strict=True)),
    ("hours_reduced_fte", "FTE given up", "FTE", "flow", "cells", False,
     "FTE that people give up who go on in their post for fewer hours.",
     lambda s: s["hours_reduced_fte"] / 100),
    ("long_absences", "Long absences begun", "heads", "flow", "members", False,
     ("People who go on family leave, long sickness, a career break or other leave; who was away "
      "at the start is not among them."),
     lambda s: s["absences"]),
    ("secondments", "Secondments begun", "heads", "flow", "members", False,
     "People who go to work for a partner for a time.",
     lambda s: s["secondments"]),
    ("transferred_in", "Transferred in", "heads", "flow", "members", False,
     "People who come with their posts from another employer.", lambda s: s["transferred_in"]),
    ("transferred_out", "Transferred out", "heads", "flow", "members", False,
     "People who go with their posts to another employer.", lambda s: s["transferred_out"]),
    ("intake_outside", "Trainees joining from outside", "heads", "flow", "members", False,
     "New people in pipelines.", lambda s: s["intake_outside"]),
    ("promoted", "Promoted", "heads", "flow", "members", False,
     "People who move into a vacancy of a role that theirs feeds.", lambda s: s["promoted"]),
    ("progressed", "Progressed", "heads", "flow", "members", False,
     "People who step up with their post.", lambda s: s["progressed"]),
    ("moved_sideways", "Moved sideways", "heads", "flow", "members", False,
     "People who move into another vacancy of their role, trainees taking a post included.",
     lambda s: total(s, "moved_sideways", "absorbed")),
    ("moved_in", "Moves in", "heads", "flow", "cells", False,
     "People who come from another service or role; over the council moves cancel.",
     lambda s: s["moved_in"]),
    ("moved_out", "Moves out", "heads", "flow", "cells", False,
     "People who go to another service or role.", lambda s: s["moved_out"]),
    ("at_risk", "Entered the pool", "heads", "flow", "members", True,
     "People whose post was deleted and who entered the redeployment pool.",
     lambda s: s["at_risk"]),
    ("redeployed", "Redeployed", "heads", "flow", "members", True,
     ("People who take a post out of the pool, slotting-in included; failed trials are counted "
      "apart."),
     lambda s: s["redeployed"]),
    ("trials_failed", "Trials failed", "heads", "flow", "members", False,
     "People who return to the pool from a trial.", lambda s: s["trial_failed"]),
    ("redundancies_avoided", "Redundancies avoided", "heads", "flow", "members", False,
     "People redeployed less those whose trial failed.", net_redeployed),
    ("turnover", "Turnover", "share", "rolling", "members", True,
     "Leavers of 12 months ÷ mean headcount of the 12 months.",
     lambda s: rolling(s["leavers"]) / mean_of_year(s["head_seconds"])),
    ("turnover_dfe", "Turnover (DfE)", "share", "rolling", "members", False,
     ("FTE of leavers of 12 months ÷ FTE at the end of them (DfE's denominator: the stock at the "
      "year's end)."),
     lambda s: rolling(s["leavers_fte"]) / s["fte"]),
    ("resignation_rate", "Resignation rate", "share", "rolling", "members", False,
     "Resignations of 12 months ÷ mean headcount of the 12 months.",
     lambda s: rolling(s["resignations"]) / mean_of_year(s["head_seconds"])),
    ("stability_index", "Stability index", "share", "rolling", "people", False,
     "Of those employed 12 months ago, the share still employed by the council.",
     lambda s: s["stayed_12"] / year_before(s["heads"])),
    ("time_to_fill_days", "Time to fill", "days", "ratio", "cells", False,
     ("Mean days from vacancy to start, of posts filled in the last 12 months (or since the "
      "start, before month 12)."),
     lambda s: rolling(s["fill_seconds"]) / rolling(s["fills_timed"]) / DAY),
    ("posts_filled", "Posts filled", "posts", "flow", "cells", False,
     "Vacancies filled in the month, from inside and from outside.",
     lambda s: total(s, "fills_inside", "fills_outside")),
    ("posts_filled_inside", "Posts filled from inside", "posts", "flow", "cells", False,
     ("Vacancies filled by promotion, sideways moves, redeployment, and trainees and "
      "supernumeraries taking a post."),
     lambda s: s["fills_inside"]),
    ("internal_fill_share", "Filled from inside", "share", "ratio", "cells", False,
     ("Vacancies filled from inside (promotion, sideways, redeployment less failed trials, own "
      "trainees) ÷ all filled, in the last 12 months (or since the start, before month 12)."),
     lambda s: inside(s) / filled(s)),
    ("redeployment_fill_share", "Filled by redeployment", "share", "ratio", "cells", False,
     ("Vacancies filled by redeployment, less failed trials, ÷ all filled, in the last 12 months "
      "(or since the start, before month 12)."),
     lambda s: rolling(net_redeployed(s)) / filled(s)),
    ("redeployment_rate_of_leavers", "Redeployed to leavers", "ratio", "rolling", "members", False,
     ("Redeployed, less failed trials, ÷ leavers, both of 12 months: above 1 the rate of "
      "redeployment is higher than turnover."),
     lambda s: rolling(net_redeployed(s)) / rolling(s["leavers"])),
    ("redeployment_rate_of_pool", "Redeployed of the pool", "share", "ratio", "council", False,
     "Redeployed, less failed trials, ÷ people who entered the pool, both since the start.",
     lambda s: cumulative(net_redeployed(s)) / cumulative(s["at_risk"])),
    ("adverts", "Campaigns started", "campaigns", "flow", "cells", False,
     "Recruitment campaigns begun.", lambda s: s["adverts"]),
    ("campaigns_failed", "Campaigns failed", "campaigns", "flow", "cells", False,
     "Recruitment campaigns that filled nothing.", lambda s: s["campaigns_failed"]),
    ("posts_deleted", "Posts deleted", "posts", "flow", "cells", False,
     "Posts that left the establishment.", lambda s: s["posts_deleted"]),
    ("probations_failed", "Probations failed", "heads", "flow", "cells", False,
     "Starters who did not pass probation.", lambda s: s["probations_failed"]),
    ("share_under_2_years", "Under 2 years' service", "share", "ratio", "people", False,
     "Share of headcount with under two years of service with the council.",
     share("newer", "heads")),
    ("share_55_and_over", "Aged 55 and over", "share", "ratio", "people", False,
     "Share of headcount aged 55 or over.", share("aged_55", "heads")),
    ("share_under_25", "Under 25", "share", "ratio", "people", False,
     "Share of headcount aged under 25.", share("under_25", "heads")),
    ("retirements_due", "Retirements due", "heads", "stock", "people", False,
     "People who reach normal pension age (67) within five years, or have reached it.",
     lambda s: s["due"]),
    ("female_share", "Women", "share", "ratio", "represented", False,
     "Women among those whose sex is stated.", share("female", "sex_stated")),
    ("ethnic_minority_share", "Ethnic minority", "share", "ratio", "represented", False,
     "Ethnic minority staff among those whose ethnicity is stated.",
     share("minority", "ethnicity_stated")),
    ("disabled_share", "Disabled", "share", "ratio", "represented", False,
     "Disabled staff among those who stated whether they are.",
     share("disabled", "disability_stated")),
]  # fmt: skip
