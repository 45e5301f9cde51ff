"""What messages say becomes what the service knows: who answers, where, and what was declared."""

from datetime import date
from typing import Any
from uuid import uuid5

from tests.notifications.given import FULFILLED, assigned, child, message, missed, owed
from tests.notifications.taking import Reader


def asked(reader: Reader, what: str) -> list[tuple[Any, ...]]:
    return reader.connection.execute(f"SELECT {what}".encode()).fetchall()


def test_an_annulled_handover_gives_the_child_back_to_who_had_it_before(reader: Reader) -> None:
    over = {"role": "class_teacher", "to_staff": "t-118", "to_unit": "class-32"}
    reader.take(assigned(1, "t-101"), message(2, "casefile.case-handed-over.v1", **over))
    assert asked(reader, "staff, unit FROM notifications.care") == [("t-118", "class-32")]
    target = uuid5(child(), "2")
    reader.take(message(3, "casefile.entry-annulled.v1", target=target))
    assert asked(reader, "staff, unit FROM notifications.care") == [("t-101", "class-31")]


def test_an_assignment_entered_late_does_not_undo_a_newer_one(reader: Reader) -> None:
    newer = assigned(1, "t-118", occurred_on="2026-11-10")
    reader.take(newer, assigned(2, "t-101", occurred_on="2026-09-01"))
    assert asked(reader, "staff FROM notifications.care") == [("t-118",)]


def test_who_is_unassigned_answers_no_more(reader: Reader) -> None:
    gone = {"role": "class_teacher", "staff": "t-101"}
    reader.take(assigned(1, "t-101"), message(2, "casefile.worker-unassigned.v1", **gone))
    assert asked(reader, "staff FROM notifications.care") == []


def test_a_miss_stays_a_miss_when_it_is_made_good(reader: Reader) -> None:
    reader.take(message(1, "casefile.obligation-overdue.v1", **owed()), missed(2))
    reader.take(message(3, FULFILLED, **owed()))
    state = "state, missed_message, closed_on FROM notifications.obligations"
    assert asked(reader, state) == [("late", f"{child()}:2", date(2026, 11, 7))]


def test_a_transfer_changes_only_the_places_it_names(reader: Reader) -> None:
    first = {"village": "v-1", "school": "school-1", "class_unit": "class-31"}
    reader.take(message(1, "casefile.case-opened.v1", **first))
    reader.take(message(2, "casefile.case-transferred.v1", class_unit="class-41"))
    reader.take(message(3, "casefile.case-closed.v1"))
    places = "village, school, class_unit, status FROM notifications.case_places"
    assert asked(reader, places) == [("v-1", "school-1", "class-41", "closed")]


def test_a_post_ends_the_day_before_the_next_or_on_the_last_day(reader: Reader) -> None:
    def staff(version: int, type_: str, **data: Any) -> None:
        reader.take(message(version, type_, of=child(9), stream="staff", **data))

    held = {"role": "class_teacher", "unit": "school-1"}
    staff(1, "casefile.staff-registered.v1", staff="t-7", starts_on="2024-09-01", **held)
    staff(2, "casefile.staff-moved.v1", starts_on="2026-09-01", **held | {"unit": "school-2"})
    staff(3, "casefile.staff-left.v1", last_day="2026-11-30")
    spans = "unit, since, until FROM notifications.posts ORDER BY since"
    assert asked(reader, spans) == [
        ("school-1", date(2024, 9, 1), date(2026, 8, 31)),
        ("school-2", date(2026, 9, 1), date(2026, 11, 30)),
    ]
