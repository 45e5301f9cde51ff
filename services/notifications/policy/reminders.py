"""Reminders of what is still open: before it is due, and on the day."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.notifications.policy.days import day_in_china
from services.notifications.policy.intent import Intent
from services.notifications.policy.ladder import Ladder, Rung
from services.notifications.policy.obligations import TOLD, About, about_row
from services.notifications.policy.resolving import recipients
from services.notifications.policy.snapshot import Snapshot
from services.notifications.policy.timing import Moment, Timing

# Over the longest official holiday a reminder comes so much earlier.
LONGEST_HOLIDAY = 10
MOST_HOURS = 744


def hours_ahead(ladder: Ladder) -> int:
    """How far ahead to ask, so that no reminder of the ladder is left out."""
    due = [r.offset_days for r in (*ladder.staff, *ladder.parents) if r.at == "due"]
    days = max((-offset for offset in due), default=0) + LONGEST_HOLIDAY
    return min(days * 24, MOST_HOURS)


def keys(row: Mapping[str, Any], ladder: Ladder) -> tuple[str, ...]:
    """The keys under which an open window may be reminded of."""
    owed = about_row(row)
    return tuple(owed.key(rung.code) for rung in ladder.rungs(str(row["obligor"]), "due"))


def remind(
    row: Mapping[str, Any], snapshot: Snapshot, ladder: Ladder, now: datetime
) -> Iterator[Intent]:
    """What is to be told today of a window that is still open; the latest step only."""
    due_on = _day(row["due_on"])
    timing = Timing(ladder)
    rung = step_today(row, ladder, timing, day_in_china(now))
    if rung is None:
        return
    staff = recipients(
        rung.to, snapshot, accountable=row.get("accountable"), most=ladder.most_per_role
    )
    for each in staff:
        moment = in_time(timing, snapshot, each, now, due_on)
        if moment is not None:
            yield _intent(row, rung, about_row(row), each, moment)


def step_today(row: Mapping[str, Any], ladder: Ladder, timing: Timing, today: date) -> Rung | None:
    """The latest step whose day has come, unless the due day is over or it has not begun."""
    due_on = _day(row["due_on"])
    if not _day(row["starts_on"]) <= today <= due_on:
        return None
    reached = [
        rung
        for rung in ladder.rungs(str(row["obligor"]), "due")
        if timing.reminder_day(due_on, rung.offset_days) <= today
    ]
    return reached[-1] if reached else None


def in_time(
    timing: Timing, snapshot: Snapshot, staff: str, now: datetime, due_on: date
) -> Moment | None:
    """In the digest, or at once where the next digest is too late; never after the due day."""
    person = snapshot.person(staff)
    digest = timing.next_digest(person, now)
    if day_in_china(digest) <= due_on:
        return Moment("digest", digest)
    soon = timing.next_allowed(person, now)
    return Moment("now", soon) if day_in_china(soon) <= due_on else None


def _intent(row: Mapping[str, Any], rung: Rung, owed: About, staff: str, moment: Moment) -> Intent:
    case_id = UUID(str(row["subject_id"])) if row.get("subject") == "case" else None
    facts = {name: row[name] for name in TOLD if row.get(name) is not None}
    facts |= {
        "policy_version": row["version"],
        "window": row["window_key"],
        "rung": rung.code,
        "stream": row.get("subject"),
        "stream_id": str(row["subject_id"]),
    }
    return Intent(
        kind="due" if rung.offset_days >= 0 else "reminder",
        dedup=owed.key(rung.code),
        case_id=case_id,
        staff=(staff,),
        urgency=moment.urgency,
        not_before=moment.not_before,
        channels=rung.channels,
        facts=facts,
    )


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
