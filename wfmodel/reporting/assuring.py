"""Assuring: the data log, the decisions log, and the statement of whoever answers for the results.

The logs are those that HM Treasury's Aqua Book asks of a model.
"""

from __future__ import annotations

import pandas as pd

from wfmodel.reporting import words
from wfmodel.reporting.assumptions import NOT_SAID
from wfmodel.reporting.block import Block, heading, paragraph, stack
from wfmodel.reporting.facts import Facts
from wfmodel.reporting.tables import Table
from wfmodel.results.manifest import file_hash
from wfmodel.scenario.showing import STATUS

LINE = "........................................"
"""To sign on, in print."""
SHOWN = 16
"""Digits of a file's hash: enough to tell two files apart, and the manifest has all of them."""


def data_day(facts: Facts) -> str:
    """The day that the workforce's data are of."""
    return words.day(facts.scenario.workforce.data_date or facts.start)


def assurer(facts: Facts) -> str:
    """Who has assured the results, in a few words."""
    found = facts.scenario.assurance
    if found is None:
        return "nobody yet"
    on = f", {words.day(found.assured_on)}" if found.assured_on else ""
    return f"{found.assured_by}{on}"


def standing(facts: Facts) -> str:
    """Status, date of the data, futures and assurer, in a line."""
    return (
        f"{STATUS[facts.scenario.status]}. Data of {data_day(facts)}. "
        f"{words.number(len(facts.paths('fte')))} futures. Assured by: {assurer(facts)}."
    )


def data_log(facts: Facts) -> Block | Table:
    """Every file that the run read, with its hash."""
    inputs = facts.results.inputs(facts.name)
    files = dict.fromkeys(inputs.workforce.input_files, "the opening workforce")
    files |= {inputs.rules.path: "statutory rules"}
    if facts.scenario.path is not None:
        files |= {facts.scenario.path: "the scenario, with those that it extends"}
    rows = [
        (path.name, what, file_hash(path)[:SHOWN]) for path, what in files.items() if path.is_file()
    ]
    if not rows:
        return paragraph("The run read no file.")
    frame = pd.DataFrame(rows, columns=["File", "What it holds", "SHA-256 begins with"])
    note = f"The workforce is of {data_day(facts)}. The manifest beside this report has the hashes."
    return Table(frame, "Data log: the files that were read", note=note)


def decisions_log(facts: Facts) -> Block | Table:
    """The decisions that the scenario records, then the choices that can be read from it."""
    scenario = facts.scenario
    rows = [
        (
            decision.what,
            decision.why or NOT_SAID,
            decision.decided_by or NOT_SAID,
            words.day(decision.decided_on) if decision.decided_on else NOT_SAID,
        )
        for decision in scenario.decisions.values()
    ]
    rows += [
        (
            f"“{target.title}” is a target",
            "the plan sets none of this kind",
            "whoever wrote the scenario",
            NOT_SAID,
        )
        for target in scenario.targets.values()
        if target.proposed_by == "suite"
    ]
    if (turnover := scenario.workforce.turnover) is not None:
        meaning = words.plain(turnover.measured_as)
        why = "published turnover is read so"
        rows.append((f"Turnover counts {meaning}", why, "whoever wrote the scenario", NOT_SAID))
    if not rows:
        return paragraph("Decisions log: the scenario records no decision.")
    frame = pd.DataFrame(rows, columns=["Decision", "Why", "By", "When"])
    return Table(frame, f"Decisions log ({len(rows)})")


def statement(facts: Facts) -> Block:
    """What the results are fit for, and the line for the name of whoever assures them."""
    scenario, found = facts.scenario, facts.scenario.assurance
    name = facts.results.run(facts.name)
    told = found.statement if found and found.statement else UNASSURED[scenario.status]
    lines = [
        paragraph(told),
        paragraph(
            "The same scenario, data, version and seed give the same results, to the byte: "
            f"seed {name.seed}, {words.number(len(name.numbers))} futures."
        ),
    ]
    if found is None:
        lines.append(paragraph(f"Assured by (name and post): {LINE}  Date: {LINE[:16]}"))
    else:
        lines.append(paragraph(f"Assured by {assurer(facts)}."))
    return stack(heading("Assurance statement"), *lines)


UNASSURED = {
    "exploratory": "Nobody has assured these results. They are for discussion only: no decision "
    "may rest on them.",
    "proposal": "Nobody has assured these results yet. Before a decision rests on them, somebody "
    "who did not make them should check the data log, the assumptions and the decisions log.",
    "decided": "The decision is taken, yet nobody is recorded as having assured these results.",
}


def logs(facts: Facts) -> Block:
    """Data log, decisions log and assurance statement."""
    return stack(data_log(facts), decisions_log(facts), statement(facts))
