"""What the tests of the log say again and again: events, commits, many threads, a held lock."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from services.casefile.log.batching import Batcher
from services.casefile.log.commit import Claim, Commit, Reservation
from services.casefile.log.recorder import CasefileRecorder

LOCK = 0x63617365
PATIENCE = 30.0


def event(stream: UUID | None = None, version: int = 1, state: bytes | None = None) -> StoredEvent:
    return StoredEvent(
        originator_id=stream or uuid4(),
        originator_version=version,
        topic="HomeVisitMade",
        state=state if state is not None else os.urandom(16).hex().encode(),
    )


def events(stream: UUID, first: int, count: int) -> tuple[StoredEvent, ...]:
    return tuple(event(stream, first + number) for number in range(count))


def one(stream: UUID | None = None, version: int = 1, **rest: Any) -> Commit:
    return Commit((event(stream, version),), **rest)


def claim(key: bytes | None = None, fingerprint: bytes = b"f" * 32) -> Claim:
    return Claim(key or os.urandom(32), fingerprint, b'{"status":201}')


def reservation(case_id: UUID, digest: bytes = b"d" * 32) -> Reservation:
    return Reservation("resident_id", digest, case_id)


def attempt(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except Exception as refusal:
        return refusal


def at_once(actions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every action in a thread of its own; give back results or refusals, in order."""
    start = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        start.wait(PATIENCE)
        return attempt(action)

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def until(holds: Callable[[], Any], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    pause = Event()
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        pause.wait(0.002)


@contextmanager
def lock_held(conninfo: str) -> Iterator[psycopg.Connection[Any]]:
    """Nobody can append until the block ends."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield connection


def appenders_waiting(connection: psycopg.Connection[Any]) -> int:
    [count] = connection.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchone() or (0,)
    return int(count)


def in_one_batch(recorder: CasefileRecorder, conninfo: str, commits: Sequence[Commit]) -> list[Any]:
    """Append all commits in one batch, in the order given, behind a batch that had to wait."""
    batcher = recorder._batcher
    with ThreadPoolExecutor(len(commits) + 1) as pool:
        with lock_held(conninfo) as holder:
            first = pool.submit(recorder.append, one())
            until(lambda: appenders_waiting(holder) == 1)
            results = []
            for commit in commits:
                results.append(pool.submit(attempt, partial(recorder.append, commit)))
                until(partial(queue_is, batcher, len(results)))
        first.result(PATIENCE)
        return [result.result(PATIENCE) for result in results]


def queue_is(batcher: Batcher[Any, Any], length: int) -> bool:
    return len(batcher._waiting) == length


def stored(recorder: CasefileRecorder, stream: UUID) -> list[int]:
    return [version for version, *_ in recorder.stream(stream)]
