"""The first screen: status, question, computed answer, key figures, gaps, weakest assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from wfmodel.reporting import assuring, money, services, words
from wfmodel.reporting.block import Block
from wfmodel.reporting.charts.targets import said
from wfmodel.reporting.drivers import weakest
from wfmodel.reporting.facts import Facts, middle
from wfmodel.results.targets import probability
from wfmodel.scenario.showing import STATUS

PEOPLE = ("fte", "headcount", "fte_in_post")
MOST_YEARS = 5
"""A key figure is told for no more years than this: a long run has to fit the screen too."""


@dataclass(frozen=True)
class Card:
    """One key figure."""

    name: str
    value: str
    more: tuple[str, ...]


def condition(facts: Facts) -> str:
    """What the answer depends on: a result says what would follow, never what will be."""
    return words.CONDITION if facts.base else "if nothing else changes"


def headline(facts: Facts) -> list[str]:
    """The question's answer in sentences, the verdict first; every number is computed."""
    found = [_verdict(facts), _sure(facts), _people(facts), _cost(facts), _holes(facts)]
    return [sentence for sentence in found if sentence]


def _verdict(facts: Facts) -> str:
    """Whether the targets hold, all together and one by one."""
    if not facts.rows:
        return f"{words.capital(condition(facts))}: there is no target to hold."
    met, total = facts.met, len(facts.rows)
    which = "target is" if total == 1 else f"{total} targets are"
    together = "" if total == 1 else " together"
    text = (
        f"{words.capital(condition(facts))}, the {which} {words.likelihood(facts.together)} "
        f"to hold{together}: {words.chance(facts.together)}."
    )
    if wide := facts.together_moved:
        targets, verb = ("target", "holds") if total == 1 else (f"{total} targets", "hold")
        text = (
            f"{words.capital(condition(facts))}, the {targets} {verb}{together} with a chance "
            f"{words.chance_range(wide['low'], wide['high'])}, depending on {wide['input']}."
        )
    if total > 1:
        one_by_one = words.so_many(met, total, "target")
        text += f" Taken one by one, {one_by_one} met in at least half of the futures."
    return text


def _sure(facts: Facts) -> str:
    """How exactly the chance is known with so many futures: chance alone, nothing that is guessed.

    The interval is that of Agresti and Coull, 19 times in 20.
    """
    if not facts.rows or not np.isfinite(facts.precision):
        return ""
    low, high = (
        min(max(facts.together + side * 1.96 * facts.precision, 0.0), 1.0) for side in (-1, 1)
    )
    what = "the chance of it" if len(facts.rows) == 1 else "the chance of all together"
    return (
        f"{words.number(len(facts.paths('fte')))} futures put {what} between "
        f"{words.percent(low)} and {words.percent(high)}."
    )


def _people(facts: Facts) -> str:
    """FTE from start to end, and the chance of its last target."""
    paths = facts.paths("fte")
    opening = middle(paths[:, 0])[0]
    closing, low, high = middle(paths[:, -1])
    moves = words.moves(words.number(opening), words.number(closing), closing - opening)
    text = (
        f"FTE {moves} by {facts.closing_day} "
        f"({words.futures(words.number(low), words.number(high))})"
    )
    goals = facts.goals("fte")
    if facts.months in goals:
        text += f", against a target of {words.number(goals[facts.months])}"
    people = [row for row in facts.rows if row["measure"] in PEOPLE and row["scope"] == "all"]
    if people:
        last = max(people, key=lambda row: row["month"])
        text += f"; the chance of “{last['title']}” is {said(last, facts.moved)}"
    return f"{text}."


def _cost(facts: Facts) -> str:
    year = facts.last_year
    cost = facts.by_year("recurring_cost_gbp")[year]
    limit = facts.by_year("budget_gbp")[year]
    mean, (_, low, high) = float(cost.mean()), middle(cost)
    name = words.year_name(year)
    when = f"a year by {name}" if facts.holds_whole(year) else f"in the part of {name} that is run"
    text = (
        f"Staffing costs {words.pounds(mean)} {when} ({words.pounds(low)} to {words.pounds(high)})"
    )
    if not limit.any():
        return f"{text}."
    over = mean - float(limit.mean())
    within, _ = probability(int((cost <= limit).sum()), len(cost))
    side = "over" if over > 0 else "under"
    return (
        f"{text}, {words.pounds(abs(over))} {side} its budget: "
        f"the chance to stay within it is {words.chance(within)}."
    )


def _holes(facts: Facts) -> str:
    found = services.gaps(facts).head(3).to_dict("records")
    if not found:
        return ""
    names = [f"{row['service']} ({words.percent(row['mean'])} vacant)" for row in found]
    return f"The holes are deepest in {words.joined(names)}."


def cards(facts: Facts) -> list[Card]:
    """The key figures that a leader asks for first."""
    return [
        _fte(facts),
        _budget(facts),
        _one_off(facts),
        _redundancies(facts),
        _agency(facts),
        _met(facts),
    ]


def _fte(facts: Facts) -> Card:
    goals = facts.goals("fte")
    years = []
    for month in range(12, facts.months + 1, 12):
        text = f"{words.month_end(facts.start, month, brief=True)}: "
        text += words.number(middle(facts.paths("fte")[:, month])[0])
        years.append(f"{text} (target {words.number(goals[month])})" if month in goals else text)
    years = list(_spaced(years))
    if facts.base:
        other = words.number(middle(facts.base.at_end("fte"))[0])
        years.append(f"{facts.base.scenario.title}: {other} at the end")
    closing = middle(facts.at_end("fte"))[0]
    goal = f" against {words.number(goals[facts.months])}" if facts.months in goals else ""
    return Card("FTE employed, against target", f"{words.number(closing)}{goal}", tuple(years))


def _budget(facts: Facts) -> Card:
    table = money.by_year(facts)
    years = []
    for row in table.to_dict("records"):
        cost = row["pay"] + row["on_costs"] + row["agency"] + row["policies"]
        text = f"{words.year_name(int(row['year']))}: {words.pounds(cost)}"
        if np.isfinite(row["budget"]):
            text += f" (budget {words.pounds(row['budget'])})"
        years.append(text)
    year = facts.last_year
    if not facts.by_year("budget_gbp")[year].any():
        cost = words.pounds(facts.by_year("recurring_cost_gbp")[year].mean())
        value = f"{cost} in {words.year_name(year)}"
        return Card("Recurring cost (no budget is given)", value, _spaced(years))
    over = facts.by_year("budget_variance_gbp")[year].mean()
    side = "over" if over > 0 else "under"
    value = f"{words.pounds(abs(over))} {side} in {words.year_name(year)}"
    return Card("Recurring cost, against staffing budget", value, _spaced(years))


def _spaced(lines: Sequence[str]) -> tuple[str, ...]:
    """As many of the lines as there is room for, evenly spaced, the last among them.

    >>> _spaced("abcdefghijk")
    ('b', 'e', 'h', 'k')
    """
    step = -(-len(lines) // MOST_YEARS) or 1
    return tuple(lines[::-1][::step][::-1])


def _one_off(facts: Facts) -> Card:
    total = facts.total("one_off_cost_gbp")
    return Card(
        "One-off cost over the run",
        words.pounds(float(total.mean())),
        tuple(text for text in (words.capital(money.payback(facts)), money.sought(facts)) if text),
    )


def _redundancies(facts: Facts) -> Card:
    compulsory, voluntary = facts.total("redundancies_compulsory"), facts.total("voluntary_exits")
    redeployed = facts.total("redundancies_avoided")
    rule = facts.rule
    value = words.capital(f"{rule.people(compulsory.mean())} compulsory")
    more = [
        f"Voluntary exits: {rule.people(voluntary.mean())}",
        f"Redeployed instead: {rule.people(redeployed.mean())}",
    ]
    if not rule.small(compulsory.mean()):
        _, *bounds = middle(compulsory)
        low, high = (rule.hidden if rule.small(bound) else words.number(bound) for bound in bounds)
        more.insert(0, f"Compulsory: {words.futures(low, high)}")
    return Card("Redundancies", value, tuple(more))


def _agency(facts: Facts) -> Card:
    by_year = facts.by_year("agency_gbp")
    years = [f"{words.year_name(y)}: {words.pounds(v.mean())}" for y, v in by_year.items()]
    years = list(_spaced(years))
    published = facts.scenario.budget.agency_gbp if facts.scenario.budget else None
    if published is not None:
        years.append(f"Published for the opening year: {words.pounds(published.central)}")
    closing = f"{words.people(facts.at_end('agency_fte').mean())} FTE at the end"
    last = by_year[facts.last_year].mean()
    return Card("Agency and casual", f"{words.pounds(last)} a year", (closing, *years))


def _met(facts: Facts) -> Card:
    rows = facts.rows
    if not rows:
        return Card("Targets met more often than not", "No target is set", ())
    known = [row for row in rows if np.isfinite(row["probability"])]
    ordered = sorted(known, key=lambda row: row["probability"])
    parts = [f"{row['title']} ({facts.brief(row)})" for row in ordered[:3]]
    value = f"{facts.met} of {len(rows)}"
    least = f"Least likely: {'; '.join(parts)}"
    return Card("Targets met more often than not", value, (least,))


def first_screen(facts: Facts) -> Block:
    """Everything a leader sees before scrolling."""
    scenario = facts.scenario
    found = services.gaps(facts).head(3).to_dict("records")
    worst = [
        f"{row['service']}: {words.percent(row['mean'])} of FTE vacant "
        f"(8 in 10 futures {words.percent(row['low'])} to {words.percent(row['high'])})"
        for row in found
    ]
    verdict, *rest = headline(facts)
    lowest = weakest(facts)
    shown = cards(facts)
    items = "".join(
        f'<li><span class="wf-card-name">{escape(card.name)}</span>'
        f'<span class="wf-card-value">{escape(card.value)}</span>'
        f"{''.join(f'<span class=wf-card-more>{escape(line)}</span>' for line in card.more)}</li>"
        for card in shown
    )
    gaps = "".join(f"<li>{escape(line)}</li>" for line in worst)
    about = f" {scenario.description}" if scenario.description else ""
    markup = (
        '<div class="wf-first">'
        f'<p class="wf-status wf-here">{escape(STATUS[scenario.status])}</p>'
        f'<p class="wf-name"><strong>{escape(scenario.title)}.</strong>{escape(about)}</p>'
        f'<p class="wf-answer"><strong>{escape(verdict)}</strong> {escape(" ".join(rest))}</p>'
        f'<ul class="wf-cards">{items}</ul>'
        f'<div class="wf-two"><div><h2>Worst service gaps on {escape(facts.closing_day)}</h2>'
        f"<ol>{gaps}</ol></div><div><h2>Weakest assumption</h2><p>{escape(lowest)}</p></div></div>"
        f'<p class="wf-standing">{escape(assuring.standing(facts))}</p>'
        f"</div>"
    )
    lines = [STATUS[scenario.status], scenario.title, verdict, *rest]
    lines += [f"{card.name}: {card.value}. {'; '.join(card.more)}" for card in shown]
    lines += [*worst, f"Weakest assumption: {lowest}", assuring.standing(facts)]
    return Block(markup, "\n".join(lines))
