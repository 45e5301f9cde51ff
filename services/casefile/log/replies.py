"""Reads what the append functions return: positions for the winners, a loss for every other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.rows import TupleRow

from services.casefile.log.commit import Answered, Appended, Claim, Commit
from services.casefile.log.statements import Numbered

PRECEDENCE = ("answered", "reserved", "conflict")


@dataclass(frozen=True, slots=True)
class Loss:
    verdict: str
    subject: UUID | None = None
    detail: int = 0
    kind: str = ""


@dataclass(slots=True)
class Reply:
    appended: dict[int, Appended] = field(default_factory=dict)
    losses: dict[int, Loss] = field(default_factory=dict)


def read_events(rows: Sequence[TupleRow], commits: Sequence[Numbered]) -> Reply:
    if len(rows) == len(commits):
        pairs = zip(commits, rows, strict=True)
        return Reply({number: Appended((row[2],), row[3]) for (number, _), row in pairs})
    taken = {(row[0], row[1]): Appended((row[2],), row[3]) for row in rows}
    reply = Reply()
    for number, commit in commits:
        place = commit.events[0].originator_id, commit.events[0].originator_version
        if place in taken:
            reply.appended[number] = taken[place]
        else:
            reply.losses[number] = Loss("conflict", *place)  # type: ignore[arg-type]
    return reply


def read_commits(rows: Sequence[TupleRow], commits: Sequence[Numbered]) -> Reply:
    losses: dict[int, Loss] = {}
    for number, verdict, subject, detail, kind, *_ in sorted(
        (row for row in rows if row[0] is not None), key=lambda row: PRECEDENCE.index(row[1])
    ):
        losses.setdefault(number, Loss(verdict, subject, detail or 0, kind or ""))
    places = iter(sorted((row[5], row[6]) for row in rows if row[0] is None))
    winners = [(number, commit) for number, commit in commits if number not in losses]
    appended = {n: _appended(commit, places) for n, commit in winners if commit.events}
    return Reply(appended, losses)


def _appended(commit: Commit, places: Iterator[tuple[int, datetime]]) -> Appended:
    own = [next(places) for _ in commit.events]
    return Appended(tuple(position for position, _ in own), own[-1][1])


def read_answered(rows: Sequence[TupleRow]) -> Answered:
    """Join the claim with the events it led to; a command that wrote none has only its claim."""
    fingerprint, answer, claimed_at = rows[0][:3]
    events = [row for row in rows if row[5] is not None]
    return Answered(
        fingerprint=fingerprint,
        answer=answer,
        events=tuple((row[3], row[4]) for row in events),
        positions=tuple(row[5] for row in events),
        recorded_at=events[-1][6] if events else claimed_at,
    )


def answered_by(commit: Commit, claim: Claim, appended: Appended) -> Answered:
    """What a later command with the same key would read, without reading it."""
    return Answered(
        fingerprint=claim.fingerprint,
        answer=claim.answer,
        events=tuple((each.originator_id, each.originator_version) for each in commit.events),  # type: ignore[misc]
        positions=appended.positions,
        recorded_at=appended.recorded_at,
    )
