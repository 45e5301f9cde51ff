"""A child's whole history of 1,000 events: folded in process, replayed by the library, over HTTP.

python -m bench.history [--reads N] [--json FILE]
"""

import argparse
import gc
import http.client
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from bench.commands import StockCase, stock_application
from bench.http import cases, worker
from bench.http_worker import TOKEN
from bench.servers import measured_server
from bench.stats import table
from bench.world import TALK, TEACHER
from services.casefile.application.batching import Item
from services.casefile.composition import Parts, Secrets, build
from services.casefile.embedded import Provisioned, find_pg_binaries

EVENTS = 1000
IN_A_ROW = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reads", type=int, default=60)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measured(options.reads)
    rows = [["a child's history, 1,000 events", "p50 ms", "p99 ms"]]
    rows += [[name, f"{f['p50_ms']:.2f}", f"{f['p99_ms']:.2f}"] for name, f in figures.items()]
    print(f"\n{table(rows)}", flush=True)
    if options.json:
        options.json.write_text(json.dumps({"history, 1,000 events": figures}, indent=1))


def measured(reads: int) -> dict[str, dict[str, float]]:
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    try:
        with (
            measured_server(folder / "pg", find_pg_binaries(), slow_flush=False) as (_, owned),
            worker("ours", owned, folder) as port,
        ):
            case_id = UUID(cases(folder, "ours")[0])
            parts = build(
                owned.app, owned.keyring_app, Secrets(folder / "kek.json", folder / "index.key")
            )
            fill(parts, case_id)
            steps = contenders(owned, parts, case_id, port)
            try:
                return side_by_side(steps, reads)
            finally:
                parts.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def contenders(
    owned: Provisioned, parts: Parts, case_id: UUID, port: int
) -> dict[str, Callable[[], object]]:
    with psycopg.connect(owned.owner, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA stock")
    app = stock_application(owned)
    stock = StockCase()
    for _ in range(EVENTS - 1):
        stock.hold_talk(**TALK, recorded_by="t-101")
    app.save(stock)
    return {
        "the library's replay": lambda: app.repository.get(stock.id),
        "ours, folded in process": lambda: parts.history.view(case_id),
        "ours, over HTTP, every field revealed": Client(port, case_id),
    }


def fill(parts: Parts, case_id: UUID) -> None:
    """Up to 1,000 events, through the product's own batch command."""
    have = parts.history.view(case_id).version
    items = [
        Item(case_id, "talk", TALK | {"record_id": str(uuid4())}) for _ in range(EVENTS - have - 1)
    ]
    for start in range(0, len(items), 250):
        parts.casefile.record_batch(items[start : start + 250], TEACHER)
    assert parts.history.view(case_id).version >= EVENTS - 1


def side_by_side(steps: dict[str, Callable[[], object]], reads: int) -> dict[str, dict[str, float]]:
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        step()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    for _ in range(reads // IN_A_ROW):
        for name, step in steps.items():
            taken[name] += [timed(step) for _ in range(IN_A_ROW)]
    return {
        name: {"p50_ms": statistics.median(t), "p99_ms": sorted(t)[int(len(t) * 0.99)]}
        for name, t in taken.items()
    }


def timed(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1000


class Client:
    """Reads the whole history over one keep-alive connection."""

    def __init__(self, port: int, case_id: UUID) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._path = f"/v1/cases/{case_id}/history?limit=1000"

    def __call__(self) -> bytes:
        self._connection.request("GET", self._path, headers={"authorization": f"Bearer {TOKEN}"})
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content[:500]
        return content


if __name__ == "__main__":
    main()
