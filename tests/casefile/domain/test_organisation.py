"""Units: what they are called and whom they belong to, on any day."""

from datetime import date

import pytest

from services.casefile.domain.facts import fold
from services.casefile.domain.families.organisation import (
    UnitClosed,
    UnitMoved,
    UnitRegistered,
    UnitRenamed,
)
from services.casefile.domain.refusals import AlreadyOnFile, Implausible, NotOnFile
from services.casefile.domain.staff_posts import UnitThen, unit_on
from tests.casefile.domain.scenario import Scenario, scenario

FOUNDED = date(2020, 9, 1)


def unit(**fields) -> UnitRegistered:
    usual = {
        "code": "school-1",
        "unit_name": "禾木小学",
        "unit_kind": "school",
        "valid_from": FOUNDED,
        "parent": "town-1",
    }
    return UnitRegistered(**(usual | fields))


def registered() -> Scenario:
    return scenario().given(unit())


def then(units: Scenario, day: date) -> UnitThen | None:
    return unit_on(fold(units.entries), day)


def test_a_unit_exists_from_its_first_day():
    units = scenario().record(unit(division="999901101"))

    assert then(units, date(2020, 8, 31)) is None
    assert then(units, FOUNDED) == UnitThen("school-1", "school", "禾木小学", "town-1", "999901101")


def test_a_class_has_its_grade_and_a_school_its_titles():
    units = scenario().record(unit(grade=3, titles=("parents_school",)))

    assert units.facts["unit.grade"] == 3
    assert units.facts["unit.titles"] == ("parents_school",)


def test_a_unit_is_registered_once():
    with pytest.raises(AlreadyOnFile):
        registered().record(unit())


def test_a_county_belongs_to_nothing():
    units = scenario().record(unit(code="county-1", unit_kind="county", parent=None))

    assert then(units, FOUNDED).parent is None


@pytest.mark.parametrize("fields", [{"parent": None}, {"parent": "school-1"}])
def test_a_school_belongs_to_another_unit(fields: dict):
    with pytest.raises(Implausible):
        scenario().record(unit(**fields))


def test_the_old_name_holds_on_the_day_before_the_new_one():
    units = registered().record(UnitRenamed(unit_name="清溪小学", valid_from=date(2026, 1, 1)))

    assert then(units, date(2025, 12, 31)).name == "禾木小学"
    assert then(units, date(2026, 1, 1)).name == "清溪小学"


def test_a_rename_entered_late_does_not_undo_a_later_one():
    units = registered().given(UnitRenamed(unit_name="清溪小学", valid_from=date(2026, 1, 1)))

    units.record(UnitRenamed(unit_name="禾木村小", valid_from=date(2023, 1, 1)))

    assert then(units, date(2024, 1, 1)).name == "禾木村小"
    assert then(units, date(2026, 6, 1)).name == "清溪小学"


def test_a_unit_is_not_renamed_to_its_own_name():
    with pytest.raises(Implausible):
        registered().record(UnitRenamed(unit_name="禾木小学", valid_from=date(2026, 1, 1)))


def test_a_unit_moves_under_another_one():
    units = registered().record(UnitMoved(parent="town-2", valid_from=date(2026, 1, 1)))

    assert then(units, date(2025, 12, 31)).parent == "town-1"
    assert then(units, date(2026, 1, 1)).parent == "town-2"


def test_a_unit_does_not_move_under_itself():
    with pytest.raises(Implausible):
        registered().record(UnitMoved(parent="school-1", valid_from=date(2026, 1, 1)))


def test_a_closed_unit_existed_until_its_last_day():
    units = registered().record(UnitClosed(last_day=date(2026, 11, 30), reason="merged"))

    assert then(units, date(2026, 11, 30)) is not None
    assert then(units, date(2026, 12, 1)) is None


def test_a_closed_unit_names_the_one_that_follows_it():
    closed = UnitClosed(last_day=date(2026, 11, 30), reason="merged", successor="school-2")

    units = registered().record(closed)

    assert units.facts["unit.successor"] == "school-2"


def test_a_closed_unit_is_not_renamed_afterwards():
    units = registered().given(UnitClosed(last_day=date(2026, 10, 31), reason="merged"))

    with pytest.raises(NotOnFile):
        units.record(UnitRenamed(unit_name="清溪小学", valid_from=date(2026, 11, 1)))


def test_a_unit_does_not_follow_itself():
    with pytest.raises(Implausible):
        registered().record(
            UnitClosed(last_day=date(2026, 11, 30), reason="merged", successor="school-1")
        )


@pytest.mark.parametrize(
    "record",
    [
        UnitRenamed(unit_name="清溪小学", valid_from=FOUNDED),
        UnitMoved(parent="town-2", valid_from=FOUNDED),
        UnitClosed(last_day=FOUNDED, reason="dissolved"),
    ],
)
def test_what_was_never_registered_does_not_change(record):
    with pytest.raises(NotOnFile):
        scenario().record(record)
