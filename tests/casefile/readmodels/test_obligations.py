"""A row for every window, the same whether it was followed or rebuilt."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from services.casefile.domain.cadence.days import CHINA
from tests.casefile.readmodels.owing import TALKS, Owing, owing
from tests.servers import Database


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[Owing]:
    with owing(database, tmp_path) as settled:
        yield settled


def test_an_adopted_policy_gives_every_child_on_file_her_windows(world: Owing) -> None:
    first, second = world.child(), world.child()
    world.follow()
    before = world.table("obligations")

    world.adopt(TALKS)
    world.follow()

    windows = [("2026-09", date(2026, 9, 1), date(2026, 9, 30), "open")]
    assert before == []
    for child in (first, second):
        found = world.obligations(child, "window_key", "starts_on", "ends_on", "outcome")
        assert found == windows


def test_a_talk_fulfils_and_a_miss_stands_beside_the_late_entry(world: Owing) -> None:
    world.adopt(TALKS)
    child = world.child()
    world.at("2026-09-10T09:00")
    world.talk(child, "2026-09-09")
    world.declare(child, "2026-11-10T00:00")
    world.at("2026-11-12T09:00")
    world.talk(child, "2026-10-20")
    world.declare(child, "2026-11-12T10:00")

    world.follow()

    asked = ("window_key", "outcome", "in_window", "entered_in_time")
    told = world.obligations(child, *asked)
    assert told[:2] == [("2026-09", "fulfilled", True, True), ("2026-10", "late", True, False)]
    [(missed, made_good)] = world.obligations(child, "missed", "made_good")[1:2]
    assert None not in (missed, made_good)


def test_a_row_says_what_is_to_be_declared_next_and_when(world: Owing) -> None:
    world.adopt(TALKS)
    child = world.child()
    world.follow()
    due = "declares", "declare_at", "stream_version"
    before = world.obligations(child, *due)

    world.declare(child, "2026-10-06T08:00")
    world.follow()
    after = world.obligations(child, *due)[:1]

    version = 2
    assert before == [("overdue", in_china("2026-10-06"), version)]
    assert after == [("missed", in_china("2026-10-08"), version + 1)]


def in_china(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=CHINA)
