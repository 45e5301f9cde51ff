"""The harness that looks for events a follower misses: rough writers in processes, one reader.

Writers mix commits of one to five events, conflicts, and transactions that dawdle and roll back.
"""

import os
import random
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from threading import Event
from typing import Any, Protocol
from uuid import UUID, uuid4, uuid5

import psycopg
from eventsourcing.persistence import ApplicationRecorder, IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from services.casefile.log.recorder import CasefileRecorder

PROCESSES, THREADS = 4, 4
CONTENDED = [uuid5(UUID(int=0), str(number)) for number in range(4)]
DAWDLER = "dawdler"
KILL_ONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = ANY(%s) ORDER BY random() LIMIT 1"
)


class Kind(Protocol):
    """A recorder under test, and how to call its insert from a transaction of one's own."""

    append: str
    conflict: tuple[type[Exception], ...]

    def open(self, conninfo: str) -> ApplicationRecorder: ...
    def close(self, recorder: Any) -> None: ...


class Ours:
    append = "SELECT casefile.append_events(%s, %s, %s, %s)"
    conflict = (IntegrityError,)

    def open(self, conninfo: str) -> ApplicationRecorder:
        return CasefileRecorder.open(conninfo)

    def close(self, recorder: Any) -> None:
        recorder.close()


class StockFunctions:
    """What `POSTGRES_ENABLE_DB_FUNCTIONS` does: the same insert without the lock."""

    append = (
        "SELECT stock.es_insert_events_uuid(array_agg(e::stock.stored_event_uuid)) "
        "FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[]) AS e"
    )
    conflict = (IntegrityError,)

    def open(self, conninfo: str) -> ApplicationRecorder:
        datastore = PostgresDatastore(
            **stock_address(conninfo), schema="stock", pool_size=4, enable_db_functions=True
        )
        return PostgresApplicationRecorder(datastore)

    def close(self, recorder: Any) -> None:
        recorder.datastore.close()


def stock_address(conninfo: str) -> dict[str, Any]:
    given = conninfo_to_dict(conninfo)
    address = {name: given[name] for name in ("dbname", "host", "port", "user")}
    return {**address, "password": password(conninfo)}


def password(conninfo: str) -> str:
    with psycopg.connect(conninfo) as connection:
        return connection.pgconn.password.decode()


@dataclass
class Followed:
    seen: list[int] = field(default_factory=list)
    acked: set[int] = field(default_factory=set)
    stored: list[int] = field(default_factory=list)

    @property
    def missed(self) -> set[int]:
        return (set(self.stored) | self.acked) - set(self.seen)

    @property
    def is_in_order_and_once(self) -> bool:
        return all(one < next_ for one, next_ in zip(self.seen, self.seen[1:], strict=False))


def run(kind: Kind, conninfo: str, admin: str, events: int) -> Followed:
    recorder = kind.open(conninfo)
    share = events // (PROCESSES * THREADS)
    followed, done = Followed(), Event()
    with (
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as writers,
        ThreadPoolExecutor(2) as pool,
    ):
        following = pool.submit(follow, recorder, followed.seen, done)
        killing = pool.submit(kill, admin, done)
        work = [writers.submit(write, kind, conninfo, share, seed) for seed in range(PROCESSES)]
        collect(work, followed, done)
        following.result()
        killing.result()
    followed.stored = everything(recorder)
    kind.close(recorder)
    return followed


def collect(work: Sequence[Future[list[int]]], followed: Followed, done: Event) -> None:
    try:
        for each in work:
            followed.acked.update(each.result())
    finally:
        done.set()


def follow(recorder: ApplicationRecorder, seen: list[int], done: Event) -> None:
    """Read on from the last position, as every follower does, until nothing more can come."""
    while True:
        nothing_more = done.is_set()
        after = seen[-1] if seen else 0
        page = recorder.select_notifications(after, 500, inclusive_of_start=False)
        seen.extend(each.id for each in page)
        if nothing_more and not page:
            return


def kill(admin: str, done: Event) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        while not done.wait(0.1):
            connection.execute(KILL_ONE, [["casefile-append", DAWDLER]])


def everything(recorder: ApplicationRecorder) -> list[int]:
    return [each.id for each in recorder.select_notifications(None, 10_000_000)]


def write(kind: Kind, conninfo: str, share: int, seed: int) -> list[int]:
    recorder = kind.open(conninfo)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            work = [
                pool.submit(
                    write_share, kind, recorder, conninfo, share, random.Random(seed * 10 + n)
                )
                for n in range(THREADS)
            ]
            return [position for each in work for position in each.result()]
    finally:
        kind.close(recorder)


def write_share(
    kind: Kind, recorder: Any, conninfo: str, share: int, dice: random.Random
) -> list[int]:
    acked: list[int] = []
    while len(acked) < share:
        match dice.random():
            case chance if chance < 0.01:
                dawdle(kind, conninfo, dice)
            case chance if chance < 0.1:
                acked += attempt(kind, lambda: contend(recorder, dice))
            case _:
                batch = some_events(uuid4(), 1, dice.randint(1, 5))
                acked += attempt(kind, lambda batch=batch: recorder.insert_events(batch))
    return acked


def attempt(kind: Kind, append: Callable[[], Sequence[int]]) -> Sequence[int]:
    try:
        return append()
    except kind.conflict:
        return ()


def contend(recorder: Any, dice: random.Random) -> Sequence[int]:
    stream = dice.choice(CONTENDED)
    last = recorder.select_events(stream, desc=True, limit=1)
    version = last[0].originator_version + 1 if last else 1
    return recorder.insert_events(some_events(stream, version, dice.randint(1, 3)))


def dawdle(kind: Kind, conninfo: str, dice: random.Random) -> None:
    """Hold an open transaction that has its positions, then commit or roll back; or be killed."""
    columns = zip(
        *(
            (each.originator_id, each.originator_version, each.topic, each.state)
            for each in some_events(uuid4(), 1, 3)
        ),
        strict=True,
    )
    try:
        with psycopg.connect(conninfo, application_name=DAWDLER) as connection:
            connection.execute(kind.append, [list(column) for column in columns])
            connection.execute("SELECT pg_sleep(%s)", [dice.uniform(0, 0.02)])
            if dice.random() < 0.5:
                connection.rollback()
    except psycopg.OperationalError:
        return


def some_events(stream: UUID, first: int, count: int) -> list[StoredEvent]:
    return [
        StoredEvent(stream, first + number, "HomeVisitMade", os.urandom(16).hex().encode())
        for number in range(count)
    ]
