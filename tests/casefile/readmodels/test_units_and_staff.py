"""Units in the order readers of Chinese expect, and posts with their first and last days."""

from datetime import date
from typing import Any

from services.casefile.readmodels.staff import Staff, StaffFilter
from services.casefile.readmodels.units import UnitFilter, Units
from tests.casefile.following.county import County
from tests.casefile.world import actor, context


def test_units_sort_by_pinyin(world: County) -> None:
    names = [unit.name for unit in Units(world.pool).page(UnitFilter()).rows]

    assert names == ["禾苗县", "柳湾村", "柳湾小学", "青石镇", "青石镇中心小学", "三(1)班"]


def test_units_below_another_are_found_at_any_depth(world: County) -> None:
    units = Units(world.pool)

    below = units.page(UnitFilter(under="town-1")).rows
    schools = units.page(UnitFilter(under="county-1", kind="school"), limit=1)
    more = units.page(UnitFilter(under="county-1", kind="school"), schools.next, limit=1)

    assert {unit.code for unit in below} == {
        "town-1", "village-1", "school-1", "school-2", "class-31",
    }  # fmt: skip
    assert [unit.code for unit in (*schools.rows, *more.rows)] == ["school-2", "school-1"]


def test_a_renamed_unit_sorts_under_its_new_name(world: County) -> None:
    of_unit(world, "school-2", "unit_renaming", unit_name="阿湾小学", valid_from="2026-09-01")
    world.follow()

    first = Units(world.pool).page(UnitFilter(), limit=1).rows[0]

    assert (first.code, first.name) == ("school-2", "阿湾小学")


def test_a_closed_unit_is_not_there_after_its_last_day(world: County) -> None:
    of_unit(world, "school-2", "unit_closure", last_day="2026-08-31", reason="merged")
    world.follow()
    units = Units(world.pool)

    before, after = (
        {u.code for u in units.page(UnitFilter(kind="school", on=day)).rows}
        for day in (date(2026, 8, 31), date(2026, 9, 1))
    )

    assert (before, after) == ({"school-1", "school-2"}, {"school-1"})


def test_a_post_ends_the_day_before_the_next_begins(world: County) -> None:
    of_staff(world, "t-101", "staff_move", role="mentor", unit="school-1", starts_on="2026-09-01")
    of_staff(world, "t-101", "staff_departure", last_day="2026-10-31", reason="retired")
    world.follow()

    posts = Staff(world.pool).page(StaffFilter(staff="t-101")).rows

    assert [(p.role, p.unit, p.starts_on, p.ends_on) for p in posts] == [
        ("class_teacher", "class-31", date(2020, 9, 1), date(2026, 8, 31)),
        ("mentor", "school-1", date(2026, 9, 1), date(2026, 10, 31)),
    ]


def test_staff_are_found_by_unit_and_day(world: County) -> None:
    of_staff(world, "t-102", "staff_departure", last_day="2026-08-31", reason="resigned")
    world.follow()
    staff = Staff(world.pool)

    asked = StaffFilter(under="school-1", on=date(2026, 9, 1))

    assert [post.staff for post in staff.page(asked).rows] == ["t-101"]
    assert len(staff.page(StaffFilter(role="class_teacher")).rows) == 2


def of_unit(world: County, unit: str, slug: str, **fields: Any) -> None:
    body = {"occurred_on": "2026-11-18", **fields}
    world.parts.casefile.record_unit(unit, slug, body, operator())


def of_staff(world: County, staff: str, slug: str, **fields: Any) -> None:
    body = {"occurred_on": "2026-11-18", **fields}
    world.parts.casefile.record_staff(staff, slug, body, operator())


def operator() -> Any:
    return context(actor=actor("operator", "o-1", "operator"), source="system")
