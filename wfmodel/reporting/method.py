"""Method: how the answer is worked out, in plain words."""

from __future__ import annotations

from wfmodel.reporting import words
from wfmodel.reporting.block import Block, bullets, paragraph, stack
from wfmodel.reporting.disclosure.rule import HELD
from wfmodel.reporting.facts import Facts

LINES = (
    """The opening workforce is made from {source}: single people in single posts,
    simulated, never named staff.""",
    """Each person may resign, retire, be promoted, move, train or be redeployed; each
    vacancy is held, offered inside, or advertised. Everything that happens is one line
    of a ledger, and every figure here is counted from it.""",
    """The whole is run {count} times. What nobody knows is drawn anew for each future
    from its interval; what is chance is drawn within it.""",
    """“8 in 10 futures” means that one in ten lies below the range and one in ten
    above. A chance is the share of futures in which a target is met; its standard error
    says how exactly the number of futures lets us know it.""",
    """A chance that low-confidence inputs move by more than ten points is shown as a
    range that names the input.""",
    """Scenarios share their luck: the same person meets the same fate where the plan
    does not touch them, so differences come from the plan.""",
    """No result ranks or scores a person, and characteristics such as sex or ethnicity
    never enter a selection.""",
    """Results say what follows if a plan is followed. They do not say what will happen:
    nobody knows events that are not in the scenario, such as a reorganisation.""",
)


def in_words(facts: Facts) -> Block:
    """What the simulation does, what chance means in it, and what it does not do."""
    count = len(facts.paths("fte"))
    whom = facts.scenario.workforce
    source = "a council's own extract" if whom.tables else "published totals"
    lines = [line.format(source=source, count=words.number(count)) for line in LINES]
    lines = [" ".join(line.split()) for line in lines]
    base = facts.scenario.budget.base if facts.scenario.budget else ""
    money = [paragraph(f"Money. {base}")] if base else []
    return stack(bullets([*lines, hidden_in_words(facts)]), *money)


def hidden_in_words(facts: Facts) -> str:
    """What a published page does not say of few people, and by which rule."""
    rule = facts.rule
    if not rule.hides:
        return "Nothing is hidden here: this page is for analysts and is not to be published."
    return (
        f"Small groups are protected: counts of people under {rule.threshold} are hidden, under "
        f"{rule.sensitive} where they are by sex, ethnicity, disability or age, simulated ones "
        f"too. Counts from which a hidden one could be worked out are “{HELD}”, in this scenario "
        f"or in the one that it is compared with; small kinds of a flow are told as one; counts by "
        f"characteristic are rounded to the nearest {rule.rounding}."
    )
