"""Ways: what each lever of a plan adds alone, and who came by which way in, each with its cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.plans import PlanCheck
from wfmodel.reporting.tables import Table
from wfmodel.scenario.reading import load_scenario


def levers(check: PlanCheck) -> Block:
    """What each lever adds alone, and what one worker more costs by it."""
    if not check.levers:
        return paragraph("The plan's levers are not compared.")
    parts: list[Block | Table] = []
    for base, table in check.levers.items():
        title = load_scenario(check.claims.figures.scenario(base)).title
        parts += [paragraph(_cheapest(table, title)), _lever_table(table, title)]
    return stack(*parts)


def _cheapest(table: pd.DataFrame, base: str) -> str:
    """The levers that bring one more of something at the least cost."""
    said = []
    for column, what in (
        ("per_starter_gbp", "a starter more"),
        ("per_fte_year_gbp", "a year of one FTE more in post"),
    ):
        known = table[np.isfinite(table[column].to_numpy(dtype=float))]
        if len(known):
            low, high = _ends(known, column)
            text = f"{what} costs least by “{low['title']}” ({words.pounds(low[column])})"
            if len(known) > 1:
                text += f" and most by “{high['title']}” ({words.pounds(high[column])})"
            said.append(text)
    pays = table[table["pays_at"] <= 1]["title"]
    paid = f"As assumed, {words.joined([f'“{t}”' for t in pays])} pay for themselves."
    none = "As assumed, none of them pays for itself."
    text = f"Compared with “{base}”: {'; '.join(said)}." if said else f"Compared with “{base}”."
    return f"{text} {paid if len(pays) else none}"


def _ends(table: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """The rows with the least and the most of a column."""
    values = table[column].to_numpy(dtype=float)
    return table.iloc[int(values.argmin())], table.iloc[int(values.argmax())]


def _lever_table(table: pd.DataFrame, base: str) -> Table:
    number, pounds = (lambda v: words.signed(v, 1)), words.pounds
    frame = pd.DataFrame(
        {
            "Lever, alone": table["title"],
            "Starters": table["starters"],
            "Leavers": table["leavers"],
            "FTE-years in post": table["fte_years"],
            "8 in 10 futures": [
                f"{number(low)} to {number(high)}"
                for low, high in zip(table["fte_years_low"], table["fte_years_high"], strict=True)
            ],
            "It costs": table["cost_gbp"],
            "A starter more": table["per_starter_gbp"],
            "A leaver kept": table["per_leaver_kept_gbp"],
            "An FTE-year more": table["per_fte_year_gbp"],
            "Net": table["net_gbp"],
            "Effect that pays": table["pays_at"],
        }
    )
    formats = dict.fromkeys(("Starters", "Leavers", "FTE-years in post"), number)
    formats |= dict.fromkeys(
        ("It costs", "A starter more", "A leaver kept", "An FTE-year more", "Net"), pounds
    )
    formats["Effect that pays"] = lambda v: f"× {words.number(v, 2)}"
    return Table(
        frame,
        f"Each lever alone, compared with “{base}”, over the whole run",
        formats,
        "It costs: the lever's own cost, without the pay of those it brings. Net: what pay and "
        "agency work cost less, after that. Effect that pays: "
        "how many times the assumed effect the lever needs to pay for itself; – where it saves "
        "nothing.",
    )


def routes(check: PlanCheck) -> Block:
    """Who came by which way in, who is still here, and what each of those cost."""
    table = check.routes
    if table is None:
        return paragraph("No way in is followed.")
    if table.empty:
        return paragraph("Nobody came in.")
    frame = pd.DataFrame({"Way in": map(words.capital, table["title"]), "Came": table["joined"]})
    formats = {"Came": words.people}
    for months in (12, 24, 36):
        frame[f"Here after {months} months"] = [
            f"{words.percent(kept)} ({words.percent(low)} to {words.percent(high)})"
            for kept, low, high in zip(
                *(table[f"{n}_{months}"] for n in ("kept", "low", "high")), strict=True
            )
        ]
    for months in (12, 24, 36):
        frame[f"Cost of one of them after {months}"] = table[f"cost_{months}_gbp"]
        formats[f"Cost of one of them after {months}"] = words.pounds
    note = "Agency workers who become permanent cost no campaign: see the cost of their lever."
    caption = "Ways in, who is still here (in brackets 8 in 10 futures), and what each cost"
    return stack(paragraph(_dearest(table)), Table(frame, caption, formats, note))


def _dearest(table: pd.DataFrame) -> str:
    """The ways in by which somebody who is still here after three years costs least and most."""
    known = table[np.isfinite(table["cost_36_gbp"].to_numpy(dtype=float))]
    if known.empty:
        return "Nobody has been here for three years."
    low, high = _ends(known, "cost_36_gbp")
    return (
        f"One who is still here three years on costs least by “{low['title']}” "
        f"({words.pounds(low['cost_36_gbp'])}) and most by “{high['title']}” "
        f"({words.pounds(high['cost_36_gbp'])}), their supervisors' time included."
    )
