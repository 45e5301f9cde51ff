"""R28: what a plan set out to reach, and how much of it is on file."""

from typing import Any

from services.casefile.domain.stream_ids import staff_stream, unit_stream
from services.casefile.reports.report import Share
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, drawn, row, rows

DAY = "2025-10-10"


def item(
    past: Bygone, task: str, unit: str = "county-1", on: str = "2025-09-05", **more: Any
) -> None:
    body = {"plan": "year-2025", "task": task, "month": "2025-11", "outcome": "not_done"} | more
    past.told(unit_stream(unit), "work_plan_item", on, **body)


def appointed(past: Bygone, staff: str, title: str = "caring_mother") -> None:
    past.hired(staff, "volunteer", "village-1", "2025-09-01")
    past.told(staff_stream(staff), "mentor_appointment", DAY, mentor_kind="teacher",
              starts_on=DAY, local_title=title)  # fmt: skip


def test_one_home_five_trained_and_twenty_caring_parents_are_counted_from_the_records(past: Bygone):
    past.opened("2025-09-01")
    item(past, "home", target_count=1, counts="homes")
    item(past, "training", target_count=5, counts="trained_staff")
    item(past, "parents", target_count=20, counts="caring_parents")
    past.registered("home-1", "home", "town-1", on="2025-10-01")
    for staff in ("t-101", "t-102", "d-201", "s-301"):
        for day in (DAY, "2025-10-20"):
            past.told(staff_stream(staff), "worker_training", day, training="law", minutes=60)
    for number in range(20):
        appointed(past, f"p-{number:03}")
    appointed(past, "p-900", "guide")
    past.write()

    report = drawn(past, "R28", unit="county-1", **AUTUMN)

    on_file = {each["task"]: each["on_file"] for each in rows(report, "targets")}
    assert on_file == {"home": Share(1, 1), "training": Share(4, 5), "parents": Share(20, 20)}


def test_the_last_record_of_an_item_counts_and_leaves_what_it_does_not_say(past: Bygone):
    past.opened("2025-09-01")
    item(past, "books", target_count=300)
    item(past, "books", on="2025-11-20", outcome="partly_done", done_count=240)
    past.write()

    found = row(drawn(past, "R28", unit="county-1", **AUTUMN), "targets", task="books")

    assert (found["stated"], found["on_file"]) == (Share(240, 300), None)
    assert found["outcome"] == "partly_done"


def test_what_was_done_elsewhere_or_on_other_days_does_not_count(past: Bygone):
    past.opened("2025-09-01", school="school-2", class_unit=None, village=None)
    pupil = past.opened("2025-09-01")
    item(past, "pairs", unit="school-1", target_count=10, counts="paired_children")
    item(past, "homes", unit="school-1", target_count=1, counts="homes")
    past.registered("home-1", "home", "town-1", on="2025-10-01")
    past.registered("home-2", "home", "school-1", on="2025-08-01")
    past.told(pupil, "pairing", DAY, pairing_kind="teacher", mentor="t-101")
    past.write()

    report = drawn(past, "R28", unit="town-1", **AUTUMN)

    assert row(report, "targets", task="pairs")["on_file"] == Share(1, 10)
    assert row(report, "targets", task="homes")["on_file"] == Share(0, 1)


def test_an_item_without_a_target_is_left_to_the_plan(past: Bygone):
    past.opened("2025-09-01")
    item(past, "forum")
    past.write()

    assert rows(drawn(past, "R28", unit="county-1", **AUTUMN), "targets") == []
