"""Where things stand in the two arrays of a fold: ``m`` (whole numbers) and ``x`` (the others).

What a scenario settles for all replications stands first in either, then what is counted, then a
ledger's records. A record's handle is the place of its first field, a table's the place of its
first row. Months are month ends: 0 is the start, and something is first counted at the month end
after it; in ``m`` a row of months has one place more, for what is beyond them.
"""

from __future__ import annotations

from wfmodel.results.statistics import CODE, STATISTICS

# --- the run: the first places of ``m``
(
    # time
    ENDS, WIDE, HORIZON, START_DAY, START_MONTH, STARTS, MONTH_OF_DAY, APRILS, APRIL_COUNT, EDGES,
    EDGE_ENDS, STRETCH_OF_MONTH, SECONDS_OF_MONTH, YEARS, YEAR_AT, YEAR_OF_MONTH, LENGTHS,
    # cells, groups and people
    CELLS, CELL_AT, SERVICE_GROUPS, CELL_GROUPS, MONEY_GROUPS, FUNDINGS, AGES, AGE_EDGES, OWN,
    HAVING, HAVING_2, HAVING_3, CONTRACTS, MAN, WOMAN,
    # movements
    ACTS, FLOWS, FLOW_AT,
    # pay and costs
    ROLES, ROWS, PAY, RANKED, MIDDLE_PAY, AWARDS, FACTORS, BY_MONTH, FULL_PAY, MIDDLE_COST,
    ON_COSTS, INSURED, INSURANCE, RECRUITING, COVER_COST, PREMIUM, USES, USE_COST, STRAIN_FACTORS,
    VESTING, VESTING_COUNT, EARLIEST_PENSION, EARLIEST_PENSION_COUNT, SCOPED, SCOPED_AT,
    SUPPLEMENTS, SUPPLEMENT_AT, RETENTIONS, RETENTION_AT, PROTECTIONS, PROTECTION_AT, RETRAININGS,
    RETRAINING_AT, SICKNESS, SICKNESS_AT, POLICIES, POLICY_MONTHS, POLICY_DURING, POLICY_YEARLY,
    POLICY_ONCE, EVENTS, EVENT_MONTHS, EVENT_ONCE,
    # the budget
    BUDGETED, BUDGET_GIVEN, BUDGET_GIVEN_AT, BUDGET_NUMBERS, SHARES, OPENING_COST,
    # work
    ABSENCE, STRESS, OTHER_SICKNESS, SICK_BASE, SICK_SPREAD, SICK_YEARS, SICK_DAYS, BANDS,
    COVER_CAPACITY, WORKED, DEMANDS, DEMAND_AT, DEMANDED,
    # pipelines and the levy
    PIPELINES, PIPELINE_AT, TRAINING_ROWS, SUPERVISORS, SUPERVISOR_AT, SUPERVISES, LEVIED,
    HAS_PAY_BILL, LEVY_NUMBERS, LEVY_RULES, LEVY_TERMS, LEVY_FUNDS, LEVY_FUND_COUNT,
    # what is wanted
    WANTS_MOVES, WANTS_STOCKS, WANTS_TIME, WANTS_PAY, WANTS_EXTRAS, WANTS_GAPS, WANTS_BUDGET,
    WANTS_WORK, WANTS_DEMAND, WANTS_TRAINING, WANTS_LEVY, WANTS_CENTRAL,
    WANTS_COST_OF_TRAINING, WANTS_COVER, WANTS_EXACT, WANTS_STRAIN, WANTS_ACTING,
    WANTS_ABSENCE_COVER, WANTS_AGES,
    # what is counted
    COUNTS, OPENING_POSTS, OPENING_FTE, OPENING_FILLED, CELL_SEEN, CELL_COUNTS, ROW_COUNTS,
    SUPERVISOR_COUNTS, MEMORY, SUMS, SUMS_END, PAY_ROWS,
    # what is worked out of it
    SERIES, SERIES_AT, KEPT, ROOMS, ROOM_WIDTH, ROWS_AT_A_TIME,
    # the ledger
    MOVES, PEOPLE, POSTS, PEOPLE_AT, POSTS_AT, SPELLS_AT, SPELLS,
    # the movement that is replayed: when, what is left of its month, what it was and changed
    NOW, MONTH, LEFT, MARKS, CAME_FROM, WENT_TO, CLOSED, OPENED, LIST,
) = range(163)  # fmt: skip
"""``…_AT`` are tables in ``m``, mostly with their number beside them; what is no whole number
stands in ``x``. VESTING and EARLIEST_PENSION are lists of steps with their lengths; HAVING to
HAVING_3 flags by code of a characteristic; OWN the first group and the number of groups of each
characteristic, the first −1 where none is kept; FUNDINGS and AGES the first group, or −1; MAN and
WOMAN codes of sex, or −1; LIST the place of groups in which something is counted."""
LIST_WIDTH = 12

# --- a statistic, by its code
STATISTIC_AT = LIST + 1
AT, KIND, OUT, STATISTIC_WIDTH = range(4)
"""Where its counts stand in ``m``, how it is counted, and where its values stand in ``x``, if it is
worked out; where nobody looks, if nobody wants it."""
PLAN_AT = STATISTIC_AT + STATISTIC_WIDTH * len(STATISTICS)


def counts_of(name: str) -> int:
    """The place in ``m`` that says where a statistic is counted."""
    return STATISTIC_AT + STATISTIC_WIDTH * CODE[name] + AT


def values_of(name: str) -> int:
    """The place in ``m`` that says where the values of a statistic stand in ``x``."""
    return STATISTIC_AT + STATISTIC_WIDTH * CODE[name] + OUT


# --- a cell
(
    ROLE, LOW, HIGH, MANAGES, FEEDS, EXIT, DEMAND, SUPERVISOR, GRADE_COUNT, GRADE, GROUP_COUNT,
    GROUP, _GROUP_2, _GROUP_3, _GROUP_4, CELL_WIDTH,
) = range(16)  # fmt: skip
"""Its role with the lowest and highest pay row; whether it manages, and feeds those who do; the
change event by which its staff may go voluntarily, the demand that it serves, its place among
supervising roles, each −1 for none; lists of its groups among those of grades, and of all others.
"""

# --- what is counted of a cell's work, in rows of months
COVERED, TIME, _TIME_ON, ON_LEAVE, _ON_LEAVE_ON, COUNTED_OF_CELL = range(6)
"""FTE of agency; time at work, and time of long sickness, two rows each (see `accrual`)."""

# --- a policy or another cost with a scope
SCOPE, FIRST, LAST, DURING, NUMBER, UNIT, AMOUNT, SCOPED_WIDTH = range(8)
"""Flags by cell; seconds [FIRST, LAST); by month whether (flags) or how much of it (a row in ``x``)
it is in force; the place of its number; and this in whole pence, or a length in seconds."""
AS_IT_IS, IN_PENCE, IN_MONTHS = range(3)

# --- rates
PENSION, OTHER, OPENING_THRESHOLD, OPENING_RATE = range(4)
THRESHOLD, RATE, APPRENTICE_AGE, APPRENTICE_LIMIT, INSURANCE_WIDTH = range(5)
"""Of national insurance, by stretch: thresholds in pence."""
REDUCTION, VACANCY_FACTOR = range(2)
OPENING_BALANCE, MEAN_AGE, OTHER_SPEND, PAY_BILL = range(4)

# --- a step of a statutory figure
SINCE, FIGURE, ASKED, FIGURE_WIDTH = range(4)
"""The second from which it holds, the place of the figure, whether anybody asked for it."""

# --- a demand
DEMAND_GROUP, DEMAND_STEPS, DEMAND_NUMBERS, DEMAND_WIDTH = range(4)
OPENING_REQUIRED, LEAST, MOST, GROWTH, CASES_PER_FTE, SHIFT_COVER, ELASTICITY = range(7)
"""The group of its service, or 0; places of what is required by month, −1 where it grows; its
numbers, LEAST and MOST being the bounds of what shortage does to resignations."""

# --- a pipeline
(
    NEWLY_QUALIFIES, ON_LEVY, SALARY, FEE_RATE, LENGTH, STAGES, STAGE_NUMBERS, PIPELINE_NUMBERS,
    LOADS, LOAD_COUNT, PIPELINE_WIDTH,
) = range(11)  # fmt: skip
"""SALARY in pence, −1 where none is stated; the fee's pence a year over a LENGTH in seconds;
numbers of its stages and its own; a list of the loads of its supervisors."""
STAGE_MONTHS, OFF_THE_JOB, STAGE_SUPERVISION, STAGE_WIDTH = range(4)
FEE, SALARY_GBP, ONE_OFF, NEWLY_CAPACITY, LOAD = range(5)

# --- a series, and a step of a formula
FIRST_GROUP, LAST_GROUP, SINCE_MONTH, DIVIDES, STEPS, STEP_COUNT, SERIES_WIDTH = range(7)
DOES, WHAT, ROOM, STEP_WIDTH = range(4)
"""What is done, in which room, and the statistic's record or the place of the number that it takes.
"""
