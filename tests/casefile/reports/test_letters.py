"""R20: who signed for the children's safety: families, staff, and the children themselves."""

from datetime import date
from typing import Any

from services.casefile.domain.stream_ids import staff_stream
from services.casefile.reports.report import Share
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import OPERATOR, drawn, row, rows

YEARS = {"since": date(2024, 9, 1), "until": date(2025, 11, 30)}
LETTER = "responsibility_letter"


def line(past: Bygone, who: str, letter: str, year: str, place: str = "school-1") -> Any:
    report = drawn(past, "R20", unit="town-1", **YEARS)
    found = row(report, "letters", dimension=who, letter=letter, year=year, branch=place)
    return found["signed"], found["in_force"]


def test_families_sign_so_many_of_so_many_by_year_and_unit(past: Bygone):
    first, second, third = (past.opened("2024-09-01", village=None) for _ in range(3))
    past.opened("2025-03-01", village=None)
    other = past.opened("2024-09-01", village=None, school="school-2", class_unit=None)
    for child, until in ((first, "2025-08-31"), (second, "2026-08-31")):
        past.told(child, LETTER, "2024-09-10", letter="safety", signed_by="guardian",
                  valid_until=until)  # fmt: skip
    past.told(first, LETTER, "2024-10-10", letter="safety", signed_by="mother",
              valid_until="2025-08-31")  # fmt: skip
    past.told(third, LETTER, "2025-09-10", letter="safety", signed_by="father")
    past.told(other, LETTER, "2025-09-10", letter="traffic", signed_by="father")
    past.write()

    assert line(past, "family", "safety", "2024") == (Share(2, 3), Share(2, 3))
    assert line(past, "family", "safety", "2025") == (Share(1, 4), Share(2, 4))
    assert line(past, "family", "safety", "2025", "school-2") == (Share(0, 1), Share(0, 1))
    assert line(past, "family", "traffic", "2025", "school-2") == (Share(1, 1), Share(1, 1))


def test_staff_sign_for_the_role_they_hold_and_children_for_themselves(past: Bygone):
    child = past.opened("2024-09-01", village=None)
    past.told(child, "pledge", "2025-05-10", pledge="no_swimming")
    past.told(
        staff_stream("t-101"), "duty_agreement", "2025-09-01", role="class_teacher",
        clauses=["moral_care", "know_the_family"], valid_until="2026-08-31",
    )  # fmt: skip
    past.write()

    assert line(past, "child", "no_swimming", "2025") == (Share(1, 1), Share(1, 1))
    assert line(past, "staff", "class_teacher", "2024") == (Share(0, 2), Share(0, 2))
    assert line(past, "staff", "class_teacher", "2025") == (Share(1, 2), Share(1, 2))
    assert line(past, "staff", "child_director", "2025", "village-1") == (Share(0, 1), Share(0, 1))


def test_what_somebody_signed_for_another_role_does_not_count_for_it(past: Bygone):
    past.opened("2024-09-01", village=None)
    past.hired("m-501", "mentor", "class-31", "2024-09-01")
    past.told(
        staff_stream("t-101"), "duty_agreement", "2025-09-01", role="mentor",
        clauses=["regular_talks"],
    )  # fmt: skip
    past.write()

    assert line(past, "staff", "mentor", "2025") == (Share(0, 1), Share(0, 1))


def test_a_child_without_a_letter_in_force_is_listed_by_number(past: Bygone):
    signed, ended, never = (past.opened("2024-09-01") for _ in range(3))
    past.told(signed, LETTER, "2025-09-10", letter="safety", signed_by="father")
    past.told(ended, LETTER, "2024-09-10", letter="safety", signed_by="father",
              valid_until="2025-08-31")  # fmt: skip
    past.told(never, LETTER, "2025-09-10", letter="drowning", signed_by="father")
    past.write()

    listed = rows(drawn(past, "R20", unit="town-1", **YEARS), "without")

    assert {each["case"] for each in listed} == {ended, never}


def test_no_letter_at_all_is_a_line_of_nought(past: Bygone):
    past.opened("2025-09-01", village=None)
    past.write()

    assert line(past, "family", "safety", "2025") == (Share(0, 1), Share(0, 1))
    report = drawn(past, "R20", unit="town-1", **YEARS)
    assert not [
        e for e in rows(report, "letters") if (e["dimension"], e["year"]) == ("family", "2024")
    ]


def test_a_letter_signed_after_the_last_day_is_not_counted(past: Bygone):
    child = past.opened("2024-09-01", village=None)
    past.told(child, LETTER, "2025-12-10", letter="safety", signed_by="father")
    past.write()

    assert line(past, "family", "safety", "2025") == (Share(0, 1), Share(0, 1))


def test_whoever_may_not_read_cases_sees_no_list(past: Bygone):
    past.opened("2025-09-01")
    past.write()

    report = drawn(past, "R20", OPERATOR, unit="town-1", **YEARS)

    assert [each.name for each in report.tables] == ["letters"]
