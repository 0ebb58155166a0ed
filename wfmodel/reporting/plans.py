"""Plans: the page on a council's plan, its claims one by one and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from wfmodel import experiment
from wfmodel.analysis import check_figures, compare_levers, follow_routes
from wfmodel.analysis.answers import CHANCE, FAILS, HOLDS, UNKNOWN, Answer
from wfmodel.analysis.claims import Claims, read_claims
from wfmodel.analysis.figures import run_in
from wfmodel.analysis.judging import judge_claims
from wfmodel.analysis.levers import MEASURES
from wfmodel.reporting import verdicts, words
from wfmodel.reporting.block import Block, paragraph, stack
from wfmodel.reporting.facts import middle
from wfmodel.reporting.places import located
from wfmodel.reporting.tables import Table
from wfmodel.results.results import Results
from wfmodel.scenario.reading import load_scenario
from wfmodel.scenario.schema import Scenario
from wfmodel.scenario.showing import STATUS

TELLING = 0.05
"""A difference of two chances below which nothing hangs on which figure is right."""
FOLLOWED = 60
"""Replications at most whose people are followed from their first day on."""


@dataclass(frozen=True)
class PlanCheck:
    """A plan put to the model: its answers by name, its figures checked, its levers and ways in.

    ``levers`` are by the scenario they are compared with; ``readings`` are pairs of scenarios, one
    for each side of a contradiction.
    """

    claims: Claims
    answers: Mapping[str, Answer]
    figures: pd.DataFrame
    levers: Mapping[str, pd.DataFrame]
    routes: pd.DataFrame | None
    readings: Sequence[Results]
    replications: int
    seed: int

    @property
    def of_plan(self) -> list[Answer]:
        """The answers to what the plan claims."""
        return [self.answers[name] for name in self.claims.said.claims]

    @property
    def beyond(self) -> list[Answer]:
        """The answers to what it does not say."""
        return [self.answers[name] for name in self.claims.said.findings]


def checked(council_path: str, *, replications: int, seed: int, jobs: int = 1) -> PlanCheck:
    """Everything that the page on a council's plan says; the council is its folder of data."""
    claims = read_claims(located(council_path))
    run = partial(experiment.run, replications=replications, seed=seed, jobs=jobs)

    def loaded(*names: str) -> list[Scenario]:
        return [load_scenario(claims.figures.scenario(name)) for name in names]

    levers = {
        base: compare_levers(run(loaded(base, *names), measures=MEASURES), base)
        for base, names in claims.said.levers.items()
    }
    followed = None
    if claims.said.routes:
        few = min(replications, FOLLOWED)
        ran = run(loaded(claims.said.routes), replications=few, keep_ledgers=True)
        followed = follow_routes(ran)
    return PlanCheck(
        claims,
        {answer.name: answer for answer in judge_claims(claims, replications, seed, jobs)},
        check_figures(claims.figures.path, replications, jobs),
        levers,
        followed,
        [run(loaded(*pair), measures=()) for pair in _pairs(claims)],
        replications,
        seed,
    )


def _pairs(claims: Claims) -> list[tuple[str, str]]:
    """The scenarios in which contradicting figures are run, two by two."""
    said, found = claims.figures.said.figures, []
    for figure in said.values():
        if figure.contradicts is not None:
            pair = sorted((run_in(figure) or "", run_in(said[figure.contradicts]) or ""))
            found.append((pair[0], pair[1]))
    return sorted(set(found))


def first_screen(check: PlanCheck) -> Block:
    """How many claims hold, and every claim with its answer in a row."""
    title = check.claims.figures.said.plan
    markup = (
        f'<div class="wf-first"><p class="wf-name"><strong>{escape(title)}.</strong></p>'
        f'<p class="wf-answer"><strong>{escape(counted(check.of_plan))}</strong></p></div>'
    )
    table = overview(check.of_plan, "Every claim of the plan, with its answer in short")
    return stack(Block(markup, f"{title}\n{counted(check.of_plan)}"), table)


def counted(answers: Sequence[Answer]) -> str:
    """How many claims hold, may hold, fail, and cannot be judged."""
    number = {v: sum(a.verdict == v for a in answers) for v in (HOLDS, CHANCE, FAILS, UNKNOWN)}
    verb = {v: "s" if number[v] == 1 else "" for v in (HOLDS, CHANCE, FAILS)}
    return (
        f"Of {len(answers)} claims, {number[HOLDS]} hold{verb[HOLDS]} in nine futures of ten or "
        f"more, {number[CHANCE]} hold{verb[CHANCE]} in some futures and not in others, "
        f"{number[FAILS]} fail{verb[FAILS]} in nine of ten or more, and {number[UNKNOWN]} cannot "
        "be judged."
    )


def overview(answers: Sequence[Answer], caption: str) -> Table:
    """A row for each claim."""
    rows = []
    for one in answers:
        read = one.read
        text = verdicts.written(read.unit) if read is not None else words.number
        values = [text(v) for v in middle(read.values)] if read is not None else ["–"] * 3
        rows.append(
            {
                "Claim": one.claim.says,
                "Answer": verdicts.SHORT[one.verdict],
                "Chance": words.brief_chance(one.probability) if read is not None else "–",
                "Comes to": values[0],
                "8 in 10 futures": f"{values[1]} to {values[2]}" if read is not None else "–",
                "Claimed": verdicts.claimed(read) if read is not None else "–",
            }
        )
    return Table(pd.DataFrame(rows), caption)


def claims(check: PlanCheck) -> Block:
    """Every claim of the plan in its own words, with its answer."""
    return stack(*(_claim(check, answer) for answer in check.of_plan))


def findings(check: PlanCheck) -> Block:
    """What the plan does not say, with the answer to each."""
    if not check.beyond:
        return paragraph("Nothing is asked beyond what the plan claims.")
    table = overview(check.beyond, "What the plan does not say, with the answer in short")
    return stack(table, *(_claim(check, answer) for answer in check.beyond))


def _claim(check: PlanCheck, answer: Answer) -> Block:
    """A claim, the plan's words, the answer, and how the words are read."""
    figure, said = check.claims.figure(answer.claim), verdicts.sentence(answer)
    head = f"<strong>{escape(answer.claim.says)}.</strong>"
    quote = f"“{figure.quote}”" if figure is not None else ""
    note = f"How it is read: {answer.claim.note}." if answer.claim.note else ""
    markup = f'<div class="wf-claim wf-{answer.verdict}"><p>{head} {escape(quote)}</p>'
    markup += f"<p>{escape(said)}</p>"
    markup += f'<p class="wf-note">{escape(note)}</p>' if note else ""
    lines = [f"{answer.claim.says}. {quote}".strip(), said, *([note] if note else [])]
    return Block(f"{markup}</div>", "\n".join(lines))


def contradictions(check: PlanCheck) -> Block:
    """Figures that contradict each other: both readings run, and what hangs on them."""
    rows = []
    for name, figure in check.claims.figures:
        found = check.figures[(check.figures["figure"] == name) & check.figures["computed"].notna()]
        run = found[found["place"].str.contains(" of ")].to_dict("records")
        for row in run if figure.contradicts is not None else []:
            rows.append(
                {
                    "What is published": f"“{figure.quote}”",
                    "Its value": _plainly(row["published"]),
                    "Unit": figure.unit,
                    "Run as": str(row["place"]),
                    "Comes out as": _plainly(row["computed"]),
                }
            )
    if not rows:
        return paragraph("None of the published figures contradicts another.")
    caption = "Figures that contradict each other, both readings run"
    told = [paragraph(_at_stake(pair)) for pair in check.readings]
    return stack(*told, Table(pd.DataFrame(rows), caption))


def _at_stake(pair: Results) -> str:
    """The target whose chance differs most between two readings."""
    one, other = pair.scenarios
    both = pair.targets(one).merge(pair.targets(other), on="name", suffixes=("", "_other"))
    titles = [f"“{pair.scenario(name).title}”" for name in (one, other)]
    gap = (both["probability"] - both["probability_other"]).abs()
    gap = gap.fillna(0)
    if not gap.max() >= TELLING:
        points = words.number(100 * TELLING)
        return (
            f"Between {words.joined(titles)} no target's chance differs by {points} points or more."
        )
    row = both.iloc[int(gap.to_numpy(dtype=float).argmax())]
    return (
        f"Between {words.joined(titles)} the chance of “{row['title']}” differs most: "
        f"{words.brief_chance(row['probability'])} and "
        f"{words.brief_chance(row['probability_other'])}."
    )


def _plainly(value: object) -> str:
    """A published value as it stands: a number, two, a date or words."""
    if isinstance(value, tuple):
        return " to ".join(map(_plainly, value))
    return f"{value:,.4g}" if isinstance(value, int | float) else str(value)


def figures(check: PlanCheck) -> Block:
    """Whether every published figure is in the pack or comes out of the model."""
    found = check.figures
    off = found[~found["holds"].astype(bool)]
    uses = found.drop_duplicates("figure")["use"].value_counts()
    said = words.joined([f"{uses.get(u, 0)} {w}" for u, w in USES.items() if u in uses])
    text = (
        f"{found['figure'].nunique()} figures are held: {said}. Looked at in {len(found)} places, "
        f"{'all agree' if off.empty else _off(len(off))}."
    )
    if off.empty:
        return paragraph(text)
    frame = pd.DataFrame({"Figure": off["figure"].map(words.plain), "What is found": off["said"]})
    return stack(paragraph(text), Table(frame, "Figures that do not agree"))


def _off(count: int) -> str:
    return f"{count} do{'es' if count == 1 else ''} not agree"


USES = {
    "input": "are inputs",
    "output": "are reproduced",
    "check": "are compared",
    "outside": "are outside the model",
}


def written(check: PlanCheck, run_dir: str = "") -> Table:
    """What the page was made from. With a ``run_dir`` the answers are written there as CSV."""
    base = load_scenario(check.claims.figures.scenario(check.claims.said.base))
    if run_dir:
        table(check).to_csv(Path(run_dir) / ANSWERS, index=False, lineterminator="\n")
    rows = {
        "Plan": check.claims.figures.said.plan,
        "Claims and findings": f"{len(check.of_plan)} and {len(check.beyond)}",
        "Scenarios asked": words.joined(check.claims.scenarios),
        "Opening day, the date of the data": words.day(base.horizon.start),
        "Futures (replications) of each scenario": words.number(check.replications),
        "Seed": str(check.seed),
        "Status": STATUS[base.status],
    }
    frame = pd.DataFrame({"What": list(rows), "Value": list(rows.values())})
    return Table(frame, "What this page was made from")


ANSWERS = "answers.csv"


def table(check: PlanCheck) -> pd.DataFrame:
    """The answers, a row each: name, part, says, verdict, probability, se, median, low, high,
    sentence.
    """
    rows = []
    for part, answers in (("claim", check.of_plan), ("finding", check.beyond)):
        for one in answers:
            values = middle(one.read.values) if one.read is not None else (np.nan,) * 3
            rows.append(
                (one.name, part, one.claim.says, one.verdict, one.probability, one.se, *values,
                 verdicts.sentence(one))
            )  # fmt: skip
    columns = ["name", "part", "says", "verdict", "probability", "se", "median", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "sentence"])
