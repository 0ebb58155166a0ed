"""An opening workforce synthesised to published margins, deterministic from its seed.

Services and roles are fitted to their margins (iterative proportional fitting) and rounded so that
each margin holds. Then every characteristic in turn is shared out to the people by systematic
sampling with unequal chances: each margin holds to the head, and how characteristics go together is
the stated assumption in the file's ``joint``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from wfmodel import draws
from wfmodel.errors import InputError
from wfmodel.scenario.schema import Scenario
from wfmodel.units import YEAR
from wfmodel.workforce import establishment
from wfmodel.workforce.checking import assumptions, checks
from wfmodel.workforce.extract import read_table
from wfmodel.workforce.fitting import Unfitted, fit, round_controlled, share_out, whole
from wfmodel.workforce.groups import birth_dates
from wfmodel.workforce.margins import Published, SynthesisFile, Tendency, read_margins
from wfmodel.workforce.tables import Workforce, check_tables
from wfmodel.workforce.yamlfile import YamlFile

YOUNGEST, OLDEST, LONGEST = 16.0, 75.0, 45.0
"""Nobody starts below, is above, has served longer."""


def synthesise(path: Path, scenario: Scenario) -> Workforce:
    """The opening workforce of a synthesis file; raises `InputError`, also for bad margins."""
    file = YamlFile(path, SynthesisFile)
    said, published = read_margins(file, scenario)
    return _Synthesis(file, scenario, said, published).workforce()


class Luck:
    """Keyed draws for the people of one synthesis, uniform, float64 [people]."""

    def __init__(self, seed: int, ids: pd.Series) -> None:
        self.seed = seed
        self.keys = [draws.text_key(str(name)) for name in ids]

    def uniform(self, stream: str, number: int = 0) -> np.ndarray:
        """A number between 0 and 1 for each person."""
        key = draws.stream_key(self.seed, 0, f"synthesis {stream}")
        return np.array([draws.uniform(key, person, number) for person in self.keys])

    def one(self, stream: str) -> float:
        """One number between 0 and 1."""
        key = draws.stream_key(self.seed, 0, f"synthesis {stream}")
        return float(draws.uniform(key, np.uint64(0), 0))


class _Synthesis:
    """One synthesis under way: arrays by person, in the order of their service and role."""

    def __init__(
        self,
        file: YamlFile,
        scenario: Scenario,
        said: SynthesisFile,
        published: dict[str, Published],
    ) -> None:
        self.file, self.scenario, self.said, self.published = file, scenario, said, published
        self.path = file.path
        self.start = np.datetime64(scenario.horizon.start, "s")

    def workforce(self) -> Workforce:
        """The four tables, checked, with the margins beside them."""
        self._place()
        self._hours()
        self._sex_and_age()
        self._service_length()
        people = self._people()
        pay_points = read_table(self.path.parent / self.said.pay_points, "pay_points")
        posts, assignments = establishment.build(
            self.said, self.scenario, self.luck, people["person_id"], self.service, self.role,
            self.hundredths, self.start - _seconds(self._years_in_role()),
        )  # fmt: skip
        establishment.fund(posts, self.said, self.file)
        establishment.entitle(posts, assignments, self.said, self.file)
        people["pay_point"] = establishment.points(self.scenario, self.role, self._years_in_role())
        people["skills"] = establishment.skills(self.said, self.scenario, self.luck, self.role)
        workforce = Workforce(
            posts,
            people,
            assignments,
            pay_points,
            services=dict(self.said.services),
            assumptions=assumptions(self.said),
            input_files=[*self.file.files, self.path.parent / self.said.pay_points],
        )
        check_tables(workforce)
        workforce.checks = checks(workforce, self.said, self.published, self.scenario)
        return workforce

    def _place(self) -> None:
        """Service and role of each person, and the keyed draws that go with their ids."""
        services, roles = self.published["service"], self.published["role"]
        pattern = np.array(
            [
                [self.said.pattern.get(service, {}).get(role, 0.0) for role in roles.labels]
                for service in services.labels
            ]
        )
        try:
            heads = round_controlled(fit(pattern, services.heads, roles.heads))
        except Unfitted as error:
            margin = (services, roles)[error.axis]
            place = self.file.place(["margins", margin.name, "groups", margin.labels[error.index]])
            made = f"the other margin and the pattern make {error.reached:.1f}"
            what = f"is {error.wanted:g} heads, {made}"
            raise InputError(place, what) from None
        service, role = np.nonzero(heads)
        count = heads[service, role]
        self.service = np.repeat(np.array(services.labels)[service], count)
        self.role = np.repeat(np.array(roles.labels)[role], count)
        self.people = self.role.size
        self.ids = pd.Series([f"person-{n + 1:04d}" for n in range(self.people)])
        self.luck = Luck(self.scenario.workforce.seed, self.ids)
        self.cell = np.repeat(np.arange(count.size), count)
        self.hundredths = np.full(self.people, 100, dtype=np.int64)
        self.age = np.zeros(self.people)

    def _share(
        self, name: str, weights: np.ndarray, counts: np.ndarray, among: np.ndarray | None = None
    ) -> np.ndarray:
        """A group for each person (of those ``among``), spread over services and roles; see
        `share_out`.
        """
        order = np.lexsort((self.luck.uniform(f"{name} order"), self.cell))
        if among is not None:
            order = order[among[order]]
        try:
            return share_out(weights, counts, order, self.luck.one(name))
        except Unfitted as error:
            numbers = f"{error.wanted:g} wanted, {error.reached:.1f} made"
            what = f"can't go with the margins before it: {numbers}"
            raise InputError(self.file.place(["margins", name]), what) from None

    def _odds(self, tendency: Tendency) -> np.ndarray:
        """The odds that a tendency gives each person, float64 [people]."""
        odds = np.array([tendency.roles.get(role, 1.0) for role in self.role])
        odds *= np.array([tendency.services.get(service, 1.0) for service in self.service])
        odds *= np.where(self.hundredths < 100, tendency.part_time, 1.0)
        for edge, multiplier in tendency.from_age.items():
            odds *= np.where(self.age >= edge, multiplier, 1.0)
        return odds

    def _hours(self) -> None:
        """FTE in hundredths: full-timers 100, part-timers so that all sum to the published FTE."""
        hours, joint = self.said.hours, self.said.joint
        pair = np.array([hours.full_time.central, hours.part_time.central])
        full, part = (int(x) for x in whole(pair, self.people))
        odds = self._odds(joint.part_time)
        group = self._share(
            "hours", np.column_stack([odds, np.ones(self.people)]), np.array([part, full])
        )
        target = round(self.said.fte.central * 100) - 100 * full
        worked = _part_time_hours(hours.part_time_hundredths, part, target)
        rows = np.flatnonzero(group == 0)
        rows = rows[np.argsort(self.luck.uniform("part-time hours")[rows], kind="stable")]
        self.hundredths[rows] = worked

    def _named(self, name: str, odds: np.ndarray) -> np.ndarray:
        """Labels of a characteristic: ``odds`` that somebody is in its first group."""
        if name not in self.published:
            return np.full(self.people, "", dtype=object)
        margin = self.published[name]
        weights = np.ones((self.people, len(margin.labels)))
        weights[:, 0] = odds
        weights[:, 2:] = (1.0 + odds)[:, None]  # further groups lean to neither of the first two
        group = np.zeros(self.people, dtype=np.int64)
        for among, heads in self._by_grade(name, margin):
            group[among] = self._share(name, weights, heads, among)[among]
        return np.array(margin.labels, dtype=object)[group]

    def _by_grade(self, name: str, margin: Published) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The people in parts, from the highest grade down, each with the heads of every group:
        one part for each grade from which a share is published, and the others.
        """
        shares = getattr(self.said.margins, name).from_grade
        grade = np.array([self.scenario.roles[role].grade or 0 for role in self.role])
        left, open_ = margin.heads.copy(), np.ones(self.people, dtype=bool)
        for edge in sorted(shares, reverse=True):
            above, among = grade >= edge, open_ & (grade >= edge)
            first = round(shares[edge] * int(above.sum())) - int(margin.heads[0] - left[0])
            others = int(among.sum()) - first
            if not (0 <= first <= left[0] and 0 <= others <= left[1:].sum()):
                what = f"is {shares[edge]:g} of {above.sum()} heads, {margin.heads[0]} are in all"
                raise InputError(self.file.place(["margins", name, "from_grade", edge]), what)
            heads = np.append(first, whole(left[1:].astype(np.float64), others))
            left, open_ = left - heads, open_ & ~above
            yield among, heads
        yield open_, left

    def _sex_and_age(self) -> None:
        joint = self.said.joint
        self.sex = self._named("sex", self._odds(joint.female))
        margin = self.published["age"]
        low = np.array([float(edge) for edge in margin.labels])
        high = np.append(low[1:], OLDEST)
        weights = np.ones((self.people, low.size))
        weights[:, low < 35] = self._odds(joint.under_35)[:, None]
        weights[:, low >= 55] = self._odds(joint.from_55)[:, None]
        band = self._share("age", weights, margin.heads)
        low = np.maximum(low, YOUNGEST + 1.0)
        self.age = low[band] + (high - low)[band] * self.luck.uniform("age within band")
        self.disability = self._named("disability", self._odds(joint.disability))
        self.ethnicity = self._named("ethnicity", self._odds(joint.ethnicity))

    def _service_length(self) -> None:
        """Years of service: by how common the age is at which they would have started."""
        joint, margin = self.said.joint, self.published["service_length"]
        mean, spread = joint.age_at_start.central, joint.age_at_start_spread.central
        low = np.array([float(edge) for edge in margin.labels])
        high = np.append(low[1:], LONGEST)
        weights = np.full((self.people, low.size), 1e-9)
        for part in (0.1, 0.3, 0.5, 0.7, 0.9):
            began = self.age[:, None] - (low + part * (high - low))[None, :]
            density = np.exp(-0.5 * ((began - mean) / spread) ** 2) * (high - low)
            weights += np.where(began >= YOUNGEST, density, 0.0)
        band = self._share("service_length", weights, margin.heads)
        most = np.maximum(np.minimum(high[band], self.age - YOUNGEST), low[band] + 0.05)
        last = band == low.size - 1
        u = self.luck.uniform("service within band")
        within = np.where(last, u * u, u)  # long service thins out
        self.years = low[band] + (most - low[band]) * within

    def _years_in_role(self) -> np.ndarray:
        """Years in the present role: half have held it all along, the others for a part."""
        part = self.luck.uniform("time in role")
        return self.years * np.where(part < 0.5, 1.0, 2.0 * part - 1.0 + 0.02)

    def _people(self) -> pd.DataFrame:
        terms, luck = self.said.contracts, self.luck
        began = self.start - _seconds(self.years)
        prior = luck.uniform("prior service") < terms.prior_service_share.central
        room = np.maximum(self.age - self.years - YOUNGEST, 0.0)
        length = -np.log(luck.uniform("prior service", 1)) * terms.prior_service_years.central
        earlier = np.where(prior, np.minimum(length, room), 0.0)
        fixed = establishment.some(luck, "fixed term", terms.fixed_term.central, self.years < 4)
        months = 1.0 + (terms.fixed_term_months.central - 1.0) * luck.uniform("fixed term end")
        member = ~establishment.some(luck, "pension", 1.0 - terms.pension_member.central)
        parent = (self.age >= 25) & (self.age < 45)
        protected = establishment.some(luck, "protected", terms.protected.central, parent)
        until = self.start + _seconds(1.5 * luck.uniform("protected until"))
        never = np.datetime64("NaT", "s")
        return pd.DataFrame(
            {
                "person_id": self.ids,
                "birth_date": birth_dates(
                    np.datetime64(self.scenario.horizon.start, "M"), self.age
                ),
                "service_start": began,
                "continuous_start": began - _seconds(earlier),
                "pension_start": np.where(member, began - _seconds(earlier), never),
                "protected_until": np.where(protected, until, never),
                "contract": np.where(fixed, "fixed_term", "permanent"),
                "contract_end": np.where(fixed, self.start + _seconds(months / 12), never),
                "pay_point": 0,
                "skills": "",
                "sex": pd.Series(self.sex, dtype="str"),
                "ethnicity": pd.Series(self.ethnicity, dtype="str"),
                "disability": pd.Series(self.disability, dtype="str"),
            }
        )


def _seconds(years: np.ndarray) -> np.ndarray:
    return np.ceil(years * YEAR).astype("timedelta64[s]")


def _part_time_hours(common: dict[int, float], people: int, total: int) -> np.ndarray:
    """Hundredths of ``people`` part-timers with sum ``total``, near how common each value is.

    The frequencies are tilted (exponentially) until their mean is right; what whole heads leave
    over is spread a hundredth at a time.
    """
    if people == 0:
        return np.zeros(0, dtype=np.int64)
    values = np.array(sorted(common), dtype=np.float64)
    weight = np.array([common[int(v)] for v in values])
    low, high = -2.0, 2.0
    for _ in range(200):
        tilt = (low + high) / 2
        share = weight * np.exp(tilt * (values - values.mean()))
        share /= share.sum()
        low, high = (tilt, high) if share @ values < total / people else (low, tilt)
    worked = np.repeat(values.astype(np.int64), whole(share, people))
    row = 0
    while (gap := total - int(worked.sum())) != 0:
        step = 1 if gap > 0 else -1
        place = row % people
        if 1 <= worked[place] + step <= 99:
            worked[place] += step
        row += 1
    return worked
