"""The opening workforce: who is in post on day one, and how that meets what was published."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.assumptions import folded, without_address
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.charts.canvas import NAVY, canvas, lying_bars, number_axis, short
from wfmodel.reporting.disclosure.attack import Relation
from wfmodel.reporting.disclosure.rule import Rule, rule_of
from wfmodel.reporting.disclosure.suppression import SHOWN, suppressed
from wfmodel.reporting.figure import Figure
from wfmodel.reporting.tables import Table
from wfmodel.scenario.schema import Scenario
from wfmodel.workforce import Workforce

AGES = (16, 25, 35, 45, 55, 65, 100)
LENGTHS = (0, 1, 2, 5, 10, 20, 60)
ROWS = 5


def _held(scenario: Scenario, workforce: Workforce) -> pd.DataFrame:
    """One row an assignment at the start, with its post, its person, and ages in years."""
    start = pd.Timestamp(scenario.horizon.start)
    held = workforce.filled(start).merge(
        workforce.posts[["post_id", "service", "role"]], on="post_id"
    )
    held = held.merge(workforce.people, on="person_id")
    held["age"] = (start - pd.to_datetime(held["birth_date"])).dt.days / 365.25
    held["length"] = (start - pd.to_datetime(held["service_start"])).dt.days / 365.25
    return held


def sentence(scenario: Scenario, workforce: Workforce) -> Block:
    """Heads, FTE, posts and vacancies on day one, and how the published figures are met."""
    held = _held(scenario, workforce)
    posts = float(workforce.posts["fte"].sum())
    fte = float(held.loc[held["kind"] == "substantive", "fte"].sum())
    heads = held["person_id"].nunique()
    text = (
        f"On {words.day(scenario.horizon.start)}, {words.number(heads)} people "
        f"({words.number(held['fte'].sum(), 1)} FTE) hold posts of {words.number(posts, 1)} FTE: "
        f"{words.percent((posts - fte) / posts, 1)} is vacant."
    )
    checks = workforce.checks
    if len(checks):
        published = pd.to_numeric(checks["published"])
        gap = (pd.to_numeric(checks["synthesised"]) - published).abs()
        sure = (checks["confidence"] == "high").to_numpy()
        text += (
            f" Of {len(checks)} margins, {int(sure.sum())} are published with high confidence; "
            f"the largest difference from any margin is {words.number(gap.max(), 2)}, "
            f"from a published one {words.number(gap[sure].max() if sure.any() else 0, 2)}."
        )
    return paragraph(text)


def against_published(workforce: Workforce) -> Block | Table:
    """Every margin with what was published and what the opening workforce has."""
    checks = workforce.checks
    if not len(checks):
        return paragraph("This workforce was not made from published margins.")
    parts: list[Block | Table] = []
    for level in ("high", "medium", "low"):
        chosen = checks[checks["confidence"] == level]
        if not len(chosen):
            continue
        frame = pd.DataFrame(
            {
                "Margin": [
                    f"{words.capital(words.plain(str(m)))}: {words.plain(str(g))}" if g else str(m)
                    for m, g in zip(chosen["margin"], chosen["group"], strict=True)
                ],
                "Published": pd.to_numeric(chosen["published"]).to_numpy(),
                "Opening workforce": pd.to_numeric(chosen["synthesised"]).to_numpy(),
                "Unit": chosen["unit"].astype(str).to_numpy(),
                "Source": [without_address(str(source)) for source in chosen["source"]],
            }
        )
        title = f"Margins of {level} confidence ({len(frame)})"
        table = Table(frame, title)
        parts.append(table if level == "high" else folded(title, table))
    return stack(*parts)


def _bars(counts: pd.DataFrame, title: str, what: str, rule: Rule) -> Figure:
    """People by group; ``counts`` has ``group``, ``heads`` and ``fte``. What is hidden has no
    bar, and no FTE is told where anything may be.
    """
    heads = counts["heads"].to_numpy(dtype=np.float64)
    every = [Relation.total(range(len(heads)), float(heads.sum()))]
    found = suppressed(heads, every, rule, whole=True)
    texts = [found.text(row) for row in range(len(heads))]
    drawn = np.array([0.0 if s != SHOWN else rule.rounded(float(v))
                      for s, v in zip(found.state, heads, strict=True)])  # fmt: skip
    counts = counts.assign(heads=texts)
    if rule.hides:
        counts = counts.drop(columns="fte")
    with canvas(0.32 * len(counts) + 0.8) as (chart, axes):
        y = np.arange(len(counts))
        axes.barh(y, drawn, color=NAVY, height=0.6)
        for row, text in enumerate(texts):
            axes.text(drawn[row], row, f" {text}", va="center", fontsize=9)
        lying_bars(axes, [short(str(group)) for group in counts["group"]])
        number_axis(axes, "x")
        axes.set_xlabel("People")
        axes.margins(x=0.1)
    most = [row for row in np.argsort(-drawn, kind="stable")[:3] if drawn[row]]
    parts = [
        f"{counts['group'].iloc[row]} ({texts[row]}, {words.percent(drawn[row] / heads.sum())})"
        for row in most
    ]
    told = f"Most people by {what}: {words.joined(parts)}."
    frame = counts.rename(columns={"group": words.capital(what), "heads": "People", "fte": "FTE"})
    formats = {"FTE": lambda value: words.number(value, 1)}
    table = Table(frame, f"People by {what} on day one", formats, rule.note)
    return Figure(title, "Bars, one for each group", chart, told, table)


def _counted(held: pd.DataFrame, key: str) -> pd.DataFrame:
    grouped = held.groupby(key, sort=False, observed=True)
    counts = pd.DataFrame({"heads": grouped["person_id"].nunique(), "fte": grouped["fte"].sum()})
    return counts.rename_axis("group").reset_index()


def by_service(scenario: Scenario, workforce: Workforce) -> Figure:
    """People by service."""
    counts = _counted(_held(scenario, workforce), "service")
    counts["group"] = [workforce.services.get(str(name), str(name)) for name in counts["group"]]
    counts = counts.sort_values("heads", ascending=False, kind="stable", ignore_index=True)
    return _bars(counts, "Services", "service", rule_of(scenario))


def by_role(scenario: Scenario, workforce: Workforce) -> Figure:
    """People by role."""
    counts = _counted(_held(scenario, workforce), "role")
    titles = {name: role.title or words.plain(name) for name, role in scenario.roles.items()}
    counts["group"] = [titles.get(str(name), str(name)) for name in counts["group"]]
    counts = counts.sort_values("heads", ascending=False, kind="stable", ignore_index=True)
    return _bars(counts, "Roles", "role", rule_of(scenario))


def _banded(held: pd.DataFrame, column: str, edges: tuple[int, ...], last: str) -> pd.DataFrame:
    names = [f"{low} to {high - 1}" for low, high in pairwise(edges)]
    names[-1] = last
    bands = pd.cut(held[column], list(edges), right=False, labels=names)
    counts = _counted(held.assign(band=bands).sort_values("band"), "band")
    return counts.assign(group=counts["group"].astype(str))


def by_age(scenario: Scenario, workforce: Workforce) -> Figure:
    """People by age."""
    counts = _banded(_held(scenario, workforce), "age", AGES, "65 and over")
    return _bars(counts, "Ages", "age", rule_of(scenario).strict)


def by_length_of_service(scenario: Scenario, workforce: Workforce) -> Figure:
    """People by years of service with the council."""
    counts = _banded(_held(scenario, workforce), "length", LENGTHS, "20 and more")
    counts.loc[counts["group"] == "0 to 0", "group"] = "under 1"
    counts.loc[counts["group"] == "1 to 1", "group"] = "1"
    return _bars(counts, "Length of service", "years of service", rule_of(scenario))


def assumed(workforce: Workforce) -> Block | Table:
    """What is assumed where nothing is published."""
    if not len(workforce.assumptions):
        return paragraph("Nothing is assumed beyond the tables themselves.")
    frame = workforce.assumptions[["assumption", "source", "confidence"]].astype(str)
    frame = frame.rename(columns=str.capitalize)
    return Table(frame, "Assumptions of the opening workforce")


def first_rows(scenario: Scenario, workforce: Workforce) -> Block:
    """The first rows of each of the four tables; of a real extract only their sizes."""
    if scenario.workforce.tables:
        sizes = [f"{words.number(len(t))} {words.plain(n)}" for n, t in workforce.tables.items()]
        return paragraph(f"An extract of {words.joined(sizes)}; its rows are not shown.")
    parts = []
    for name, table in workforce.tables.items():
        shown = table.head(ROWS).copy()
        for column in shown:
            if pd.api.types.is_datetime64_any_dtype(shown[column]):
                shown[column] = ["" if pd.isna(d) else f"{d:%Y-%m-%d}" for d in shown[column]]
        title = f"{words.capital(words.plain(name))}: {len(table)} rows"
        parts.append(Table(shown.astype(str), title))
    return stack(*parts)
