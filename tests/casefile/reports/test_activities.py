"""R24: what the sources counted in their years comes out: sessions, persons, person-times, prizes."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.reports.report import Share, Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows

DAY = "2025-10-10"


def held(past: Bygone, kind: str, present: list[UUID], unit: str = "school-1", **more: Any) -> None:
    """A session with names: in its own stream, and credited to every child who came."""
    group = uuid4()
    names = [str(child) for child in present]
    past.told(group, "group_session", DAY, session_kind=kind, unit=unit, present=names, **more)
    for child in present:
        past.told(child, "group_attendance", DAY, session_kind=kind, session=str(group))


def counted(past: Bygone, activity: str, **counts: int) -> None:
    past.told(unit_stream("town-1"), "unit_activity", DAY, activity=activity, **counts)


def test_a_school_with_three_safety_lessons_for_55_and_one_practice_for_21_comes_out(past: Bygone):
    pupils = [past.opened("2025-09-01") for _ in range(55)]
    for lesson in (pupils[:20], pupils[20:40], pupils[40:]):
        held(past, "safety_class", lesson)
    held(past, "social_practice", pupils[:21])
    past.write()

    report = drawn(past, "R24", unit="school-1", **AUTUMN)

    lessons = row(report, "sessions", session_kind="safety_class")
    assert [lessons[name] for name in ("sessions", "persons", "times")] == [3, 55, 55]
    practice = row(report, "sessions", session_kind="social_practice")
    assert [practice[name] for name in ("sessions", "persons", "times")] == [1, 21, 21]
    joined = row(report, "taken_part", activity="social_practice")
    assert (joined["children"], joined["times"]) == (Share(21, 55), 21)


def test_the_counts_of_a_project_year_come_out_as_they_were_counted(past: Bygone):
    past.opened("2025-09-01")
    counted(past, "publicity", sessions=6, attendances=1000)
    counted(past, "empowerment", sessions=5, attendances=200)
    counted(past, "condolence_visit", sessions=6, attendances=500)
    counted(past, "safety_education", sessions=3, people=55)
    counted(past, "household_visits", sessions=30, attendances=30)
    counted(past, "phone_visits", sessions=30, attendances=30)
    past.write()

    report = drawn(past, "R24", unit="town-1", **AUTUMN)

    found = {
        each["activity"]: (each["sessions"], each["heads"], each["times"])
        for each in rows(report, "counted")
    }
    assert found == {
        "publicity": (6, 0, 1000),
        "empowerment": (5, 0, 200),
        "condolence_visit": (6, 0, 500),
        "safety_education": (3, 55, 55),
        "household_visits": (30, 0, 30),
        "phone_visits": (30, 0, 30),
    }
    assert row(report, "visits", way="visited")["counted"] == 30
    assert row(report, "visits", way="phoned")["counted"] == 30


def test_five_of_the_eight_who_took_part_in_the_festival_won_a_prize(past: Bygone):
    children = [past.opened("2025-09-01") for _ in range(12)]
    for child in children[:8]:
        past.told(child, "activity", DAY, activity="festival", part="performed")
    for child in children[:5]:
        past.told(child, "award", "2025-10-20", award="arts", awarded_by="county", prize="second")
    past.told(children[5], "award", "2025-10-20", award="three_good_pupil", awarded_by="school")
    past.told(children[9], "award", "2025-10-20", award="sport", awarded_by="school")
    past.write()

    report = drawn(past, "R24", unit="county-1", **AUTUMN)

    festival = row(report, "taken_part", activity="festival")
    assert (festival["children"], festival["prized"]) == (Share(8, 12), Share(5, 8))
    assert row(report, "taken_part", activity="any_activity")["prized"] == Share(5, 8)
    assert row(report, "awards", award="arts")["children"] == Share(5, 12)
    assert row(report, "awards", award="three_good_pupil")["awards"] == 1


def test_somebody_who_came_twice_is_one_child_and_two_person_times(past: Bygone):
    first, second = past.opened("2025-09-01"), past.opened("2025-09-01")
    held(past, "reading", [first, second])
    held(past, "reading", [first])
    past.write()

    found = row(drawn(past, "R24", unit="school-1", **AUTUMN), "sessions", session_kind="reading")

    assert [found[name] for name in ("sessions", "persons", "times")] == [2, 2, 3]


def test_a_training_of_guardians_says_how_many_children_it_reached(past: Bygone):
    children = [past.opened("2025-09-01") for _ in range(4)]
    closed = past.opened("2025-09-01")
    past.told(closed, "closure", "2025-11-01", reason="moved_away")
    names = [str(child) for child in (*children[:2], closed)]
    held(past, "guardian_training", [], unit="town-1", guardians_present=6, guardians_of=names)
    held(past, "guardian_training", [], guardians_present=9)
    past.told(staff_stream("t-101"), "worker_training", DAY, training="child_protection",
              minutes=90)  # fmt: skip
    past.write()

    school = drawn(past, "R24", unit="school-1", **AUTUMN)
    town = drawn(past, "R24", unit="town-1", **AUTUMN)

    here, there = (
        row(report, "guardians", session_kind="guardian_training") for report in (school, town)
    )
    assert [here[name] for name in ("sessions", "guardians", "nameless")] == [1, 9, 1]
    assert [there[name] for name in ("sessions", "guardians", "nameless")] == [2, 15, 1]
    assert here["families"] == there["families"] == Share(2, 4)
    assert row(school, "trainings", training="child_protection")["people"] == 1


def test_a_visit_and_a_phone_visit_are_told_apart(past: Bygone):
    child, other = past.opened("2025-09-01"), past.opened("2025-09-01")
    past.told(child, "home_visit", DAY, met=["guardian"])
    past.told(child, "home_visit_attempt", DAY, reason="nobody_home")
    past.told(child, "guardian_contact", DAY, mode="phone", outcome="informed")
    past.told(other, "guardian_contact", DAY, mode="phone", outcome="not_reached")
    past.told(other, "parent_contact", DAY, mode="visit", parents="both", outcome="informed")
    past.told(other, "parent_contact", DAY, mode="letter", parents="both", outcome="informed")
    past.write()

    report = drawn(past, "R24", unit="county-1", **AUTUMN)

    visited, phoned = (row(report, "visits", way=way) for way in ("visited", "phoned"))
    assert (visited["children"], visited["times"]) == (Share(2, 2), 2)
    assert (phoned["children"], phoned["times"]) == (Share(1, 2), 1)


def test_what_lies_outside_the_days_or_was_annulled_is_not_counted(past: Bygone):
    child = past.opened("2025-09-01")
    past.told(child, "activity", "2025-08-01", activity="sport")
    gone = past.told(child, "activity", DAY, activity="sport")
    past.write()
    past.on("2025-11-30")
    past.annul(child, gone)

    report = drawn(past, "R24", unit="county-1", **AUTUMN)

    assert [each["activity"] for each in rows(report, "taken_part")] == ["any_activity"]
    assert row(report, "taken_part", activity="any_activity")["children"] == Share(0, 1)


@pytest.mark.parametrize("cell", ["children", "prized"])
def test_whoever_may_not_read_cases_sees_no_small_counts_of_prizes(past: Bygone, cell: str):
    children = [past.opened("2025-09-01") for _ in range(12)]
    for child in children[:3]:
        past.told(child, "activity", DAY, activity="speech")
    past.told(children[0], "award", DAY, award="speech", awarded_by="school")
    past.write()

    report = drawn(past, "R24", OPERATOR, unit="county-1", **AUTUMN)

    assert isinstance(row(report, "taken_part", activity="speech")[cell], Suppressed)
