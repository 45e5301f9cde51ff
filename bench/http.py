"""The API over the stock recorder and over ours, the same endpoint, one worker, 32 connections.

python -m bench.http [--seconds N] [--rounds N] [--slow-flush | --fast] [--json FILE]
"""

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import psycopg

from bench.http_worker import TOKEN
from bench.servers import measured_server
from bench.stats import Series, Slice, described, interleaved, table
from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.embedded import Provisioned, find_pg_binaries

CONNECTIONS = 32
BATCH_CONNECTIONS = 4
PER_BATCH = 100
CHILDREN = 25  # a worker's caseload: what one device has gathered about
READY_WITHIN = 60.0


def main() -> None:
    options = arguments()
    results: dict[str, Any] = {}
    for slow in options.flushes:
        results |= measured(slow=slow, options=options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a slice")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", type=Path)
    flush = parser.add_mutually_exclusive_group()
    flush.add_argument("--slow-flush", dest="flushes", action="store_const", const=[True])
    flush.add_argument("--fast", dest="flushes", action="store_const", const=[False])
    parser.set_defaults(flushes=[False, True])
    return parser.parse_args()


def measured(*, slow: bool, options: argparse.Namespace) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    try:
        with ExitStack() as stack:
            server = measured_server(folder / "pg", find_pg_binaries(None), slow_flush=slow)
            _, owned = stack.enter_context(server)
            ports = {w: stack.enter_context(worker(w, owned, folder)) for w in ("stock", "ours")}
            return dict(runs(ports, folder, slow=slow, options=options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def runs(
    ports: dict[str, int], folder: Path, *, slow: bool, options: argparse.Namespace
) -> Iterator[tuple[str, Any]]:
    flush = ", flush +1 ms" if slow else ""
    for name, make in (
        ("HTTP write, 32 connections", writes),
        ("HTTP batch of 100 (25 children)", batches),
    ):
        contenders = {w: partial(make, p, folder, w, options.seconds) for w, p in ports.items()}
        series = interleaved(contenders, options.rounds)
        print(f"\n{name}{flush}\n{shown(series)}", flush=True)
        yield f"{name}{flush}", {key: described(each, series) for key, each in series.items()}


def writes(port: int, folder: Path, which: str, seconds: float) -> Slice:
    requests = [
        (f"/v1/cases/{case}/records/talk", json.dumps(talk())) for case in cases(folder, which)
    ]
    return driven(port, seconds, CONNECTIONS, requests)


def batches(port: int, folder: Path, which: str, seconds: float) -> Slice:
    """Every request carries new record ids, so the requests are made before the clock starts."""
    known = cases(folder, which)
    requests = []
    for first in range(int(400 * seconds)):
        start = first * CHILDREN % len(known)
        some = (known[start:] + known)[:CHILDREN] * (PER_BATCH // CHILDREN)
        records = [
            {"case_id": case, "kind": "talk", "record": talk() | {"record_id": str(uuid4())}}
            for case in some
        ]
        requests.append(("/v1/batch", json.dumps({"records": records})))
    slice_ = driven(port, seconds, BATCH_CONNECTIONS, requests)
    return Slice(slice_.rate * PER_BATCH, slice_.latencies)


def talk() -> dict[str, Any]:
    day = day_in_china(system_clock()).isoformat()
    return {
        "occurred_on": day,
        "place": "school",
        "minutes": 20,
        "mood": "calm",
        "note": "谈心" * 20,
    }


def driven(port: int, seconds: float, connections: int, requests: Any) -> Slice:
    spec = {"port": port, "token": TOKEN, "seconds": seconds, "connections": connections}
    out = subprocess.run(
        [sys.executable, "-m", "bench.http_driver"],
        input=json.dumps(spec | {"requests": requests}),
        check=True, capture_output=True, text=True, timeout=seconds + 120,
    ).stdout  # fmt: skip
    found = json.loads(out)
    if found["failed"]:
        raise SystemExit(f"{found['failed']} requests were refused")
    return Slice(len(found["latencies"]) / seconds, found["latencies"])


@contextmanager
def worker(which: str, owned: Provisioned, folder: Path) -> Iterator[int]:
    if which == "stock":
        with psycopg.connect(owned.owner, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA stock")
    port = free_port()
    address = [owned.app, owned.owner, owned.keyring_app, str(folder), str(port)]
    log = (folder / f"{which}.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.http_worker", which, *address], stderr=log, stdout=log
    )
    try:
        wait_ready(port, process, folder / f"{which}.log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/livez", timeout=2).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(log.read_text()[-3000:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cases(folder: Path, which: str) -> list[str]:
    found: list[str] = json.loads((folder / f"{which}.cases").read_text())
    return found


def shown(series: dict[str, Series]) -> str:
    rows = [["", "per second", "best", "p50 ms", "p99 ms", "p99/p50", *(f"x {n}" for n in series)]]
    for name, each in series.items():
        p50, p99 = each.percentile(0.5), each.percentile(0.99)
        ratios = [f"{each.ratio_to(other):.2f}" for other in series.values()]
        numbers = [f"{each.rate:,.0f}", f"{each.best:,.0f}", f"{p50:.2f}", f"{p99:.2f}"]
        rows.append([name, *numbers, f"{p99 / p50:.2f}", *ratios])
    return table(rows)


if __name__ == "__main__":
    main()
