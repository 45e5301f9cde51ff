"""R31: child directors of villages, supervisors of townships (儿童主任 儿童督导员): posts, training, assessment."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from services.casefile.domain.families.honours import StaffAssessed
from services.casefile.domain.families.staff import WorkerTrained
from services.casefile.domain.record import StreamType
from services.casefile.domain.staff_posts import Post, post_on, unit_on
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.branches import branch
from services.casefile.reports.report import Column, Report, Row, Share, Table

STREAMS: frozenset[StreamType] = frozenset(("unit", "staff"))
# Who belongs in which sort of unit.
WANTED = {"village": "child_director", "township": "child_supervisor"}
COLUMNS = (
    Column("branch", "Unit", "unit"),
    Column("villages", "Villages with a child director", "share"),
    Column("townships", "Townships with a child supervisor", "share"),
    Column("trained", "Trained in the year", "share"),
    Column("assessed", "Assessed for the year", "share"),
)
PEOPLE = (
    Column("staff", "Member of staff", "staff"),
    Column("role", "Post", "code"),
    Column("unit", "Unit", "unit"),
    Column("since", "Since", "day"),
    Column("trained_on", "Last training", "day"),
    Column("training", "Training", "code"),
    Column("assessed_year", "Assessed for"),
    Column("outcome", "Outcome", "code"),
)
WITHOUT = (Column("unit", "Unit", "unit"), Column("role", "Post without anybody", "code"))
NOTES = (
    "Of villages and townships: those there were on the day of the cut. Of people: child directors and child supervisors who held the post on that day, wherever it was.",
    "The year is that of the cut. A training that was not passed does not count. An assessment counts for the year it is about, whenever it was made.",
    "Nobody assessed yet is what the files say before the year is over; ask for a day after that.",
)


class Holder(NamedTuple):
    """Somebody who holds one of the two posts, with her last training and her last assessment."""

    staff: str
    post: Post
    since: date
    training: tuple[date, str] | None
    assessment: StaffAssessed | None

    @property
    def row(self) -> Row:
        trained_on, training = self.training or (None, None)
        judged = self.assessment
        year, outcome = (str(judged.year), judged.outcome) if judged else (None, None)
        post = self.post
        return self.staff, post.role, post.unit, self.since, trained_on, training, year, outcome


class Posts:
    """Villages and townships of a scope, and who holds the posts in them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._day = ground.at.pinned.as_of
        self._units: dict[str, str] = {}
        self._holders: list[Holder] = []

    def take(self, seen: Seen) -> None:
        if seen.stream == "unit":
            then = unit_on(seen.facts, self._day)
            if then is not None and then.kind in WANTED:
                self._units[then.code] = then.kind
        elif (post := post_on(seen.facts, self._day)) and post.role in WANTED.values():
            self._holders.append(holder(seen, post, self._day))

    def rows(self) -> Iterator[Row]:
        held = self._held
        of: Counter[tuple[str, str]] = Counter()
        for code, kind in self._units.items():
            of[self._branch(code), kind] += 1
            of[self._branch(code), f"{kind} held"] += (WANTED[kind], code) in held
        for each in self._holders:
            place = self._branch(each.post.unit)
            of[place, "people"] += 1
            of[place, "trained"] += is_of(self._day.year, each.training)
            of[place, "assessed"] += self._is_judged(each)
        for place in sorted({place for place, _ in of}):
            pairs = (("village held", "village"), ("township held", "township"),
                     ("trained", "people"), ("assessed", "people"))  # fmt: skip
            yield place, *(Share(of[place, part], of[place, whole]) for part, whole in pairs)

    def people(self) -> list[Row]:
        found = sorted(self._holders, key=lambda each: (each.post.role, each.post.unit, each.staff))
        return [each.row for each in found]

    def without(self) -> list[Row]:
        held = self._held
        posts = ((code, WANTED[kind]) for code, kind in sorted(self._units.items()))
        return [(code, role) for code, role in posts if (role, code) not in held]

    @property
    def _held(self) -> set[tuple[str, str]]:
        return {(each.post.role, each.post.unit) for each in self._holders}

    def _branch(self, code: str) -> str:
        return branch(self._ground, [code], self._day) or ""

    def _is_judged(self, each: Holder) -> bool:
        return each.assessment is not None and each.assessment.year == self._day.year


def draw(ground: Ground) -> Report:
    posts = Posts(ground)
    if ground.asked.unit is not None:
        ground.at.unit(ground.asked.unit)
    for seen in ground.at.streams(STREAMS, ground.progress, ground.asked.unit):
        if seen.is_within(ground.asked.unit):
            posts.take(seen)
    tables = (
        Table(name="units", title="By unit", columns=COLUMNS, rows=list(posts.rows())),
        Table(name="people", title="Who holds the posts", columns=PEOPLE, rows=posts.people()),
        Table(name="without", title="Posts without anybody", columns=WITHOUT,
              rows=posts.without()),
    )  # fmt: skip
    return ground.report(tables=tables, notes=NOTES)


def holder(seen: Seen, post: Post, day: date) -> Holder:
    entries = sorted(seen.current, key=lambda entry: (entry.occurred_on, entry.version))
    trained = [
        (entry.occurred_on, str(entry.rec.training))
        for entry in entries
        if isinstance(entry.rec, WorkerTrained) and entry.rec.is_passed is not False
    ]
    judged = [entry.rec for entry in entries if isinstance(entry.rec, StaffAssessed)]
    return Holder(
        staff=str(seen.fact("staff.id")),
        post=post,
        since=since(seen, post, day),
        training=trained[-1] if trained else None,
        # The last one of the latest year.
        assessment=max(reversed(judged), key=lambda rec: rec.year, default=None),
    )


def since(seen: Seen, post: Post, day: date) -> date:
    """The first day of the same post without a break up to this day."""
    starts = sorted(date.fromisoformat(each) for each in seen.under("posts"))
    first = day
    for start in reversed([each for each in starts if each <= day]):
        if post_on(seen.facts, start) != post:
            break
        first = start
    return first


def is_of(year: int, training: tuple[date, str] | None) -> bool:
    return training is not None and training[0].year == year
