"""Which unit belongs to which, as the units' streams say."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from services.casefile.composition import Parts
from services.casefile.rulebooks.units import UnitTree
from tests.casefile.world import actor, context

DAY = date(2026, 11, 20)


@pytest.fixture
def tree(casefile: Parts) -> UnitTree:
    return casefile.rulebooks.units


def record(casefile: Parts, unit: str, slug: str, **body: Any) -> None:
    operator = context(actor=actor("operator", "o-1", "operator"), source="system")
    casefile.casefile.record_unit(unit, slug, {"occurred_on": "2026-11-01"} | body, operator)


def test_a_unit_is_followed_by_all_above_it(tree: UnitTree):
    assert tree.chain("class-31", DAY) == ("class-31", "school-1", "town-1", "county-1")


def test_a_unit_nobody_knows_stands_alone(tree: UnitTree):
    assert tree.chain("nobody", DAY) == ("nobody",)


def test_a_unit_that_moved_is_where_it_was_on_each_day(casefile: Parts, tree: UnitTree):
    record(casefile, "class-31", "unit_move", parent="school-2", valid_from="2026-11-10")

    assert tree.chain("class-31", date(2026, 11, 9))[1] == "school-1"
    assert tree.chain("class-31", date(2026, 11, 10))[1] == "school-2"


def test_before_its_first_day_a_unit_is_taken_to_have_been_where_it_began(tree: UnitTree):
    assert tree.chain("class-31", date(2019, 1, 1))[1] == "school-1"


def test_a_move_shows_once_the_tree_has_forgotten(casefile: Parts, tree: UnitTree):
    assert tree.chain("class-31", DAY)[1] == "school-1"

    record(casefile, "class-31", "unit_move", parent="school-2", valid_from="2026-11-10")
    tree.forget()

    assert tree.chain("class-31", DAY)[1] == "school-2"


def test_units_in_a_circle_do_not_hang_it(casefile: Parts, tree: UnitTree):
    record(casefile, "town-1", "unit_move", parent="class-31", valid_from="2026-11-10")

    assert tree.chain("school-1", DAY) == ("school-1", "town-1", "class-31")


def test_many_units_are_loaded_a_level_at_a_time(
    casefile: Parts, tree: UnitTree, monkeypatch: pytest.MonkeyPatch
):
    asked: list[int] = []
    streams = casefile.recorder.streams

    def counted(ids: Any) -> Any:
        wanted: Sequence[Any] = list(ids)
        asked.append(len(wanted))
        return streams(wanted)

    monkeypatch.setattr(casefile.recorder, "streams", counted)

    tree.load(["class-31", "school-2", "village-1", "nobody"])
    tree.chain("class-31", DAY)
    tree.forget()
    tree.chain("school-2", DAY)
    tree.chain("class-31", DAY)

    assert asked == [4, 2, 1, 7]
