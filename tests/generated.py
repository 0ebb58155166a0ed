"""Generated scenarios: every flow, in odd sizes, with ties, zeros and limits of 0, 1 and n.

`scenarios` gives documents, `cases` adds an opening workforce with job shares and second posts,
`priced` lays money and work over a case. Any test that holds for all scenarios can draw from them,
whichever simulation it runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from small import merged, scenario_of

from wfmodel.simulation.inputs import Inputs, lower
from wfmodel.workforce import Workforce, load_workforce

ROLES = ("worker", "senior", "manager")
SERVICES = ("front", "back")
POLICIES = (
    "control", "redeploy", "market", "retain", "agency", "reserve", "sickness", "second", "up",
    "out",
)  # fmt: skip
EVENTS = ("delete", "create", "convert", "transfer_out", "transfer_in")


def sized(examples: int) -> settings:
    """Settings that no profile changes: the same examples each time, however long they take."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),  # a smaller seed is no simpler a scenario
        suppress_health_check=list(HealthCheck),
    )


class Choice:
    """Something to be chosen, by a generator of random numbers."""

    def __init__(self, choose: Callable[[Random], Any]) -> None:
        self.choose = choose

    def map(self, function: Callable[[Any], Any]) -> Choice:
        """What ``function`` makes of it."""
        return Choice(lambda luck: function(self.choose(luck)))

    def flatmap(self, function: Callable[[Any], Choice]) -> Choice:
        """What the choice that ``function`` makes of it gives."""
        return Choice(lambda luck: function(self.choose(luck)).choose(luck))


def pick(*values: Any) -> Choice:
    """One of the values."""
    return Choice(lambda luck: luck.choice(values))


def whole(low: int, high: int) -> Choice:
    """A whole number."""
    return Choice(lambda luck: luck.randint(low, high))


def maybe(choice: Choice) -> Choice:
    """Absent (None) half of the time."""
    return Choice(lambda luck: choice.choose(luck) if luck.random() < 0.5 else None)


def one_of(*choices: Choice) -> Choice:
    """One of the choices."""
    return Choice(lambda luck: luck.choice(choices).choose(luck))


def every(*choices: Choice) -> Choice:
    """All of them, as a tuple."""
    return Choice(lambda luck: tuple(choice.choose(luck) for choice in choices))


def several(choice: Choice, least: int, most: int) -> Choice:
    """A list of so many."""
    return Choice(lambda luck: [choice.choose(luck) for _ in range(luck.randint(least, most))])


def said(**parts: Any) -> Choice:
    """A mapping of the parts that are not None."""

    def choose(luck: Random) -> dict[str, Any]:
        found = {n: p.choose(luck) if isinstance(p, Choice) else p for n, p in parts.items()}
        return {name: value for name, value in found.items() if value is not None}

    return Choice(choose)


chance = pick(1.0, 0.0, 0.5, 0.8, {"interval": [0.2, 0.9]})
rate = pick(0.0, 0.15, 1.2)
days = pick(
    0, 1, 30, {"varies": {"gamma": {"mean": {"interval": [20, 60]}, "shape": 2}}},
    {"varies": {"exponential": {"mean": 20}}},
)  # fmt: skip
scope_services = pick(None, None, None, ["front"], ["back"], ["front", "back"])
scope_roles = pick(None, None, None, ["worker"], ["senior"], ["worker", "manager"])


def dates(start: dt.date) -> Choice:
    """Dates about a run: often the same one, so that much happens at one instant."""
    return pick(183, 0, 31, -40, 90, 365, 366).map(lambda n: start + dt.timedelta(days=n))


def spans(start: dt.date) -> Choice:
    """A policy's start and end."""
    date = one_of(pick(None), pick(None), dates(start))
    return every(date, date).map(
        lambda pair: {
            name: date
            for name, date in zip(("start", "end"), pair, strict=True)
            if date is not None and (name == "start" or pair[0] is None or pair[0] < date)
        }
    )


def _named(choice: Choice, *names: str) -> Choice:
    """Some of the names, each with one of the choice."""
    return every(*(maybe(choice) for _ in names)).map(
        lambda found: {n: one for n, one in zip(names, found, strict=True) if one is not None}
    )


def hours() -> Choice:
    """Changes to fewer hours, often soon and for many."""
    return _named(
        said(
            kind=pick("flexible_retirement", "caring", "flexible_working"),
            rate=pick(0.3, 2.0, 0.0).map(lambda r: {"annual_hazard": r}),
            from_age=maybe(pick(35, 55)), to_age=maybe(pick(60, 61)),
            sex=pick(None, None, "female"), keeps=pick(0.6, 0.5, 1, 0, {"interval": [0.3, 0.9]}),
        ),
        "less", "later",
    )  # fmt: skip


def absences() -> Choice:
    """Long absences, some of them at once, without end or of no length."""
    return _named(
        said(
            kind=pick("family_leave", "long_sickness", "career_break", "other_leave"),
            rate=pick({"annual_hazard": 0.3}, {"annual_hazard": 3.0}, {"annual_probability": 0.2}),
            from_age=maybe(pick(20, 40)), to_age=maybe(pick(45, 60)),
            sex=pick(None, None, "female", "male"),
            months=pick(4, 0, 70, {"varies": {"gamma": {"mean": {"interval": [2, 9]}, "shape": 2}}},
                        {"varies": {"exponential": {"mean": 12}}}),
            return_probability=maybe(chance), paid_share=maybe(pick(0.5, 0)),
            cover=maybe(covers()),
        ),
        "ill", "away", "less",
    )  # fmt: skip


def covers() -> Choice:
    """Cover of an absence."""
    return said(probability=chance, lag_days=maybe(days))


def roles() -> Choice:
    """Three roles that share their numbers, but for grades, skills and who feeds whom."""
    common = said(
        notice_weeks=pick(4, 0, 13),
        salary_gbp=30_000,
        attrition=said(
            resignation=rate.map(lambda r: {"annual_hazard": r}),
            other=pick(None, {"annual_probability": 0.05}),
            destinations=pick(None, {"other_council": 1, "agency": 1}),
            retirement=pick(None, {0: 0, 55: 0.5}),
            retirement_age=maybe(pick(66, 40)),
            service_bands=pick(None, {0: 2, 1: 1, 5: 0.5}),
            age_bands=pick(None, {0: 1, 40: 0.7}),
        ),
        probation=maybe(pick({"months": 6, "pass_probability": 0.7},
                             {"months": 0, "pass_probability": 0.8},
                             {"months": 3, "pass_probability": 0})),
        recruitment=said(
            approval_days=days,
            approval_from=maybe(pick("notice", "vacancy")),
            time_to_hire_days=days,
            fill_probability=pick(1.0, 0.5, 0.8, {"interval": [0.2, 0.9]}),
            inside=maybe(said(promotion=pick(0.5, 0, 1), sideways=pick(0, 0.5),
                              min_months_in_role=pick(None, 0))),
            starters=maybe(pick({"routes": {"experienced": 1, "returner": 1},
                                    "continuous_share": 0.5, "continuous_years": 3})),
        ),
        agency=maybe(
            said(cover_probability=chance, lag_days=days,
                 conversion=pick(None, {"annual_hazard": 2.0}))
        ),
        supervises=pick(1, 0, 0.5),
        hours=maybe(hours()),
        absence=maybe(absences()),
    )  # fmt: skip
    return every(common, maybe(pick(0.0, 0.5, 1.0)), pick(True, False)).map(
        lambda drawn: {
            "*": drawn[0],
            "worker": {"grade": 4, "skills": {"a": 2, "b": 1}}
            | ({} if drawn[1] is None else {"push": {"to": "senior", "probability": drawn[1]}}),
            "senior": {"grade": 5, "skills": {"a": 2, "c": 1}, "feeds_from": ["worker"]},
            "manager": {"grade": 6, "manager": True, "feeds_from": ["senior"]}
            | ({"skills": {"a": 1, "b": 1, "c": 1, "d": 7}} if drawn[2] else {}),
        }
    )


def workforces() -> Choice:
    """A few groups of posts, some empty, some part-time, some on fixed terms."""
    a_group = every(
        pick("front", "back"), pick(*ROLES), whole(0, 30), whole(0, 30),
        pick(1.0, 1.0, 0.5, 0.8, 0.3), pick("permanent", "permanent", "fixed_term"),
        pick(True, False),
    ).map(
        lambda g: {"service": g[0], "role": g[1], "posts": max(g[2], g[3]), "filled": g[2],
                   "fte": g[4], "contract": g[5]}
        | ({"contract_months": {"varies": {"uniform": [0, 20]}}} if g[5] == "fixed_term" else {})
        | ({"age_years": 39.8, "service_years": 3} if g[6] else {})
    )  # fmt: skip
    use = said(
        service="front", role="worker", reason=pick("casual", "seconded_in"), fte=2.5,
        annual_cost_gbp=1, end=maybe(pick(dt.date(2024, 12, 15))),
    )  # fmt: skip
    return said(
        groups=several(a_group, 2, 4).map(
            lambda groups: {f"g{n}": group for n, group in enumerate(groups)}
        ),
        services=pick({"front": "Front", "back": "Back", "void": "Nobody's"}),
        agency_uses=pick({}, None).flatmap(lambda _: maybe(said(temp=use))),
    )


def _unscoped(policy: dict[str, Any]) -> dict[str, Any]:
    """Recruiters serve the whole council."""
    scoped = {"services", "roles"} if "recruiters" in policy else set()
    return {name: value for name, value in policy.items() if name not in scoped}


def _fed(policy: dict[str, Any]) -> dict[str, Any]:
    """Only roles that others feed can be acted in."""
    named = [role for role in policy.get("roles", []) if role != "worker"]
    return {n: v for n, v in policy.items() if n != "roles"} | ({"roles": named} if named else {})


def _endless(policy: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in policy.items() if name != "end"}


def _everywhere(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy in force all the time and for everybody."""
    limits = {"services", "roles", "start", "end"}
    return {name: value for name, value in policy.items() if name not in limits}


def policies(start: dt.date, pipelines: list[str]) -> Choice:
    """Any of the policies."""
    span, limit = spans(start), pick(0, 1, 3)

    def policy(kind: str, **parts: Any) -> Choice:
        given = said(kind=kind, services=scope_services, roles=scope_roles, **parts)
        return every(given, span).map(lambda pair: _unscoped(pair[0] | pair[1]))

    path = pick(
        {"annual_reduction": 0.1}, {"annual_reduction": 0.5, "straight": True},
        {"fte": {dt.date(2024, 4, 1): 20.0, dt.date(2025, 4, 1): 10.0}},
    )  # fmt: skip
    control = one_of(
        policy("vacancy_control", mode="all", hold_months=maybe(pick(0, 2))),
        policy("vacancy_control", mode="share", share=chance, exempt_roles=pick([], ["senior"])),
        policy("vacancy_control", mode="until_target", path=path, hold_months=maybe(pick(6))),
    )
    choices = {
        "control": control,
        "second": control,
        "redeploy": policy(
            "redeployment", match_threshold=pick(0.5, 0, 0, 1),
            accept_probability=pick(1, 1, 1, 0, 0.5),
            reading=pick("person_to_vacancy", "job_to_job"), coaches=maybe(limit),
            coaching_weeks=pick(4, 0), accept_probability_coached=maybe(chance),
            unreasonable_refusal=maybe(chance), trial_weeks=maybe(pick(0, 20)),
            trial_pass_probability=pick(0.5, 0, 0.5, 1), pool_weeks=pick(30, 30, 0, None),
            fte_tolerance=maybe(pick(0, 1)), grade_distance=pick(9, 1, 0),
        ),
        "market": policy(
            "recruitment", recruiters=maybe(limit), odds_multiplier=maybe(pick(0, 3)),
            time_multiplier=maybe(pick(0, 2)), smallest_advertised_fte=maybe(pick(0, 1)),
            inside_multiplier=maybe(pick(0, 3)),
        ),
        "retain": policy("retention", hazard_multiplier=pick(0.5, 0, 3)),
        "agency": policy("agency_control", longest_months=maybe(pick(0, 3)),
                         conversion_multiplier=maybe(pick(0, 5))),
        "sickness": policy("sickness", stress_multiplier=0.5),
        "up": policy("acting_up", probability=chance, lag_days=maybe(days)).map(_fed),
        "out": policy("secondment", heads=pick(3, 0, 1, 100), months=pick(3, 0, 12),
                      return_probability=maybe(chance), cover=maybe(covers())).map(_endless),
    }  # fmt: skip
    if pipelines:
        choices["reserve"] = policy(
            "reserve_for_pipeline", pipeline=pick(*pipelines), longest_wait_months=pick(3, 0)
        )
    choices["redeploy"] = one_of(choices["redeploy"], choices["redeploy"].map(_everywhere))
    usual = pick({"redeploy", "control"}, {"redeploy"}, {"redeploy"}, {"control"})
    return usual.flatmap(
        lambda named: said(**{n: c if n in named else maybe(c) for n, c in choices.items()})
    )


def change_events(start: dt.date) -> Choice:
    """Any kinds of change, often at one instant."""
    created = several(
        said(service=pick(*SERVICES, "void"), role=pick(*ROLES), posts=pick(2, 0, 5),
             fte=pick(1.0, 0.5), funding=maybe(pick("grant"))),
        1, 2,
    )  # fmt: skip

    def event(kind: str) -> Choice:
        takes, makes = kind in ("delete", "convert", "transfer_out"), kind in EVENTS[1:3]
        some = pick(
            {"posts": 3}, {"share": 0.5}, {"posts": 60}, {"share": 0.3}, {"share": 1}, {"posts": 0}
        )
        parts = {
            "kind": kind,
            "services": scope_services,
            "roles": scope_roles,
            "implemented": dates(start),
            "create": created if makes or kind == "transfer_in" else None,
            "consultation_days": maybe(pick(30)),
            "slotting_threshold": maybe(pick(0.5, 0)),
            "voluntary": maybe(said(take_up=chance, refused=maybe(chance))),
            "terms": maybe(pick({"enhancement": 1.5, "actual_pay": True})),
            "leaving_multiplier": maybe(pick(3)),
        }
        early = maybe(pick(0, 20, 100))
        return every(said(**parts), some if takes else pick({}), early).map(
            lambda drawn: drawn[0]
            | drawn[1]
            | ({} if drawn[2] is None else
               {"announced": drawn[0]["implemented"] - dt.timedelta(days=drawn[2])})
        )  # fmt: skip

    kinds = several(pick(*EVENTS, "delete", "convert"), 0, 4)
    return kinds.flatmap(lambda kinds: said(**{f"{k}{n}": event(k) for n, k in enumerate(kinds)}))


def pipelines(start: dt.date) -> Choice:
    """Pipelines of all forms."""
    stage = said(
        months=pick(6, 0, {"varies": {"gamma": {"mean": 5, "shape": 3}}}),
        completion_probability=pick(1, 0.5, 0),
        supervision=maybe(pick(1, 0.5)),
    )
    common = {
        "service": pick(*SERVICES),
        "target_role": pick("senior", "worker"),
        "target_services": maybe(pick(["front", "back"])),
        "intake": said(every_months=pick(3, 1),
                       size=pick(2, 0, {"varies": {"poisson": {"mean": 2}}}),
                       first=maybe(pick(start + dt.timedelta(days=15)))),
        "stages": several(stage, 1, 2).map(
            lambda stages: [s | {"name": f"s{n}"} for n, s in enumerate(stages)]
        ),
        "supervision": maybe(said(roles=pick(["manager"], ["senior", "manager"]),
                                  when_full=maybe(pick("defer", "lose")),
                                  longest_wait_months=maybe(pick(2)))),
        "conversion": said(share=pick(1, 0.5, 0), mode=pick("compete", "guaranteed"),
                           wait_months=maybe(pick(0, 9))),
        "newly_qualified": maybe(said(months=pick(3, 0), capacity=0.7,
                                      step_up_to=maybe(pick("manager")))),
        "agreement": maybe(pick({"months": 12, "hazard_multiplier": 0.2})),
    }  # fmt: skip
    outside = said(**common, places=maybe(pick("vacancies", "supernumerary")),
                   trainee_role=maybe(pick("worker")), fte=pick(1.0, 0.6))  # fmt: skip
    inside = said(**common, source="staff", from_roles=pick(["worker"], ["worker", "senior"]),
                  keeps_post=pick(True, False))  # fmt: skip
    return several(one_of(outside, inside), 0, 3).map(
        lambda found: {f"p{n}": pipeline for n, pipeline in enumerate(found)}
    )


def demands(start: dt.date) -> Choice:
    """What some services require, and how much their people mind when it is not there."""
    later = start + dt.timedelta(days=100)
    some = one_of(
        pick({"fte": {start: 10, later: 30}}, {"fte": {start: 0}}, {"annual_growth": -0.5}),
        pick({"cases": {later: 200}, "cases_per_fte": 9.5}, {"annual_growth": 0.3}),
    )
    felt = said(
        elasticity=pick(1.5, 0.3, 0, {"interval": [0, 4]}, None),
        shift_cover=maybe(pick(1.4)),
    )  # fmt: skip
    bounds = maybe(pick([0.5, 3], [0, 1], [1, 1]))

    def need(drawn: tuple[dict[str, Any], dict[str, Any], Any]) -> dict[str, Any]:
        required, more, within = drawn
        if "elasticity" in more and within is not None:
            more = more | {"elasticity_bounds": within}
        return required | more

    return maybe(_named(every(some, felt, bounds).map(need), "front", "back", "void"))


def documents(most_months: int = 30) -> Choice:
    """A whole scenario document."""
    months = pick(*(m for m in (14, 14, 30, 30, 6, 1, 0) if m <= most_months))
    market = {"leaving_sigma": 0.4, "filling_sigma": 0.4, "phi": 0.4, "correlation": -0.5}

    def whole_one(drawn: tuple[dt.date, int, dict[str, Any]]) -> Choice:
        start, length, lines = drawn
        stress = {"stress": {"start": start + dt.timedelta(days=90), "leaving_multiplier": 2}}
        return said(
            schema=1,
            name="generated",
            title="Generated",
            horizon={"start": start, "months": length},
            workforce=workforces(),
            roles=roles(),
            policies=policies(start, list(lines)),
            change_events=change_events(start),
            pipelines=lines,
            labour_market=maybe(pick(market, market | stress)),
            demand=demands(start),
        )

    starts = pick(dt.date(2024, 4, 1), dt.date(2024, 2, 1), dt.date(2025, 3, 1))
    return starts.flatmap(
        lambda start: every(pick(start), months, pipelines(start)).flatmap(whole_one)
    )


@dataclass(frozen=True)
class Case:
    """A scenario document, whether its opening workforce is entangled, and which replication."""

    seed: int
    text: dict[str, Any] = field(repr=False)
    entangled: bool
    replication: int

    def inputs(self) -> Inputs:
        """The inputs to run."""
        scenario = scenario_of(self.text)
        workforce = load_workforce(scenario)
        return lower(scenario, entangle(workforce) if self.entangled else workforce)


seeds = st.integers(0, 2**60)
"""Every seed makes another scenario, evenly spread over all choices; it is what a failure shows."""


def case(seed: int, most_months: int = 30) -> Case:
    """The scenario, workforce and replication of a seed."""
    luck = Random(seed)
    text = documents(most_months).choose(luck)
    entangled = luck.random() < 0.5 or any("sex" in one for one in _occurrences(text))
    return Case(seed, text, entangled, luck.randrange(4))


def _occurrences(text: dict[str, Any]) -> list[dict[str, Any]]:
    """What may come to people, whatever their role; some of it only to those of one sex."""
    common = text["roles"]["*"]
    return [one for key in ("hours", "absence") for one in common.get(key, {}).values()]


def prices(start: dt.date, lines: list[str], kinds: dict[str, str], events: list[str]) -> Choice:
    """What may be laid over a document: what everything costs, and what work there is."""
    years = [start.year + n for n in range(4)]
    guess = pick({"interval": [0.0, 0.05], "confidence": "low"}, 0.03)
    budget = said(
        base="gross", annual_reduction=maybe(guess), vacancy_factor=maybe(guess),
        pay_award=said(**{str(year): maybe(guess) for year in years}).map(
            lambda found: {int(year): award for year, award in found.items()}
        ),
        staffing_gbp=pick(None, None, {years[0]: 1e6, years[1]: 1.1e6}),
        on_costs=maybe(said(pension=pick(0.2, {"interval": [0.1, 0.3], "confidence": "low"}),
                            national_insurance=pick(True, True, False), other=maybe(guess))),
        levy=maybe(said(opening_balance_gbp=pick(20_000, 0), paybill_gbp=pick(None, 9e6),
                        other_spend_annual_gbp=maybe(pick(3_000)), age_months=maybe(pick(7)))),
    )  # fmt: skip
    everybody = said(
        recruitment=maybe(pick({"cost_gbp": 1234.5})),
        sickness=maybe(pick({"stress": 2, "other": 4, "year_cv": 0.2}, {"other": 3})),
        experience=maybe(pick({0: 0.7, 2: 0.9, 5: {"interval": [0.9, 1.1], "confidence": "low"}})),
        supervision_load=maybe(pick(0.1)),
    )
    costs = {
        "redeployment": said(protection_months=maybe(pick(9)), retraining_cost_gbp=maybe(pick(75))),
        "recruitment": said(supplement_gbp=maybe(pick(1234.5))),
        "retention": said(annual_cost_per_head_gbp=maybe(pick(321))),
        "sickness": said(other_multiplier=maybe(pick(1.3))),
    }
    by_itself = said(annual_cost_gbp=maybe(pick(10_000)), one_off_cost_gbp=maybe(pick(5_000)))
    cost = said(fee_gbp=maybe(pick(15_000)), levy=pick(True, False), one_off_gbp=maybe(pick(1_500)),
                salary_gbp=pick(None, 19_999.5))  # fmt: skip
    demand = pick(
        {}, {"front": {"annual_growth": 0.02, "shift_cover": 1.1}},
        {"front": {"cases": {start: 300}, "cases_per_fte": 12}, "back": {"fte": {start: 9}}},
    )  # fmt: skip
    return said(
        budget=maybe(budget),
        demand=demand,
        roles=said(**{"*": everybody}).map(
            lambda found: found
            | {"senior": {"salary_gbp": 41_000}, "manager": {"salary_gbp": 60_500, "manager": True}}
        ),
        policies=said(**{
            name: every(costs.get(kind, pick({})), by_itself).map(lambda pair: pair[0] | pair[1])
            for name, kind in kinds.items()
        }),
        change_events=said(**{
            name: said(one_off_cost_gbp=maybe(pick(77_000)),
                       terms=maybe(pick({"strain_factor": 1.5})))
            for name in events
        }),
        pipelines=said(**{name: said(cost=maybe(cost)) for name in lines}),
        run=pick({"detail": ["council", "service", "role", "service_role", "sex", "age_band"]},
                 {"detail": ["council"]}),
        targets=pick({"t": {"title": "t", "measure": "female_share_grade_5", "at_least": 0.5}}),
    )  # fmt: skip


def priced(case: Case) -> Case:
    """The same case with money and work in it."""
    text, luck = case.text, Random(case.seed + 1)
    kinds = {name: policy["kind"] for name, policy in text.get("policies", {}).items()}
    events, lines = list(text.get("change_events", {})), list(text.get("pipelines", {}))
    over = prices(text["horizon"]["start"], lines, kinds, events).choose(luck)
    stated = text.get("demand", {})
    over["demand"] = {name: need for name, need in over["demand"].items() if name not in stated}
    return replace(case, text=merged(text, over))


def scenarios(most_months: int = 30) -> st.SearchStrategy[dict[str, Any]]:
    """Scenario documents."""
    return seeds.map(lambda seed: case(seed, most_months).text)


def cases(most_months: int = 30) -> st.SearchStrategy[Case]:
    """Scenarios with a workforce and a replication."""
    return seeds.map(lambda seed: case(seed, most_months))


def entangle(workforce: Workforce) -> Workforce:
    """The same people with job shares, second posts, protected staff, more skills and sexes.

    Of each five people with a whole post, the first two share the first's, the third has half of
    their own and half of the second's, the fourth is protected, the fifth has every skill.
    """
    people, held = workforce.people.copy(), workforce.assignments.copy()
    extra = []
    whole = held.index[held["fte"] == 1.0].to_numpy()
    for first, second, third, fourth, fifth in zip(*(whole[n::5] for n in range(5)), strict=False):
        held.loc[[first, second, third], "fte"] = [0.5, 0.5, 0.5]
        freed = held.at[second, "post_id"]
        held.loc[second, "post_id"] = held.at[first, "post_id"]
        row = held.loc[third].copy()
        row["assignment_id"], row["post_id"] = f"{row['assignment_id']}-2", freed
        extra.append(row)
        people.loc[people["person_id"] == held.at[fourth, "person_id"], "protected_until"] = (
            pd.Timestamp("2025-01-31")
        )
        people.loc[people["person_id"] == held.at[fifth, "person_id"], "skills"] = "a b c d"
    if extra:
        held = pd.concat([held, pd.DataFrame(extra)], ignore_index=True)
    people["sex"] = np.where(np.arange(len(people)) % 3 == 0, "male", "female")
    return Workforce(
        workforce.posts, people, held, workforce.pay_points, services=workforce.services
    )
