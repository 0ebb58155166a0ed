"""Numbers, chances and ranges as people say them; no number in a report is typed by hand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from wfmodel.units import add_months

CONDITION = "if the plan is followed"
"""A result says what would follow from a plan; it does not say what will be."""


def number(value: float, digits: int = 0) -> str:
    """A number with separators and a true minus sign; an en dash where it is undefined.

    >>> number(1234.5), number(-0.2), number(-1.26, 1), number(float("nan"))
    ('1,234', '0', '−1.3', '–')
    """
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{abs(value):,.{digits}f}"
    negative = value < 0 and any(ch in "123456789" for ch in text)
    return f"−{text}" if negative else text


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign.

    >>> signed(3), signed(-3), signed(0.2)
    ('+3', '−3', '0')
    """
    text = number(value, digits)
    return f"+{text}" if value > 0 and any(ch in "123456789" for ch in text) else text


def people(value: float) -> str:
    """A mean number of people: no tenths of somebody among ten and more, nor of nobody.

    >>> people(19.14), people(2.6), people(0.0), people(-9.04)
    ('19', '2.6', '0', '−9.0')
    """
    return number(value, 0 if abs(value) < 0.05 or abs(value) >= 9.95 else 1)


def pounds(value: float) -> str:
    """Money in the size that people speak in.

    >>> pounds(1_234_567), pounds(-45_300), pounds(4_790), pounds(26_000_000), pounds(0)
    ('£1.23m', '−£45k', '£4.8k', '£26.0m', '£0')
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size >= 9_950_000:
        text = f"£{size / 1e6:,.1f}m"
    elif size >= 999_500:
        text = f"£{size / 1e6:.2f}m"
    elif size >= 9_950:
        text = f"£{size / 1e3:.0f}k"
    elif size >= 999.5:
        text = f"£{size / 1e3:.1f}k"
    else:
        text = f"£{size:,.0f}"
    return f"−{text}" if value < 0 and text != "£0" else text


def percent(share: float, digits: int = 0) -> str:
    """A share as a percentage.

    >>> percent(0.143, 1), percent(float("nan"))
    ('14.3%', '–')
    """
    return "–" if share is None or not math.isfinite(share) else f"{number(100 * share, digits)}%"


def chance(probability: float) -> str:
    """A chance in words and in per cent; it can follow "the chance is".

    >>> chance(0.31), chance(0.97)
    ('about 3 in 10 (31%)', 'about 29 in 30 (97%)')
    >>> chance(0.014), chance(0.02)
    ('about 1 in 100 (1%)', 'about 1 in 50 (2%)')
    >>> chance(0.9999), chance(0.001)
    ('more than 99 in 100', 'less than 1 in 100')
    """
    if probability is None or not math.isfinite(probability):
        return "not known"
    if probability > 0.99:
        return "more than 99 in 100"
    if probability < 0.01:
        return "less than 1 in 100"
    whole = [(n / 10, f"{n} in 10") for n in range(1, 10)]
    whole += [(1 / n, f"1 in {n}") for n in (20, 30, 50, 100)]
    whole += [(1 - 1 / n, f"{n - 1} in {n}") for n in (20, 30, 50, 100)]
    nearest = min(whole, key=lambda pair: abs(pair[0] - probability))
    return f"about {nearest[1]} ({percent(probability)})"


def brief_chance(probability: float) -> str:
    """A chance in per cent, never said to be none or certain.

    >>> brief_chance(0.31), brief_chance(0.0098), brief_chance(0.9902)
    ('31%', '<1%', '>99%')
    """
    if probability > 0.99 or probability < 0.01:
        return ">99%" if probability > 0.5 else "<1%"
    return percent(probability)


def brief_range(low: float, high: float) -> str:
    """A chance that an uncertain input moves, where there is little room.

    >>> brief_range(0.12, 0.58)
    '12–58%'
    """
    return f"{number(100 * low)}–{percent(high)}"


def chance_range(low: float, high: float) -> str:
    """A chance that an uncertain input moves, as a range.

    >>> chance_range(0.12, 0.58)
    'between 12% and 58%'
    """
    return f"between {percent(low)} and {percent(high)}"


def likelihood(probability: float) -> str:
    """One word or two for a chance, for headings.

    >>> likelihood(0.97), likelihood(0.5), likelihood(0.03)
    ('very likely', 'about as likely as not', 'very unlikely')
    """
    bands = [
        (0.1, "very unlikely"),
        (0.4, "unlikely"),
        (0.6, "about as likely as not"),
        (0.9, "likely"),
    ]
    return next((word for edge, word in bands if probability < edge), "very likely")


def futures(low: str, high: str) -> str:
    """The range that holds eight in ten of the simulated futures.

    >>> futures("671", "708")
    '8 in 10 futures between 671 and 708'
    """
    return (
        f"8 in 10 futures at {low}" if low == high else f"8 in 10 futures between {low} and {high}"
    )


def moves(opening: str, closing: str, difference: float) -> str:
    """How something goes from one value to another.

    >>> moves("761", "690", -71), moves("5", "5", 0)
    ('falls from 761 to 690', 'stays at 5')
    """
    if opening == closing:
        return f"stays at {closing}"
    return f"{'rises' if difference > 0 else 'falls'} from {opening} to {closing}"


def so_many(count: int, total: int, thing: str) -> str:
    """Some of several things, with the verb that may follow.

    >>> so_many(2, 9, "target"), so_many(1, 9, "target"), so_many(0, 9, "target")
    ('2 of 9 targets are', '1 of 9 targets is', 'none of 9 targets is')
    >>> so_many(1, 1, "target"), so_many(0, 1, "target")
    ('the target is', 'the target is not')
    """
    if total == 1:
        return f"the {thing} is{'' if count else ' not'}"
    return f"{count or 'none'} of {total} {thing}s {'are' if count > 1 else 'is'}"


def joined(parts: Sequence[str]) -> str:
    """Parts as a list in a sentence.

    >>> joined(["a", "b", "c"]), joined(["a"]), joined([])
    ('a, b and c', 'a', 'none')
    """
    if not parts:
        return "none"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def day(date: dt.date) -> str:
    """A date as it is written.

    >>> day(dt.date(2024, 4, 1))
    '1 April 2024'
    """
    return f"{date.day} {date:%B %Y}"


def month_end(start: dt.date, month: int, *, brief: bool = False) -> str:
    """The day on which stocks of ``month`` are read: its last; the opening day for month 0.

    >>> month_end(dt.date(2024, 4, 1), 0), month_end(dt.date(2024, 4, 1), 36)
    ('1 April 2024', '31 March 2027')
    >>> month_end(dt.date(2024, 4, 1), 12, brief=True)
    '31 Mar 2025'
    """
    date = start if month == 0 else add_months(start, month) - dt.timedelta(days=1)
    return f"{date.day} {date:%b %Y}" if brief else day(date)


def year_name(year: int) -> str:
    """A financial year by the year it begins in.

    >>> year_name(2024)
    '2024/25'
    """
    return f"{year}/{(year + 1) % 100:02d}"


def plain(name: str) -> str:
    """A code name as a phrase.

    >>> plain("vacancy_fte"), plain("agency_to_permanent")
    ('vacancy FTE', 'agency to permanent')
    """
    words = {"fte": "FTE", "gbp": "£", "hra": "HRA", "ni": "NI"}
    return " ".join(words.get(word, word) for word in name.replace("-", "_").split("_"))


def capital(text: str) -> str:
    """The text with its first letter large.

    >>> capital("total FTE")
    'Total FTE'
    """
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with its first letter small, unless it begins with an abbreviation.

    >>> small("Staffing cost"), small("FTE employed")
    ('staffing cost', 'FTE employed')
    """
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
