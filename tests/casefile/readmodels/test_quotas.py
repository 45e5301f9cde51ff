"""How many children each member of staff has reached in a window, of how many she owes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.casefile.domain.cadence.policy import Rule
from services.casefile.domain.cadence.shapes import CalendarShape
from services.casefile.domain.refusals import NotOnFile
from services.casefile.readmodels.quotas import Quotas
from tests.casefile.readmodels.owing import Owing, owing
from tests.casefile.rulebooks.policies import rule
from tests.servers import Database

DAY = date(2026, 9, 16)  # a Wednesday


def quota(**fields: Any) -> Rule:
    options = {
        "subject": "worker",
        "distinct_children": 2,
        "shape": CalendarShape(every="iso_week"),
    }
    return rule("quota", **(options | fields))


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[Owing]:
    with owing(database, tmp_path) as settled:
        yield settled


def asked(world: Owing) -> Quotas:
    world.follow()
    world.parts.rulebooks.fresh()
    return Quotas(world.pool, world.parts.mapper, world.parts.rulebooks)


def test_a_board_says_n_of_how_many_children_for_each_who_owes_it(world: Owing):
    world.adopt(quota())
    one, other = world.child(), world.child()
    world.at("2026-09-16T12:00")
    world.talk(one, "2026-09-14")
    world.talk(one, "2026-09-15")
    world.record(other, "talk", "2026-09-16", performed_by="t-102")

    page = asked(world).page("school-default", "quota", DAY, world.now)

    told = {q.staff: (len(q.children), q.wanted, q.outcome, q.window.key) for q in page.rows}
    assert told == {
        "t-101": (1, 2, "open", "2026-W38"),
        "t-102": (1, 2, "open", "2026-W38"),
    }
    assert page.next is None


def test_a_board_is_read_page_by_page(world: Owing):
    world.adopt(quota())
    board = asked(world)

    first = board.page("school-default", "quota", DAY, world.now, limit=1)
    second = board.page("school-default", "quota", DAY, world.now, after=first.next, limit=1)
    last = board.page("school-default", "quota", DAY, world.now, after=second.next, limit=1)

    assert {q.staff for q in (*first.rows, *second.rows)} == {"t-101", "t-102"}
    assert (last.rows, last.next) == ([], None)


def test_one_member_of_staff_sees_what_she_owes(world: Owing):
    world.adopt(quota(), rule())
    child = world.child()
    world.at("2026-09-16T12:00")
    world.talk(child, "2026-09-14")

    [mine] = asked(world).of("t-101", DAY, world.now)

    assert (mine.children, mine.rule) == ((child,), "quota")
    assert asked(world).of("d-201", DAY, world.now) == []


def test_a_rule_without_a_window_on_that_day_is_not_there(world: Owing):
    world.adopt(quota())
    board = asked(world)

    assert [each.rule.code for each in board.rules(DAY)] == ["quota"]
    assert board.rules(date(2026, 8, 20)) == []
    with pytest.raises(NotOnFile):
        board.page("school-default", "quota", date(2026, 8, 20), world.now)
    with pytest.raises(NotOnFile):
        board.page("school-default", "another", DAY, world.now)
