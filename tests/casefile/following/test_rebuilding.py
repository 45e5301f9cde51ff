"""A new edition is built beside the old one, compared, and switched to; or not."""

import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle
from threading import Event
from typing import ClassVar

import pytest

from services.casefile.domain.entry import Entry
from services.casefile.following import (
    EditionsDiffer,
    Following,
    NotThereYet,
    Progress,
    ReadModelUnknown,
    Upkeep,
)
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.roster import Roster, RosterFilter
from tests.casefile.following.county import County
from tests.casefile.following.lives import live
from tests.casefile.following.process import end, start
from tests.casefile.world import open_child


def test_a_rebuilt_edition_takes_the_place_of_the_old_one(world: County) -> None:
    live(world, children=2, records=30, seed=3)
    world.follow()

    parities = world.upkeep.rebuild()

    states = {(s.name, s.generation): s.state for s in world.whereabouts.status()}
    assert {states["roster", 1], states["roster", 2]} == {"retired", "active"}
    assert not any(parity.differences for parity in parities)
    assert world.rows() == world.folded()


def test_who_followed_the_old_edition_goes_on_with_the_new_one(world: County) -> None:
    case = open_child(world.parts)
    world.follow()
    world.upkeep.rebuild()

    world.record(case, "talk")
    world.follow()

    assert world.rows() == world.folded()


def test_what_is_recorded_during_a_build_is_in_the_new_edition_too(world: County) -> None:
    case = open_child(world.parts)
    world.follow()
    days = cycle(range(2, 19))

    def record(_progress: Progress) -> None:
        world.record(case, "talk", f"2026-11-{next(days):02}")
        world.follow()

    parities = world.upkeep.rebuild((), record)

    assert not any(parity.differences for parity in parities)
    world.follow()
    assert world.rows() == world.folded()


def test_a_difference_is_told_by_its_key_and_nothing_is_switched(world: County) -> None:
    first, second = open_child(world.parts), open_child(world.parts)
    world.follow()
    world.harm("UPDATE readmodels.roster_v1 SET grade = 6 WHERE case_id = %s", first)
    world.harm("DELETE FROM readmodels.roster_v1 WHERE case_id = %s", second)

    with pytest.raises(EditionsDiffer) as refused:
        world.upkeep.rebuild(["roster"])

    [parity] = refused.value.tables
    assert {(d.key, d.found) for d in parity.differences} == {
        ((str(first),), "differs"),
        ((str(second),), "only in the new one"),
    }
    assert [row[0] for row in world.table("roster")] == [first]


def test_accepted_differences_are_switched_to(world: County) -> None:
    case = open_child(world.parts)
    world.follow()
    world.harm("UPDATE readmodels.roster_v1 SET grade = 6 WHERE case_id = %s", case)
    with pytest.raises(EditionsDiffer):
        world.upkeep.rebuild(["roster"])

    world.upkeep.rebuild(["roster"], accept_differences=True)

    assert world.rows() == world.folded()
    assert [s.generation for s in world.whereabouts.status() if s.name == "roster"] == [1, 2]


@pytest.mark.process
def test_a_killed_build_goes_on_where_it_was(world: County) -> None:
    live(world, children=4, records=60, seed=5)
    world.follow()
    killed = start(world, "build")
    assert killed.wait(30) == -signal.SIGKILL
    end(killed)
    built = {s.built for s in world.whereabouts.status() if s.state == "building"}
    heard: list[Progress] = []

    world.upkeep.rebuild((), heard.append)

    assert built
    assert min(built) > 0
    assert min(p.done for p in heard if p.phase == "building") > min(built)
    assert {s.generation for s in world.whereabouts.status()} == {1, 2}
    assert world.rows() == world.folded()


def test_readers_never_notice_a_switch(world: County) -> None:
    for _ in range(5):
        open_child(world.parts)
    world.follow()
    roster, stop, seen = Roster(world.pool), Event(), []

    def read() -> None:
        while not stop.is_set():
            seen.append(len(roster.page(RosterFilter(), limit=200).rows))

    with ThreadPoolExecutor(2) as readers:
        reading = [readers.submit(read) for _ in range(2)]
        for _ in range(3):
            world.upkeep.rebuild(["roster"])
        stop.set()
        for each in reading:
            each.result()

    assert set(seen) == {5}


def test_a_new_version_is_built_beside_the_old_and_its_follower_steps_aside(world: County) -> None:
    case = open_child(world.parts)
    with closing(following(world, First())) as old:
        upkeep(world, First()).prepare()
        old.catch_up()

        [parity] = upkeep(world, Second()).prepare()
        world.record(case, "talk")
        old.catch_up()

        with closing(following(world, Second())) as new:
            new.catch_up()

    assert (parity.active_rows, parity.new_rows, parity.differences) == (1, 1, ())
    assert world.table("firsts") == [(case, "open", 3)]
    assert world.ask("SELECT * FROM readmodels.firsts_v1") == [(case, "open")]


def test_retired_editions_are_dropped_when_asked(world: County) -> None:
    world.upkeep.rebuild(["units", "staff"])

    dropped = world.upkeep.drop_retired()

    assert dropped == ["staff v1.1", "units v1.1"]
    assert world.ask("SELECT to_regclass('readmodels.units_v1')::text") == [(None,)]
    assert len(world.table("units")) == 6


def test_an_unknown_read_model_is_refused(world: County) -> None:
    with pytest.raises(ReadModelUnknown):
        world.upkeep.rebuild(["horoscope"])


def test_waiting_for_a_position_ends_when_the_follower_is_there(world: County) -> None:
    open_child(world.parts)
    head = world.parts.recorder.head()

    with pytest.raises(NotThereYet) as late:
        world.whereabouts.wait_for(["roster"], head, timeout=0.01)
    world.follow()
    world.whereabouts.wait_for(["roster", "caseload"], head, timeout=0)

    assert late.value.reached < head


class First(Model):
    """A child's status."""

    name = "firsts"
    version = 1
    tables: ClassVar[tuple[Table, ...]] = (
        Table(
            name="firsts",
            columns={"case_id": "uuid NOT NULL", "status": "text"},
            key=("case_id",),
        ),
    )

    def rows(self, case: Folded) -> Rows:
        found = case.facts.get("status")
        return {"firsts": [] if found is None else [self.row(case, found.value)]}

    def row(self, case: Folded, status: str) -> Row:
        return (case.id, status)


class Second(First):
    """The same, with the number of the last entry."""

    version = 2
    tables = (
        Table(
            name="firsts",
            columns={"case_id": "uuid NOT NULL", "status": "text", "entries": "integer"},
            key=("case_id",),
        ),
    )

    def row(self, case: Folded, status: str) -> Row:
        entries: Sequence[Entry] = case.entries
        return (case.id, status, len(entries))


def upkeep(world: County, model: Model) -> Upkeep:
    return Upkeep(world.database.app, world.parts.recorder, world.parts.mapper, [model])


def following(world: County, model: Model) -> Following:
    return Following(world.database.app, world.parts.recorder, world.parts.mapper, [model])
