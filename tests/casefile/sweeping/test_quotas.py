"""The clock declares who reached too few children: once, by what was known at the close."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest

from services.casefile.domain.cadence.days import CHINA, end_of
from services.casefile.domain.cadence.known import Known
from services.casefile.domain.cadence.policy import Rule
from services.casefile.domain.cadence.quota import Ledger
from services.casefile.domain.cadence.shapes import CalendarShape
from services.casefile.domain.entry import Entry
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.sweeping.proof import Proof, prove
from services.casefile.sweeping.quotas import closed
from services.casefile.sweeping.sweeper import Sweeper
from services.casefile.sweeping.swept import Swept
from tests.casefile.readmodels.owing import Owing, owing
from tests.casefile.rulebooks.policies import rule
from tests.servers import Database

CLOSED = end_of(date(2026, 9, 27))  # of the week of 14 September
STAFF = ("t-101", "t-102")
FROM_THE_FUTURE = """
INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state)
VALUES (%s, 2, 'NotInvented', '{}')
"""


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
        settled.adopt(quota(), effective_from=date(2026, 9, 14))
        yield settled


def sweep(world: Owing, now: datetime, stop: Event | None = None) -> Swept:
    world.at(now.astimezone(CHINA).replace(tzinfo=None).isoformat())
    world.follow()
    sweeper = Sweeper(world.parts, world.database.app)
    return sweeper.sweep(now, stop=stop or Event())


def said(world: Owing) -> list[tuple[str, str, int, date]]:
    """(staff, window, counted, day) of every miss in the log."""
    found = [e for staff in STAFF for e in entries(world, staff) if e.kind.slug == "quota_missed"]
    return [(e.rec.accountable, e.rec.window, e.rec.counted, e.occurred_on) for e in found]


def entries(world: Owing, staff: str) -> list[Entry]:
    return world.parts.streams.entries(staff_stream(staff))


def two_talks(world: Owing) -> list[UUID]:
    children = [world.child() for _ in range(2)]
    world.at("2026-09-16T12:00")
    return [world.talk(child, "2026-09-15") for child in children]


def test_who_reached_too_few_children_is_declared_at_the_close(world: Owing):
    two_talks(world)

    swept = sweep(world, CLOSED)

    assert swept.declared == {"quota_missed": 1}
    assert said(world) == [("t-102", "2026-W38", 0, date(2026, 9, 27))]


def test_a_quota_counts_whatever_kinds_it_names(world: Owing):
    world.adopt(quota(kinds=("diary",), distinct_children=1), policy="diaries")
    child = world.child()
    world.at("2026-09-16T12:00")
    world.record(child, "diary", "2026-09-15", text="今天很开心。")

    sweep(world, CLOSED)

    diaries = [e.rec for e in entries(world, "t-101") if e.kind.slug == "quota_missed"]
    assert [rec.window for rec in diaries if rec.policy == "diaries"] == ["2026-W36", "2026-W37"]


def test_nothing_is_declared_before_the_close(world: Owing):
    swept = sweep(world, datetime(2026, 9, 27, 23, 59, tzinfo=CHINA))

    assert swept.declared == {}


def test_a_second_sweep_finds_nothing_to_do(world: Owing):
    sweep(world, CLOSED)

    assert sweep(world, CLOSED).declared == {}
    assert len(said(world)) == 2


def test_two_sweeps_at_once_declare_each_miss_once(world: Owing):
    now = end_of(date(2026, 10, 11))
    world.at("2026-10-12T00:00")
    world.follow()
    sweepers = [Sweeper(world.parts, world.database.app) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        swept = list(pool.map(lambda sweeper: sweeper.sweep(now), sweepers))

    assert sum(each.declared["quota_missed"] for each in swept) == 6
    ids = [e.record_id for staff in STAFF for e in entries(world, staff)]
    assert len(said(world)) == 6
    assert len(set(ids)) == len(ids)


def test_weeks_of_downtime_give_what_a_sweep_of_each_day_gives(world: Owing):
    two_talks(world)
    late = end_of(date(2026, 10, 11))

    sweep(world, late)

    assert said(world) == [
        ("t-101", "2026-W39", 0, date(2026, 10, 4)),
        ("t-101", "2026-W40", 0, date(2026, 10, 11)),
        ("t-102", "2026-W38", 0, date(2026, 9, 27)),
        ("t-102", "2026-W39", 0, date(2026, 10, 4)),
        ("t-102", "2026-W40", 0, date(2026, 10, 11)),
    ]


def test_what_was_entered_after_the_close_is_not_known_to_a_late_sweep(world: Owing):
    children = [world.child() for _ in range(2)]
    world.at("2026-09-28T00:01")
    for child in children:
        world.talk(child, "2026-09-15")

    sweep(world, CLOSED.replace(hour=1))

    assert ("t-101", "2026-W38", 0, date(2026, 9, 27)) in said(world)


def test_a_talk_that_was_annulled_after_the_close_still_counts(world: Owing):
    children = [world.child() for _ in range(2)]
    world.at("2026-09-16T12:00")
    talks = [world.talk(child, "2026-09-15") for child in children]
    world.at("2026-09-28T09:00")
    world.annul(children[0], talks[0])

    sweep(world, end_of(date(2026, 9, 28)))

    assert [each[0] for each in said(world)] == ["t-102"]


def test_windows_that_closed_by_a_closed_day_are_not_looked_at_again(world: Owing):
    world.at("2026-09-28T00:05")
    world.close("2026-09-27")

    swept = sweep(world, end_of(date(2026, 10, 4)))

    assert {window for _, window, _, _ in said(world)} == {"2026-W39"}
    assert swept.declared == {"quota_missed": 2}


def test_told_to_stop_it_leaves_the_rest_to_the_next_sweep(world: Owing):
    stopped = Event()
    stopped.set()

    assert not sweep(world, CLOSED, stopped).is_whole
    assert said(world) == []

    sweep(world, CLOSED)

    assert len(said(world)) == 2


def test_a_file_that_cannot_be_read_stops_nobody_else(world: Owing):
    world.follow()
    world.harm(FROM_THE_FUTURE, staff_stream("t-101"))

    swept = sweep(world, CLOSED)

    assert swept.failed == {staff_stream("t-101"): "unknown-event-topic"}
    assert swept.declared == {"quota_missed": 1}


def proof(world: Owing) -> Proof:
    world.follow()
    return prove(world.parts, world.database.app, time=lambda _: world.now)


def test_the_proof_holds_when_every_miss_is_on_file(world: Owing):
    two_talks(world)
    sweep(world, CLOSED)
    world.close("2026-09-27")

    found = proof(world)

    assert found.holds
    assert (found.outcomes, found.declared) == (
        {"fulfilled": 1, "missed": 1},
        {"quota_missed": 1},
    )


def test_the_proof_names_a_miss_that_is_absent(world: Owing):
    two_talks(world)
    world.at("2026-09-28T01:00")
    world.close("2026-09-27")

    [offence] = proof(world).first

    assert (offence.breach, offence.subject_id) == ("absent", staff_stream("t-102"))
    assert (offence.kind, offence.window) == ("quota_missed", "2026-W38")


def test_the_proof_names_a_miss_of_what_was_done(world: Owing):
    two_talks(world)
    world.at("2026-09-28T01:00")
    said_falsely(world)
    world.close("2026-09-27")

    offences = {(o.breach, o.subject_id) for o in proof(world).first}

    assert offences == {
        ("unfounded", staff_stream("t-101")),
        ("absent", staff_stream("t-102")),
    }


def said_falsely(world: Owing) -> None:
    """What was not found short is declared short."""
    rulebook = world.parts.rulebooks.fresh()
    [each] = closed(rulebook, None, CLOSED)
    known = Known(entries(world, "t-101"))
    ledger = Ledger(staff_stream("t-101"), known, *each, CLOSED)
    quota = ledger.judged(rulebook.units, {})
    assert quota is not None
    declaration = ledger.declaration(quota)
    assert declaration is not None
    world.parts.casefile.put_on_file(ledger.about.subject, [declaration])
