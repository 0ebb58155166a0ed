"""Definitions of the measures of money: costs, budget, and the levy account."""

from __future__ import annotations

from collections.abc import Callable

from wfmodel.results.formulas import Formula, Terms, above_0, rolling
from wfmodel.results.staff import Definition, total

STAFFING = ("pay", "supplements", "on_costs", "agency")
ONE_OFF = ("recruitment", "redundancy", "strain", "retraining", "protected")


def gbp(*names: str) -> Callable[[Terms], Formula]:
    """Statistics in pence, as £."""
    return lambda s: total(s, *names) / 100


def levy(name: str) -> Callable[[Terms], Formula]:
    """A series of the levy account, as £."""
    return lambda s: s[f"levy_{name}"] / 100


def recurring(s: Terms) -> Formula:
    """Recurring costs, pence."""
    return total(s, *STAFFING, "retention", "policies")


def one_off(s: Terms) -> Formula:
    """One-off costs, pence."""
    return total(s, *ONE_OFF, "training", "policies_once", "change_once")


DEFINED: list[Definition] = [
    ("pay_gbp", "Pay", "£", "flow", "money", False,
     ("Basic pay of all employees after pay awards, those in the pool and in training included, "
      "by the second in post; what acting up adds is in it, and what leave on part pay saves or a "
      "partner pays for who is seconded is not."),
     gbp("pay")),
    ("acting_up_gbp", "Pay for acting up", "£", "flow", "money", False,
     ("The part of pay that acting up adds: up to the lowest point of the role acted in, for the "
      "FTE acted in."),
     gbp("acting")),
    ("pool_pay_gbp", "Pay in the pool", "£", "flow", "money", False,
     "The part of pay that goes to people in the redeployment pool.", gbp("pool_pay")),
    ("trainee_pay_gbp", "Pay of trainees", "£", "flow", "money", False,
     "The part of pay that goes to trainees who hold no post.", gbp("trainee_pay")),
    ("on_costs_gbp", "On-costs", "£", "flow", "money", False,
     ("Employer's pension contributions of members, national insurance by the rules of the day, "
      "and other on-costs."),
     gbp("on_costs")),
    ("agency_gbp", "Agency", "£", "flow", "cells", False,
     "Cost of agency and casual work, for whatever reason.", gbp("agency")),
    ("absence_cover_gbp", "Agency for absences", "£", "flow", "cells", False,
     "The part of the cost of agency that covers for people on long absence or seconded.",
     gbp("absence_cover")),
    ("recruitment_gbp", "Recruitment", "£", "flow", "cells", False,
     "Cost of recruitment campaigns.", gbp("recruitment")),
    ("redundancy_gbp", "Redundancy pay", "£", "flow", "cells", False,
     "Redundancy pay, statutory and enhanced, of compulsory redundancies and voluntary exits.",
     gbp("redundancy")),
    ("pension_strain_gbp", "Pension strain", "£", "flow", "cells", False,
     ("Capital cost of pensions brought forward: pay × membership ÷ 49 × years to pension age × "
      "the fund's factor, from the minimum pension age; of redundancies, voluntary exits, and "
      "flexible retirements on a pension that is not reduced."),
     gbp("strain")),
    ("training_gbp", "Training", "£", "flow", "council", False,
     ("Fees not paid by the levy, co-investment, one-off costs of trainees, and retraining of "
      "the redeployed."),
     gbp("training", "retraining")),
    ("protection_gbp", "Pay protection", "£", "flow", "money", False,
     "What pay protection adds to the pay of those redeployed to a lower grade.", gbp("protected")),
    ("policies_gbp", "Policies", "£", "flow", "council", False,
     "Recurring cost of the policies themselves: a year, for each head, and pay supplements.",
     gbp("policies", "retention", "supplements")),
    ("change_gbp", "Change", "£", "flow", "council", False,
     "One-off cost of policies and change events themselves.",
     gbp("policies_once", "change_once")),
    ("staffing_cost_gbp", "Staffing cost", "£", "flow", "cells", True,
     "Pay with supplements and on-costs, and agency: what the staffing budget pays.",
     gbp(*STAFFING)),
    ("recurring_cost_gbp", "Recurring cost", "£", "flow", "cells", False,
     "Staffing cost and the recurring cost of policies.", lambda s: recurring(s) / 100),
    ("one_off_cost_gbp", "One-off cost", "£", "flow", "cells", False,
     ("Recruitment, redundancy pay, pension strain, training, pay protection, and one-off costs "
      "of change and policies (the latter for the council alone)."),
     lambda s: one_off(s) / 100),
    ("budget_gbp", "Staffing budget", "£", "flow", "cells", False,
     ("As given by financial year, or the opening establishment with on-costs × (1 − vacancy "
      "factor) × pay awards, less the yearly reduction."),
     gbp("budget")),
    ("budget_variance_gbp", "Over budget", "£", "flow", "cells", False,
     "Recurring cost less staffing budget: above 0 is overspent.",
     lambda s: (recurring(s) - s["budget"]) / 100),
    ("levy_balance", "Levy balance", "£", "stock", "council", False,
     "Funds in the apprenticeship levy account.", levy("balance")),
    ("levy_income", "Levy income", "£", "flow", "council", False,
     ("Funds that enter the levy account: the levy on the pay bill less the allowance, and "
      "government's top-up."),
     levy("entered")),
    ("levy_spent", "Levy spent", "£", "flow", "council", False,
     "Training paid from the levy account, oldest funds first.", levy("spent")),
    ("levy_expired", "Levy expired", "£", "flow", "council", False,
     "Funds that leave the levy account unspent.", levy("expired")),
    ("levy_spent_share", "Levy spent of income", "share", "rolling", "council", False,
     "Levy funds spent ÷ levy funds that came in, both of 12 months: 1 and above is spent in full.",
     lambda s: rolling(s["levy_spent"]) / above_0(rolling(s["levy_entered"]))),
]  # fmt: skip
