"""Killed servers, killed users and lying pid files do not keep the next start from its data."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from services.casefile.embedded import PgBinaries
from services.casefile.embedded.errors import PasswordsMissing, ServerDidNotStart
from services.casefile.embedded.waiting import wait_until
from tests.casefile.embedded.conftest import NewUser
from tests.casefile.embedded.steps import Writer, ask, blame, end, kill, runs, tell, user_processes


def test_a_killed_server_comes_back_with_every_acknowledged_row(
    data_dir: Path, new_user: NewUser
) -> None:
    user = new_user(data_dir)
    running = user.start()
    tell(running, "CREATE TABLE kept (number int PRIMARY KEY)")

    with Writer(running) as writer:
        os.kill(running.pid, signal.SIGKILL)
    again = user.start()

    kept = {number for (number,) in ask(again, "SELECT number FROM kept")}
    assert again.pid != running.pid
    assert len(writer.acknowledged) > 500
    assert set(writer.acknowledged) <= kept


def test_a_busy_orphan_of_a_killed_server_does_not_block_the_next(
    data_dir: Path, new_user: NewUser
) -> None:
    user = new_user(data_dir)
    running = user.start()
    with closing(psycopg.connect(running.conninfo())) as busy:
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000)")

        kill(running, data_dir)

        assert ask(user.start(), "SELECT 1") == [(1,)]


@contextmanager
def living_stranger() -> Iterator[int]:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process.pid
        assert process.communicate(b"alive")[0] == b"alive"


@contextmanager
def unreaped_stranger() -> Iterator[int]:
    with subprocess.Popen(["true"]) as process:
        assert os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        yield process.pid


@pytest.mark.parametrize("stranger", [living_stranger, unreaped_stranger])
def test_a_pid_file_that_names_a_stranger_is_not_believed(
    data_dir: Path, new_user: NewUser, stranger: Callable[[], AbstractContextManager[int]]
) -> None:
    user = new_user(data_dir)
    running = user.start()
    kill(running, data_dir)

    with stranger() as pid:
        blame(running, data_dir, pid)
        again = user.start()
        assert ask(again, "SELECT 1") == [(1,)]
        user.stop()


def test_stopping_never_signals_a_stranger(data_dir: Path, new_user: NewUser) -> None:
    user = new_user(data_dir)
    running = user.start()
    kill(running, data_dir)

    with living_stranger() as pid:
        blame(running, data_dir, pid)
        user.stop()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing_running(
    data_dir: Path, new_user: NewUser
) -> None:
    user = new_user(data_dir, settings={"shared_buffers": "plenty"})

    with pytest.raises(ServerDidNotStart) as refused:
        user.start()

    assert "FATAL" in refused.value.reason
    assert not runs(data_dir)


def test_a_half_made_cluster_is_made_anew(tmp_path: Path, new_user: NewUser) -> None:
    unfinished = tmp_path / "new" / "pgdata.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("")

    running = new_user(tmp_path / "new").start()

    assert ask(running, "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_a_lost_password_file_is_named(data_dir: Path, new_user: NewUser) -> None:
    (data_dir / "passwords").unlink()

    with pytest.raises(PasswordsMissing) as refused:
        new_user(data_dir).start()

    assert refused.value.passfile == data_dir / "passwords"


@pytest.mark.process
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_user_process_that_ends_properly_leaves_no_server(
    data_dir: Path, pg_binaries: PgBinaries, how: signal.Signals
) -> None:
    (process,) = user_processes(data_dir, pg_binaries.folder)
    assert runs(data_dir)

    assert end(process, how) == 0

    assert not runs(data_dir)


@pytest.mark.process
def test_a_killed_user_process_leaves_the_server_to_the_next_who_stops_it(
    data_dir: Path, pg_binaries: PgBinaries, new_user: NewUser
) -> None:
    (process,) = user_processes(data_dir, pg_binaries.folder)

    end(process, signal.SIGKILL)
    assert runs(data_dir)

    next_user = new_user(data_dir)
    assert ask(next_user.start(), "SELECT 1") == [(1,)]
    next_user.stop()
    assert wait_until(lambda: not runs(data_dir), 5)


@pytest.mark.process
def test_users_who_start_at_once_in_an_empty_folder_share_one_server(
    tmp_path: Path, pg_binaries: PgBinaries, new_user: NewUser
) -> None:
    processes = user_processes(tmp_path / "new", pg_binaries.folder, 3)
    running = new_user(tmp_path / "new").start()

    ends = [end(process, signal.SIGTERM) for process in processes]

    assert ends == [0, 0, 0]
    assert ask(running, "SELECT 1") == [(1,)]
