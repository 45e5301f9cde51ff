"""A data key per subject and data class: made once, found again, destroyed for good."""

import pickle
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from services.casefile.domain.personal import PersonalState
from services.casefile.log.data_key import DataKey, SubjectKeys, verified
from services.casefile.log.kek import FileKekProvider
from services.casefile.log.key_cache import KeyCache
from services.casefile.log.keyring import Keyring
from services.casefile.log.keyring_errors import (
    EpochUnknown,
    KeyErased,
    KeyringUnavailable,
    KeyTampered,
)
from tests.casefile.log.keyrings import (
    CLASSES,
    NOBODY_LISTENS,
    OpenRing,
    commitments,
    data_key,
    in_own_processes,
    kek_file,
    subjects,
)
from tests.servers import Database

pytestmark = pytest.mark.postgres

TERMINATE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
"""


def as_owner(database: Database, statement: str, *arguments: Any) -> None:
    with psycopg.connect(database.keyring_owner) as connection:
        connection.execute(statement, arguments)


def test_a_subject_gets_one_key_per_data_class(ring: Keyring) -> None:
    child = uuid4()

    keys = ring.provision(child, CLASSES)

    assert [key.id for key in keys] == ["identity#1", "welfare#1", "guardian#1"]
    assert len({key.commitment for key in keys}) == len(CLASSES)


def test_provisioning_again_gives_the_same_keys(ring: Keyring, other: Keyring) -> None:
    child = uuid4()

    first = ring.provision(child, CLASSES)
    again = ring.provision(child, CLASSES)
    elsewhere = other.provision(child, CLASSES)

    assert [key.commitment for key in again] == [key.commitment for key in first]
    assert [key.commitment for key in elsewhere] == [key.commitment for key in first]


def test_a_class_is_added_beside_the_keys_that_are_there(ring: Keyring) -> None:
    child = uuid4()
    [identity] = ring.provision(child, ["identity"])

    both = ring.provision(child, ["identity", "third_party"])

    assert [key.id for key in both] == ["identity#1", "third_party#1"]
    assert both[0].commitment == identity.commitment


def test_many_subjects_are_provisioned_and_loaded_at_once(ring: Keyring, other: Keyring) -> None:
    children = subjects(40)
    wanted = [(child, data_class) for child in children for data_class in CLASSES]

    made = ring.provision_many(wanted)
    loaded = other.load_many(children)

    assert [(key.subject_id, key.data_class) for key in made] == wanted
    assert {key.commitment for key in made} == {
        key.commitment for keys in loaded.values() for key in keys.values()
    }


def provision_and_tell(conninfo: str, kek_path: Path, children: list[UUID], answer: Path) -> None:
    with closing(Keyring(conninfo, FileKekProvider(kek_path))) as ring:
        found = [b"".join(sorted(commitments(ring, [child]))) for child in children]
    answer.write_bytes(b"".join(found))


def test_two_processes_that_provision_the_same_subjects_get_the_same_keys(
    database: Database, kek: FileKekProvider, tmp_path: Path
) -> None:
    children = subjects(150)
    answers = [tmp_path / "one", tmp_path / "two"]
    start = (database.keyring_app, tmp_path / "kek.json", children)

    exits = in_own_processes(provision_and_tell, *((*start, answer) for answer in answers))

    assert exits == [0, 0]
    assert answers[0].read_bytes() == answers[1].read_bytes()
    assert len(answers[0].read_bytes()) == 32 * len(children) * len(CLASSES)


def test_a_subject_without_keys_has_none(ring: Keyring) -> None:
    child = uuid4()

    assert dict(ring.keys(child)) == {}
    assert ring.key(child, "welfare#1") is PersonalState.KEY_UNAVAILABLE


def test_a_key_that_another_process_added_is_found_despite_the_cache(
    ring: Keyring, other: Keyring
) -> None:
    child = uuid4()
    ring.provision(child, ["identity"])
    [guardian] = other.provision(child, ["guardian"])

    found = ring.key(child, "guardian#1")

    assert isinstance(found, DataKey)
    assert found.commitment == guardian.commitment


def test_a_destroyed_key_leaves_its_data_erased(ring: Keyring, other: Keyring) -> None:
    child = uuid4()
    ring.provision(child, CLASSES)

    destroyed = ring.destroy(child)

    assert destroyed == len(CLASSES)
    assert ring.key(child, "welfare#1") is PersonalState.ERASED
    assert other.key(child, "welfare#1") is PersonalState.ERASED


def test_destroying_one_subject_spares_the_others(ring: Keyring) -> None:
    child, sibling = subjects(2)
    ring.provision_many([(child, "welfare"), (sibling, "welfare")])

    ring.destroy(child)

    assert isinstance(ring.key(sibling, "welfare#1"), DataKey)


def test_destroying_again_changes_nothing(ring: Keyring) -> None:
    child = uuid4()
    ring.provision(child, CLASSES)
    ring.destroy(child)

    assert ring.destroy(child) == 0


def test_an_erased_subject_gets_no_new_key(ring: Keyring, other: Keyring) -> None:
    child = uuid4()
    ring.provision(child, ["welfare"])
    ring.destroy(child)

    with pytest.raises(KeyErased):
        ring.provision(child, ["welfare"])
    with pytest.raises(KeyErased):
        other.provision(child, ["welfare"])


def test_a_process_told_to_forget_sees_what_another_destroyed(
    ring: Keyring, other: Keyring
) -> None:
    child = uuid4()
    other.provision(child, ["welfare"])
    ring.destroy(child)

    other.forget(child)

    assert other.key(child, "welfare#1") is PersonalState.ERASED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE keyring.data_keys SET wrapped = '\\x00', destroyed_at = NULL",
        "DELETE FROM keyring.data_keys",
        "TRUNCATE keyring.data_keys",
    ],
)
def test_a_destroyed_key_cannot_be_brought_back_and_its_row_stays(
    database: Database, ring: Keyring, statement: str
) -> None:
    child = uuid4()
    ring.provision(child, ["welfare"])
    ring.destroy(child)

    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        as_owner(database, statement)

    assert ring.key(child, "welfare#1") is PersonalState.ERASED


def test_a_row_that_was_given_to_another_subject_is_tampered_not_erased(
    database: Database, ring: Keyring, other: Keyring
) -> None:
    child, sibling = subjects(2)
    ring.provision_many([(child, "welfare"), (sibling, "welfare")])
    as_owner(
        database,
        "UPDATE keyring.data_keys SET wrapped = (SELECT wrapped FROM keyring.data_keys"
        " WHERE subject_id = %s) WHERE subject_id = %s",
        sibling,
        child,
    )

    assert other.key(child, "welfare#1") is PersonalState.TAMPERED
    with pytest.raises(KeyTampered):
        other.provision(child, ["welfare"])


def test_a_key_the_log_did_not_commit_to_is_tampered(ring: Keyring) -> None:
    child = uuid4()
    [provisioned] = ring.provision(child, ["welfare"])
    swapped = data_key("welfare")

    assert verified(provisioned, provisioned.commitment) is provisioned
    assert verified(swapped, provisioned.commitment) is PersonalState.TAMPERED


def test_no_key_lies_in_the_database_in_the_clear(
    database: Database, ring: Keyring, kek: FileKekProvider
) -> None:
    child = uuid4()
    [key] = ring.provision(child, ["welfare"])

    with psycopg.connect(database.keyring_app) as connection:
        [(epoch, wrapped)] = connection.execute("SELECT epoch, wrapped FROM keyring.data_keys")
    dek = kek.unwrap(epoch, wrapped, f"casefile-dek/v1|{child.hex}|welfare|1|{epoch}".encode())

    assert DataKey(child, "welfare", 1, dek).commitment == key.commitment
    assert dek not in wrapped


def test_a_key_shows_its_secret_neither_in_its_repr_nor_in_a_pickle() -> None:
    key = data_key("welfare", dek=b"s3cret" * 5 + b"!!")

    assert "s3cret" not in repr(key)
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_without_the_keyring_nothing_opens_and_nothing_is_sealed(kek: FileKekProvider) -> None:
    ring = Keyring(NOBODY_LISTENS, kek)

    assert ring.key(uuid4(), "welfare#1") is PersonalState.KEY_UNAVAILABLE
    with pytest.raises(KeyringUnavailable):
        ring.provision(uuid4(), CLASSES)
    with pytest.raises(KeyringUnavailable):
        ring.keys(uuid4())
    with pytest.raises(KeyringUnavailable):
        ring.rewrap(lambda done, total: None)


def cut_off(database: Database) -> None:
    """Drop every connection of the services, and let them make no other."""
    name = conninfo_to_dict(database.keyring_app)["dbname"]
    with psycopg.connect(database.keyring_app) as connection:
        as_owner(database, f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC, casefile_app')
        connection.execute(TERMINATE_OTHERS)


def reconnect(database: Database) -> None:
    name = conninfo_to_dict(database.keyring_app)["dbname"]
    as_owner(database, f'GRANT CONNECT ON DATABASE "{name}" TO casefile_app')


def test_an_outage_hides_only_keys_that_are_not_in_use_and_ends_by_itself(
    database: Database, ring: Keyring, other: Keyring
) -> None:
    known, unknown = subjects(2)
    ring.provision(known, ["welfare"])
    other.provision(unknown, ["welfare"])

    cut_off(database)
    during = [ring.key(known, "welfare#1"), ring.key(unknown, "welfare#1")]
    reconnect(database)
    after = ring.key(unknown, "welfare#1")

    assert isinstance(during[0], DataKey)
    assert during[1] is PersonalState.KEY_UNAVAILABLE
    assert isinstance(after, DataKey)


def test_a_keyring_found_down_is_left_alone_for_a_while(
    database: Database, open_ring: OpenRing, ring: Keyring, kek: FileKekProvider
) -> None:
    patient, child = open_ring(kek, pause=3_600), uuid4()
    ring.provision(child, ["welfare"])

    cut_off(database)
    during = patient.key(child, "welfare#1")
    reconnect(database)

    assert isinstance(ring.key(child, "welfare#1"), DataKey)
    assert during is patient.key(child, "welfare#1") is PersonalState.KEY_UNAVAILABLE


def test_a_lost_connection_is_replaced(database: Database, ring: Keyring) -> None:
    ring.provision(uuid4(), CLASSES)
    with psycopg.connect(database.keyring_app) as connection:
        connection.execute(TERMINATE_OTHERS)

    keys = ring.provision(uuid4(), CLASSES)

    assert len(keys) == len(CLASSES)


def test_the_cache_holds_no_more_subjects_than_it_may(
    database: Database, open_ring: OpenRing, kek: FileKekProvider
) -> None:
    ring = open_ring(kek, remembered=2)
    children = subjects(3)
    for child in children:
        ring.provision(child, ["welfare"])
    as_owner(database, "UPDATE keyring.data_keys SET wrapped = NULL, destroyed_at = now()")

    newest_first = [ring.key(child, "welfare#1") for child in reversed(children)]

    assert all(isinstance(state, DataKey) for state in newest_first[:2])
    assert newest_first[2] is PersonalState.ERASED


def test_a_key_read_before_it_was_destroyed_is_not_remembered_after() -> None:
    cache, child = KeyCache(10), uuid4()
    before, keys = cache.moment, SubjectKeys(child, {"welfare#1": data_key("welfare")})

    cache.forget(child)
    cache.put(keys, before)
    overtaken = cache.get(child)
    cache.put(keys, cache.moment)

    assert overtaken is None
    assert cache.get(child) is keys


@pytest.fixture
def stranger(open_ring: OpenRing, tmp_path: Path) -> Keyring:
    (tmp_path / "elsewhere").mkdir()
    return open_ring(kek_file(tmp_path / "elsewhere"))


def test_without_its_kek_a_key_is_unavailable_never_erased(
    ring: Keyring, stranger: Keyring
) -> None:
    child = uuid4()
    ring.provision(child, ["welfare"])

    assert stranger.key(child, "welfare#1") is PersonalState.KEY_UNAVAILABLE
    with pytest.raises(KeyringUnavailable):
        stranger.provision(child, ["welfare"])


def test_a_kek_that_does_not_belong_to_the_keyring_adds_no_key_and_rotates_none(
    ring: Keyring, stranger: Keyring, other: Keyring
) -> None:
    child = uuid4()
    [key] = ring.provision(child, ["welfare"])

    with pytest.raises(EpochUnknown):
        stranger.check()
    with pytest.raises(EpochUnknown):
        stranger.provision(uuid4(), ["welfare"])
    with pytest.raises(EpochUnknown):
        stranger.rewrap(lambda done, total: None)

    other.check()
    assert other.keys(child)["welfare"].commitment == key.commitment


def test_keys_to_read_with_include_those_another_process_added(
    ring: Keyring, other: Keyring
) -> None:
    child = uuid4()
    ring.provision(child, ["identity"])
    other.provision(child, ["guardian"])

    keys = ring.readable(child, ["identity#1", "guardian#1"])

    assert set(keys) == {"identity", "guardian"}


def test_without_the_keyring_there_are_keys_to_read_with_that_open_nothing(
    kek: FileKekProvider,
) -> None:
    keys = Keyring(NOBODY_LISTENS, kek).readable(uuid4(), ["welfare#1"])

    assert keys.opening("welfare#1") is PersonalState.KEY_UNAVAILABLE
