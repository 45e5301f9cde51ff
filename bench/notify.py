"""From the commit that queues a miss to the first attempt through a channel, with one worker."""

import asyncio
import io
import sys
import tempfile
import threading
import time
from pathlib import Path
from uuid import uuid4

from psycopg.types.json import Jsonb

from services.notifications.channels.channel import Rendered, Sent
from services.notifications.delivering.attempting import Attempting
from services.notifications.delivering.queueing import queue
from services.notifications.delivering.rendering import Renderer
from services.notifications.delivering.telling import Books, Telling
from services.notifications.delivering.worker import Delivery
from services.notifications.policy.intent import Intent
from services.notifications.policy.people import Person
from services.notifications.policy.reading import default_ladder
from services.notifications.policy.timing import Timing
from services.notifications.state.connections import connect, open_pool
from services.notifications.state.migrations import migrate
from services.notifications.state.notices import write
from tests.servers import chosen_binaries, server

BAR_MS = 2000.0
FACTS = {"rule": "talk", "window": "2026-10", "due_on": "2026-10-31", "stream": "case"}


class Always(Timing):
    """No hour is quiet: the bar holds outside of quiet hours."""

    def next_allowed(self, person: Person, now):
        return now


class Measured:
    name, in_group = "webhook", False

    def __init__(self) -> None:
        self.first: dict[str, float] = {}

    async def send(self, address: str, rendered: Rendered, idempotency_key: str) -> Sent:
        (notice,) = rendered.data["notices"]
        self.first.setdefault(notice, time.perf_counter())
        return Sent()


def utc_now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def main(count: int = 1000, per_second: int = 50) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder) / "pg", chosen_binaries("embedded")) as running,
    ):
        address = running.conninfo(database="postgres")
        migrate(address)
        took = sorted(measure(address, count, per_second))
    p50, p99, worst = took[len(took) // 2], took[int(len(took) * 0.99)], took[-1]
    print(
        f"{len(took)} of {count} at {per_second}/s: p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {worst:.0f} ms"
    )
    sys.exit(0 if p99 <= BAR_MS and len(took) == count else 1)


def measure(address: str, count: int, per_second: int) -> list[float]:
    channel, queued = Measured(), {}
    worker = threading.Thread(target=deliver, args=(address, channel), daemon=True)
    with connect(address) as connection:
        for person in range(20):
            connection.execute(
                "INSERT INTO notifications.people (staff, channels) VALUES (%s, %s)",
                [f"t-{person}", Jsonb([{"channel": "webhook", "address": f"a{person}"}])],
            )
        worker.start()
        began = time.perf_counter()
        for number in range(count):
            time.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            intent = Intent(
                kind="missed", dedup=str(number), case_id=uuid4(), staff=(f"t-{number % 20}",),
                urgency="now", facts=FACTS,
            )  # fmt: skip
            with connection.transaction():
                written = write(connection, [intent])
                queue(connection, written)
            queued[str(written[0].id)] = time.perf_counter()
        until = time.perf_counter() + 30
        while len(channel.first) < count and time.perf_counter() < until:
            time.sleep(0.1)
    return [(channel.first[key] - queued[key]) * 1000 for key in channel.first]


def deliver(address: str, channel: Measured) -> None:
    async def run() -> None:
        renderer, books = Renderer(), Books()
        with open_pool(address, 9) as pool:
            telling = Telling(renderer, books, utc_now)
            timing = Always(default_ladder())
            attempting = Attempting(pool, {"webhook": channel}, renderer, books, timing, utc_now)
            await Delivery(address, pool, telling, attempting).run(signals=False)

    from services.notifications.log_config import configure_logging

    configure_logging("json", io.StringIO())
    asyncio.run(run())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
