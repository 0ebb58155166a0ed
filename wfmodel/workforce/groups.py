"""An opening workforce from groups of posts and people all alike, written in the scenario itself.

Built in whole columns, so that a million posts take seconds.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd

from wfmodel import draws
from wfmodel.errors import InputError
from wfmodel.jit import rule
from wfmodel.scenario.schema import Group, Scenario
from wfmodel.scenario.unknowns import Form, Numbers
from wfmodel.units import MONTH, YEAR, hundredths
from wfmodel.workforce.tables import COLUMNS, Workforce

YOUNGEST = 16
"""Nobody's service begins before this age."""
AGES = (20.0, 60.0)
SERVICE_MEAN, SERVICE_SHAPE = 8.0, 1.2


@rule("void(int64, float64, float64, float64, uint64, uint64, float64[::1])")
def _draw_each(shape, a, b, c, stream, group, out):  # type: ignore[no-untyped-def]
    """One draw for each person of a group into ``out``, keyed by group and number."""
    for number in range(out.size):
        out[number] = draws.vary(shape, a, b, c, stream, draws.join(group, np.uint64(number)))


def workforce_from_groups(scenario: Scenario) -> Workforce:
    """Posts ``<group>-p<n>`` and people ``<group>-<n>``, n from 1; raises `InputError`."""
    source = scenario.workforce
    draw = _Draw(scenario)
    tables = [_group_tables(name, group, scenario, draw) for name, group in source.groups.items()]
    posts, people, assignments = (
        pd.concat([parts[part] for parts in tables], ignore_index=True)
        if tables
        else pd.DataFrame(columns=list(COLUMNS[table]))
        for part, table in enumerate(("posts", "people", "assignments"))
    )
    services = {group.service: group.service for group in source.groups.values()}
    points = pd.DataFrame(
        {
            "point": pd.Series(dtype="int64"),
            "annual_gbp": pd.Series(dtype="float64"),
            "from": pd.Series(dtype="datetime64[s]"),
        }
    )
    files = [g.service_years_file for g in source.groups.values() if g.service_years_file]
    return Workforce(
        posts,
        people,
        assignments,
        points,
        services={name: source.services.get(name, title) for name, title in services.items()},
        input_files=[scenario.folder / file for file in files],
    )


class _Draw:
    """What each person of a group has, by the scenario's quantities."""

    def __init__(self, scenario: Scenario) -> None:
        self.numbers = Numbers.of(scenario)
        self.vector = self.numbers.central()
        self.seed = scenario.workforce.seed

    def each(
        self, group: str, key: str, default: tuple[int, float, float], count: int
    ) -> np.ndarray:
        """``count`` values of the group's quantity ``key``; ``default`` is (shape, a, b)."""
        path = f"workforce.groups.{group}.{key}"
        if path in self.numbers.index:
            form: Form = self.numbers.form(path, 0.0)
            shape, spread = form.shape, [float(self.vector[slot]) for slot in form.slots]
        else:
            shape, spread = default[0], [default[1], default[2], 0.0]
        stream = draws.stream_key(self.seed, 0, f"workforce {key}")
        out = np.empty(count, dtype=np.float64)
        _draw_each(shape, *spread, stream, draws.text_key(group), out)
        return out


def _group_tables(
    name: str, group: Group, scenario: Scenario, draw: _Draw
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    filled = group.posts if group.filled is None else group.filled
    role = scenario.roles.get(group.role)
    if role is None:
        known = ", ".join(r for r in scenario.roles if r != "*")
        place = scenario.where(f"workforce.groups.{name}.role")
        raise InputError(place, f"{group.role} is not among the roles: {known}")
    number = pd.Series(np.arange(1, group.posts + 1)).astype(str)
    post_id = f"{name}-p" + number
    person_id = (f"{name}-" + number).iloc[:filled]
    age, service = _ages_and_service(name, group, filled, scenario, draw)
    posts = pd.DataFrame(
        {
            "post_id": post_id,
            "service": group.service,
            "role": group.role,
            "fte": hundredths(group.fte) / 100,
            "employer": group.employer,
            "funding": group.funding,
            "funding_end": _never(group.posts),
        }
    )
    start = np.datetime64(scenario.horizon.start, "s")
    began = start - np.ceil(service * YEAR).astype("timedelta64[s]")
    skills = dict.fromkeys([*(role.skills or {}), *group.skills])
    people = pd.DataFrame(
        {
            "person_id": person_id,
            "birth_date": birth_dates(np.datetime64(scenario.horizon.start, "M"), age),
            "service_start": began,
            "continuous_start": began,
            "pension_start": began if group.pension_member else _never(filled),
            "protected_until": _never(filled),
            "contract": group.contract,
            "contract_end": _contract_end(name, group, filled, scenario, draw),
            "pay_point": 0,
            "skills": " ".join(skills),
            "sex": "",
            "ethnicity": "",
            "disability": "",
        }
    )
    assignments = pd.DataFrame(
        {
            "assignment_id": f"{name}-a" + number.iloc[:filled],
            "person_id": person_id,
            "post_id": post_id.iloc[:filled],
            "fte": hundredths(group.fte) / 100,
            "kind": "substantive",
            "start": began,
            "end": _never(filled),
        }
    )
    return posts, people, assignments


def _ages_and_service(
    name: str, group: Group, filled: int, scenario: Scenario, draw: _Draw
) -> tuple[np.ndarray, np.ndarray]:
    """Years of age and of service, float64 [filled]; service begins at 16 or later.

    Where a drawn pair would have it begin sooner, what the scenario gives holds: given service
    makes the person older, else the service is cut.
    """
    age = draw.each(name, "age_years", (draws.UNIFORM, *AGES), filled)
    if group.service_years_file is not None:
        if group.service_years is not None:
            place = scenario.where(f"workforce.groups.{name}.service_years_file")
            raise InputError(place, "stands beside service_years; give one")
        service = _service_from(scenario.folder / group.service_years_file, filled)
    else:
        shape = (draws.GAMMA, SERVICE_MEAN, SERVICE_SHAPE)
        service = draw.each(name, "service_years", shape, filled)
    given = group.service_years is not None or group.service_years_file is not None
    if given:
        age = np.maximum(age, service + YOUNGEST)
    else:
        service = np.clip(service, 0.0, np.maximum(age - YOUNGEST, 0.0))
    return age, service


def _service_from(path: Path, filled: int) -> np.ndarray:
    """One number of years a line; as many lines as filled posts."""
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise InputError(str(path), f"can't be read ({why}); it holds one number a line") from None
    if len(lines) != filled:
        raise InputError(str(path), f"has {len(lines)} numbers, the group has {filled} people")
    years = np.empty(filled)
    for row, text in enumerate(lines):
        try:
            years[row] = float(text)
        except ValueError:
            years[row] = math.nan
        if not 0 <= years[row] <= 80:
            raise InputError(f"{path}:{row + 1}", f"{text} is not a number of years, 0 to 80")
    return years


def birth_dates(start: np.datetime64, age: np.ndarray) -> np.ndarray:
    """Dates of birth of people ``age`` years old on the first of the month ``start``."""
    whole = np.floor(age)
    birthday = (start - (12 * whole).astype("timedelta64[M]")).astype("datetime64[D]")
    days = np.minimum(np.floor((age - whole) * 365.25), 364).astype("timedelta64[D]")
    return (birthday - days).astype("datetime64[s]")


def _contract_end(
    name: str, group: Group, filled: int, scenario: Scenario, draw: _Draw
) -> np.ndarray:
    if group.contract != "fixed_term":
        return _never(filled)
    months = draw.each(name, "contract_months", (draws.FIXED, 12.0, 0.0), filled)
    whole = np.floor(months)
    start = np.datetime64(scenario.horizon.start, "M") + whole.astype("timedelta64[M]")
    seconds = np.ceil((months - whole) * MONTH).astype("timedelta64[s]")
    return start.astype("datetime64[s]") + seconds


def _never(count: int) -> np.ndarray:
    return np.full(count, np.datetime64("NaT"), dtype="datetime64[s]")
