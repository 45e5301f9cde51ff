"""R29: what nobody gave the children, and how many of them one person has: an argument for staff."""

from datetime import date
from typing import Any
from uuid import UUID

from services.casefile.reports.report import Share, Suppressed
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows
from tests.casefile.rulebooks.past import OTHER

CUT: dict[str, Any] = AUTUMN | {"as_of": date(2025, 11, 30)}


def referred(
    past: Bygone, child: UUID, on: str, outcome: str | None = None, need: str = "mental_health"
) -> None:
    referral = past.told(
        child, "referral", on, to="psychology_centre", need=need, respond_by="2025-11-15"
    )
    if outcome is not None:
        past.told(child, "referral_closure", "2025-10-30", referral=str(referral), outcome=outcome)


def test_a_need_nobody_met_is_counted_with_how_long_already(past: Bygone):
    first, second, helped, waiting = (past.opened("2025-09-01") for _ in range(4))
    referred(past, first, "2025-09-10", "declined")
    referred(past, second, "2025-10-01", "partly_helped")
    referred(past, helped, "2025-10-01", "helped")
    referred(past, waiting, "2025-11-01")
    past.write()

    report = drawn(past, "R29", unit="county-1", **CUT)

    found = row(report, "unmet", need="mental_health")
    assert (found["referrals"], found["children"], found["longest"]) == (2, Share(2, 4), "81")
    asked = row(report, "open", to="psychology_centre")
    assert (asked["referrals"], asked["overdue"], asked["longest"]) == (1, 1, "29")
    listed = {each["case"]: (each["outcome"], each["days"]) for each in rows(report, "cases")}
    assert listed == {
        first: ("declined", 81), second: ("partly_helped", 60), waiting: ("still_open", 29),
    }  # fmt: skip


def test_a_need_that_another_office_met_later_is_no_longer_unmet(past: Bygone):
    child, other = past.opened("2025-09-01"), past.opened("2025-09-01")
    for each in (child, other):
        referred(past, each, "2025-09-10", "declined")
    referred(past, child, "2025-10-05", "helped")
    referred(past, other, "2025-10-05", "helped", need="money")
    past.write()

    report = drawn(past, "R29", unit="county-1", **CUT)

    assert [each["case"] for each in rows(report, "cases")] == [other]


def test_the_load_says_how_many_children_and_records_one_person_has(past: Bygone):
    children = [past.opened("2025-08-20") for _ in range(6)]
    for child in children:
        past.told(child, "worker", "2025-08-25", role="class_teacher", staff="t-101")
        past.told(child, "talk", "2025-10-10", worker=OTHER)
    past.told(children[0], "pairing", "2025-08-25", pairing_kind="teacher", mentor="t-102")
    past.write()

    report = drawn(past, "R29", unit="school-1", **CUT)

    [unit] = rows(report, "units")
    assert [unit[name] for name in ("children", "staff_count", "per_staff")] == [6, 2, "3.0"]
    assert (unit["records"], unit["per_week"]) == (6, f"{6 * 7 / 91:.1f}")
    people = {each["staff"]: (each["children"], each["records"]) for each in rows(report, "people")}
    assert people == {"t-101": (6, 0), "t-102": (1, 6)}
    posts = {each["role"]: each["staff_count"] for each in rows(report, "posts")}
    assert posts == {"class_teacher": 2, "counsellor": 0, "social_worker": 0}


def test_what_is_lacking_and_cannot_wait_stands_beside_it(past: Bygone):
    child, _ = past.opened("2025-09-01"), past.opened("2025-09-01")
    domains = {name: {"urgency": "none"} for name in ("study", "life", "safety", "health")}
    past.told(child, "needs", "2025-09-10", **domains, psychology={"urgency": "urgent"},
              lacking=["affection", "guidance"], pressing=["assistive_device"])  # fmt: skip
    past.write()

    found = rows(drawn(past, "R29", unit="county-1", **CUT), "needs")

    shares = {(each["dimension"], each["value"]): each["share"] for each in found}
    assert shares["urgent", "psychology"] == shares["lacking", "affection"] == Share(1, 2)
    assert shares["urgent", "not_stated"] == Share(1, 2)


def test_whoever_may_not_read_cases_sees_no_cases_and_no_people(past: Bygone):
    referred(past, past.opened("2025-09-01"), "2025-09-10", "declined")
    past.write()

    report = drawn(past, "R29", OPERATOR, unit="county-1", **CUT)

    assert not {"cases", "people"} & {table.name for table in report.tables}
    assert row(report, "unmet", need="mental_health")["referrals"] == Suppressed(5)
    reckoned = {"longest", "per_staff", "per_week"}
    assert not reckoned & {column.name for table in report.tables for column in table.columns}
