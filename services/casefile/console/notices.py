"""Who was told what of a child, and what came of it, as the notifications service has it: for the pages."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from time import monotonic
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

import msgspec

# One page of one question, and how many obligations a question names.
LONGEST, NAMED = 200, 50
SECONDS = 2.0
Silence = Literal["unconnected", "away", "strange", "not_let_in", "not_for_you"]
SAID: dict[Silence, str] = {
    "unconnected": "It is not known here who was told: no notifications service is connected. "
    "Set CASEFILE_NOTIFICATIONS_URL and CASEFILE_NOTIFICATIONS_TOKEN_FILE.",
    "away": "Who was told is not shown now: the notifications service does not answer in time. "
    "Open the page again in a while.",
    "strange": "Who was told is not shown now: what the notifications service answers cannot be "
    "read. See how it is, and that it is of the same release.",
    "not_let_in": "Who was told is not shown: the notifications service does not take Casefile's "
    "token. See CASEFILE_NOTIFICATIONS_TOKEN_FILE.",
    "not_for_you": "Who was told of this child is not shown to you.",
}


class Owed(msgspec.Struct, frozen=True):
    """The obligation a notice is about: one window of one rule."""

    policy: str
    version: int
    rule: str
    window: str


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to tell it, through one channel. `staff`: the person, or whoever stood in."""

    staff: str
    channel: str
    attempt: int
    outcome: str
    code: str | None
    at: datetime


class Way(NamedTuple):
    """Attempts through one channel after each other with the same outcome: the last of so many."""

    last: Attempt
    times: int


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that one person was told, is to be told, or need not be told any more."""

    id: UUID
    about: Owed | None
    kind: str
    staff: str
    not_before: datetime | None
    state: str
    created_at: datetime
    stopped_at: datetime | None
    lines: tuple[Attempt, ...]

    @property
    def ways(self) -> list[Way]:
        runs = groupby(self.lines, key=lambda line: (line.channel, line.outcome, line.staff))
        return [Way(those[-1], len(those)) for _, run in runs if (those := list(run))]


class Told(msgspec.Struct, frozen=True):
    """Notices of one child, or why none can be shown. `next` is where the rest begins."""

    rows: tuple[Notice, ...] = ()
    next: UUID | None = None
    silence: Silence | None = None

    @property
    def said(self) -> str:
        return SAID[self.silence] if self.silence else ""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """`about`: only of these obligations, as `policy/version/rule/window`; `reader`: who asks.

    `findings`: also what was told of findings, which those who inspect may see.
    """

    case_id: UUID
    reader: str
    findings: bool = False
    about: tuple[str, ...] = ()
    after: UUID | None = None
    limit: int = LONGEST


class Notices(Protocol):
    """Where notices are asked for. It never raises: what cannot be told is a silence."""

    def page(self, question: Question, seconds: float = SECONDS) -> Told: ...


class Unconnected:
    """No notifications service is known."""

    def page(self, question: Question, seconds: float = SECONDS) -> Told:  # noqa: ARG002
        return Told(silence="unconnected")


UNCONNECTED = Unconnected()


def every(
    notices: Notices, question: Question, *, seconds: float = SECONDS, most: int = 10_000
) -> Told:
    """All pages of a question, within so many seconds together; whole, or a silence."""
    until, found = monotonic() + seconds, list[Notice]()
    for part in _parts(question):
        asked: Question | None = part
        while asked is not None:
            told = notices.page(asked, min(SECONDS, until - monotonic()))
            if told.silence is not None:
                return told
            found += told.rows
            if len(found) >= most:
                return Told(tuple(found[:most]), told.next)
            after = told.next
            asked = msgspec.structs.replace(asked, after=after) if after else None
    return Told(tuple(found))


def _parts(question: Question) -> Iterator[Question]:
    """An address holds so many obligations and no more."""
    for start in range(0, max(1, len(question.about)), NAMED):
        yield msgspec.structs.replace(question, about=question.about[start : start + NAMED])


def as_known(rows: Iterable[Notice], until: datetime | None) -> Iterator[Notice]:
    """What had been written and told by then."""
    for notice in rows:
        if until is None:
            yield notice
        elif notice.created_at <= until:
            lines = tuple(line for line in notice.lines if line.at <= until)
            state = _state(notice, lines, until)
            stopped_at = notice.stopped_at if state == "stopped" else None
            yield msgspec.structs.replace(notice, lines=lines, state=state, stopped_at=stopped_at)


def _state(notice: Notice, lines: Sequence[Attempt], until: datetime) -> str:
    if not lines:
        is_stopped = notice.stopped_at is not None and notice.stopped_at <= until
        return "stopped" if is_stopped else "waiting"
    return notice.state if len(lines) == len(notice.lines) else "queued"
