"""What cannot be taken is parked, case by case and in plain sight; nothing is ever skipped."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from services.casefile.log.keyring_errors import KeyringUnavailable
from tests.casefile.following.county import County, county
from tests.casefile.following.fragile import Fragile
from tests.casefile.world import open_child
from tests.servers import Database


@pytest.fixture
def fragile() -> Fragile:
    return Fragile()


@pytest.fixture
def watched(database: Database, tmp_path: Path, fragile: Fragile) -> Iterator[County]:
    with county(database, tmp_path, fragile) as settled:
        settled.upkeep.prepare()
        yield settled


@pytest.fixture
def two(watched: County) -> tuple[UUID, UUID]:
    return open_child(watched.parts, name="禾苗甲"), open_child(watched.parts, name="禾苗乙")


def test_a_case_that_fails_is_parked_and_the_others_go_on(
    watched: County, fragile: Fragile, two: tuple[UUID, UUID]
) -> None:
    broken, sound = two
    fragile.fails_for.add(broken)

    watched.record(broken, "talk")
    watched.record(sound, "talk")
    watched.follow()

    [parked] = watched.whereabouts.parked()
    assert (parked.name, parked.case_id) == ("talks", broken)
    assert parked.reason.startswith("ZeroDivisionError in fragile.py")
    assert watched.table("talks") == [(sound, 1)]
    assert {status.behind for status in watched.whereabouts.status()} == {0}


def test_later_events_of_a_parked_case_are_held_until_a_retry_heals_it(
    watched: County, fragile: Fragile, two: tuple[UUID, UUID]
) -> None:
    broken, _ = two
    fragile.fails_for.add(broken)
    watched.record(broken, "talk")
    watched.follow()
    fragile.fails_for.clear()
    watched.record(broken, "talk")
    watched.follow()
    held = watched.table("talks")

    failed = watched.upkeep.retry(broken)

    assert held == []
    assert failed == []
    assert watched.table("talks") == [(broken, 2)]
    assert watched.whereabouts.parked() == []
    watched.record(broken, "talk")
    watched.follow()
    assert watched.rows() == watched.folded()


def test_a_retry_in_the_middle_of_a_page_loses_nothing(
    watched: County, fragile: Fragile, two: tuple[UUID, UUID]
) -> None:
    broken, sound = two
    fragile.fails_for.add(broken)
    watched.record(broken, "talk")
    watched.follow()
    fragile.fails_for.clear()
    fragile.once = lambda: watched.upkeep.retry(broken, ["talks"])

    watched.record(broken, "talk")
    watched.record(sound, "talk")
    watched.follow()

    assert watched.whereabouts.parked() == []
    assert watched.rows() == watched.folded()


def test_a_retry_that_fails_again_is_counted(
    watched: County, fragile: Fragile, two: tuple[UUID, UUID]
) -> None:
    broken, _ = two
    fragile.fails_for.add(broken)
    watched.record(broken, "talk")
    watched.follow()

    failed = watched.upkeep.retry(broken)

    assert failed == ["talks"]
    [parked] = watched.whereabouts.parked()
    assert parked.attempts == 2


def test_a_row_the_database_refuses_parks_its_case_only(
    watched: County, fragile: Fragile, two: tuple[UUID, UUID]
) -> None:
    broken, sound = two
    fragile.overflows_for.add(broken)

    watched.record(broken, "talk")
    watched.record(sound, "talk")
    watched.follow()

    [parked] = watched.whereabouts.parked()
    assert parked.case_id == broken
    assert parked.reason.startswith("NumericValueOutOfRange")
    assert watched.table("talks") == [(sound, 1)]


def test_an_event_this_version_cannot_read_parks_its_case_in_every_model(
    watched: County, two: tuple[UUID, UUID]
) -> None:
    unreadable, sound = two
    watched.harm(
        "INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state) "
        "VALUES (%s, 3, 'SentToTheMoon', '{}')",
        unreadable,
    )

    watched.record(sound, "talk")
    watched.follow()

    parked = watched.whereabouts.parked()
    assert {case.name for case in parked} == {model.name for model in watched.models}
    assert {case.case_id for case in parked} == {unreadable}
    assert {case.reason.split(":")[0] for case in parked} == {"UnknownEventTopic"}
    assert watched.table("talks") == [(sound, 1)]


def test_a_build_parks_what_it_cannot_take(
    watched: County, fragile: Fragile, two: tuple[UUID, UUID]
) -> None:
    broken, sound = two
    for case in two:
        watched.record(case, "talk")
    watched.follow()
    fragile.fails_for.add(broken)

    watched.upkeep.rebuild(["talks"], accept_differences=True)

    assert watched.table("talks") == [(sound, 1)]
    [parked] = watched.whereabouts.parked()
    assert (parked.generation, parked.case_id) == (2, broken)


def test_a_keyring_that_is_down_holds_up_only_who_needs_it_and_parks_nothing(
    watched: County, database: Database
) -> None:
    case = open_child(watched.parts)
    watched.record(case, "talk")
    allow_keyring(watched, database, allowed=False)

    with pytest.raises(KeyringUnavailable):
        watched.parts.keyring.check()
    with pytest.raises(KeyringUnavailable):
        watched.follow()

    assert watched.whereabouts.parked() == []
    assert watched.table("roster") == []
    assert watched.table("talks") == [(case, 1)]
    allow_keyring(watched, database, allowed=True)
    watched.parts.keyring.close()
    followed_again(watched)
    assert watched.rows() == watched.folded()


def test_an_erased_name_can_no_longer_be_looked_up(watched: County, two: tuple[UUID, UUID]) -> None:
    erased, _ = two
    watched.follow()

    watched.parts.keyring.destroy(erased)
    watched.upkeep.retry(erased)

    digests = dict(watched.ask("SELECT case_id, name_digest IS NULL FROM readmodels.roster"))
    assert [case for case, is_gone in digests.items() if is_gone] == [erased]


def followed_again(world: County) -> None:
    """The keyring refuses everyone for a second after a failure."""
    for _ in range(100):
        try:
            return world.follow()
        except KeyringUnavailable:
            world.parts.recorder.waker.wait(0.1)
    raise TimeoutError


def allow_keyring(world: County, database: Database, *, allowed: bool) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database.keyring_app)["dbname"]
    world.harm(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}")
    world.harm("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
