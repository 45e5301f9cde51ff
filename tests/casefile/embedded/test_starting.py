"""The server starts, is shared, and stops after its last user."""

import os
from pathlib import Path

import psycopg
import pytest

from services.casefile.embedded import PgBinaries
from services.casefile.embedded.errors import ClusterOfAnotherVersion, ServerWithoutTcp
from tests.casefile.embedded.conftest import NewUser
from tests.casefile.embedded.steps import ask, runs, tell


def test_an_empty_folder_becomes_a_safe_running_cluster(tmp_path: Path, new_user: NewUser) -> None:
    running = new_user(tmp_path / "new").start()

    names = ("data_checksums", "fsync", "synchronous_commit", "full_page_writes")
    safety = {ask(running, f"SHOW {name}")[0][0] for name in names}
    texts = ask(
        running, "SELECT DISTINCT pg_encoding_to_char(encoding), datcollate FROM pg_database"
    )

    assert safety == {"on"}
    assert texts == [("UTF8", "C")]
    assert not running.tcp


def test_nobody_else_can_read_the_data_folder_the_passwords_or_the_log(
    tmp_path: Path, new_user: NewUser
) -> None:
    folder = tmp_path / "new"
    new_user(folder).start()

    open_to_others = [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]

    assert [path for path in open_to_others if not path.is_socket()] == []


def test_a_connection_without_the_password_is_refused(data_dir: Path, new_user: NewUser) -> None:
    running = new_user(data_dir).start()

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running.conninfo(), passfile=os.devnull)


def test_a_second_user_attaches_to_the_same_server(data_dir: Path, new_user: NewUser) -> None:
    first = new_user(data_dir).start()

    second = new_user(data_dir).start()

    assert second == first


def test_the_server_runs_until_its_last_user_stops(data_dir: Path, new_user: NewUser) -> None:
    first, second = new_user(data_dir), new_user(data_dir)
    running = first.start()
    second.start()

    first.stop()
    assert ask(running, "SELECT 1") == [(1,)]

    second.stop()
    assert not runs(data_dir)


def test_starting_and_stopping_again_changes_nothing(data_dir: Path, new_user: NewUser) -> None:
    user, other = new_user(data_dir), new_user(data_dir)
    other.start()

    assert user.start() == user.start()

    user.stop()
    user.stop()
    assert runs(data_dir)


def test_data_outlives_the_server(data_dir: Path, new_user: NewUser) -> None:
    user = new_user(data_dir)
    tell(user.start(), "CREATE TABLE kept AS SELECT 7 AS number")

    user.stop()

    assert ask(new_user(data_dir).start(), "SELECT number FROM kept") == [(7,)]


def test_the_server_runs_out_of_reach_of_the_terminal(data_dir: Path, new_user: NewUser) -> None:
    running = new_user(data_dir).start()

    assert os.getsid(running.pid) == running.pid != os.getsid(0)


def test_tcp_is_served_only_when_asked(data_dir: Path, new_user: NewUser) -> None:
    running = new_user(data_dir, tcp=True).start()

    with psycopg.connect(running.tcp_conninfo()) as connection:
        answer = connection.execute("SELECT host(inet_server_addr())").fetchone()

    assert answer == ("127.0.0.1",)


def test_a_user_who_needs_tcp_is_told_when_the_running_server_has_none(
    data_dir: Path, new_user: NewUser
) -> None:
    first = new_user(data_dir)
    first.start()

    with pytest.raises(ServerWithoutTcp):
        new_user(data_dir, tcp=True).start()
    assert runs(data_dir)

    first.stop()
    assert not runs(data_dir)


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(
    tmp_path: Path, new_user: NewUser
) -> None:
    folder = tmp_path / ("long" * 30)
    running = new_user(folder).start()

    assert ask(running, "SELECT 1") == [(1,)]
    assert running.socket_dir != folder
    assert running.socket_dir.stat().st_mode & 0o777 == 0o700
    assert new_user(folder).start() == running


def test_a_cluster_of_another_version_is_left_alone(
    data_dir: Path, new_user: NewUser, pg_binaries: PgBinaries
) -> None:
    (data_dir / "pgdata" / "PG_VERSION").write_text("14\n")

    with pytest.raises(ClusterOfAnotherVersion) as refused:
        new_user(data_dir).start()

    assert (refused.value.found, refused.value.binaries) == (14, pg_binaries.major())
