"""A file that could not be read on the day loses no miss, and costs nobody a false one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.sweeping.healing import judge_again
from tests.casefile.readmodels.owing import TALKS, Owing, owing
from tests.casefile.sweeping.test_quotas import CLOSED, proof, quota, said, sweep, two_talks
from tests.servers import Database

BREAK = "UPDATE casefile.stored_events SET topic = topic || '.99' WHERE originator_id = %s"
NEWEST = "SELECT originator_id FROM casefile.stored_events ORDER BY notification_id DESC LIMIT 1"
MEND = (
    "UPDATE casefile.stored_events SET topic = replace(topic, '.99', '') WHERE originator_id = %s"
)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[Owing]:
    with owing(database, tmp_path) as settled:
        settled.harm("ALTER TABLE casefile.stored_events DISABLE TRIGGER ALL")
        yield settled


def changed(world: Owing, statement: str, stream_id: UUID) -> None:
    """As if this version could not read it, until the next one can."""
    world.harm(statement, stream_id)
    world.parts.streams.forget(stream_id)


def healed(world: Owing, stream_id: UUID) -> None:
    """What `casefile rebuild --case` does."""
    changed(world, MEND, stream_id)
    assert world.upkeep.retry(stream_id) == []
    judge_again(world.parts, world.database.app, stream_id)


def misses(world: Owing, case_id: UUID) -> list[tuple[str, date]]:
    found = world.parts.streams.entries(case_id)
    return [(e.rec.window, e.occurred_on) for e in found if e.kind.slug == "obligation_missed"]


@pytest.mark.parametrize("has_rows", [False, True], ids=["never read", "read before"])
def test_what_a_child_was_owed_while_her_file_could_not_be_read_is_declared_once_it_can(
    world: Owing, *, has_rows: bool
) -> None:
    world.adopt(TALKS)
    child = world.child()
    world.assign(child)
    if has_rows:
        world.follow()
        world.talk(child, "2026-08-20")
    changed(world, BREAK, child)
    swept = sweep(world, end_of(date(2026, 10, 31)))
    world.close("2026-10-31")

    healed(world, child)
    world.follow()
    sweep(world, end_of(date(2026, 11, 1)))

    assert world.whereabouts.parked() == []
    assert "obligation_missed" not in swept.declared
    assert (child in swept.failed) is has_rows
    assert misses(world, child) == [("2026-09", date(2026, 10, 7))]
    assert proof(world).holds


WEEK, MISSED = "2026-W38", date(2026, 9, 27)


def quotas(world: Owing) -> None:
    world.adopt(quota(), effective_from=date(2026, 9, 14))


def closed_with(world: Owing, broken: UUID) -> None:
    """The week is swept and closed while a file cannot be read."""
    changed(world, BREAK, broken)
    assert sweep(world, CLOSED).failed
    world.close("2026-09-27")


@pytest.mark.parametrize("has_rows", [False, True], ids=["never read", "read before"])
def test_a_quota_of_whoever_could_not_be_read_is_declared_once_she_can(
    world: Owing, *, has_rows: bool
) -> None:
    quotas(world)
    two_talks(world)
    if has_rows:
        world.follow()
    changed(world, BREAK, staff_stream("t-102"))
    swept = sweep(world, CLOSED)
    world.close("2026-09-27")

    healed(world, staff_stream("t-102"))

    assert swept.declared == {}
    assert said(world) == [("t-102", WEEK, 0, MISSED)]
    assert proof(world).holds


def test_who_may_have_reached_a_child_whose_file_cannot_be_read_is_not_called_short(
    world: Owing,
) -> None:
    quotas(world)
    two_talks(world)
    [(child, *_), *_] = world.ask(NEWEST)

    closed_with(world, child)
    others = said(world)
    healed(world, child)

    assert others == said(world) == [("t-102", WEEK, 0, MISSED)]
    assert proof(world).holds


def test_if_she_was_short_all_the_same_it_is_declared_once_the_file_can_be_read(
    world: Owing,
) -> None:
    quotas(world)
    child = world.child()
    world.at("2026-09-16T12:00")
    world.talk(child, "2026-09-15")

    closed_with(world, child)
    others = said(world)
    healed(world, child)

    assert others == [("t-102", WEEK, 0, MISSED)]
    assert said(world) == [("t-101", WEEK, 1, MISSED), ("t-102", WEEK, 0, MISSED)]
    assert proof(world).holds


def test_a_release_that_reads_it_anew_judges_what_was_left_out(world: Owing) -> None:
    quotas(world)
    child = world.child()
    world.at("2026-09-16T12:00")
    world.talk(child, "2026-09-15")
    closed_with(world, child)

    changed(world, MEND, child)
    world.upkeep.rebuild(["contacts"], accept_differences=True)
    declared = judge_again(world.parts, world.database.app).declared
    again = judge_again(world.parts, world.database.app).declared

    assert (declared, again) == ({"quota_missed": 1}, {})
    assert ("t-101", WEEK, 1, MISSED) in said(world)
