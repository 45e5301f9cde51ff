"""A whole command beside the library's: load, decide, seal, remember the key, append.

python -m bench.commands [--seconds N] [--rounds N] [--json FILE]
"""

import argparse
import hashlib
import json
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from bench.contenders import WARM_UP, _password
from bench.recorders import shown
from bench.servers import measured_server
from bench.stats import Slice, described, interleaved
from bench.world import TALK, TEACHER, children, wired
from services.casefile.composition import Parts
from services.casefile.embedded import Provisioned, find_pg_binaries

THREADS = 16
CASES = 400


class StockCase(Aggregate):
    """The same talk, the way the library's documentation writes it."""

    class TalkHeld(Aggregate.Event):
        occurred_on: str
        mood: str
        place: str
        minutes: int
        note: str
        recorded_by: str

    @event(TalkHeld)
    def hold_talk(
        self, occurred_on: str, mood: str, place: str, minutes: int, note: str, recorded_by: str
    ) -> None:
        self.talks = getattr(self, "talks", 0) + 1


def stock_application(owned: Provisioned) -> Application[UUID]:
    given = conninfo_to_dict(owned.owner)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": str(given["dbname"]),
            "POSTGRES_HOST": str(given["host"]),
            "POSTGRES_PORT": str(given["port"]),
            "POSTGRES_USER": str(given["user"]),
            "POSTGRES_PASSWORD": _password(given),
            "POSTGRES_SCHEMA": "stock",
            "POSTGRES_POOL_SIZE": str(THREADS),
        }
    )


def stock_step(app: Application[UUID]) -> Callable[[], None]:
    """Every thread saves to an aggregate of its own that it holds in memory."""
    held: dict[int, StockCase] = {}

    def step() -> None:
        thread = threading.get_ident()
        case = held.get(thread)
        if case is None or case.version > 50:
            case = held[thread] = StockCase()
            app.save(case)
            return
        case.hold_talk(**TALK, recorded_by="t-101")
        app.save(case)

    return step


def our_step(parts: Parts, cases: list[UUID]) -> Callable[[], None]:
    """Every thread writes to cases of its own; every command has an Idempotency-Key of its own."""
    numbers, threads = count(), count()
    mine: dict[int, list[UUID]] = {}

    def step() -> None:
        own = mine.get(threading.get_ident())
        if own is None:
            own = mine[threading.get_ident()] = cases[next(threads) % THREADS :: THREADS]
        key = hashlib.sha256(b"%d" % next(numbers)).digest()
        keyed = msgspec.structs.replace(TEACHER, claim_key=key, fingerprint=key)
        parts.casefile.record(random.choice(own), "talk", TALK, keyed)

    return step


def drive(step: Callable[[], None], threads: int, seconds: float) -> Slice:
    latencies: list[list[float]] = [[] for _ in range(threads)]
    begin = time.perf_counter() + WARM_UP
    end = begin + seconds

    def loop(own: list[float]) -> None:
        started = time.perf_counter()
        while started < end:
            step()
            ended = time.perf_counter()
            if begin <= started and ended <= end:
                own.append((ended - started) * 1000)
            started = ended

    workers = [threading.Thread(target=loop, args=(own,)) for own in latencies]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done = [each for own in latencies for each in own]
    return Slice(len(done) / seconds, done)


@dataclass(frozen=True)
class Options:
    seconds: float
    rounds: int
    json: Path | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = {}
    for slow in (False, True):
        title = "a whole command, 16 threads" + (", flush +1 ms" if slow else "")
        series = measured(slow=slow, seconds=options.seconds, rounds=options.rounds)
        print(f"\n{title}\n{shown(series)}", flush=True)
        results[title] = {name: described(each, series) for name, each in series.items()}
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def measured(*, slow: bool, seconds: float, rounds: int):
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    try:
        with measured_server(folder / "pg", find_pg_binaries(), slow_flush=slow) as (_, owned):
            with psycopg.connect(owned.owner, autocommit=True) as connection:
                connection.execute("CREATE SCHEMA stock")
            parts, app = wired(owned, folder), stock_application(owned)
            cases = children(parts, CASES)
            steps = {"stock": stock_step(app), "ours": our_step(parts, cases)}
            runs = {name: partial(drive, step, THREADS, seconds) for name, step in steps.items()}
            try:
                return interleaved(runs, rounds)
            finally:
                app.close()
                parts.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
