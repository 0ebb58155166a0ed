"""A scenario as small HTML tables: resolved values, where each comes from, how sure it is."""

from __future__ import annotations

from html import escape

from wfmodel.scenario.assumptions import Leaf, in_words, known, leaves, place
from wfmodel.scenario.inheritance import OWN
from wfmodel.scenario.quantity import Quantity
from wfmodel.scenario.schema import Scenario

STATUS = {
    "exploratory": "Exploratory: not a proposal, no decision taken",
    "proposal": "Proposal: no decision taken",
    "decided": "Decided",
}
"""What a scenario's status reads in full."""

_HEAD = ("Setting", "Value", "Source", "Confidence", "Stated in")


def to_html(scenario: Scenario) -> str:
    """The scenario as HTML: what was stated, by section; every text in it is escaped."""
    sections: dict[str, list[str]] = {}
    shown: set[tuple[str, str]] = set()
    for leaf in leaves(scenario):
        section = leaf.path.partition(".")[0]
        file, line, stated = place(scenario, leaf.path)
        is_default = bool(scenario._stated) and not line and section != "run"
        if section in OWN or is_default or (stated, in_words(leaf.value)) in shown:
            continue
        shown.add((stated, in_words(leaf.value)))
        row = _row(
            stated.partition(".")[2] or stated, leaf, f"{file}:{line}" if line else "default"
        )
        sections.setdefault(section, []).append(row)
    about = f"<p>{escape(scenario.description)}</p>" if scenario.description else ""
    return (
        f'<div class="wfmodel-scenario"><p><strong>{escape(scenario.title)}</strong> '
        f"({escape(scenario.name)}). {STATUS[scenario.status]}.</p>{about}"
        + "".join(_section(name, rows) for name, rows in sections.items())
        + "</div>"
    )


def _row(path: str, leaf: Leaf, stated: str) -> str:
    quantity = leaf.value if isinstance(leaf.value, Quantity) else None
    source, confidence = known(quantity) if quantity is not None else ("", "")
    if quantity is not None and quantity.assumed_effect:
        confidence = f"{confidence}, assumed effect".lstrip(", ")
    cells = (in_words(leaf.value), source, confidence, stated)
    return (
        f'<tr><th scope="row" style="text-align:left">{escape(path)}</th>'
        + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells)
        + "</tr>"
    )


def _section(name: str, rows: list[str]) -> str:
    title = escape(name.replace("_", " ").capitalize())
    settings = f"{len(rows)} setting{'' if len(rows) == 1 else 's'}"
    head = "".join(f'<th scope="col" style="text-align:left">{cell}</th>' for cell in _HEAD)
    return (
        f"<details><summary>{title}: {settings}</summary>"
        f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></details>"
    )
