"""The recorders under measurement, each driven by the same closed loop of threads."""

import random
import re
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from bench.stats import Slice
from services.casefile.embedded import PgBinaries
from services.casefile.log.recorder import CasefileRecorder

TOPIC = "HomeVisitMade.in-bench.30.char"
STATE = b'{"env":{"recorded_by":"staff-00000000"},"rec":{"note":"' + b"x" * 196 + b'"}}'
WARM_UP = 0.3

Step = Callable[[ApplicationRecorder], None]


def stock(conninfo: str, threads: int) -> ApplicationRecorder:
    given = conninfo_to_dict(conninfo)
    datastore = PostgresDatastore(
        dbname=str(given["dbname"]),
        host=str(given["host"]),
        port=str(given["port"]),
        user=str(given["user"]),
        password=_password(given),
        pool_size=threads,
        schema="stock",
    )
    recorder = PostgresApplicationRecorder(datastore)
    recorder.create_table()
    return recorder


def ours(conninfo: str, _threads: int) -> ApplicationRecorder:
    return CasefileRecorder.open(conninfo)


def close(recorder: Any) -> None:
    recorder.close() if isinstance(recorder, CasefileRecorder) else recorder.datastore.close()


def new_streams(recorder: ApplicationRecorder) -> None:
    """Every event starts a stream of its own: nobody ever loses."""
    recorder.insert_events([StoredEvent(uuid4(), 1, TOPIC, STATE)])


class Contended:
    """All threads append to a few streams; a loser reads the stream's head and tries again."""

    def __init__(self, streams: int) -> None:
        self._heads: dict[UUID, int] = {uuid4(): 0 for _ in range(streams)}
        self._ids = list(self._heads)

    def __call__(self, recorder: ApplicationRecorder) -> None:
        stream = random.choice(self._ids)
        while True:
            version = self._heads[stream] + 1
            try:
                recorder.insert_events([StoredEvent(stream, version, TOPIC, STATE)])
            except IntegrityError:
                self._reload(recorder, stream)
            else:
                self._heads[stream] = max(self._heads[stream], version)
                return

    def _reload(self, recorder: ApplicationRecorder, stream: UUID) -> None:
        [last] = recorder.select_events(stream, desc=True, limit=1)
        self._heads[stream] = max(self._heads[stream], last.originator_version)


def drive(recorder: ApplicationRecorder, step: Step, threads: int, seconds: float) -> Slice:
    latencies: list[list[float]] = [[] for _ in range(threads)]
    begin = time.perf_counter() + WARM_UP
    end = begin + seconds
    workers = [
        threading.Thread(target=_loop, args=(recorder, step, begin, end, own)) for own in latencies
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done = [each for own in latencies for each in own]
    return Slice(len(done) / seconds, done)


def _loop(
    recorder: ApplicationRecorder, step: Step, begin: float, end: float, own: list[float]
) -> None:
    started = time.perf_counter()
    while started < end:
        step(recorder)
        ended = time.perf_counter()
        if begin <= started and ended <= end:
            own.append((ended - started) * 1000)
        started = ended


PGBENCH_SCRIPT = (
    "INSERT INTO plain.stored_events (originator_id, originator_version, topic, state) "
    f"VALUES (gen_random_uuid(), 1, '{TOPIC}', '\\x{STATE.hex()}') "
    "RETURNING notification_id, recorded_at;\n"
)
PLAIN_TABLE = (
    "CREATE SCHEMA plain",
    "CREATE TABLE plain.stored_events (LIKE casefile.stored_events INCLUDING ALL)",
    "CREATE SCHEMA stock",
)


def pgbench(
    binaries: PgBinaries, conninfo: str, script: Path, clients: int, seconds: float
) -> Slice:
    script.write_text(PGBENCH_SCRIPT)
    log = script.parent / "transactions"
    program: Sequence[str] = [
        str(binaries.path("pgbench")), "-n", "-M", "prepared", "-f", str(script),
        "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(max(2, round(seconds))),
        "-l", "--log-prefix", str(log), conninfo,
    ]  # fmt: skip
    out = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    [rate] = re.findall(r"tps = ([0-9.]+)", out)
    return Slice(float(rate), _logged(log))


def _logged(prefix: Path) -> list[float]:
    latencies: list[float] = []
    for part in prefix.parent.glob(f"{prefix.name}.*"):
        latencies += [int(line.split()[2]) / 1000 for line in part.read_text().splitlines()]
        part.unlink()
    return latencies


def _password(given: dict[str, Any]) -> str:
    for line in Path(str(given["passfile"])).read_text().splitlines():
        *_, user, password = line.split(":")
        if user == given["user"]:
            return password
    return ""
