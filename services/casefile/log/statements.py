"""The two statements that append, and how a batch becomes their arrays and rows their outcomes."""

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import StoredEvent

from services.casefile.log.commit import Commit

APPEND_EVENTS = (
    b"SELECT stream, version, position_, stored_at "
    b"FROM casefile.append_events(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])"
)
# The same for a lone event: scalars cost the caller half of what lists cost.
APPEND_EVENT = (
    b"SELECT stream, version, position_, stored_at FROM casefile.append_events("
    b"ARRAY[%b::uuid], ARRAY[%b::bigint], ARRAY[%b::text], ARRAY[%b::bytea])"
)
APPEND_COMMITS = (
    b"SELECT commit_no, verdict, subject, detail, kind, position_, stored_at "
    b"FROM casefile.append_commits("
    b"%b::bigint[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[], "
    b"%b::bigint[], %b::bytea[], %b::bytea[], %b::bytea[], "
    b"%b::bigint[], %b::text[], %b::bytea[], %b::uuid[], "
    b"%b::bigint[], %b::text[], %b::bytea[])"
)
OWN_EVENT = (
    b"SELECT topic, state, notification_id, recorded_at FROM casefile.stored_events "
    b"WHERE originator_id = %b AND originator_version = %b"
)
ANSWERED = (
    b"SELECT l.fingerprint, l.answer, l.recorded_at, "
    b"e.originator_id, e.originator_version, e.notification_id, e.recorded_at "
    b"FROM casefile.command_log l LEFT JOIN casefile.stored_events e "
    b"ON e.notification_id BETWEEN l.first_position AND l.last_position "
    b"WHERE l.key = %b ORDER BY e.notification_id"
)
CLOCK = b"SELECT clock_timestamp()"

Numbered = tuple[int, Commit]
Columns = list[list[Any] | None]


def is_bare(commit: Commit) -> bool:
    """One event and nothing else: the shortest way will do."""
    return len(commit.events) == 1 and not (commit.claim or commit.reserve or commit.release)


def event_columns(events: Sequence[StoredEvent]) -> Columns:
    return [
        [event.originator_id for event in events],
        [event.originator_version for event in events],
        [event.topic for event in events],
        [event.state for event in events],
    ]


def event_scalars(event: StoredEvent) -> list[Any]:
    return [event.originator_id, event.originator_version, event.topic, event.state]


def commit_columns(commits: Sequence[Numbered], probes: Sequence[Numbered]) -> Columns:
    """All arrays of `append_commits`; what no commit needs stays NULL."""
    pairs = [(number, event) for number, commit in commits for event in commit.events]
    return [
        [number for number, _ in pairs],
        *event_columns([event for _, event in pairs]),
        *_claims(commits, probes),
        *_reserved(commits),
        *_released(commits),
    ]


def probe_number(number: int) -> int:
    return -1 - number


def _claims(commits: Sequence[Numbered], probes: Sequence[Numbered]) -> Columns:
    asked = [(probe_number(number), commit) for number, commit in probes]
    rows = [
        (number, commit.claim.key, commit.claim.fingerprint, commit.claim.answer)
        for number, commit in (*commits, *asked)
        if commit.claim
    ]
    return _transposed(rows, 4)


def _reserved(commits: Sequence[Numbered]) -> Columns:
    rows = [
        (number, held.kind, held.digest, held.case_id)
        for number, commit in commits
        for held in commit.reserve
    ]
    return _transposed(rows, 4)


def _released(commits: Sequence[Numbered]) -> Columns:
    rows = [(number, kind, digest) for number, commit in commits for kind, digest in commit.release]
    return _transposed(rows, 3)


def _transposed(rows: Sequence[tuple[Any, ...]], width: int) -> Columns:
    if not rows:
        return [None] * width
    return [list(column) for column in zip(*rows, strict=True)]
