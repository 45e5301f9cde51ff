"""The real process and the real server, killed in the middle, again and again: nothing shows."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import msgspec
import psycopg
import pytest

from services.casefile.composition import databases, opened
from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.families.obligation import OfObligation
from services.casefile.embedded import EmbeddedPostgres, PgBinaries, RunningPostgres
from services.casefile.embedded.provision import LOG
from services.casefile.settings import Settings
from tests.casefile.cli.processes import PATIENCE, casefile, settings
from tests.casefile.sweeping.lives import lives
from tests.casefile.sweeping.rehearsal import SIX, TELL, Said, policy, said, stored
from tests.casefile.world import context

pytestmark = pytest.mark.process

# The log grows by whole days and batches: so the next one or two of them.
SOON = 30
HEAD = b"SELECT coalesce(max(notification_id), 0) FROM casefile.stored_events"


@pytest.mark.parametrize(
    ("children", "ahead", "kills"),
    [(40, 20, 5), pytest.param(300, 60, 50, marks=pytest.mark.slow)],
)
def test_killed_again_and_again_it_declares_what_it_would_have(
    tmp_path: Path, pg_binaries: PgBinaries, children: int, ahead: int, kills: int
) -> None:
    made, calm, stormy = (tmp_path / name for name in ("made", "calm", "stormy"))
    begin(made, children)
    shutil.copytree(made, calm)
    shutil.copytree(made, stormy)

    clock = ("clock", "--once", "--ahead-days", str(ahead))
    assert casefile(calm, *clock).returncode == 0
    expected = declared(calm, ahead)
    interrupted = storm(stormy, pg_binaries, clock, kills)
    assert casefile(stormy, *clock).returncode == 0
    found = declared(stormy, ahead)

    assert interrupted > kills // 2
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    assert len(expected) > 5 * children
    assert casefile(stormy, "doctor", "obligations").returncode == 0


def begin(folder: Path, children: int) -> None:
    """Some files with three weeks behind them, six rules that hold from today on, and a clock
    that has closed yesterday, so that all days to come are closed one by one."""
    assert casefile(folder, "migrate").returncode == 0
    today = day_in_china(datetime.now(UTC))
    told = lives(children, today - timedelta(days=21), today - timedelta(days=1))
    with databases(Settings(state_dir=folder)) as addresses:
        with psycopg.connect(addresses.owner) as connection:
            now = datetime.now(UTC)
            past = [stored(each) for each in told if each.recorded_at < now]
            connection.cursor().executemany(TELL, past)
        with opened(Settings(state_dir=folder), addresses) as parts:
            six = policy(*SIX, since=today.isoformat())
            parts.casefile.adopt_policy(msgspec.convert(six, Policy), context(source="system"))
    assert casefile(folder, "clock", "--once").returncode == 0


def storm(folder: Path, binaries: PgBinaries, clock: Sequence[str], kills: int) -> int:
    """Start the clock and kill it and its server, each time after some more events.

    Returns how often it was still at work.
    """
    random, interrupted = Random(kills), 0
    server = EmbeddedPostgres(folder / "postgres", binaries)
    running = server.start()
    for _ in range(kills):
        with ticking(folder, clock) as process:
            watch(running, process, random.randint(0, SOON))
            interrupted += process.poll() is None
            kill = [process.kill, partial(os.kill, running.pid, signal.SIGKILL)]
            for each in random.sample(kill, 2):
                each()
        running = server.start()
    server.stop()
    return interrupted


@contextmanager
def ticking(folder: Path, clock: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "services.casefile", *clock]
    process = subprocess.Popen(
        command,
        env=settings(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def watch(running: RunningPostgres, process: subprocess.Popen[bytes], more: int) -> None:
    """Wait until the log has grown by so many events; closely, for a sweep is soon over."""
    with psycopg.connect(running.conninfo(database=LOG), autocommit=True) as connection:
        target = head(connection) + more
        while process.poll() is None and head(connection) < target:
            continue


def head(connection: psycopg.Connection[tuple[int]]) -> int:
    row = connection.execute(HEAD).fetchone()
    assert row is not None
    return row[0]


def declared(folder: Path, ahead: int) -> list[Said]:
    """All that was declared, up to the day before the rehearsal's today."""
    wanted = Settings(state_dir=folder)
    last = day_in_china(datetime.now(UTC)) + timedelta(days=ahead - 2)
    with databases(wanted) as addresses, opened(wanted, addresses) as parts:
        rows = parts.recorder.page(0, 10_000_000)
        entries = [parts.mapper.entry(s, v, t, state, p, at) for p, s, v, t, state, at in rows]
    mine = [entry for entry in entries if isinstance(entry.rec, OfObligation)]
    return [said(entry) for entry in mine if entry.occurred_on <= last]
