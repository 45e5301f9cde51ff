"""Compliance: every rate with what it is a part of, parents apart from staff, versions apart."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from services.casefile.domain.cadence.policy import Grace
from services.casefile.readmodels.compliance import (
    Compliance,
    ComplianceReport,
    ComplianceTotal,
    Share,
)
from services.casefile.readmodels.obligations_asking import OwedFilter
from tests.casefile.readmodels.owing import CALLS, TALKS, Owing, monthly, owing
from tests.servers import Database

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))
ALL = OwedFilter()
LETTER = {"purpose": "family", "writer": "child", "addressee": "mother"}
SPOKEN = {"mode": "phone", "outcome": "informed"}


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[Owing]:
    with owing(database, tmp_path) as settled:
        yield settled


@pytest.fixture
def child(world: Owing) -> UUID:
    return world.child()


def test_each_way_of_doing_it_has_its_cell(world: Owing, child: UUID) -> None:
    kinds = ("talk", "home_visit", "family_call", "guardian_contact", "letter", "parent_contact")
    rules = [monthly(f"by.{kind}", kinds=(kind,), grace=Grace(days=10)) for kind in kinds]
    world.adopt(*rules)
    world.at("2026-09-15T09:00")
    world.talk(child, "2026-09-14")
    world.at("2026-09-25T09:00")
    world.record(child, "home_visit", "2026-09-10", met=["guardian"])
    world.at("2026-10-03T09:00")
    world.call(child, "2026-10-03")
    world.at("2026-10-10T09:00")
    world.record(child, "guardian_contact", "2026-10-01", **SPOKEN)
    world.declare(child, "2026-10-20T09:00")
    world.record(child, "letter", "2026-09-20", **LETTER)
    world.declare(child, "2026-10-20T10:00")

    [one] = totals(world, by="obligor")

    assert (one.windows, one.fulfilled, one.entered_late, one.done_late) == (6, 1, 1, 2)
    assert (one.made_good, one.missed, one.undecided) == (1, 1, 0)
    assert (one.in_window_in_time, one.in_window_entered_late) == (1, 2)
    assert (one.after_window_in_time, one.after_window_entered_late) == (1, 1)
    assert (one.kept, one.kept_in_time) == (Share(4, 6), Share(1, 6))


def test_parents_are_never_counted_with_staff(world: Owing, child: UUID) -> None:
    world.adopt(TALKS, CALLS)
    world.at("2026-09-15T09:00")
    world.talk(child, "2026-09-14")
    world.declare(child, "2026-10-20T09:00")

    told = {row.obligor: row.kept for row in totals(world, by="school")}

    assert told == {"parent": Share(0, 1), "staff": Share(1, 1)}


def test_two_versions_of_a_policy_are_two_rows(world: Owing, child: UUID) -> None:
    world.adopt(TALKS)
    world.at("2026-09-05T09:00")
    world.adopt(TALKS, version=2, effective_from=date(2026, 10, 1))
    world.declare(child, "2026-11-20T09:00")

    told = totals(world, until=date(2026, 10, 31))

    assert [(row.version, row.windows, row.missed) for row in told] == [(1, 1, 1), (2, 1, 1)]


def test_what_nobody_had_to_do_is_no_part_of_the_rate(world: Owing) -> None:
    world.adopt(TALKS)
    away, here = world.child(), world.child()
    world.record(away, "suspension", "2026-08-20", reason="with_parents")
    for each in (away, here):
        world.declare(each, "2026-10-20T09:00")

    [one] = totals(world)

    assert (one.windows, one.suspended, one.missed) == (2, 1, 1)
    assert one.kept == Share(0, 1)
    assert one.kept.rate == 0
    assert Share(0, 0).rate is None


def test_an_open_window_is_counted_apart_until_it_is_decided(world: Owing, child: UUID) -> None:
    world.adopt(TALKS)
    world.follow()

    world.at("2026-10-07T23:59")
    [before] = totals(world)
    world.at("2026-10-08T00:00")
    [after] = totals(world)

    assert (before.still_open, before.undecided, before.kept) == (1, 0, Share(0, 0))
    assert (after.still_open, after.undecided, after.kept) == (0, 1, Share(0, 0))


def test_the_answer_names_its_days_and_its_place_in_the_log(world: Owing, child: UUID) -> None:
    world.adopt(TALKS)
    empty = asked(world)
    world.declare(child, "2026-10-20T09:00")
    told = asked(world)

    assert (empty.since, empty.until, empty.asked_at) == (*SEPTEMBER, empty.asked_at)
    assert told.position == world.parts.recorder.head() > empty.position
    assert told.asked_at == world.now


def test_totals_are_told_in_pages(world: Owing) -> None:
    world.adopt(TALKS, CALLS)
    for school in ("school-1", "school-2"):
        world.child(school=school, class_unit=None)
    world.follow()
    compliance = Compliance(world.pool)
    world.at("2026-10-01T09:00")

    first = compliance.totals(ALL, *SEPTEMBER, world.now, "school", limit=3)
    rest = compliance.totals(ALL, *SEPTEMBER, world.now, "school", first.next, limit=3)

    assert [(row.obligor, row.of) for row in (*first.rows, *rest.rows)] == [
        ("parent", "school-1"),
        ("parent", "school-2"),
        ("staff", "school-1"),
        ("staff", "school-2"),
    ]
    assert (first.next is None, rest.next) == (False, None)


def test_all_together_is_counted_the_same_as_window_by_window(world: Owing, child: UUID) -> None:
    world.adopt(TALKS, CALLS)
    other = world.child()
    world.at("2026-09-15T09:00")
    world.talk(child, "2026-09-14")
    world.follow()
    world.declare(other, "2026-10-20T09:00")

    for by in ("rule", "obligor"):
        together = totals(world, by=by)
        assert together == one_by_one(world, by)
        assert [row.windows for row in together] == [2, 2]


def one_by_one(world: Owing, by: str) -> list[ComplianceTotal]:
    """Asked of a county, so that each window has to be looked at."""
    of_a_county = OwedFilter(under="county-1")
    return Compliance(world.pool).totals(of_a_county, *SEPTEMBER, world.now, by).rows


def asked(world: Owing, by: str = "rule", until: date = SEPTEMBER[1]) -> ComplianceReport:
    world.follow()
    return Compliance(world.pool).totals(ALL, SEPTEMBER[0], until, world.now, by)


def totals(world: Owing, by: str = "rule", until: date = SEPTEMBER[1]) -> list[ComplianceTotal]:
    return asked(world, by, until).rows
