"""Made anew, from however much of the log, rows are the same; rules and days make them anew."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from services.casefile.application.context import Context
from services.casefile.domain.cadence.policy import Grace
from services.casefile.domain.cadence.shapes import CalendarShape, IntervalShape
from services.casefile.domain.refusals import NothingToCorrect
from tests.casefile.readmodels.owing import CALLS, TALKS, Owing, days_later, monthly, owing
from tests.casefile.rulebooks.policies import county as county_office
from tests.casefile.rulebooks.policies import rule
from tests.casefile.world import actor, context
from tests.servers import Database

VISITS = rule("visit.often", shape=IntervalShape(days=20), kinds=("home_visit",))
WEEKLY = rule("talk.weekly", shape=CalendarShape(every="iso_week"), grace=Grace(days=1))


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[Owing]:
    with owing(database, tmp_path) as settled:
        yield settled


@pytest.mark.parametrize("seed", range(4))
def test_a_rebuild_gives_the_rows_that_were_followed(world: Owing, seed: int) -> None:
    live(world, Random(seed))
    world.follow()

    parities = world.upkeep.rebuild(["obligations"])

    assert [parity.differences for parity in parities] == [(), (), ()]
    assert min(parity.new_rows for parity in parities) > 3


def test_a_new_version_makes_the_windows_that_begin_under_it_anew(world: Owing) -> None:
    world.adopt(TALKS)
    children = [world.child() for _ in range(3)]
    world.close("2026-09-20")
    world.follow()

    world.at("2026-09-21T09:00")
    world.adopt(TALKS, version=2, effective_from=date(2026, 10, 1))
    world.follow()

    for child in children:
        assert world.obligations(child, "window_key", "version") == [("2026-09", 1), ("2026-10", 2)]


def test_a_withdrawn_policy_asks_for_nothing_after_its_last_day(world: Owing) -> None:
    world.adopt(TALKS)
    child = world.child()
    world.close("2026-09-20")
    world.follow()
    before = world.obligations(child, "window_key")

    world.at("2026-09-21T09:00")
    world.parts.casefile.withdraw_policy(
        "school-default", date(2026, 9, 30), "leading-group", county_office()
    )
    world.follow()

    assert before == [("2026-09",), ("2026-10",)]
    assert world.obligations(child, "window_key") == [("2026-09",)]


def test_closing_days_lays_out_windows_a_fortnight_ahead(world: Owing) -> None:
    world.adopt(TALKS)
    child = world.child()
    told = {}
    for day in ("2026-09-15", "2026-09-16", "2026-10-16", "2026-10-17"):
        world.at(f"{days_later(day, 1)}T00:00")
        world.close(day)
        world.follow()
        told[day] = [key for (key,) in world.obligations(child, "window_key")]

    assert told["2026-09-15"] == ["2026-09"]
    assert told["2026-09-16"] == told["2026-10-16"] == ["2026-09", "2026-10"]
    assert told["2026-10-17"] == ["2026-09", "2026-10", "2026-11"]


def test_a_day_in_the_middle_makes_nothing_anew(world: Owing) -> None:
    world.adopt(TALKS)
    world.child()
    world.close("2026-09-16")
    world.follow()
    place = "SELECT subject_id, xmin::text FROM readmodels.obligation_subjects_v2"
    before = dict(world.ask(place))

    world.at("2026-09-18T00:00")
    world.close("2026-09-17")
    world.follow()

    assert dict(world.ask(place)) == before


def test_a_unit_that_moves_brings_its_children_under_other_rules(world: Owing) -> None:
    world.parts.casefile.record_unit(
        "town-2",
        "unit_registration",
        {"occurred_on": "2026-08-20", "code": "town-2", "unit_kind": "township"}
        | {"unit_name": "白水镇", "valid_from": "2020-09-01", "parent": "county-1"},
        operator(),
    )
    world.adopt(TALKS, unit="town-2")
    child = world.child(village=None)
    world.follow()
    before = world.obligations(child, "window_key")

    body = {"occurred_on": "2026-08-20", "parent": "town-2", "valid_from": "2026-09-01"}
    world.parts.casefile.record_unit("school-1", "unit_move", body, operator())
    world.follow()

    assert before == []
    assert world.obligations(child, "window_key") == [("2026-09",)]


def test_units_owe_too_and_are_never_called_overdue(world: Owing) -> None:
    meetings = monthly(
        "group.meets",
        kinds=("leading_group_meeting",),
        subject="unit",
        role="principal",
        grace=Grace(days=5),
    )
    world.adopt(meetings)
    world.follow()
    schools = world.ask("SELECT unit, subject, declares FROM readmodels.obligations ORDER BY unit")

    assert ("school-1", "unit", "missed") in schools
    assert {declares for _, _, declares in schools} == {"missed"}


def test_once_something_has_to_be_judged_all_that_is_pending_waits_for_it(world: Owing) -> None:
    world.adopt(TALKS, CALLS)
    child = world.child()
    world.declare(child, "2026-10-20T09:00")
    world.follow()
    plain = world.obligations(child, "window_key", "rule", "declares")

    world.talk(child, "2026-09-15")
    world.follow()

    asked = ("window_key", "rule", "declares", "declare_at")
    told = {(key, code): rest for key, code, *rest in world.obligations(child, *asked)}
    assert [declares for _, _, declares in plain] == [None, None] + ["overdue"] * 4
    now = ["judge", world.now]
    assert told["2026-09", "talk.class_teacher"] == now
    assert told["2026-10", "talk.class_teacher"] == told["2026-10", "call.parents"] == now
    assert told["2026-09", "call.parents"] == [None, None]


def test_rows_that_stay_as_they_are_are_not_written_again(world: Owing) -> None:
    world.adopt(TALKS)
    child = world.child()
    world.declare(child, "2026-10-20T09:00")
    world.follow()
    place = "SELECT window_key, xmin::text FROM readmodels.obligations_v2 WHERE subject_id = %s"
    before = dict(world.ask(place, child))

    world.talk(child, "2026-10-20")
    world.follow()

    after = dict(world.ask(place, child))
    assert before["2026-09"] == after["2026-09"]
    assert before["2026-10"] != after["2026-10"]


def live(world: Owing, chance: Random) -> None:
    """Ten weeks of two children, with rules, declarations and closed days as they come."""
    world.adopt(TALKS, CALLS, VISITS)
    children = [world.child(), world.child()]
    made: dict[UUID, list[UUID]] = {child: [] for child in children}
    for week in range(10):
        today = days_later("2026-09-06", 7 * week)
        for child in children:
            world.at(f"{today}T09:00")
            happen(world, chance, child, made[child], days_later(today, -chance.randrange(12)))
        if week == 4:
            world.adopt(TALKS, WEEKLY, version=2, effective_from=date(2026, 10, 12))
        if chance.random() < 0.7:
            for child in children:
                world.declare(child, f"{days_later(today, 1)}T00:00")
            world.close(today)
        if chance.random() < 0.5:
            world.follow()


def happen(world: Owing, chance: Random, child: UUID, made: list[UUID], on: str) -> None:
    on = max(on, "2026-08-21")
    what = chance.random()
    if what < 0.25:
        made.append(world.talk(child, on))
    elif what < 0.45:
        made.append(world.call(child, on))
    elif what < 0.6:
        made.append(world.record(child, "home_visit", on, met=["guardian"]))
    elif what < 0.8 and made:
        world.annul(child, made.pop())
    elif what < 0.9 and made:
        with suppress(NothingToCorrect):
            world.correct(child, made[-1], occurred_on=on)


def operator() -> Context:
    return context(actor=actor("operator", "o-1", "operator"), source="system")
