"""R23: what was planned and what was done for the children, by priority and by goal."""

from datetime import date
from typing import Any, get_args
from uuid import UUID

from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.families.plan import ServiceTag
from services.casefile.reports.report import Share
from services.casefile.reports.service_categories import GOALS, KINDS, PRIORITIES, SERVICES
from tests.casefile.history.bygone import Bygone
from tests.casefile.reports.drawn import AUTUMN, OPERATOR, drawn, row, rows

DAY = "2025-10-10"


def plan(past: Bygone, child: UUID, *services: str, on: str = "2025-09-05", **more: Any) -> UUID:
    measures = [{"service": service, "content": "每周一次"} for service in services]
    body = {"starts_on": on, "ends_on": "2026-01-20", "goals": [{"aim": "学有人教"}]} | more
    return past.told(child, "care_plan", on, measures=measures, **body)


def test_what_was_planned_stands_beside_what_was_done(past: Bygone):
    children = [past.opened("2025-09-01") for _ in range(4)]
    for child in children[:3]:
        plan(past, child, "study", "activity")
    past.told(children[0], "tutoring", DAY, subject="mathematics")
    past.told(children[0], "tutoring", DAY, subject="chinese")
    past.told(children[3], "tutoring", DAY, subject="english")
    past.told(children[1], "activity", DAY, activity="sport")
    past.write()

    report = drawn(past, "R23", unit="county-1", **AUTUMN)

    study = row(report, "priorities", priority="study")
    assert study == {
        "priority": "study",
        "planned": Share(3, 4),
        "deliveries": 3,
        "children": Share(2, 4),
        "delivered": Share(1, 3),
    }
    assert row(report, "priorities", priority="activity")["delivered"] == Share(1, 3)
    assert row(report, "goals", goal="teaching")["children"] == Share(2, 4)
    assert {(each["case"], each["priority"]) for each in rows(report, "open")} == {
        *((child, "study") for child in children[1:3]),
        *((child, "activity") for child in (children[0], children[2])),
    }


def test_the_fourth_priority_is_safety(past: Bygone):
    child = past.opened("2025-09-01")
    plan(past, child, "safety")
    past.told(child, "responsibility_letter", DAY, letter="safety", signed_by="guardian")
    past.write()

    report = drawn(past, "R23", unit="county-1", **AUTUMN)

    assert [each["priority"] for each in rows(report, "priorities")] == list(PRIORITIES)
    assert row(report, "priorities", priority="safety")["delivered"] == Share(1, 1)


def test_what_belongs_to_no_category_is_counted_as_such(past: Bygone):
    child = past.opened("2025-09-01")
    plan(past, child, "family_relations")
    past.told(child, "talk", DAY)
    past.told(child, "family_call", DAY, mode="phone", connected=False, initiated_by="staff",
              parties=["child", "father"])  # fmt: skip
    past.told(child, "academic_result", DAY, term="2025-2026-1", attainment="good")
    past.write()

    report = drawn(past, "R23", unit="county-1", **AUTUMN)

    none = row(report, "priorities", priority="no_category")
    assert (none["planned"], none["deliveries"]) == (Share(1, 1), 1)
    assert row(report, "goals", goal="love")["deliveries"] == 1
    assert [each["kind"] for each in rows(report, "kinds")] == ["talk"]


def test_a_record_counts_by_what_it_was_for(past: Bygone):
    child = past.opened("2025-09-01")
    for form in ("homework", "meal", "outing", "other"):
        past.told(child, "companionship", DAY, form=form, companion="volunteer")
    past.write()

    report = drawn(past, "R23", unit="county-1", **AUTUMN)

    counts = {each["priority"]: each["deliveries"] for each in rows(report, "priorities")}
    assert counts == {"study": 1, "life": 1, "activity": 1, "safety": 0, "no_category": 1}


def test_a_plan_counts_on_the_days_it_ran(past: Bygone):
    child = past.opened("2025-09-01")
    first = plan(past, child, "study")
    measures = [{"service": "nutrition", "content": "营养午餐"}]
    past.told(child, "care_plan_revision", "2025-10-20", plan=str(first), reason="情况有变",
              starts_on="2025-09-05", ends_on="2025-12-31", goals=[{"aim": "按时吃饭"}],
              measures=measures)  # fmt: skip
    past.write()

    def named(since: date, until: date) -> set[str]:
        found = rows(drawn(past, "R23", unit="county-1", since=since, until=until), "services")
        return {each["service"] for each in found if each["planned"].part}

    assert named(date(2025, 9, 1), date(2025, 10, 19)) == {"study"}
    assert named(date(2025, 10, 20), date(2025, 12, 1)) == {"nutrition"}
    assert named(date(2026, 1, 1), date(2026, 1, 10)) == set()


def test_every_service_of_a_plan_has_its_place_and_every_kind_exists():
    tags = set(get_args(ServiceTag))

    assert set(SERVICES) == tags
    assert set(KINDS) <= set(catalogue().by_slug)
    places = [*SERVICES.values(), *KINDS.values()]
    assert {each.priority for each in places} <= set(PRIORITIES)
    assert {each.goal for each in places} <= set(GOALS)


def test_whoever_may_not_read_cases_sees_no_list_of_children(past: Bygone):
    plan(past, past.opened("2025-09-01"), "study")
    past.write()

    report = drawn(past, "R23", OPERATOR, unit="county-1", **AUTUMN)

    assert "open" not in {table.name for table in report.tables}
