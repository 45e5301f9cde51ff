"""A month's end again, with the clock and PostgreSQL killed in the middle of it, again and again.

python -m bench.sweep_killed [--children N] [--kills N] [--seed N] [--json FILE]

The clock is the real process, the server a real one that flushes. Which misses there have to be,
and what they say, is worked out from the invented children alone, without any clock.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from bench.servers import SETTINGS
from bench.stats import table
from bench.sweep import KINDS, policy, write_files
from bench.world import OPERATOR, wired
from services.casefile.composition import obligation_models
from services.casefile.domain.cadence.days import ONE, day_in_china
from services.casefile.domain.cadence.obligation import declaration_id
from services.casefile.domain.catalogue import catalogue
from services.casefile.domain.families.obligation import ObligationMissed
from services.casefile.embedded import (
    EmbeddedPostgres,
    Provisioned,
    RunningPostgres,
    find_pg_binaries,
    provision,
)
from services.casefile.following import Upkeep
from services.casefile.log.mapper import CasefileMapper
from services.casefile.log.migrations import migrate, migrate_keyring

HEAD = b"SELECT coalesce(max(notification_id), 0) FROM casefile.stored_events"
MISSED = (
    "SELECT originator_id, originator_version, topic, state, notification_id, recorded_at "
    "FROM casefile.stored_events WHERE topic = 'ObligationMissed'"
)
# In the order in which they were invented.
OPENED = (
    b"SELECT originator_id FROM casefile.stored_events "
    b"WHERE topic = 'CaseOpened' ORDER BY notification_id"
)
LONGEST = 6.0  # seconds after which one kill in three comes, whatever the clock is at
Said = tuple[UUID, UUID, str, str, str | None, int, date]
"""(child, record, rule, window, accountable, counted, day)."""


class Killed(NamedTuple):
    """`at_work`: how many kills hit a clock that was not done; `declaring`: with events since."""

    at_work: int
    declaring: int
    seconds: float


class Storm:
    """A server with its files on the last day of a month, and a clock that is to declare them."""

    def __init__(self, folder: Path, children: int, seed: int) -> None:
        self.folder, self.children = folder, children
        self.random = Random(seed)
        self.server = EmbeddedPostgres(folder / "pg", find_pg_binaries(), settings=SETTINGS)
        self.running: RunningPostgres = self.server.start()
        self.owned: Provisioned = provision(self.running)
        today = day_in_china(datetime.now(UTC))
        self.begin = today.replace(day=1)
        self.last = (self.begin + timedelta(days=32)).replace(day=1) - ONE
        self.ahead = (self.last + ONE - today).days

    @property
    def wanted(self) -> int:
        return self.children * len(KINDS)

    def prepare(self) -> None:
        """All files open for a month, the board built, every day closed but the last."""
        migrate(self.owned.owner)
        migrate_keyring(self.owned.keyring_owner)
        with closing(wired(self.owned, self.folder)) as parts:
            parts.casefile.adopt_policy(policy(self.begin), OPERATOR)
            write_files(self.owned.owner, self.children, self.begin)
            parts.casefile.close_day(self.last - ONE, OPERATOR)
            models = obligation_models(parts)
            Upkeep(self.owned.app, parts.recorder, parts.mapper, models).prepare()

    def clock(self) -> subprocess.Popen[bytes]:
        given = {
            "DATABASE_URL": self.owned.app,
            "OWNER_DATABASE_URL": self.owned.owner,
            "KEYRING_URL": self.owned.keyring_app,
            "OWNER_KEYRING_URL": self.owned.keyring_owner,
            "KEK_FILE": str(self.folder / "kek.json"),
            "INDEX_SECRET_FILE": str(self.folder / "index.key"),
            "STATE_DIR": str(self.folder),
        }
        env = os.environ | {f"CASEFILE_{name}": value for name, value in given.items()}
        once = ["clock", "--once", "--ahead-days", str(self.ahead), "--json"]
        with (self.folder / "clock.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "services.casefile", *once],
                env=env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def rage(self, kills: int) -> Killed:
        """Kill both, each time after some more events, or a few seconds: wherever that is."""
        at_work = declaring = 0
        started, before = time.perf_counter(), self.head()
        for number in range(kills):
            head = self.head()
            share = 2 * (self.wanted - (head - before)) // (kills - number + 1)
            process = self.clock()
            self.watch(process, head + self.random.randint(0, max(share, 0)))
            if process.poll() is not None:
                break
            at_work += 1
            declaring += self.head() > head
            self.kill(process)
            print(f"killed {at_work}: {self.head() - before:,} of {self.wanted:,}", flush=True)
        return Killed(at_work, declaring, time.perf_counter() - started)

    def watch(self, process: subprocess.Popen[bytes], target: int) -> None:
        """Until the log has come so far, or until time is up, for one kill in three."""
        patience = self.random.uniform(0, LONGEST) if self.random.random() < 1 / 3 else 3600
        deadline = time.perf_counter() + patience
        with psycopg.connect(self.owned.app, autocommit=True) as connection:
            while process.poll() is None and time.perf_counter() < deadline:
                row = connection.execute(HEAD).fetchone()
                if row and row[0] >= target and patience > LONGEST:
                    return
                time.sleep(0.002)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Both at once, whichever is first; then a server that has to recover."""
        both = [process.kill, partial(os.kill, self.running.pid, signal.SIGKILL)]
        for each in self.random.sample(both, 2):
            each()
        process.wait()
        self.running = self.server.start()

    def finish(self) -> float:
        """One pass that nobody disturbs."""
        started = time.perf_counter()
        code = self.clock().wait()
        assert code == 0, (self.folder / "clock.log").read_text()[-2000:]
        return time.perf_counter() - started

    def head(self) -> int:
        with psycopg.connect(self.owned.app) as connection:
            row = connection.execute(HEAD).fetchone()
            assert row is not None
            return int(row[0])

    def said(self) -> Iterator[Said]:
        """What the log says was missed."""
        mapper = CasefileMapper(catalogue())
        with psycopg.connect(self.owned.app) as connection, connection.cursor("said") as cursor:
            cursor.itersize = 20_000
            for stream, *row in cursor.execute(MISSED.encode()):
                entry = mapper.entry(stream, *row)
                rec = entry.rec
                assert isinstance(rec, ObligationMissed)
                what = (rec.rule, rec.window, rec.accountable, rec.counted, entry.occurred_on)
                yield (stream, entry.record_id, *what)

    def expected(self) -> Iterator[Said]:
        """What it has to say, from the children as they were invented."""
        window = f"{self.begin:%Y-%m}"
        with psycopg.connect(self.owned.app) as connection:
            opened = connection.execute(OPENED).fetchall()
        for number, (child,) in enumerate(opened):
            for kind in KINDS:
                rule = f"{kind}.month"
                record = declaration_id(child, "missed", "six", 1, rule, window)
                yield child, record, rule, window, f"t-{number % 400}", 0, self.last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=2_000, help="100000 is the full form")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="casefile-storm-"))
    storm = Storm(folder, options.children, options.seed)
    try:
        figures = told(storm, options.kills)
    finally:
        storm.server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
    print(table([["killed at a month's end", ""], *([k, str(v)] for k, v in figures.items())]))
    if options.json:
        options.json.write_text(json.dumps({"sweep_killed": figures}, indent=1))
    if figures["absent"] or figures["twice"] or figures["otherwise"]:
        sys.exit(1)


def told(storm: Storm, kills: int) -> dict[str, Any]:
    storm.prepare()
    print("prepared", flush=True)
    killed = storm.rage(kills)
    finished = storm.finish()
    found, expected = Counter(storm.said()), set(storm.expected())
    for name, some in (("absent", expected - found.keys()), ("otherwise", found.keys() - expected)):
        for each in sorted(some, key=str)[:3]:
            print(f"{name}: {each}", flush=True)
    return {
        "children": storm.children,
        "events": len(expected),
        "kills_of_a_working_clock": killed.at_work,
        "of_them_after_new_events": killed.declaring,
        "killed_for_s": round(killed.seconds, 1),
        "last_pass_s": round(finished, 1),
        "declared": found.total(),
        "twice": found.total() - len(found),
        "absent": len(expected - found.keys()),
        "otherwise": len(found.keys() - expected),
    }


if __name__ == "__main__":
    main()
