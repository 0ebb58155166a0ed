"""Closed forms that the simulation must meet: |z| < 5 on mean and variance, with fixed seeds.

Each is an ordinary scenario with the rest switched off. Each also shows its power: the same figures
are refused (|z| > 5) by the closed form of a rate that is 5% off.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.stats import gamma
from small import Run, again, document, group, inputs_of, staffed, tables

from wfmodel.draws import stream_key, text_key
from wfmodel.flows.market import chain, factor, mixed
from wfmodel.results.fold import fold
from wfmodel.simulation.ledger import KIND, OUTSIDE
from wfmodel.simulation.parameters import realise
from wfmodel.units import DAY, YEAR, birthday, day_number

LIMIT = 5.0
NO_HIRING = {"policies": {"none": {"kind": "vacancy_control", "mode": "all"}}}
"""Nothing is advertised: every vacancy is held."""


def replications(text: dict[str, Any], count: int) -> list[Run]:
    inputs = inputs_of(text)
    return [again(inputs, number) for number in range(count)]


def z_mean(values: np.ndarray, mean: float, variance: float) -> float:
    return (float(np.mean(values)) - mean) / math.sqrt(variance / len(values))


def z_variance(values: np.ndarray, mean: float, variance: float) -> float:
    """Of the mean squared distance from ``mean``, by its own spread where that is the wider one."""
    squares = (np.asarray(values, dtype=float) - mean) ** 2
    spread = max(float(squares.std(ddof=1)), variance * math.sqrt(2.0))
    return (float(squares.mean()) - variance) / (spread / math.sqrt(len(squares)))


def agree(values: Any, mean: float, variance: float) -> None:
    values = np.asarray(values, dtype=float)
    assert abs(z_mean(values, mean, variance)) < LIMIT
    assert abs(z_variance(values, mean, variance)) < LIMIT


def refuse(values: Any, mean: float, variance: float) -> None:
    """The power of the test: a wrong closed form is found out."""
    assert abs(z_mean(np.asarray(values, dtype=float), mean, variance)) > LIMIT


def horizon_years(run: Run) -> float:
    return run.inputs.calendar.horizon / YEAR


def resigns(hazard: float, **more: Any) -> dict[str, Any]:
    return {"attrition": {"resignation": {"annual_hazard": hazard}}, **more}


# --- 1, 2: cohorts without hiring


@pytest.mark.parametrize("notice_weeks", [0, 12])
def test_a_cohort_survives_binomially_whatever_the_notice(notice_weeks):
    text = document(staffed(1000, resigns(0.4, notice_weeks=notice_weeks)), NO_HIRING, months=36)
    runs = replications(text, 40)
    years = horizon_years(runs[0])
    stayed = [1000 - run.count("leaver") for run in runs]

    def binomial(hazard: float) -> tuple[float, float]:
        p = math.exp(-hazard * years)
        return 1000 * p, 1000 * p * (1 - p)

    agree(stayed, *binomial(0.4))
    refuse(stayed, *binomial(0.42))
    refuse(stayed, *binomial(0.38))


def test_mixed_rates_by_service_and_age_survive_as_the_sum_of_their_chances():
    role = resigns(0.3)
    role["attrition"] |= {
        "service_bands": {0: 2.0, 2: 1.0, 5: 0.5},
        "age_bands": {0: 1.5, 40: 1.0, 50: 0.6},
    }
    text = document(staffed(1500, role), NO_HIRING, months=30)
    runs = replications(text, 30)
    people = runs[0].inputs.people
    start = runs[0].inputs.calendar.start_day
    horizon = runs[0].inputs.calendar.horizon

    def hazard(base: float, row: int) -> float:
        served = -people.service_start[row]
        edges = {0, horizon}
        edges |= {int(years * YEAR - served) for years in (2, 5)}
        edges |= {(birthday(int(people.birth_day[row]), age) - start) * DAY for age in (40, 50)}
        inside = sorted(e for e in edges if 0 <= e <= horizon)
        total = 0.0
        for low, high in itertools.pairwise(inside):
            service = (served + low) / YEAR
            age = (start * DAY + low) // DAY
            by_service = 2.0 if service < 2 - 1e-9 else 1.0 if service < 5 - 1e-9 else 0.5
            old = [birthday(int(people.birth_day[row]), a) <= age for a in (40, 50)]
            total += base * by_service * (1.5, 1.0, 0.6)[sum(old)] * (high - low) / YEAR
        return total

    def sums(base: float) -> tuple[float, float]:
        p = np.array([math.exp(-hazard(base, row)) for row in range(people.key.size)])
        return p.sum(), (p * (1 - p)).sum()

    stayed = [1500 - run.count("leaver") for run in runs]
    agree(stayed, *sums(0.3))
    refuse(stayed, *sums(0.315))


def test_an_annual_probability_compounds_and_is_not_a_twelfth_a_month():
    role = {"attrition": {"resignation": {"annual_probability": 0.12}}}
    runs = replications(document(staffed(2000, role), NO_HIRING, months=120), 14)
    years = horizon_years(runs[0])
    stayed = [2000 - run.count("leaver") for run in runs]

    def binomial(monthly: float) -> tuple[float, float]:
        p = (1 - monthly) ** (12 * years)
        return 2000 * p, 2000 * p * (1 - p)

    agree(stayed, *binomial(1 - 0.88 ** (1 / 12)))
    refuse(stayed, *binomial(0.12 / 12))


# --- 3, 6: pipelines


def test_poisson_intakes_that_leave_at_a_constant_hazard_stay_poisson():
    role = {"trainee": {}, "worker": resigns(0.5)}
    line = {
        "service": "front", "target_role": "worker", "trainee_role": "trainee",
        "intake": {"every_months": 1, "size": {"varies": {"poisson": {"mean": 60}}}},
        "stages": [{"name": "one", "months": 0, "completion_probability": 1}],
        "conversion": {"share": 1, "mode": "guaranteed"},
    }  # fmt: skip
    runs = replications(document({"roles": role, "pipelines": {"p": line}}, months=36), 14)
    calendar = runs[0].inputs.calendar
    waits = (calendar.horizon - calendar.month_starts[:-1]) / YEAR
    present = [run.count("intake") - run.count("leaver") for run in runs]
    sizes = [[int((run.moves("intake")["time"] == t).sum()) for t in calendar.month_starts[:-1]]
             for run in runs]  # fmt: skip

    def beside_expected(hazard: float) -> np.ndarray:
        """Those present less those expected of the intakes there were, in standard deviations."""
        stay = np.exp(-hazard * waits)
        spread = np.sqrt(np.dot(sizes, stay * (1 - stay)))
        return (np.array(present) - np.dot(sizes, stay)) / spread

    mean = 60 * float(np.exp(-0.5 * waits).sum())
    agree(present, mean, mean)
    agree([run.count("intake") for run in runs], 60 * 36, 60 * 36)
    agree(beside_expected(0.5), 0.0, 1.0)
    refuse(beside_expected(0.525), 0.0, 1.0)


def test_trainees_in_each_stage_are_the_sum_over_their_intakes():
    size, p, q = 300, 0.6, 0.7
    line = {
        "service": "front", "target_role": "worker", "intake": {"every_months": 4, "size": size},
        "stages": [{"name": "one", "months": 12, "completion_probability": p},
                   {"name": "two", "months": 6, "completion_probability": q}],
        "conversion": {"share": 0},
    }  # fmt: skip
    runs = replications(document({"pipelines": {"p": line}}, months=30), 14)
    calendar = runs[0].inputs.calendar
    gone = [run.count("dropped_out") for run in runs]
    here = [run.count("intake") - run.count("dropped_out", "qualified") for run in runs]
    ages = (calendar.horizon - calendar.month_starts[:-1:4]) / YEAR

    def chances(p: float) -> tuple[np.ndarray, np.ndarray]:
        """Chance of having dropped out, and of being in a stage, by time since intake."""
        first, second = np.minimum(ages, 1.0), np.clip(ages - 1.0, 0.0, 0.5) / 0.5
        dropped = (1 - p) * first + p * (1 - q) * second * (ages > 1.0)
        return dropped, np.where(ages < 1.5, 1 - dropped, 0.0)

    def sums(chance: np.ndarray) -> tuple[float, float]:
        return size * chance.sum(), size * (chance * (1 - chance)).sum()

    agree(gone, *sums(chances(p)[0]))
    agree(here, *sums(chances(p)[1]))
    refuse(gone, *sums(chances(1 - 1.05 * (1 - p))[0]))
    whole = (ages > 1.5).sum() * size
    agree([run.count("qualified") for run in runs], whole * p * q, whole * p * q * (1 - p * q))


# --- 7: posts filled and vacant


def hires(mean_days: float, **more: Any) -> dict[str, Any]:
    return {"recruitment": {"time_to_hire_days": {"varies": {"exponential": {"mean": mean_days}}}}
            | more}  # fmt: skip


def test_new_posts_fill_exponentially():
    new = {"change_events": {"more": {"kind": "create", "implemented": dt.date(2024, 5, 1),
                                      "create": [group(2000)]}}}  # fmt: skip
    runs = replications(document(staffed(1, hires(200)), new, months=10), 18)
    years = horizon_years(runs[0]) - 30 / 365.25
    filled = [run.count("starter") for run in runs]

    def binomial(days: float) -> tuple[float, float]:
        p = 1 - math.exp(-years * 365.25 / days)
        return 2000 * p, 2000 * p * (1 - p)

    agree(filled, *binomial(200))
    refuse(filled, *binomial(210))


def alternating(out: float, back: float, years: float) -> tuple[float, float, float, float]:
    """A post that empties at rate ``out`` and fills at ``back``, full at first, after ``years``.

    Chance to be vacant; mean and variance of the number of leavers; by the generating function's
    first two derivatives, which a block matrix exponential gives.
    """
    rates = np.array([[-out, out], [back, -back]])
    leaving = np.array([[0.0, out], [0.0, 0.0]])
    zero = np.zeros((2, 2))
    block = np.block([[rates, leaving, zero], [zero, rates, leaving], [zero, zero, rates]])
    power = expm(block * years)
    mean = power[0, 2:4].sum()
    second = 2 * power[0, 4:6].sum()
    vacant = power[0, 1]
    return vacant, mean, second + mean - mean**2, vacant * (1 - vacant)


def test_posts_that_empty_and_fill_alternate():
    out, back = 0.5, 365.25 / 180
    text = document(staffed(1000, resigns(out) | hires(180)), months=48)
    runs = replications(text, 24)
    years = horizon_years(runs[0])
    leavers = [run.count("leaver") for run in runs]
    vacant = [run.count("leaver") - run.count("starter") for run in runs]
    chance, mean, variance, spread = alternating(out, back, years)
    steady = out / (out + back) * -math.expm1(-(out + back) * years)
    assert chance == pytest.approx(steady, rel=1e-9)
    agree(vacant, 1000 * chance, 1000 * spread)
    agree(leavers, 1000 * mean, 1000 * variance)
    wrong = alternating(1.05 * out, back, years)
    refuse(leavers, 1000 * wrong[1], 1000 * wrong[2])


def test_service_bands_and_two_stages_of_recruitment_meet_the_renewal_equation():
    bands = {0: 2.0, 1: 1.0, 3: 0.4}
    role = resigns(0.3) | hires(60)
    role["attrition"]["service_bands"] = bands
    role["recruitment"]["approval_days"] = {"varies": {"exponential": {"mean": 60}}}
    runs = replications(document(staffed(800, role, service_years=0), months=48), 26)
    years = horizon_years(runs[0])

    def renewal(base: float) -> tuple[float, float]:
        """Chance to be vacant at the end and mean leavers, on a grid of about half a day."""
        steps = 2922
        time = np.linspace(0.0, years, steps + 1)
        step = time[1]
        edges, values = np.array([0.0, 1.0, 3.0, 99.0]), np.array([2.0, 1.0, 0.4])
        hazard = sum(v * np.clip(time - a, 0, b - a)
                     for v, a, b in zip(values, edges[:-1], edges[1:], strict=True))  # fmt: skip
        leave = np.diff(-np.expm1(-base * hazard))
        fill = np.diff(gamma.cdf(time, 2, scale=60 / 365.25))
        cycle = np.convolve(leave, fill)[:steps]
        left = np.zeros(steps)
        for n in range(steps):  # a leaver of the first holder, or of one who began a cycle later
            left[n] = leave[n] + np.dot(cycle[:n], left[:n][::-1])
        still = 1 - gamma.cdf(years - time[1:] + step / 2, 2, scale=60 / 365.25)
        return float(np.dot(left, still)), float(left.sum())

    vacant, leavers = renewal(0.3)
    found = [run.count("leaver") - run.count("starter") for run in runs]
    agree(found, 800 * vacant, 800 * vacant * (1 - vacant))
    counts = np.array([run.count("leaver") for run in runs], dtype=float)
    assert abs(z_mean(counts, 800 * leavers, counts.var(ddof=1))) < LIMIT
    assert abs(z_mean(counts, 800 * renewal(0.315)[1], counts.var(ddof=1))) > LIMIT


def test_steady_vacancies_are_binomial_whatever_the_spread_of_the_time_to_hire():
    hire = {"recruitment": {"time_to_hire_days": {"varies": {"gamma": {"mean": 120, "shape": 4}}}}}
    text = document(staffed(1500, resigns(1.0) | hire), months=18)
    runs = replications(text, 18)
    vacant = [run.count("leaver") - run.count("starter") for run in runs]
    p = (120 / 365.25) / (120 / 365.25 + 1.0)
    agree(vacant, 1500 * p, 1500 * p * (1 - p))
    refuse(vacant, *(lambda q: (1500 * q, 1500 * q * (1 - q)))(126 / (126 + 0.95 * 365.25)))


# --- 8, 9: finite resources


def queue(posts: int, servers: int, ratio: float) -> np.ndarray:
    """Steady chances of 0 … ``posts`` vacancies; ``ratio`` is leaving rate × mean time to hire."""
    weight = [
        math.comb(posts, n) * ratio**n
        if n <= servers
        else math.factorial(posts) / math.factorial(posts - n) / math.factorial(servers)
        / servers ** (n - servers) * ratio**n
        for n in range(posts + 1)
    ]  # fmt: skip
    return np.array(weight) / sum(weight)


def test_a_few_recruiters_make_vacancies_queue():
    posts, recruiters, out, days = 12, 2, 1.0, 50.0
    limit = {"policies": {"few": {"kind": "recruitment", "recruiters": recruiters}}}
    runs = replications(document(staffed(posts, resigns(out) | hires(days)), limit, months=600), 60)
    after, spent = 5 * YEAR, np.zeros((len(runs), posts + 1))
    for row, run in zip(spent, runs, strict=True):
        moves = run.moves("leaver", "starter")
        number = np.cumsum(np.where(moves["kind"] == KIND["leaver"], 1, -1))
        edges = np.append(np.maximum(moves["time"], after), run.inputs.calendar.horizon)
        np.add.at(row, number, np.diff(edges))
        row /= row.sum()
    theory = queue(posts, recruiters, out * days / 365.25)
    for n in range(8):
        error = spent[:, n].std(ddof=1) / math.sqrt(len(runs))
        assert abs(spent[:, n].mean() - theory[n]) < LIMIT * error
    mean = spent @ np.arange(posts + 1)
    wrong = queue(posts, recruiters, 1.05 * out * days / 365.25) @ np.arange(posts + 1)
    error = mean.std(ddof=1) / math.sqrt(len(runs))
    assert abs(mean.mean() - theory @ np.arange(posts + 1)) < LIMIT * error
    assert abs(mean.mean() - wrong) > LIMIT * error
    assert spent[:, 3:].sum() > 0.1 * spent.sum()  # the queue does form


def test_people_wait_for_a_coach_by_erlang():
    people, coaches, weeks = 150, 3, 2.0
    plan = {
        "policies": {"help": {"kind": "redeployment", "match_threshold": 1, "coaches": coaches,
                              "accept_probability": 0, "trial_pass_probability": 1,
                              "coaching_weeks": {"varies": {"exponential": {"mean": weeks}}},
                              "pool_weeks": 5000}},
        "change_events": {"cut": {"kind": "delete", "implemented": dt.date(2024, 4, 1),
                                  "posts": people, "announced": dt.date(2024, 2, 1)}},
    }  # fmt: skip
    runs = replications(document(staffed(people), plan, months=60), 110)
    begun = np.array([np.sort(run.moves("coaching_start")["time"]) for run in runs])
    begun = (begun - begun[:, :1]) / (7 * DAY)
    assert begun.shape == (110, people)
    assert not begun[:, :coaches].any()
    for number in (coaches + 1, 2 * coaches, 50, people):
        rank = number - coaches
        agree(begun[:, number - 1], rank * weeks / coaches, rank * (weeks / coaches) ** 2)
    rank, wrong = people - coaches, 1.05 * weeks / coaches
    refuse(begun[:, -1], rank * wrong, rank * wrong**2)


# --- 10: pathwise


def test_headcount_over_time_is_everybody_s_own_time_and_meets_little_s_law():
    text = document(staffed(300, resigns(0.4, notice_weeks=4) | hires(60), filled=250), months=36)
    run = replications(text, 1)[0]
    horizon, moves = run.inputs.calendar.horizon, run.moves()
    heads = np.zeros(moves.size, dtype=np.int64)
    heads[moves["target"] >= 0] += moves["head"][moves["target"] >= 0]
    heads[moves["target"] == OUTSIDE] -= moves["head"][moves["target"] == OUTSIDE]
    area = int((heads * (horizon - moves["time"])).sum())
    came = run.ledger.people["start"].astype(np.int64)
    went = np.full(came.size, horizon)
    leavers = run.moves("leaver")
    went[leavers["person"]] = leavers["time"]
    assert area == int((went - came).sum())
    # Little: mean vacancies = rate of vacancies × mean time vacant, exactly over a path
    vacant = 300 * horizon - area
    gaps = [int(t) for t in run.moves("starter")["note"]]
    opened = 50 + leavers.size
    unfilled = opened - len(gaps)
    last = {int(p): int(t) for p, t in zip(leavers["post"], leavers["time"], strict=True)}
    filled = {int(p): int(t) for p, t in zip(run.moves("starter")["post"],
                                            run.moves("starter")["time"], strict=True)}  # fmt: skip
    never = [p for p in range(300) if filled.get(p, -1) < last.get(p, 0 if p >= 250 else -1)]
    assert len(never) == unfilled
    assert vacant == sum(gaps) + sum(horizon - last.get(p, 0) for p in never)


def test_pay_over_time_is_everybody_s_own_pay_to_the_penny():
    points = [(n, 24_000 + 617.37 * n, "2024-04-01") for n in range(1, 8)]
    posts = {f"p{n}": {} for n in range(60)}
    people = {f"x{n}": {"posts": {f"p{n}": 1}, "pay_point": 1 + n % 6} for n in range(50)}
    role = resigns(0.6, notice_weeks=4, pay_points=[1, 6]) | hires(60)
    text = document({"roles": {"worker": role}}, {"budget": {"base": "gross"}}, months=40)
    run = again(inputs_of(text, tables(posts, people, points)))
    horizon, aprils = run.inputs.calendar.horizon, run.inputs.aprils.tolist()
    left = {int(p): int(t) for p, t in zip(run.moves("leaver")["person"],
                                          run.moves("leaver")["time"], strict=True)}  # fmt: skip
    assert len(left) > 60
    owed = 0  # pence × seconds
    for number, person in enumerate(run.ledger.people):
        came, went = int(person["start"]), left.get(number, horizon)
        cuts = [came, *(a for a in aprils if came < a < went), went]
        for step, (first, last) in enumerate(itertools.pairwise(cuts)):
            point = min(6, int(person["pay_point"]) + 1 + step)
            owed += round((24_000 + 617.37 * point) * 100) * (last - first)
    values = fold(run.inputs, run.inputs.numbers.draw(1, 0), run.ledger).values
    paid = int(values["pay_post_whole"][0].sum()) * YEAR + int(values["pay_post_rest"][0].sum())
    assert paid == owed


# --- 12, 13, 14: leaving


def test_kaplan_meier_on_the_ledger_recovers_the_hazard():
    text = document(staffed(2500, resigns(0.5) | hires(30)), months=60)
    run = replications(text, 1)[0]
    came = run.ledger.people["start"].astype(np.int64)
    end = np.full(came.size, run.inputs.calendar.horizon)
    left = np.zeros(came.size, dtype=bool)
    leavers = run.moves("leaver")
    end[leavers["person"]], left[leavers["person"]] = leavers["time"], True
    stay = (end - came) / YEAR
    order = np.argsort(stay)
    stay, left = stay[order], left[order]
    at_risk = np.arange(stay.size, 0, -1)
    survival = np.cumprod(np.where(left, 1 - 1 / at_risk, 1.0))
    greenwood = np.cumsum(np.where(left, 1 / (at_risk * np.maximum(at_risk - 1, 1)), 0.0))
    for years in (0.25, 0.5, 1.0, 2.0, 3.0, 4.0):
        k = np.searchsorted(stay, years) - 1
        error = survival[k] * math.sqrt(greenwood[k])
        assert abs(survival[k] - math.exp(-0.5 * years)) < LIMIT * error
    assert left.sum() > 5000


def test_competing_causes_share_the_leavers_by_their_hazards():
    role = {"attrition": {
        "resignation": {"annual_hazard": 0.36}, "other": {"annual_hazard": 0.1},
        "destinations": {"other_council": 3, "agency": 1, "out_of_profession": 2},
        "retirement": {0: 0.14},
    }}  # fmt: skip
    hazards = {"other_council": 0.18, "agency": 0.06, "out_of_profession": 0.12, "other": 0.1,
               "retirement": 0.14}  # fmt: skip
    runs = replications(document(staffed(2000, role), NO_HIRING, months=36), 40)
    years = horizon_years(runs[0])

    def binomial(cause: float, total: float) -> tuple[float, float]:
        p = cause / total * -math.expm1(-total * years)
        return 2000 * p, 2000 * p * (1 - p)

    for cause, hazard in hazards.items():
        counts = [run.count("leaver", cause=cause) for run in runs]
        agree(counts, *binomial(hazard, 0.6))
        refuse(counts, *binomial(1.1 * hazard, 0.6 + 0.1 * hazard))
    most = [run.count("leaver", cause="other_council") for run in runs]
    refuse(most, *binomial(1.05 * 0.18, 0.609))


def test_everybody_retires_on_the_birthday_that_the_dates_of_birth_say():
    born = ["1958-05-01", "1960-02-29", "1958-04-01", "1958-03-31", "1961-03-31", "1961-04-01",
            "1959-02-28", "1975-07-07"]  # fmt: skip
    people = {f"x{n}": {"birth_date": day, "posts": {f"p{n}": 1}} for n, day in enumerate(born)}
    workforce = tables({f"p{n}": {} for n in range(len(born))}, people)
    role = {"attrition": {"retirement_age": 66}, "notice_weeks": 8}
    text = document({"roles": {"worker": role}}, NO_HIRING, months=36)
    run = again(inputs_of(text, workforce))
    calendar = run.inputs.calendar
    left = {
        name: calendar.date(int(time))
        for name, time in zip(run.who("leaver"), run.moves("leaver")["time"], strict=True)
    }
    assert left == {
        "x0": dt.date(2024, 5, 1),
        "x1": dt.date(2026, 3, 1),  # born on 29 February, a common year
        "x2": dt.date(2024, 4, 1),
        "x4": dt.date(2027, 3, 31),
        "x6": dt.date(2025, 2, 28),
    }
    assert set(run.causes("leaver")) == {"retirement"}


def test_retirements_at_a_fixed_age_are_exactly_those_whose_birthday_falls_in_the_run():
    role = {"attrition": {"retirement_age": 60}}
    run = replications(document(staffed(3000, role), NO_HIRING, months=48), 1)[0]
    birth = run.inputs.people.birth_day
    when = np.array([birthday(int(day), 60) for day in birth]) - run.inputs.calendar.start_day
    due = when[(when >= 0) & (when * DAY < run.inputs.calendar.horizon)]
    assert sorted(run.days("leaver", cause="retirement")) == sorted(due.tolist())
    assert due.size > 200
    assert day_number(dt.date(1970, 1, 2)) == 1


# --- 15: campaigns


def test_campaigns_run_until_filled_are_negative_binomial():
    posts, p = 600, 0.3
    role = {"recruitment": {"time_to_hire_days": 1, "fill_probability": p}}
    runs = replications(document(staffed(posts, role, filled=0), months=12), 25)
    tried = [run.count("post_advertised") for run in runs]
    assert all(run.count("starter") == posts for run in runs)
    agree(tried, posts / p, posts * (1 - p) / p**2)
    refuse(tried, posts / (1.05 * p), posts * (1 - 1.05 * p) / (1.05 * p) ** 2)


# --- 16: redeployment


def redeployment(**more: Any) -> dict[str, Any]:
    return {"kind": "redeployment", "match_threshold": 1, "accept_probability": 1,
            "trial_pass_probability": 1, "pool_weeks": 26} | more  # fmt: skip


@pytest.mark.parametrize(("surplus", "vacancies"), [(7, 12), (12, 7), (9, 9), (1, 0), (0, 3)])
def test_with_one_skill_the_smaller_of_surplus_and_vacancies_is_redeployed(surplus, vacancies):
    empty = group(vacancies, service="back", filled=0)
    text = document({
        "workforce": {"groups": {"a": group(surplus), "b": empty}},
        "roles": {"worker": {"skills": {"a": 1}, "recruitment": {"time_to_hire_days": 99_000}}},
        "policies": {"pool": redeployment()},
        "change_events": {"cut": {"kind": "delete", "implemented": dt.date(2024, 9, 1),
                                  "services": ["front"], "posts": surplus}},
    })  # fmt: skip
    run = again(inputs_of(text))
    assert run.count("redeployed") == min(surplus, vacancies)
    assert run.count("redundant") == surplus - min(surplus, vacancies)
    assert run.count("trial_failed") == 0


@pytest.mark.parametrize("seed", range(12))
def test_with_several_skills_never_more_are_redeployed_than_the_best_matching(seed):
    draw = np.random.default_rng(seed)
    skills = ["s0", "s1", "s2", "s3"]
    wanted = {f"r{n}": dict.fromkeys(draw.choice(skills, 2, replace=False), 1) for n in range(5)}
    people = {
        f"x{n}": {"skills": " ".join(draw.choice(skills, draw.integers(1, 4), replace=False)),
                  "posts": {f"p{n}": 1}}
        for n in range(10)
    }  # fmt: skip
    posts: dict[str, dict[str, Any]] = {f"p{n}": {} for n in range(10)}
    posts |= {f"v{n}": {"service": "back", "role": f"r{n % 5}"} for n in range(8)}
    roles = {
        r: {"skills": s, "recruitment": {"time_to_hire_days": 99_000}} for r, s in wanted.items()
    }
    text = document({
        "roles": {"worker": {}} | roles,
        "policies": {"pool": redeployment()},
        "change_events": {"cut": {"kind": "delete", "implemented": dt.date(2024, 9, 1),
                                  "services": ["front"], "posts": 10}},
    })  # fmt: skip
    run = again(inputs_of(text, tables(posts, people)))
    fits = np.array([
        [set(wanted[f"r{v % 5}"]) <= set(person["skills"].split()) for v in range(8)]
        for person in people.values()
    ])  # fmt: skip
    best = int((maximum_bipartite_matching(csr_array(fits), perm_type="column") >= 0).sum())
    found = run.count("redeployed")
    assert found <= best
    assert found >= (best + 1) // 2  # first come, first served leaves no pair that would fit
    taken = dict(zip(run.who("redeployed"), run.where("redeployed"), strict=True))
    assert all(fits[int(who[1:]), int(post[1:])] for who, post in taken.items())


# --- 17: the labour market


def test_shared_good_and_bad_years_spread_the_leavers_of_a_council():
    staff, hazard, sigma, count = 60, 0.25, 0.5, 1500
    market = {"labour_market": {"leaving_sigma": sigma, "phi": 0.4}}
    runs = replications(document(staffed(staff, resigns(hazard)), NO_HIRING, market), count)
    years = horizon_years(runs[0])
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()

    def moments(hazard: float, sigma: float) -> tuple[float, float]:
        each = -np.expm1(-hazard * years * np.exp(sigma * nodes - sigma**2 / 2))
        p = weights @ each
        alike = (weights @ each**2 - p**2) / (p * (1 - p))
        return staff * p, staff * p * (1 - p) * (1 + (staff - 1) * alike)

    leavers = np.array([run.count("leaver") for run in runs], dtype=float)
    agree(leavers, *moments(hazard, sigma))

    def beside_market(hazard: float) -> np.ndarray:
        """Leavers less those expected in the year as it was drawn, in standard deviations."""
        p = -np.expm1(-hazard * years * years_drawn)
        return (leavers - staff * p) / np.sqrt(staff * p * (1 - p))

    inputs = runs[0].inputs
    vector = inputs.numbers.draw(1, 0)
    now = np.searchsorted(inputs.segment_start, 0, side="right") - 1
    years_drawn = np.array([realise(inputs, vector, 1, r).leaving[0, now, 0] for r in range(count)])
    agree(beside_market(hazard), 0.0, 1.0)
    refuse(beside_market(1.05 * hazard), 0.0, 1.0)
    alone = moments(hazard, 1e-9)
    assert z_variance(leavers, *alone) > LIMIT
    assert alone[1] == pytest.approx(alone[0] * (1 - alone[0] / staff))


def test_the_market_has_mean_one_and_last_year_s_memory():
    council = text_key("council")
    z = np.array([
        [chain(stream_key(1, r, "market"), council, year, 0.44) for year in (2024, 2025)]
        for r in range(20_000)
    ])  # fmt: skip
    agree(z[:, 1], 0.0, 1.0)
    agree(z[:, 0] * z[:, 1], 0.44, 1 + 0.44**2)
    other = np.array(
        [chain(stream_key(1, r, "market"), text_key("group"), 2025, 0.44) for r in range(20_000)]
    )
    both = np.array([mixed(a, b, 0.7) for a, b in zip(z[:, 1], other, strict=True)])
    agree(both, 0.0, 1.0)
    agree(both * z[:, 1], math.sqrt(0.7), 1 + 0.7)
    factors = np.array([factor(0.3, value) for value in z[:, 1]])
    agree(factors, 1.0, math.expm1(0.09))


# --- turnover


def test_calibrated_resignations_give_the_opening_turnover_that_was_published():
    role = resigns(0.07) | {"probation": {"months": 3, "pass_probability": 0.9}}
    role["attrition"] |= {"other": {"annual_hazard": 0.03}, "service_bands": {0: 1.0}}
    goal = {"workforce": {"turnover": {"rate": {"annual_turnover": 0.143}}}}
    runs = replications(document(staffed(1000, role), goal, months=48), 22)
    leavers = np.array([run.count("leaver") for run in runs], dtype=float)
    # a starter's failure at three months comes late: those of the last quarter are still to come
    expected = 1000 * 0.143 * (horizon_years(runs[0]) - 0.1 * 0.25)
    assert abs(z_mean(leavers, expected, expected)) < LIMIT
    assert abs(z_mean(leavers, 1.05 * expected, 1.05 * expected)) > LIMIT
