"""Inspections and findings as lists: what is open, what is overdue, what is about whom."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.casefile.readmodels.findings import Concerned, FindingFilter, Findings
from services.casefile.readmodels.inspections import InspectionFilter, Inspections
from tests.casefile.following.county import County
from tests.casefile.inspected import (
    answer,
    examined,
    finding,
    inspector,
    lots,
    order,
    talk,
)
from tests.casefile.world import context, open_child

BEFORE_DEADLINE, AFTER_DEADLINE = date(2026, 12, 10), date(2026, 12, 11)


def inspect(world: County, **fields: Any) -> UUID:
    return world.parts.casefile.open_inspection(order(**fields), inspector()).case_id


def raised(world: County, inspection: UUID, **fields: Any) -> UUID:
    body = finding(**fields)
    return world.parts.casefile.raise_finding(inspection, body, inspector()).record_id


@pytest.fixture
def case(world: County) -> UUID:
    return open_child(world.parts)


def test_a_row_counts_what_was_done(world: County, case: UUID) -> None:
    commands, inspection = world.parts.casefile, inspect(world)
    commands.draw_sample(inspection, lots(sample_size=1), inspector())
    record = talk(world.parts, case)
    commands.examine(inspection, examined(case, record), inspector())
    raised(world, inspection, worker="t-101")
    world.follow()

    [row] = Inspections(world.pool).page(InspectionFilter(), BEFORE_DEADLINE).rows

    assert (row.inspection_id, row.unit, row.state) == (inspection, "town-1", "open")
    assert (row.samples, row.drawn, row.examined, row.called_back) == (1, 1, 1, 0)
    assert (row.findings, row.unsettled, row.overdue) == (1, 1, 0)


def test_a_deadline_that_passes_makes_a_finding_overdue(world: County, case: UUID) -> None:
    inspection = inspect(world)
    found = raised(world, inspection, worker="t-101")
    world.follow()

    [row] = Inspections(world.pool).page(InspectionFilter(), AFTER_DEADLINE).rows
    overdue = Findings(world.pool).page(FindingFilter(overdue=True), AFTER_DEADLINE).rows

    assert row.overdue == 1
    assert [each.finding for each in overdue] == [found]
    assert not Findings(world.pool).page(FindingFilter(overdue=True), BEFORE_DEADLINE).rows


def test_what_was_put_right_is_overdue_no_more(world: County, case: UUID) -> None:
    inspection = inspect(world)
    found = raised(world, inspection, worker="t-101")
    body = answer(found, measure="document_supplied")
    world.parts.casefile.rectify(inspection, body, context())
    world.follow()

    [row] = Findings(world.pool).page(FindingFilter(), AFTER_DEADLINE).rows

    assert (row.state, row.overdue) == ("rectified", False)


def test_pages_go_from_the_newest_to_the_oldest(world: County, case: UUID) -> None:
    made = {
        inspect(world, starts_on=f"2026-11-{day}", ends_on="2026-11-30") for day in (21, 23, 22)
    }
    world.follow()
    inspections = Inspections(world.pool)

    first = inspections.page(InspectionFilter(), AFTER_DEADLINE, limit=2)
    rest = inspections.page(InspectionFilter(), AFTER_DEADLINE, first.next, limit=2)

    assert [row.starts_on.day for row in (*first.rows, *rest.rows)] == [23, 22, 21]
    assert {row.inspection_id for row in (*first.rows, *rest.rows)} == made


def test_the_inspection_before_is_one_of_the_same_scope(world: County, case: UUID) -> None:
    first = inspect(world)
    inspect(world, unit="school-1")
    second = inspect(world)
    world.follow()
    inspections = Inspections(world.pool)
    position = world.parts.streams.fresh(second).facts["inspection.position"].value

    assert inspections.before("town-1", position) == first
    assert inspections.before("county-1", position) is None


@pytest.mark.parametrize(
    ("staff", "at", "seen"),
    [
        ("t-101", "class-31", {"worker", "class-31", "school-1", "case"}),
        ("t-102", "class-31", {"class-31", "school-1", "case"}),
        ("t-103", "school-2", set()),
        ("s-301", "town-1", {"class-31", "school-1", "case"}),
        ("d-201", "village-1", {"case"}),
    ],
)
def test_people_see_what_is_about_them(
    world: County, case: UUID, staff: str, at: str, seen: set[str]
) -> None:
    inspection = inspect(world)
    made = {
        raised(world, inspection, worker="t-101"): "worker",
        raised(world, inspection, unit="class-31"): "class-31",
        raised(world, inspection, unit="school-1"): "school-1",
        raised(world, inspection, case=str(case)): "case",
    }
    world.follow()

    page = Findings(world.pool).page(Concerned(staff=staff, at=at), BEFORE_DEADLINE)

    assert {made[row.finding] for row in page.rows} == seen


def test_the_rows_are_those_of_the_whole_log(world: County, case: UUID) -> None:
    inspection = inspect(world)
    world.follow()
    found = raised(world, inspection, worker="t-101")
    world.parts.casefile.explain(inspection, answer(found), context())
    world.follow()

    assert world.rows() == world.folded()
