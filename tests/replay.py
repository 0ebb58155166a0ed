"""An independent replay of a ledger, movement by movement, that believes nothing it has not seen.

It is written from the ledger's documentation alone and shares no code with the results or the
simulation.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np

from wfmodel.simulation.ledger import CAUSES, KINDS, NOWHERE, OUTSIDE, POOL, Ledger

MOVES_NOBODY = [
    "notice_given",
    "post_advertised",
    "campaign_failed",
    "post_held",
    "post_released",
    "post_created",
    "post_deleted",
    "agency_start",
    "agency_end",
    "place_deferred",
    "place_lost",
    "probation_passed",
    "probation_failed",
    "stepped_up",
    "coaching_start",
    "coaching_end",
    "absence_start",
    "absence_end",
    "cover_start",
    "cover_end",
]


AWAY = ("family_leave", "long_sickness", "career_break", "other_leave", "secondment")


@dataclass
class Somebody:
    """A person as the replay knows them: assignments (post, FTE) by number, the main one first."""

    seats: dict[int, tuple[int, int]] = field(default_factory=dict)
    main: int = -1
    beside: tuple[int, int] | None = None
    pool: bool = False
    trial: bool = False
    here: bool = False
    gone: bool = False
    noticed: int = -1
    training: int = -1
    coached: bool = False
    away: str = ""
    turned: int = -1
    acts_in: int = -1


@dataclass
class Place:
    """A post as the replay knows it."""

    cell: int
    fte: int
    alive: bool
    extra: bool
    seats: dict[int, int] = field(default_factory=dict)
    held: bool = False
    campaign: bool = False
    cover: int = 0
    acted_by: int = -1
    acted: int = 0


class Replay:
    """Replays ``ledger``; ``wrong`` lists every contradiction found.

    ``stocks[m]`` is what stood at month end m, {cell: (heads, FTE, establishment FTE)}: after all
    movements before ``month_starts[m]``.
    """

    def __init__(self, ledger: Ledger, month_starts: np.ndarray) -> None:
        self.ledger = ledger
        self.wrong: list[str] = []
        self.people = [Somebody() for _ in ledger.people]
        self.posts = [
            Place(int(p["cell"]), int(p["fte"]), bool(p["event"] < 0), bool(p["supernumerary"]))
            for p in ledger.posts
        ]
        self.heads: Counter[int] = Counter()
        self.fte: Counter[int] = Counter()
        self.uses: Counter[tuple[str, int]] = Counter()
        self.trainees: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self.campaigns = self.most_campaigns = self.coaches = self.most_coaches = 0
        self.stocks: list[dict[int, tuple[int, int, int]]] = []
        self._touched: set[int] = set()
        self._row = -1
        self._identities()
        self._replay(month_starts.tolist())

    # --- running

    def _say(self, what: str) -> None:
        row = self.ledger.movements[self._row] if self._row >= 0 else None
        kind = KINDS[row["kind"]] if row is not None else ""
        self.wrong.append(f"movement {self._row} ({kind} {row}): {what}")

    def _must(self, holds: bool, what: str) -> None:
        if not holds:
            self._say(what)

    def _identities(self) -> None:
        for name in ("people", "posts"):
            keys = getattr(self.ledger, name)["key"]
            self._must(np.unique(keys).size == keys.size, f"two {name} share a key")

    def _replay(self, months: list[int]) -> None:
        horizon, last, month = months[-1], 0, 0
        for row, move in enumerate(self.ledger.movements):
            self._row = row
            time = int(move["time"])
            self._must(
                last <= time < max(horizon, 1), f"time {time} after {last}, before {horizon}"
            )
            if time > last:
                self._check_instant()
                while month < len(months) and months[month] <= time:
                    self._census()
                    month += 1
            last = time
            kind = KINDS[move["kind"]]
            if kind not in MOVES_NOBODY and move["head"]:
                self._count(move)
            getattr(self, f"_{kind}")(move)
            self._look_at(move)
        self._check_instant()
        for _ in range(month, len(months)):
            self._census()

    def _look_at(self, move: np.void) -> None:
        """What else somebody wants to know after a movement."""

    def _count(self, move: np.void) -> None:
        """Heads by the rows' own words: what leaves a cell and what enters one."""
        if move["source"] >= 0 and move["target"] != POOL:
            self.heads[int(move["source"])] -= 1
        if move["target"] >= 0:
            self.heads[int(move["target"])] += 1

    def _census(self) -> None:
        """Stocks by looking at everybody, compared with the counts of what moved."""
        heads: Counter[int] = Counter()
        fte: Counter[int] = Counter()
        posts: Counter[int] = Counter()
        for who in self.people:
            if who.here:
                heads[self._cell(who)] += 1
                for post, hundredths in who.seats.values():
                    fte[self.posts[post].cell] += hundredths
                if who.beside is not None:
                    fte[who.beside[0]] += who.beside[1]
        for post in self.posts:
            if post.alive and not post.extra:
                posts[post.cell] += post.fte
        moved = {cell: n for cell, n in self.heads.items() if n}
        self._must(
            moved == dict(heads), f"heads moved {moved} are not the heads here {dict(heads)}"
        )
        cells = set(heads) | set(fte) | set(posts)
        self.stocks.append({c: (heads[c], fte[c], posts[c]) for c in sorted(cells)})

    def _cell(self, who: Somebody) -> int:
        if who.seats:
            return self.posts[who.seats[who.main][0]].cell
        return who.beside[0] if who.beside is not None else NOWHERE

    def _check_instant(self) -> None:
        """What must hold between instants, for the posts and people touched."""
        for number in self._touched:
            post = self.posts[number]
            held = sum(post.seats.values())
            self._must(held <= post.fte, f"post {number} of {post.fte} is filled with {held}")
            self._must(post.alive or not post.seats, f"post {number} is deleted and has holders")
            if post.acted_by >= 0:
                self._must(post.fte - held >= post.acted, f"post {number} has nothing to act in")
            if not post.alive or held >= post.fte:
                self._must(post.acted_by < 0, f"post {number} is acted in and not open")
                self._must(not post.campaign, f"post {number} has a campaign and nothing to fill")
                self._must(post.cover == 0, f"post {number} has agency cover and nothing to cover")
            if not post.alive:
                self._must(not post.held, f"post {number} is deleted and held")
            self._must(not (post.held and post.campaign), f"post {number} is held and advertised")
            self._must(
                not post.extra or post.alive == bool(post.seats),
                f"{number}: empty and there",
            )
        self._touched.clear()

    # --- seats

    def _sit(self, move: np.void, *, main: bool = True) -> None:
        person, post, number = int(move["person"]), int(move["post"]), int(move["assignment"])
        who, place = self.people[person], self.posts[post]
        self._must(place.alive, f"post {post} does not stand")
        self._must(number not in who.seats, f"assignment {number} is taken")
        self._must(int(move["fte"]) > 0, "takes a post for no FTE")
        who.seats[number] = (post, int(move["fte"]))
        place.seats[number] = int(move["fte"])
        if main:
            who.main = number
        self._must(sum(f for _, f in who.seats.values()) <= 100, "more than one FTE in all")
        self._touched.add(post)

    def _stand(self, person: int, number: int, post: int) -> int:
        """Take somebody out of an assignment; its FTE."""
        who = self.people[person]
        if number not in who.seats or who.seats[number][0] != post:
            self._say(f"person {person} has no assignment {number} in post {post}")
            return 0
        fte = who.seats.pop(number)[1]
        self.posts[post].seats.pop(number)
        self._touched.add(post)
        return fte

    def _seat_in(self, who: Somebody, post: int) -> int:
        return next((n for n, (p, _) in who.seats.items() if p == post), -1)

    def _filled(self, move: np.void) -> None:
        """A vacancy has been filled: whatever was under way for it is over."""
        post = self.posts[int(move["post"])]
        self._must(not post.held, "fills a held post")
        if post.campaign:
            post.campaign = False
            self.campaigns -= 1
        self._touched.add(int(move["post"]))

    # --- coming

    def _join(self, move: np.void) -> Somebody:
        who = self.people[int(move["person"])]
        self._must(not who.here and not who.gone, "joins twice")
        self._must(int(move["source"]) == OUTSIDE, "does not come from outside")
        who.here = True
        return who

    def _opening(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(int(move["source"]) == OUTSIDE and int(move["time"]) == 0, "opens late")
        self._must(who.here != bool(move["head"]), "one main assignment each")
        who.here = True
        self._sit(move, main=bool(move["head"]))
        self._at(move, "target", self.posts[int(move["post"])].cell)

    def _starter(self, move: np.void) -> None:
        self._join(move)
        self._sit(move)
        self._filled(move)
        self._at(move, "target", self.posts[int(move["post"])].cell)

    def _transferred_in(self, move: np.void) -> None:
        self._join(move)
        self._sit(move)
        self._at(move, "target", self.posts[int(move["post"])].cell)

    def _at(self, move: np.void, side: str, cell: int) -> None:
        self._must(int(move[side]) == cell, f"{side} {move[side]} should be {cell}")

    # --- moving

    def _promoted(self, move: np.void) -> None:
        person, post, origin = int(move["person"]), int(move["post"]), int(move["from_post"])
        who = self.people[person]
        self._must(who.here, "moves unseen")
        self._passed(who)
        if post == origin:  # with the post, whose role changes
            self._must(self._seat_in(who, post) == int(move["assignment"]), "is not in that post")
            place = self.posts[post]
            if place.cell != int(move["target"]):
                self._at(move, "source", place.cell)
                place.cell = int(move["target"])
            return
        self._must(who.acts_in < 0, "moves while acting up")
        self._must(not who.away or CAUSES[move["cause"]] == "absorbed", "moves while away")
        if origin >= 0:
            self._at(move, "source", self.posts[origin].cell)
            number = self._seat_in(who, origin)
            main = who.main == number
            self._must(main == bool(move["head"]), "head is not on the main assignment")
            self._stand(person, number, origin)
        else:
            self._must(who.beside is not None, "comes from no post and was not beside any")
            self._at(move, "source", self._cell(who))
            who.beside, main = None, True
        self._sit(move, main=main)
        self._at(move, "target", self.posts[post].cell)
        if not self.posts[post].extra:
            self._filled(move)

    _moved_sideways = _promoted

    def _hours_changed(self, move: np.void) -> None:
        person = int(move["person"])
        who = self.people[person]
        main = who.main == int(move["assignment"])
        if CAUSES[move["cause"]]:
            self._work_less(move, who)
            return
        self._must(main == bool(move["head"]), "head is not on the main assignment")
        fte = self._stand(person, int(move["assignment"]), int(move["post"]))
        self._must(fte == int(move["fte"]), "ends other hours than it had")
        if main:
            who.main = self._seat_in(who, int(move["from_post"]))
            self._must(who.main >= 0, "the assignment that goes on is not held")
            self._at(move, "target", self._cell(who))

    def _work_less(self, move: np.void, who: Somebody) -> None:
        """An assignment goes on with less; nobody moves."""
        number, freed = int(move["assignment"]), int(move["fte"])
        self._must(who.noticed < 0 and not who.away and who.acts_in < 0, "can't work less now")
        self._must(who.main == number and not move["head"], "works less elsewhere than in the main")
        self._passed(who)
        post, fte = who.seats[number]
        self._must(post == int(move["post"]) and 0 < freed < fte, "gives up what it has not")
        for side in ("source", "target"):
            self._at(move, side, self.posts[post].cell)
        who.seats[number] = (post, fte - freed)
        self.posts[post].seats[number] = fte - freed
        self._touched.add(post)

    def _passed(self, who: Somebody) -> None:
        """A trial passed is told by nothing else than what comes after it."""
        self._must(not who.pool or who.trial, "is in the pool")
        who.pool = who.trial = False

    # --- the pool

    def _at_risk(self, move: np.void) -> None:
        person, post = int(move["person"]), int(move["post"])
        who = self.people[person]
        self._at(move, "source", self._cell(who))
        fte = self._stand(person, int(move["assignment"]), post)
        self._must(not who.seats and (not who.pool or who.trial), "at risk with a post, or twice")
        who.trial = False
        who.beside, who.pool, who.training = (int(move["source"]), fte), True, -1
        self._must(fte == int(move["fte"]), "FTE changes on the way to the pool")

    def _redeployed(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(who.pool and not who.trial and who.noticed < 0, "is not free in the pool")
        self._at(move, "source", self._cell(who))
        who.beside = None
        self._sit(move)
        self._filled(move)
        self._at(move, "target", self.posts[int(move["post"])].cell)
        slotted = CAUSES[move["cause"]] == "slotted_in"
        who.pool, who.trial = not slotted, not slotted

    def _trial_failed(self, move: np.void) -> None:
        person = int(move["person"])
        who = self.people[person]
        self._must(who.trial, "fails no trial")
        self._at(move, "source", self._cell(who))
        self._stand(person, int(move["assignment"]), int(move["post"]))
        who.beside, who.trial, who.pool = (int(move["target"]), int(move["fte"])), False, True

    # --- leaving

    def _notice_given(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(who.here and who.noticed < 0, "gives notice twice, or is not here")
        self._at(move, "source", self._cell(who))
        who.noticed = int(move["time"])

    def _leaver(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        if CAUSES[move["cause"]] in AWAY:
            self._must(who.turned == move["time"], "does not return, and was not away")
        elif CAUSES[move["cause"]] not in ("probation_failed", "not_placed"):
            self._must(who.noticed >= 0, "leaves without notice")
        self._leave(move)

    def _leave(self, move: np.void) -> None:
        person, post = int(move["person"]), int(move["post"])
        who = self.people[person]
        self._must(who.here and int(move["target"]) == OUTSIDE, "leaves without being here")
        self._must(not who.away and who.acts_in < 0, "leaves while away, or acting up")
        if post < 0:
            self._must(who.beside is not None and not who.seats, "leaves no post but holds one")
            self._at(move, "source", self._cell(who))
            if who.beside is not None:
                self._must(who.beside[1] == int(move["fte"]), "leaves with other FTE than it had")
            who.beside = None
        else:
            main = who.main == int(move["assignment"])
            self._must(main == bool(move["head"]), "head is not on the main assignment")
            self._at(move, "source", self.posts[post].cell)
            fte = self._stand(person, int(move["assignment"]), post)
            self._must(fte == int(move["fte"]), "leaves with other FTE than it had")
        if not who.seats:
            who.here, who.gone = False, True

    _voluntary_exit = _leave
    _transferred_out = _leave

    def _redundant(self, move: np.void) -> None:
        self._must(self.people[int(move["person"])].pool, "redundant from outside the pool")
        self._leave(move)

    # --- training

    def _intake(self, move: np.void) -> None:
        person, pipeline = int(move["person"]), int(move["note"])
        who = self.people[person]
        self.trainees[pipeline]["intake"] += 1
        self._must(who.training < 0, "trains twice at a time")
        self._must(not who.away and who.acts_in < 0, "begins training while away, or acting up")
        if CAUSES[move["cause"]] == "outside":
            self._join(move)
            if move["post"] >= 0:
                self._sit(move)
                self._filled(move)
            else:
                who.beside = (int(move["target"]), int(move["fte"]))
        else:
            self._at(move, "source", self._cell(who))
            if move["post"] < 0:
                fte = self._stand(person, int(move["assignment"]), int(move["from_post"]))
                who.beside = (int(move["target"]), fte)
        who.training = pipeline

    def _dropped_out(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(who.training == int(move["note"]), "drops out of no training")
        self.trainees[int(move["note"])]["dropped_out"] += 1
        who.training = -1
        if CAUSES[move["cause"]] == "outside":
            self._leave(move)

    def _qualified(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(who.training == int(move["note"]), "qualifies in no training")
        self.trainees[int(move["note"])]["qualified"] += 1
        self.trainees[int(move["note"])][CAUSES[move["cause"]]] += 1
        who.training = -1

    # --- posts, cover, what moves nobody

    def _post_created(self, move: np.void) -> None:
        post = self.posts[int(move["post"])]
        self._must(not post.alive, "is created twice")
        self._must(
            post.cell == int(move["target"]) and post.fte == int(move["fte"]), "is another post"
        )
        self._must(post.extra == (CAUSES[move["cause"]] == "supernumerary"), "supernumerary or not")
        post.alive = True
        self._touched.add(int(move["post"]))

    def _post_deleted(self, move: np.void) -> None:
        post = self.posts[int(move["post"])]
        self._must(post.alive, "is deleted twice")
        self._at(move, "source", post.cell)
        if post.campaign:
            self.campaigns -= 1
        post.alive = post.campaign = post.held = False
        self._touched.add(int(move["post"]))

    def _use(self, move: np.void) -> tuple[str, int]:
        """What agency works for: an absence, a vacancy, or a use by its number."""
        if move["person"] >= 0:
            return "absence", int(move["person"])
        if move["post"] >= 0:
            return "vacancy", int(move["post"])
        return "use", int(move["assignment"])

    def _agency_start(self, move: np.void) -> None:
        key = self._use(move)
        self._must(self.uses[key] == 0 and int(move["fte"]) > 0, "begins twice, or for nothing")
        self.uses[key] = int(move["fte"])
        if key[0] == "absence":
            who = self.people[key[1]]
            self._must(CAUSES[move["cause"]] == "absence_cover", "covers for no absence")
            self._must(who.away != "" and bool(who.seats), "covers for somebody who is there")
            if who.seats:
                self._must(
                    who.seats[who.main] == (int(move["post"]), int(move["fte"])), "not theirs"
                )
        elif key[0] == "vacancy":
            self._must(self.posts[key[1]].acted_by < 0, "covers a post that is acted in")
            self.posts[int(move["post"])].cover = int(move["fte"])
            self._touched.add(int(move["post"]))

    def _agency_end(self, move: np.void) -> None:
        key = self._use(move)
        self._must(self.uses[key] == int(move["fte"]), "ends other FTE than began")
        self.uses[key] = 0
        if key[0] == "vacancy":
            self.posts[int(move["post"])].cover = 0

    def _post_held(self, move: np.void) -> None:
        post = self.posts[int(move["post"])]
        self._must(post.alive and not post.held, "is held twice")
        post.held = True
        self._touched.add(int(move["post"]))

    def _post_released(self, move: np.void) -> None:
        post = self.posts[int(move["post"])]
        self._must(post.held, "is released and was not held")
        post.held = False

    def _post_advertised(self, move: np.void) -> None:
        post = self.posts[int(move["post"])]
        self._must(post.alive and not post.campaign, "is advertised twice at a time")
        post.campaign = True
        self.campaigns += 1
        self.most_campaigns = max(self.most_campaigns, self.campaigns)
        self._touched.add(int(move["post"]))

    def _campaign_failed(self, move: np.void) -> None:
        post = self.posts[int(move["post"])]
        self._must(post.campaign, "fails without a campaign")
        post.campaign = False
        self.campaigns -= 1

    def _coaching_start(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(who.pool and not who.coached, "is coached outside the pool, or twice")
        who.coached = True
        self.coaches += 1
        self.most_coaches = max(self.most_coaches, self.coaches)

    def _coaching_end(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        self._must(who.coached, "ends no coaching")
        who.coached = False
        self.coaches -= 1

    def _told(self, move: np.void) -> None:
        """Moves nobody and changes nothing that the replay keeps."""
        if move["person"] >= 0:
            self._must(self.people[int(move["person"])].here, "is not here")

    # --- away, and acting up

    def _absence_start(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        first = bool(move["head"])
        self._must(who.here and who.training < 0, "can't be away")
        self._passed(who)
        self._must(who.noticed < 0, "goes away while leaving")
        self._must(not who.away if first else who.turned == move["time"], "goes away twice")
        self._must(who.acts_in < 0, "goes away while acting up")
        self._from_theirs(move)
        who.away, who.turned = CAUSES[move["cause"]], int(move["time"])

    def _absence_end(self, move: np.void) -> None:
        who = self.people[int(move["person"])]
        here = bool(who.away) if move["head"] else who.turned == move["time"]
        self._must(here, "is back without having been away")
        self._must(self.uses["absence", int(move["person"])] == 0, "is back and still covered for")
        if move["head"]:
            self._must(who.away == CAUSES[move["cause"]], "is back from another absence")
        self._from_theirs(move)
        who.away, who.turned = "", int(move["time"])

    def _from_theirs(self, move: np.void) -> None:
        """The row is about one of their assignments, or where they are without any."""
        who, post = self.people[int(move["person"])], int(move["post"])
        if post < 0:
            self._at(move, "source", self._cell(who))
            return
        held = who.seats.get(int(move["assignment"]))
        self._must(held == (post, int(move["fte"])), "is about an assignment that is not theirs")
        self._must((who.main == int(move["assignment"])) == bool(move["head"]), "head is not main")
        self._at(move, "source", self.posts[post].cell)
        self._at(move, "target", self.posts[post].cell)

    def _cover_start(self, move: np.void) -> None:
        who, post = self.people[int(move["person"])], self.posts[int(move["post"])]
        self._must(who.acts_in < 0 and not who.away and who.training < 0, "can't act up")
        self._passed(who)
        self._must(post.alive and post.acted_by < 0 and post.cover == 0, "can't be acted in")
        own = who.seats[who.main] if who.seats else (-1, 0)
        self._must(own[0] == int(move["from_post"]), "acts up from another's post")
        self._must(0 < int(move["fte"]) <= own[1], "acts for more than they have")
        self._at(move, "source", self._cell(who))
        self._at(move, "target", post.cell)
        who.acts_in, post.acted_by = int(move["post"]), int(move["person"])
        post.acted = int(move["fte"])
        self._touched.add(int(move["post"]))

    def _cover_end(self, move: np.void) -> None:
        who, post = self.people[int(move["person"])], self.posts[int(move["post"])]
        self._must(who.acts_in == int(move["post"]), "acts up elsewhere, or not at all")
        self._must(post.acted == int(move["fte"]), "ends other FTE than began")
        who.acts_in = post.acted_by = -1

    _probation_passed = _probation_failed = _stepped_up = _told
    _place_deferred = _place_lost = _told
