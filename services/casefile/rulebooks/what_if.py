"""What would have been missed under another policy: a stretch of the past, judged again."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

from services.casefile.domain.cadence.judging import Subject, judge
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.cadence.rulebook import Rulebook
from services.casefile.domain.refusals import Unreadable, day_before
from services.casefile.following.folded import Folded
from services.casefile.following.lease import session
from services.casefile.following.pages import next_streams
from services.casefile.following.register import Link
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.recorder import CasefileRecorder
from services.casefile.rulebooks.comparing import (
    CameOf,
    Change,
    Comparison,
    RuleTally,
    came_of,
)
from services.casefile.rulebooks.supposing import as_it_is, supposed

EVENTS = 10_000
SETTINGS = {"jit": "off", "default_transaction_read_only": "on"}
HOW_MANY = (
    b"SELECT count(*) FROM casefile.stored_events "
    b"WHERE originator_version = 1 AND notification_id <= %s"
)
Report = Callable[[int, int], None]
"""Called with how many streams have been read, and of how many."""


class WhatIf(msgspec.Struct):
    """The answer, resting on the log up to a position and judged at a moment.

    `rules` in the order of the policy, then those that it leaves out; `changes` the first of
    them, by subject; `left_out` the rules for workers, which are not replayed; `unreadable` how
    many files could not be read.
    """

    policy: str
    version: int
    since: date
    until: date
    position: int
    now: datetime
    rules: list[RuleTally]
    changes: list[Change]
    left_out: list[str]
    subjects: int = 0
    unreadable: int = 0


class Books(NamedTuple):
    """The two rulebooks that every file is judged by."""

    supposed: Rulebook
    as_it_is: Rulebook


def in_silence(_done: int, _total: int) -> None:
    """Nobody is watching."""


def what_if(
    recorder: CasefileRecorder,
    conninfo: str,
    mapper: CasefileMapper,
    rulebook: Rulebook,
    policy: Policy,
    since: date,
    until: date,
    report: Report = in_silence,
    *,
    now: datetime | None = None,
) -> WhatIf:
    """Judge all files as if the policy had been in force from the first of these days on.

    Counted are the windows that end in these days. Beside it stands what the policy of the same
    code gives; where there is none, the rules of the same codes. Nothing is written.

    It replays what was recorded, and cannot know what people would have done under the other
    policy: work that nobody asked for was perhaps not done, or done and not written down. A
    window that had begun before the first day counts from that day on; one that is not closed
    yet is `open`. Waivers hold for the policy and rule they name. Days off count as they were
    known at the time, so those of a notice loaded later are missing. Rules for workers are left out.
    """
    day_before(since, until, "until")
    books = Books(supposed(rulebook, policy, since), as_it_is(rulebook, policy))
    position, moment = recorder.watermark()
    replay = _Replay(books, policy, since, until, position, now or moment)
    with closing(session(conninfo, "casefile-what-if", SETTINGS)) as link:
        total = how_many(link, position)
        for stream in every(link, mapper, position):
            replay.take(stream)
            report(replay.read, total)
    return replay.answer()


class _Replay:
    def __init__(
        self,
        books: Books,
        policy: Policy,
        since: date,
        until: date,
        position: int,
        now: datetime,
    ) -> None:
        self._books, self._policy = books, policy
        self._since, self._until = since, until
        self._position, self._now = position, now
        replayed = [rule for rule in policy.rules if rule.subject != "worker"]
        latest = {r.rule.code: r.rule for r in books.as_it_is.rulings if r.rule.subject != "worker"}
        self._owing = {rule.subject for rule in (*replayed, *latest.values())}
        self._comparison = Comparison(replayed, latest.values())
        self.read = self._subjects = self._unreadable = 0

    def take(self, stream: Folded) -> None:
        self.read += 1
        try:
            whose = stream.entries[0].kind.stream
            if whose in self._owing:
                self._judge(stream, whose)
        except Unreadable:
            self._unreadable += 1
        finally:
            stream.forget()

    def answer(self) -> WhatIf:
        return WhatIf(
            policy=self._policy.policy,
            version=self._policy.version,
            since=self._since,
            until=self._until,
            position=self._position,
            now=self._now,
            rules=self._comparison.rules,
            changes=self._comparison.changes,
            left_out=[rule.code for rule in self._policy.rules if rule.subject == "worker"],
            subjects=self._subjects,
            unreadable=self._unreadable,
        )

    def _judge(self, stream: Folded, whose: Literal["case", "unit"]) -> None:
        self._subjects += 1
        subject = Subject(stream.id, whose, stream.entries)
        would, was = (self._came_of(subject, book) for book in self._books)
        self._comparison.take(stream.id, would, was)

    def _came_of(self, subject: Subject, rulebook: Rulebook) -> list[CameOf]:
        if not rulebook.rulings:
            return []
        judgement = judge(subject, rulebook, self._now, self._until)
        return list(came_of(judgement, self._since, self._until))


def every(link: Link, mapper: CasefileMapper, position: int) -> Iterator[Folded]:
    """All streams, some at a time, so that memory stays flat."""
    after = None
    while streams := next_streams(link, mapper, after, position, EVENTS):
        after = streams[-1].id
        yield from streams


def how_many(link: Link, position: int) -> int:
    row = link.execute(HOW_MANY, [position]).fetchone()
    return int(row[0]) if row else 0
