"""Stock recorder, ours and pgbench's bare inserts on one durable server, slice beside slice.

python -m bench.recorders [--seconds N] [--rounds N] [--slow-flush | --fast] [--json FILE]
"""

import argparse
import gc
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.contenders import (
    PLAIN_TABLE,
    Contended,
    Step,
    close,
    drive,
    new_streams,
    ours,
    pgbench,
    stock,
)
from bench.servers import measured_server
from bench.stats import Series, Slice, described, interleaved, table
from services.casefile.embedded import PgBinaries, Provisioned, find_pg_binaries

THREADS = (1, 16, 64)
HOT_STREAMS = (8, 200)
Contenders = dict[str, Callable[[], Slice]]


def main() -> None:
    # A bench that is told to stop leaves no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = arguments()
    results: dict[str, Any] = {}
    for slow in options.flushes:
        results |= measured(slow=slow, options=options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a slice")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument(
        "--patience", type=float, default=3.0, help="longest wait for a quiet machine, per slice"
    )
    parser.add_argument("--only", default="", help="run scenarios whose name contains this")
    parser.add_argument("--binaries", type=Path, help="folder of another PostgreSQL")
    parser.add_argument("--json", type=Path)
    flush = parser.add_mutually_exclusive_group()
    flush.add_argument("--slow-flush", dest="flushes", action="store_const", const=[True])
    flush.add_argument("--fast", dest="flushes", action="store_const", const=[False])
    parser.set_defaults(flushes=[False, True])
    return parser.parse_args()


def measured(*, slow: bool, options: argparse.Namespace) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    binaries = find_pg_binaries(options.binaries)
    try:
        with measured_server(folder / "pg", binaries, slow_flush=slow) as (_, owned):
            prepare(owned)
            scenes = scenarios(binaries, owned, folder, options.seconds)
            return dict(runs(scenes, slow=slow, options=options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def runs(
    scenes: dict[str, Contenders], *, slow: bool, options: argparse.Namespace
) -> Iterator[tuple[str, Any]]:
    for name, contenders in scenes.items():
        if options.only in name:
            series = interleaved(contenders, options.rounds, patience=options.patience)
            title = f"{name}, flush +1 ms" if slow else name
            print(f"\n{title}\n{shown(series)}", flush=True)
            yield title, {key: described(each, series) for key, each in series.items()}


def scenarios(
    binaries: PgBinaries, owned: Provisioned, folder: Path, seconds: float
) -> dict[str, Contenders]:
    scenes: dict[str, Contenders] = {}
    for threads in THREADS:
        bare = partial(pgbench, binaries, owned.owner, folder / "insert.sql", threads, seconds)
        scenes[f"append, {threads} threads"] = {
            "pgbench": bare,
            **both(owned, lambda: new_streams, threads, seconds),
        }
    for streams in HOT_STREAMS:
        step = partial(Contended, streams)
        scenes[f"contended, 16 threads on {streams} streams"] = both(owned, step, 16, seconds)
    return scenes


def both(owned: Provisioned, step: Callable[[], Step], threads: int, seconds: float) -> Contenders:
    return {
        "stock": partial(one_slice, stock, owned.owner, step, threads, seconds),
        "ours": partial(one_slice, ours, owned.app, step, threads, seconds),
    }


def one_slice(
    make: Callable[[str, int], Any],
    conninfo: str,
    step: Callable[[], Step],
    threads: int,
    seconds: float,
) -> Slice:
    gc.collect()
    recorder = make(conninfo, threads)
    try:
        return drive(recorder, step(), threads, seconds)
    finally:
        close(recorder)


def prepare(owned: Provisioned) -> None:
    with psycopg.connect(owned.owner, autocommit=True) as connection:
        for statement in PLAIN_TABLE:
            connection.execute(statement)


def shown(series: dict[str, Series]) -> str:
    rows = [["", "events/s", "best", "p50 ms", "p99 ms", *(f"x {name}" for name in series)]]
    for name, each in series.items():
        times = [f"{each.percentile(share):.2f}" for share in (0.5, 0.99)]
        ratios = [f"{each.ratio_to(other):.2f}" for other in series.values()]
        rows.append([name, f"{each.rate:,.0f}", f"{each.best:,.0f}", *times, *ratios])
    return table(rows)


if __name__ == "__main__":
    main()
