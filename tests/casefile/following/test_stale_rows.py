"""Rows that depend on another stream are made anew when it changes: all of them, each once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

from services.casefile.following import refreshing, register
from services.casefile.following.errors import Superseded
from services.casefile.following.following import work_session
from services.casefile.following.pages import Page, Streams
from services.casefile.following.stepping import follow
from tests.casefile.following.county import County, county
from tests.casefile.following.neighbourly import SCHOOL, Neighbourly
from tests.casefile.world import actor, context, open_child
from tests.servers import Database


class PowerCut(Exception):
    """The process ends here."""


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Neighbourly:
    monkeypatch.setattr(refreshing, "AT_ONCE", 2)
    return Neighbourly()


@pytest.fixture
def world(database: Database, tmp_path: Path, model: Neighbourly) -> Iterator[County]:
    with county(database, tmp_path, model) as settled:
        model.school = lambda: settled.parts.streams.entries(SCHOOL)
        settled.upkeep.prepare()
        yield settled


@pytest.fixture
def children(world: County, model: Neighbourly) -> list[UUID]:
    opened = [open_child(world.parts) for _ in range(5)]
    for child in opened:
        world.record(child, "talk")
    world.follow()
    model.chunks.clear()
    return sorted(opened)


def test_a_change_elsewhere_makes_every_row_anew_and_a_few_at_a_time(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    rename(world, "青石小学")

    world.follow()

    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石小学", 1)))
    assert model.chunks == [children[:2], children[2:4], children[4:]]


def test_what_the_same_page_adds_to_a_stale_row_is_added_once(
    world: County, children: list[UUID]
) -> None:
    world.record(children[0], "talk")
    rename(world, "青石小学")
    world.record(children[1], "talk")
    new = open_child(world.parts)
    world.record(new, "talk")

    world.follow()

    told = dict.fromkeys((*children, new), ("青石小学", 1))
    told |= dict.fromkeys(children[:2], ("青石小学", 2))
    assert world.table("schooled") == rows(world, told)


def test_after_a_crash_only_the_rest_is_made_anew(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    rename(world, "青石小学")
    before = position(world)
    crash_in_chunk(model, 2)

    with pytest.raises(PowerCut):
        world.follow()
    reached, model.school = position(world), lambda: world.parts.streams.entries(SCHOOL)
    model.chunks.clear()
    with closing(world.another()) as second:
        world.following.close()
        second.catch_up()

    assert reached == before
    assert model.chunks == [children[2:4], children[4:]]
    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石小学", 1)))


def test_one_that_is_fenced_off_in_the_middle_stops_there(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    rename(world, "青石小学")
    world.following.close()
    with closing(work_session(world.database.app, 15)) as link:
        sleeper = register.active(link, "schooled")
        assert sleeper is not None
        page = Page(world.parts.recorder.page(sleeper.position, 100), world.parts.mapper)
        streams = Streams(link, world.parts.mapper, page.last)
        with closing(work_session(world.database.app, 15)) as other:
            model.meanwhile = lambda: register.take_over(other, sleeper.edition)

            with pytest.raises(Superseded):
                follow(link, sleeper, model, page, streams)

    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石镇中心小学", 1)))


def test_a_case_that_cannot_be_made_anew_is_parked_and_the_others_go_on(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    broken, *sound = children
    model.fails_for.add(broken)
    rename(world, "青石小学")
    world.follow()
    [parked] = world.whereabouts.parked()
    rename(world, "青石中心校")

    world.follow()

    told = dict.fromkeys(sound, ("青石中心校", 1)) | {broken: ("青石镇中心小学", 1)}
    assert parked.case_id == broken
    assert world.whereabouts.parked() == [parked]
    assert world.table("schooled") == rows(world, told)
    model.fails_for.clear()
    assert world.upkeep.retry(broken) == []
    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石中心校", 1)))


def test_a_retry_while_rows_are_made_anew_loses_nothing(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    broken = children[0]
    model.fails_for.add(broken)
    rename(world, "青石小学")
    world.follow()
    model.fails_for.clear()
    rename(world, "青石中心校")
    model.meanwhile = lambda: world.upkeep.retry(broken, ["schooled"])

    world.follow()

    assert world.whereabouts.parked() == []
    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石中心校", 1)))


def test_told_to_stop_it_does_so_between_two_chunks(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    rename(world, "青石小学")
    stop = Event()
    model.meanwhile = stop.set
    world.following.close()
    with closing(world.another()) as follower:
        follower.run(stop)
    stopped = list(model.chunks)

    world.follow()

    assert stopped == [children[:2]]
    assert model.chunks == [children[:2], children[2:4], children[4:]]
    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石小学", 1)))


def test_nothing_is_stale_while_an_edition_is_filled(
    world: County, model: Neighbourly, children: list[UUID]
) -> None:
    rename(world, "青石小学")
    world.follow()
    model.asked = 0

    world.upkeep.rebuild(["schooled"])

    assert model.asked == 0
    assert world.table("schooled") == rows(world, dict.fromkeys(children, ("青石小学", 1)))


def rename(world: County, name: str) -> None:
    body = {"occurred_on": "2026-11-18", "unit_name": name, "valid_from": "2026-09-01"}
    operator = context(actor=actor("operator", "o-1", "operator"), source="system")
    world.parts.casefile.record_unit("school-1", "unit_renaming", body, operator)


def rows(world: County, told: dict[UUID, tuple[str, int]]) -> list[tuple[object, ...]]:
    """What the table should hold; how far a row has seen the school is told by its name."""
    seen = {e.rec.unit_name: e.position for e in world.parts.streams.entries(SCHOOL)}  # type: ignore[attr-defined]
    held = {case: (case, school, seen[school], talks) for case, (school, talks) in told.items()}
    order = [case for (case,) in world.ask("SELECT case_id FROM readmodels.schooled")]
    assert sorted(order) == sorted(held)
    return [held[case] for case in order]


def position(world: County) -> int:
    return world.whereabouts.position("schooled")


def crash_in_chunk(model: Neighbourly, number: int) -> None:
    """The school cannot be read when that chunk is prepared."""
    school = model.school

    def reading() -> object:
        if len(model.chunks) == number - 1:
            raise PowerCut
        return school()

    model.school = reading  # type: ignore[assignment]
