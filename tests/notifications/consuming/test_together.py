"""Taken together, messages have the same effect as one after the other."""

from typing import Any
from uuid import uuid5

import pytest
from structlog.testing import capture_logs

from services.notifications.consuming.ports import Reactions
from services.notifications.directory.reacting import TYPES, Reacting
from services.notifications.messages import Incoming
from services.notifications.policy.reading import default_ladder
from tests.notifications.given import ASSIGNED, FULFILLED, assigned, child, message, missed, owed
from tests.notifications.taking import NOW, Reader

BUILT = (
    "notices", "inbox", "heads", "offsets", "obligations", "care_changes", "hidden", "parked",
    "case_places", "units", "post_changes",
)  # fmt: skip
SHOWN = (
    "dedup, urgency, state, not_before, message_id FROM notifications.notices ORDER BY dedup",
    "message_id, outcome FROM notifications.inbox ORDER BY message_id",
    "stream_id, version FROM notifications.heads ORDER BY stream_id",
    "stream_id, state, missed_message FROM notifications.obligations ORDER BY stream_id",
    "record_id, staff FROM notifications.care_changes ORDER BY record_id",
    "stream_id, version, class FROM notifications.parked ORDER BY stream_id, version",
)
RAISED = "casefile.emergency-raised.v1"
REPORTED = "casefile.mandatory-report-filed.v1"
OVERDUE = "casefile.obligation-overdue.v1"


def miss(number: int, version: int, **more: Any) -> Incoming:
    return missed(version, of=child(number), closed_on="2026-11-20", **more)


# Somebody comes to the class after some of its misses were told.
LEAD = message(
    1, "casefile.staff-registered.v1", of=child(90), stream="staff", staff="lead-1",
    role="school_lead", unit="class-31", starts_on="2026-09-01",
)  # fmt: skip
UNIT = message(
    1, "casefile.unit-registered.v1", of=child(91), stream="unit", code="class-31",
    unit_name="class", unit_kind="class",
)  # fmt: skip
# More at once than one person is told in a day; a report between two misses; a miss made good.
MONTH_END = (
    UNIT,
    *(assigned(1, f"t-{number % 2}", of=child(number)) for number in range(8)),
    *(miss(number, 2) for number in range(6)),
    message(2, OVERDUE, of=child(6), **owed()),
    message(2, REPORTED, of=child(7), harmer_staff="t-1"),
    message(3, RAISED, of=child(7)),
    miss(6, 3),
    LEAD,
    message(4, ASSIGNED, of=child(6), role="child_supervisor", staff="s-1", unit="town-1"),
    message(3, FULFILLED, of=child(0), **owed() | {"missed": str(uuid5(child(0), "2"))}),
    miss(5, 3, window="2026-11"),
    message(3, "casefile.sky-painted.v1", of=child(4)),
)
WRONG = message(2, ASSIGNED, of=child(3), role="class_teacher", staff=["nobody"])


@pytest.mark.parametrize(
    "messages",
    [MONTH_END, (*MONTH_END[:11], WRONG, *MONTH_END[13:])],
    ids=["good", "with a poison"],
)
def test_a_batch_leaves_behind_what_single_messages_leave_behind(
    reader: Reader, messages: tuple[Incoming, ...]
) -> None:
    reader.reactions = Reactions(types=TYPES, react=Reacting(default_ladder()))
    reader.now = lambda: NOW
    with capture_logs():
        together = reader.take(*messages)
        found = shown(reader)
        for table in BUILT:
            reader.connection.execute(f"DELETE FROM notifications.{table}".encode())
        for one in messages:
            reader.take(one)
    assert shown(reader) == found
    assert together["taken"] + together["parked"] == len(messages)
    assert len(found[0]) > 10


def shown(reader: Reader) -> list[list[tuple[Any, ...]]]:
    return [reader.connection.execute(f"SELECT {what}".encode()).fetchall() for what in SHOWN]
