"""The synthesis beside what was published, counted from its tables; and what was assumed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.unknowns import quantities
from wfmodel.workforce.margins import Published, SynthesisFile, Tendency
from wfmodel.workforce.tables import ASSUMPTIONS, CHECKS, Workforce

METHOD = (
    "Each margin holds by itself; how characteristics go together is assumed (see joint)",
    "Half of the people have held their role for all of their service, the others for part of it",
    "Everybody has all skills of their role; further ones fall evenly on everybody",
    "Vacant posts are like filled ones of their service and role",
)


def checks(
    workforce: Workforce,
    said: SynthesisFile,
    published: dict[str, Published],
    scenario: Scenario,
) -> pd.DataFrame:
    """Each published figure and the same figure of the tables, a row a group."""
    counted = _counted(workforce, scenario)
    people = len(workforce.people)
    fte = counted["fte"].sum()
    full = int((counted["fte"] > 0.995).sum())
    rows = [
        _row("headcount", "all", said.headcount, people, "heads"),
        _row("fte", "all", said.fte, round(float(fte), 2), "FTE"),
        _row("hours", "full_time", said.hours.full_time, full, "heads"),
        _row("hours", "part_time", said.hours.part_time, people - full, "heads"),
    ]
    for name, margin in published.items():
        value = counted[name]
        if name in ("age", "service_length"):
            edges = np.array([float(edge) for edge in margin.labels])
            value = pd.Series(np.searchsorted(edges, value.to_numpy(), side="right") - 1)
            keys: list = list(range(len(margin.labels)))
        else:
            value, keys = value.astype(str), [str(label) for label in margin.labels]
        for key, label, exact in zip(keys, margin.labels, margin.exact, strict=True):
            group = _band(margin.labels, label) if name in ("age", "service_length") else label
            given = Quantity(value=exact, source=margin.source)
            heads = int((value == key).sum())
            row = _row(name, str(group) or "not stated", given, heads, "heads")
            rows.append((*row[:-1], margin.confidence))
        for edge, part in getattr(said.margins, name).from_grade.items():
            above = counted["grade"].fillna(0) >= edge
            given = Quantity(value=part * int(above.sum()), source=margin.source)
            group = f"{margin.labels[0]}, grade {edge} and above"
            heads = int((value[above] == str(margin.labels[0])).sum())
            rows.append((*_row(name, group, given, heads, "heads")[:-1], margin.confidence))
    vacant = workforce.posts["fte"].sum() - fte
    rate = 100 * vacant / workforce.posts["fte"].sum()
    wanted = said.posts.vacancy_rate
    row = _row("vacancy_rate", "all", wanted, round(float(rate) / 100, 4), "share of FTE")
    rows.append(row)
    if (gap := said.gender_pay_gap_percent) is not None:
        rows.append(_row("gender_pay_gap", "mean", gap, _pay_gap(workforce), "% of men's mean pay"))
    if said.family is not None:
        for key, unit in (("headcount", "heads"), ("fte", "FTE")):
            parts = [getattr(member, key).central for member in said.family.members.values()]
            own = people if key == "headcount" else float(fte)
            total = round(own + sum(parts), 2)
            rows.append(_row(f"family_{key}", "all", getattr(said.family.total, key), total, unit))
    return pd.DataFrame(rows, columns=CHECKS)


def _row(margin: str, group: str, given: Quantity, value: float, unit: str) -> tuple:
    published = round(given.central, 4)
    return (margin, group, published, value, unit, given.source or "", given.confidence or "")


def _pay_gap(workforce: Workforce) -> float:
    """(Men − women) ÷ men of mean full-time pay, in percent; negative: in favour of women."""
    pay = workforce.pay_points.set_index("point")["annual_gbp"]
    annual = workforce.people["pay_point"].map(pay)
    mean = annual.groupby(workforce.people["sex"]).mean()
    if not {"female", "male"} <= set(mean.index):
        return float("nan")
    return round(float(100 * (mean["male"] - mean["female"]) / mean["male"]), 2)


def _band(labels: list, label: int) -> str:
    place = labels.index(label)
    return f"{label} to {labels[place + 1]}" if place + 1 < len(labels) else f"{label} and over"


def _counted(workforce: Workforce, scenario: Scenario) -> pd.DataFrame:
    """One row a person: what the margins count, from the finished tables."""
    held = workforce.assignments.merge(
        workforce.posts[["post_id", "service", "role"]], on="post_id"
    )
    held = held.sort_values("fte", ascending=False, kind="stable")
    main = held.drop_duplicates("person_id").set_index("person_id")
    people = workforce.people.set_index("person_id")
    start = pd.Timestamp(scenario.horizon.start)
    born, began = people["birth_date"], people["service_start"]
    passed = (born.dt.month > start.month) | (
        (born.dt.month == start.month) & (born.dt.day > start.day)
    )
    return pd.DataFrame(
        {
            "fte": held.groupby("person_id")["fte"].sum().reindex(people.index),
            "service": main["service"].reindex(people.index),
            "role": main["role"].reindex(people.index),
            "grade": [scenario.roles[r].grade for r in main["role"].reindex(people.index)],
            "age": start.year - born.dt.year - passed.astype(int),
            "service_length": (start - began).dt.total_seconds() / 31_557_600,
            "sex": people["sex"],
            "ethnicity": people["ethnicity"],
            "disability": people["disability"],
        }
    ).reset_index(drop=True)


def assumptions(said: SynthesisFile) -> pd.DataFrame:
    """What is assumed: low-confidence figures, how characteristics go together, and the method."""
    rows = [(text, "method of the synthesis", "low") for text in METHOD]
    for name, margin in said.margins:
        if margin is not None and margin.confidence == "low":
            text = f"{name}: {len(margin.groups)} groups, each ±{100 * margin.plus_minus:.0f}%"
            rows.append((text, margin.source, "low"))
    for name, tendency in said.joint:
        if isinstance(tendency, Tendency) and tendency.model_fields_set:
            rows.append(
                (f"joint.{name}: odds by {_by(tendency)}", tendency.source, tendency.confidence)
            )
    for path, quantity in quantities(said):
        if quantity.confidence == "low":
            low, value, high = quantity.range
            text = f"{path}: {value:g} ({low:g} to {high:g})"
            rows.append((text, quantity.source or "", "low"))
    return pd.DataFrame(rows, columns=ASSUMPTIONS)


def _by(tendency: Tendency) -> str:
    names = {"roles": "role", "services": "service", "part_time": "part time", "from_age": "age"}
    return ", ".join(text for name, text in names.items() if name in tendency.model_fields_set)
