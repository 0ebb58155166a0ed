"""People while a ledger is folded: what is counted of each, and when they come of an age."""

from __future__ import annotations

from wfmodel.jit import part, phrase
from wfmodel.results.fold import months, places
from wfmodel.simulation.inputs import CONTRACTS
from wfmodel.simulation.ledger import OPENING, PERSON
from wfmodel.units import YEAR, civil_from_days

(
    LAST,
    PIPELINE,
    PENDING,
    GONE,
    RISK,
    COUNTED,
    APPRENTICE,
    BORN,
    SERVED,
    BIRTH,
    SERVICE,
    PENSION,
    ORIGIN,
    JOINED,
    ROW,
    SEX,
    HAS,
    OWN,
    OWN_1,
    OWN_2,
    OWN_3,
    PERSON_WIDTH,
) = range(22)
"""Latest spell (0: none yet); latest pipeline (−1: none); whether a qualified trainee without the
post that training promises; month end by which they have left; the change event that put them at
risk, NOT_AT_RISK or less for none; whether they are counted (casual workers are not); the month end
at which they were born, so that twelve times an age later they reach it; the month end by which
they have served two years; day of birth; seconds from which service and pension count; origin and
second of joining; pay row then; sex;
which characteristics they stated and have, as bits; how many groups of people they are in, and
these."""

NOT_AT_RISK = -2
NEWER_THAN_YEARS = 2

FIELDS = tuple(PERSON.names or ())
FIELD_COUNT = len(FIELDS)
_ORIGIN, _ROW_OF_WORKFORCE = FIELDS.index("origin"), FIELDS.index("origin_a")
_BIRTH, _SERVICE = FIELDS.index("birth_day"), FIELDS.index("service_start")
_JOINED = FIELDS.index("start")
_PENSION, _PAY_POINT = FIELDS.index("pension_start"), FIELDS.index("pay_point")
_SEX = FIELDS.index("sex")
_CASUAL, _APPRENTICE = CONTRACTS.index("casual"), CONTRACTS.index("apprentice")


@phrase
def at(m, number):  # type: ignore[no-untyped-def]
    """The record of a person of the ledger."""
    return m[places.PEOPLE_AT] + number * PERSON_WIDTH


@part
def meet(people, m):  # type: ignore[no-untyped-def]
    """Write a record of everybody in the ledger."""
    for number in range(m[places.PEOPLE]):
        row, person = number * FIELD_COUNT, m[places.PEOPLE_AT] + number * PERSON_WIDTH
        m[person + LAST] = 0
        m[person + PIPELINE] = -1
        m[person + PENDING] = 0
        m[person + GONE] = m[places.ENDS]
        m[person + RISK] = NOT_AT_RISK
        contract = -1
        if people[row + _ORIGIN] == OPENING:
            contract = m[m[places.CONTRACTS] + people[row + _ROW_OF_WORKFORCE]]
        m[person + COUNTED] = 0 if contract == _CASUAL else 1
        m[person + APPRENTICE] = 1 if contract == _APPRENTICE else 0
        birth, service = people[row + _BIRTH], people[row + _SERVICE]
        m[person + BIRTH] = birth
        m[person + SERVICE] = service
        m[person + PENSION] = people[row + _PENSION]
        m[person + ORIGIN] = people[row + _ORIGIN]
        m[person + JOINED] = people[row + _JOINED]
        m[person + ROW] = people[row + _PAY_POINT]
        m[person + SEX] = people[row + _SEX]
        if m[places.WANTS_AGES] == 1 or m[places.AGES] >= 0:
            year, month, day = civil_from_days(birth)
            # a birthday on the first counts at that month end; 29 February turns to 1 March,
            # which is the same
            m[person + BORN] = 12 * year + month - m[places.START_MONTH] + (1 if day > 1 else 0)
            m[person + SERVED] = months.by(m, service + NEWER_THAN_YEARS * YEAR)
        _group(people, m, row + _SEX, person)


@phrase
def _group(people, m, row, person):  # type: ignore[no-untyped-def]
    """Which characteristics somebody stated and has, and the groups that these put them in."""
    has, own = 0, 0
    for k in range(3):
        code = people[row + k]
        dimension = m[places.OWN] + 2 * k
        first, size = m[dimension], m[dimension + 1]
        if first >= 0:  # the last group did not state it
            m[person + OWN_1 + own] = first + (code if code >= 0 else size - 1)
            own += 1
        if code >= 0:
            has |= (1 + 2 * m[m[places.HAVING + k] + code]) << (2 * k)
    m[person + HAS] = has
    m[person + OWN] = own


@phrase
def reaches(m, person, age):  # type: ignore[no-untyped-def]
    """The first month end at which somebody is of an age."""
    return min(max(m[person + BORN] + 12 * age, 0), m[places.ENDS])
