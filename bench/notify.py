"""From the commit of a miss in Casefile's log to the first attempt to tell somebody of it.

python -m bench.notify [--misses N] [--per-second N] [--sources feed,kafka] [--json FILE]

The log, the API or the relay, the consumer and the worker all run as they do in production, each
in a process of its own but for the worker; only the channel does nothing but write the moment down.
"""

import argparse
import asyncio
import io
import json
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from bench.deliverers import Noting, deliver
from bench.servers import measured_server
from bench.sources import consuming, feed, topic
from services.casefile.embedded import RunningPostgres, find_pg_binaries
from services.notifications.channels.channel import Rendered, Sent
from services.notifications.log_config import configure_logging
from services.notifications.policy.reading import default_text
from services.notifications.state.connections import connect
from services.notifications.state.migrations import migrate
from tests.casefile.sweeping.lives import Told
from tests.casefile.sweeping.rehearsal import stored

PEOPLE = 40
PATIENCE = 120.0
COMMITTED = """
INSERT INTO casefile.stored_events (originator_id, originator_version, topic, state)
VALUES (%s, 1, %s, %s)
"""


class Took(NamedTuple):
    """Seconds from the commit to the attempt, and to the job in the queue."""

    told: list[float]
    queued: list[float]


class ByCase(Noting):
    """The first moment of each child's notice."""

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        self.first.setdefault(str(rendered.data["case_id"]), time.time())
        return Sent()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", type=int, default=600)
    parser.add_argument("--per-second", type=int, default=20)
    parser.add_argument("--sources", default="feed,kafka")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    configure_logging("json", io.StringIO())
    results: dict[str, Any] = {}
    for source in options.sources.split(","):
        took = measured(source, options.misses, options.per_second)
        results[f"miss to attempt, {source}"] = described(took)
        print(source, results[f"miss to attempt, {source}"], flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def described(took: Took) -> dict[str, float]:
    late = sorted(took.told)
    return {
        "told": len(late),
        "p50_ms": in_ms(late, 0.5),
        "p99_ms": in_ms(late, 0.99),
        "max_ms": in_ms(late, 1.0),
        "queued_p50_ms": in_ms(sorted(took.queued), 0.5),
        "queued_p99_ms": in_ms(sorted(took.queued), 0.99),
    }


def in_ms(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)


def measured(source: str, misses: int, per_second: int) -> Took:
    folder, channel = Path(tempfile.mkdtemp(prefix="casefile-bench-")), ByCase()
    with ExitStack() as stack:
        server = measured_server(folder / "pg", find_pg_binaries(), slow_flush=False)
        postgres, owned = stack.enter_context(server)
        database = notifications(postgres)
        if source == "feed":
            settings = stack.enter_context(feed(owned, folder))
        else:
            settings = stack.enter_context(topic(owned, folder))
        own = {
            "NOTIFICATIONS_DATABASE_URL": database,
            "NOTIFICATIONS_LADDER_FILE": ladder(folder),
            "NOTIFICATIONS_NOTIFY_AFTER": "2020-01-01T00:00:00Z",
        }
        stack.enter_context(consuming(own | settings, folder))
        worker = threading.Thread(
            target=lambda: asyncio.run(deliver(database, channel, wait=True)), daemon=True
        )
        worker.start()
        commits(owned.owner, 5, 1)
        waited(channel, 5)
        channel.first.clear()
        committed = commits(owned.owner, misses, per_second)
        waited(channel, misses)
        queued = queued_at(database)
    told = {case: channel.first[case] - at for case, at in committed.items()}
    return Took(list(told.values()), [queued[case] - at for case, at in committed.items()])


def queued_at(database: str) -> dict[str, float]:
    """When the consumer wrote down that somebody is to be told."""
    query = "SELECT case_id::text, extract(epoch FROM created_at) FROM notifications.notices"
    with connect(database) as connection:
        return {case: float(at) for case, at in connection.execute(query)}


def commits(owner: str, misses: int, per_second: int) -> dict[str, float]:
    """One transaction each, evenly through the time; the moment of each commit by its child."""
    moments: dict[str, float] = {}
    with psycopg.connect(owner, autocommit=True) as connection:
        begun = time.perf_counter()
        for number in range(misses):
            time.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
            row = stored(miss(number))
            connection.execute(COMMITTED, [row["child"], row["topic"], row["state"]])
            moments[str(row["child"])] = time.time()
            connection.execute("NOTIFY casefile_log")
    return moments


def miss(number: int) -> Told:
    today = datetime.now(UTC).date()
    due = today - timedelta(days=9)
    rec = {
        "policy": "school", "policy_version": 1, "rule": "talk.class_teacher", "window": "w",
        "starts_on": due - timedelta(days=30), "ends_on": due, "due_on": due, "closed_on": today,
        "role": "class_teacher", "accountable": f"t-{number % PEOPLE}", "unit": "class-31",
    }  # fmt: skip
    return Told(datetime.now(UTC), uuid4(), uuid4(), "obligation_missed", today, rec)


def waited(channel: ByCase, misses: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(channel.first) < misses:
        if time.monotonic() > deadline:
            raise SystemExit(f"{misses - len(channel.first)} of {misses} were never told")
        time.sleep(0.05)


def notifications(postgres: RunningPostgres) -> str:
    """Its own database, and people who can be told."""
    with psycopg.connect(postgres.conninfo(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE told")
    address = postgres.conninfo(database="told")
    migrate(address)
    with connect(address) as connection:
        for person in range(PEOPLE):
            connection.execute(
                "INSERT INTO notifications.people (staff, channels) VALUES (%s, %s)",
                [f"t-{person}", Jsonb([{"channel": "webhook", "address": f"a{person}"}])],
            )
    return address


def ladder(folder: Path) -> str:
    """The one that is shipped, at work at whatever hour and day, and without a limit for one day."""
    now = datetime.now(UTC) + timedelta(hours=8)
    hours = [(now + timedelta(hours=h)).strftime("%H:%M") for h in (10, 12, -1)]
    given = default_text()
    for old, new in (
        ('since: "21:00", until: "07:00"', f'since: "{hours[0]}", until: "{hours[1]}"'),
        ('digest_at: "07:30"', f'digest_at: "{hours[2]}"'),
        ("working_days_only: true", "working_days_only: false"),
        ("at_once_per_day: 3", "at_once_per_day: 100"),
    ):
        assert old in given
        given = given.replace(old, new)
    path = folder / "ladder.yaml"
    path.write_text(given, encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    main()
