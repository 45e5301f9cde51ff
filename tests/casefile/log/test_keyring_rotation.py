"""Rotation: each key survives it, no older copy of the keyring does, and a kill only delays it."""

import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from services.casefile.domain.personal import PersonalState
from services.casefile.log.data_key import DataKey
from services.casefile.log.kek import FileKekProvider
from services.casefile.log.keyring import Keyring
from services.casefile.log.keyring_errors import EpochUnknown, RotationUnderWay
from tests.casefile.log.keyrings import OpenRing, commitments, in_own_processes, subjects
from tests.servers import Database

pytestmark = pytest.mark.postgres


def quietly(done: int, total: int) -> None:
    pass


def query(conninfo: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(statement).fetchall()


def epochs_of_live_keys(database: Database) -> set[str]:
    rows = query(
        database.keyring_app, "SELECT epoch FROM keyring.data_keys WHERE wrapped IS NOT NULL"
    )
    return {epoch for (epoch,) in rows}


def read_anew(database: Database, kek: FileKekProvider, children: list[UUID]) -> set[bytes]:
    with closing(Keyring(database.keyring_app, kek)) as fresh:
        loaded = fresh.load_many(children)
    return {key.commitment for keys in loaded.values() for key in keys.values()}


def test_a_rotation_keeps_every_key_and_destroys_the_old_epoch(
    database: Database, ring: Keyring, kek: FileKekProvider
) -> None:
    children = subjects(25)
    before, old = commitments(ring, children), kek.current_epoch()
    seen: list[tuple[int, int]] = []

    new = ring.rewrap(lambda done, total: seen.append((done, total)), batch=30)

    assert seen == [(30, 75), (60, 75), (75, 75)]
    assert read_anew(database, kek, children) == before
    assert epochs_of_live_keys(database) == {new} == {kek.current_epoch()}
    with pytest.raises(EpochUnknown):
        kek.wrap(old, b"", b"")


def test_a_rotation_of_an_empty_keyring_still_changes_the_epoch(
    ring: Keyring, kek: FileKekProvider
) -> None:
    old = kek.current_epoch()

    ring.rewrap(quietly)

    assert kek.current_epoch() != old


def test_what_was_destroyed_stays_destroyed_through_a_rotation(
    other: Keyring, ring: Keyring
) -> None:
    erased, child = subjects(2)
    ring.provision_many([(erased, "welfare"), (child, "welfare")])
    ring.destroy(erased)

    ring.rewrap(quietly)

    assert other.key(erased, "welfare#1") is PersonalState.ERASED
    assert isinstance(other.key(child, "welfare#1"), DataKey)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DiesBeforeDestroying(FileKekProvider):
    def destroy(self, epoch: str) -> None:
        die()


class DiesAfterANewEpoch(FileKekProvider):
    def new_epoch(self) -> str:
        super().new_epoch()
        die()
        return ""


def die_in_the_second_batch(done: int, total: int) -> None:
    if done > 10:
        die()


def rewrap_and_die(
    conninfo: str,
    kek_path: Path,
    provider: type[FileKekProvider],
    progress: Callable[[int, int], None],
) -> None:
    with closing(Keyring(conninfo, provider(kek_path))) as ring:
        ring.rewrap(progress, batch=10)


@pytest.mark.parametrize(
    ("provider", "progress"),
    [
        (DiesAfterANewEpoch, quietly),
        (FileKekProvider, die_in_the_second_batch),
        (DiesBeforeDestroying, quietly),
    ],
    ids=["after making the epoch", "between batches", "before destroying the old epoch"],
)
def test_a_killed_rotation_loses_no_key_and_the_next_one_finishes_it(
    database: Database,
    ring: Keyring,
    kek: FileKekProvider,
    tmp_path: Path,
    provider: type[FileKekProvider],
    progress: Callable[[int, int], None],
) -> None:
    children = subjects(10)
    before, old = commitments(ring, children), kek.current_epoch()

    exits = in_own_processes(
        rewrap_and_die, (database.keyring_app, tmp_path / "kek.json", provider, progress)
    )
    halfway, begun = read_anew(database, kek, children), kek.current_epoch()
    finished = ring.rewrap(quietly, batch=10)

    assert exits == [-signal.SIGKILL]
    assert halfway == before == read_anew(database, kek, children)
    assert finished == begun != old
    assert epochs_of_live_keys(database) == {begun}
    with pytest.raises(EpochUnknown):
        kek.wrap(old, b"", b"")


def test_only_one_rotation_runs_at_a_time(ring: Keyring, other: Keyring) -> None:
    commitments(ring, subjects(1))
    refusals: list[type[BaseException]] = []

    def try_as_well(done: int, total: int) -> None:
        with pytest.raises(RotationUnderWay) as refused:
            other.rewrap(quietly)
        refusals.append(refused.type)

    ring.rewrap(try_as_well)

    assert refusals == [RotationUnderWay]


def test_readers_and_writers_go_on_during_a_rotation(
    database: Database, ring: Keyring, kek: FileKekProvider
) -> None:
    children = subjects(30)
    before = commitments(ring, children)
    seen: list[set[bytes]] = []
    added: list[UUID] = []

    def meanwhile(done: int, total: int) -> None:
        seen.append(read_anew(database, kek, children))
        added.append(uuid4())
        ring.provision(added[-1], ["welfare"])

    ring.rewrap(meanwhile, batch=30)

    assert len(seen) >= 3
    assert all(found == before for found in seen)
    assert len(read_anew(database, kek, added)) == len(added)


class OvertakenWhileReading(FileKekProvider):
    """Lets something happen between reading a row and unwrapping it."""

    event: Callable[[], object] | None = None

    def unwrap(self, epoch: str, wrapped: bytes, aad: bytes) -> bytes:
        if self.event:
            event, self.event = self.event, None
            event()
        return super().unwrap(epoch, wrapped, aad)


def test_a_reader_overtaken_by_a_rotation_reads_again(
    open_ring: OpenRing, ring: Keyring, tmp_path: Path
) -> None:
    child = uuid4()
    [key] = ring.provision(child, ["welfare"])
    overtaken = OvertakenWhileReading(tmp_path / "kek.json")
    overtaken.event = lambda: ring.rewrap(quietly)

    found = open_ring(overtaken).key(child, "welfare#1")

    assert isinstance(found, DataKey)
    assert found.commitment == key.commitment


class OvertakenWhileWrapping(FileKekProvider):
    """Lets something happen between wrapping a key and storing it."""

    event: Callable[[], object] | None = None

    def wrap(self, epoch: str, dek: bytes, aad: bytes) -> bytes:
        wrapped = super().wrap(epoch, dek, aad)
        if self.event:
            event, self.event = self.event, None
            event()
        return wrapped


def test_a_key_destroyed_while_it_is_wrapped_anew_stays_destroyed(
    open_ring: OpenRing, ring: Keyring, other: Keyring, tmp_path: Path
) -> None:
    erased, child = subjects(2)
    ring.provision_many([(erased, "welfare"), (child, "welfare")])
    overtaken = OvertakenWhileWrapping(tmp_path / "kek.json")
    overtaken.event = lambda: ring.destroy(erased)

    open_ring(overtaken).rewrap(quietly)

    assert other.key(erased, "welfare#1") is PersonalState.ERASED
    assert isinstance(other.key(child, "welfare#1"), DataKey)


def test_no_key_is_ever_stored_under_an_epoch_that_is_retired(
    database: Database, open_ring: OpenRing, ring: Keyring, kek: FileKekProvider, tmp_path: Path
) -> None:
    child = uuid4()
    ring.provision(uuid4(), ["welfare"])
    overtaken = OvertakenWhileWrapping(tmp_path / "kek.json")
    overtaken.event = lambda: ring.rewrap(quietly)

    [key] = open_ring(overtaken).provision(child, ["welfare"])

    assert read_anew(database, kek, [child]) == {key.commitment}
    assert epochs_of_live_keys(database) == {kek.current_epoch()}


def test_a_keyring_restored_from_before_the_rotation_opens_nothing_and_is_not_rotated(
    database: Database, open_ring: OpenRing, ring: Keyring, kek: FileKekProvider
) -> None:
    child = uuid4()
    ring.provision(child, ["welfare"])
    dump = query(database.keyring_app, "SELECT epoch, wrapped FROM keyring.data_keys")
    current = ring.rewrap(quietly)
    with psycopg.connect(database.keyring_owner) as connection:
        connection.execute("UPDATE keyring.epochs SET in_use = true, destroyed_at = NULL")
        connection.execute("UPDATE keyring.data_keys SET epoch = %s, wrapped = %s", dump[0])

    restored = open_ring(kek)

    assert restored.key(child, "welfare#1") is PersonalState.KEY_UNAVAILABLE
    with pytest.raises(EpochUnknown):
        restored.rewrap(quietly)
    assert kek.current_epoch() == current


def test_a_key_file_restored_from_before_the_rotation_is_refused(
    open_ring: OpenRing, ring: Keyring, tmp_path: Path
) -> None:
    copy = (tmp_path / "kek.json").read_bytes()
    ring.provision(uuid4(), ["welfare"])
    ring.rewrap(quietly)
    (tmp_path / "kek.json").write_bytes(copy)

    outdated = open_ring(FileKekProvider(tmp_path / "kek.json"))

    with pytest.raises(EpochUnknown):
        outdated.provision(uuid4(), ["welfare"])
    with pytest.raises(EpochUnknown):
        outdated.rewrap(quietly)


def test_a_retired_epoch_is_refused_even_where_no_key_is_left(
    ring: Keyring, other: Keyring, tmp_path: Path
) -> None:
    copy = (tmp_path / "kek.json").read_bytes()
    ring.rewrap(quietly)
    (tmp_path / "kek.json").write_bytes(copy)

    with pytest.raises(EpochUnknown):
        other.rewrap(quietly)
