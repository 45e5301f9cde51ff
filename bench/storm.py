"""The end of a month: many misses in one night, and one digest for each person the next morning.

python -m bench.storm [--misses N] [--people N] [--json FILE]

The misses are taken as the consumer takes them, batch by batch; a part of them is taken one by
one as well, for comparison. Then the digests are made and delivered.
"""

import argparse
import asyncio
import io
import json
import os
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.county import NIGHT, miss, settle
from bench.deliverers import Noting, deliver
from services.casefile.embedded import EmbeddedPostgres, find_pg_binaries
from services.notifications.consuming.batching import take_batch
from services.notifications.consuming.effect import Effect
from services.notifications.consuming.ignoring import Ignoring
from services.notifications.consuming.ports import Reactions
from services.notifications.consuming.taking import Taking
from services.notifications.delivering.queueing import queue, queue_digests
from services.notifications.directory.reacting import TYPES, Reacting
from services.notifications.log_config import configure_logging
from services.notifications.policy.reading import default_ladder
from services.notifications.reminding.digests import Digest, Digests
from services.notifications.sources.source import Batch
from services.notifications.state.connections import Connection, connect
from services.notifications.state.migrations import migrate
from services.notifications.state.offsets import next_offsets
from services.notifications.state.parked import Place

MORNING = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
BATCH = 100
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PAGE = os.sysconf("SC_PAGE_SIZE")
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB"}


class Night(NamedTuple):
    """What came of the misses."""

    misses: int
    seconds: float
    notices: int
    early_mib: float
    late_mib: float


class Morning(NamedTuple):
    """What came of the digests."""

    digests: int
    seconds: float
    most_for_one: int


class Storm:
    """One partition of misses over one database."""

    def __init__(self, conninfo: str, people: int) -> None:
        self._conninfo = conninfo
        self._people = people
        reactions = Reactions(types=TYPES, react=Reacting(default_ladder()), queue=queue)
        self._effect = Effect(reactions, LONG_AGO, lambda: NIGHT)

    def night(self, misses: int, *, size: int = BATCH, traced: bool = False) -> Night:
        """Take the misses from where the last ones ended."""
        held, notices, early = Held(traced=traced), 0, 0.0
        with connect(self._conninfo) as connection:
            began = time.perf_counter()
            start = next_offsets(connection, "feed", ["feed"])["feed"]
            for batch in self._batches(start, misses, size):
                notices += self._take(connection, batch)
                if batch.next_offset >= start + misses // 10 and not early:
                    early = held.now()
            seconds = time.perf_counter() - began
        return Night(misses, seconds, notices, early, held.now())

    def morning(self) -> Morning:
        heard: Counter[str] = Counter()

        def send(connection: Connection, digest: Digest) -> None:
            heard[digest.hearer] += 1
            queue_digests(connection, [digest.id])

        with connect(self._conninfo) as connection:
            began = time.perf_counter()
            made = Digests(default_ladder(), send).assemble(connection, MORNING)
        return Morning(made, time.perf_counter() - began, max(heard.values(), default=0))

    def delivered(self) -> tuple[Noting, float]:
        channel, began = Noting(), time.perf_counter()
        asyncio.run(deliver(self._conninfo, channel, wait=False))
        return channel, time.perf_counter() - began

    def _take(self, connection: Connection, batch: Batch) -> int:
        place = Place("feed", batch.partition)
        taking = Taking(connection, self._effect, place, Ignoring(TYPES))
        take_batch(taking, connection, "feed", batch)
        return taking.counts["notices"]

    def _batches(self, start: int, misses: int, size: int) -> Iterator[Batch]:
        for first in range(start, start + misses, size):
            last = min(first + size, start + misses)
            messages = [miss(n, self._people) for n in range(first, last)]
            yield Batch("feed", first, last, list(messages))


class Held:
    """The memory of this process: of Python objects at their most, which takes longer, or all."""

    def __init__(self, *, traced: bool) -> None:
        self._traced = traced
        if traced:
            tracemalloc.start()

    def now(self) -> float:
        if self._traced:
            peak = tracemalloc.get_traced_memory()[1] / 2**20
            tracemalloc.reset_peak()
            return peak
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * PAGE / 2**20


def told(conninfo: str) -> dict[str, int]:
    """In how many pieces people were told, and what is in their inboxes."""
    with connect(conninfo) as connection:
        counts = """
        SELECT
            (SELECT count(*) FROM notifications.notices WHERE state = 'delivered'),
            (SELECT count(*) FROM notifications.notices WHERE state NOT IN ('delivered', 'waiting')),
            (SELECT count(*) FROM notifications.items),
            (SELECT count(*) FROM notifications.deliveries WHERE outcome <> 'delivered')
        """
        row = connection.execute(counts).fetchone() or (0, 0, 0, 0)
    return dict(zip(("delivered", "otherwise", "items", "not_delivered"), row, strict=True))


def measured(conninfo: str, misses: int, people: int) -> dict[str, object]:
    migrate(conninfo)
    settle(conninfo, people)
    storm = Storm(conninfo, people)
    slow = storm.night(min(misses, 1000), size=1)
    night = storm.night(misses - slow.misses)
    print(f"taken: {night}", flush=True)
    morning = storm.morning()
    print(f"digests: {morning}", flush=True)
    channel, seconds = storm.delivered()
    each, alone = night.seconds / night.misses, slow.seconds / slow.misses
    return {
        "misses": misses,
        "ms_each": round(each * 1000, 2),
        "ms_each_alone": round(alone * 1000, 2),
        "times": round(alone / each, 2),
        "seconds_taken": round(night.seconds, 1),
        "seconds_digests": round(morning.seconds, 1),
        "seconds_delivered": round(seconds, 1),
        "digests": morning.digests,
        "people_reached": len(channel.reached),
        "most_for_one": max(channel.reached.values(), default=0),
        "mib_at_a_tenth": round(night.early_mib, 1),
        "mib_at_the_end": round(night.late_mib, 1),
        "growth": round(night.late_mib / night.early_mib, 3),
        "mib_delivered": round(Held(traced=False).now(), 1),
        **told(conninfo),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", type=int, default=60_000)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    configure_logging("json", io.StringIO())
    with tempfile.TemporaryDirectory(prefix="casefile-bench-") as folder:
        embedded = EmbeddedPostgres(Path(folder), find_pg_binaries(), settings=SETTINGS)
        running = embedded.start()
        try:
            found = measured(running.conninfo(), options.misses, options.people)
        finally:
            embedded.stop("immediate")
    for name, value in found.items():
        print(f"{name:20} {value}")
    if options.json:
        options.json.write_text(json.dumps({"storm": found}, indent=1))


if __name__ == "__main__":
    main()
