"""Every number the design page asks for and that is built: measured, compared, pass or short.

python -m bench.bars [--quick] [--only WORD] [--keep FOLDER]

Runs the benches one after the other and exits with 1 if a bar is short.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.stats import table

OUT = Path(__file__).parent / "out"
QUICK = {
    "recorders": ("--seconds", "1", "--rounds", "4"),
    "commands": ("--seconds", "1", "--rounds", "4"),
    "http": ("--seconds", "2", "--rounds", "3"),
    "rebuild": ("--events", "100000", "--rounds", "3"),
    "history": ("--reads", "60"),
    "relay": ("--seconds", "5", "--events", "15000", "--rounds", "3"),
    "sweep": ("--children", "3000"),
    "reports": ("--rounds", "1"),
    "notify": ("--misses", "200"),
    "storm": ("--misses", "6000", "--people", "500"),
    "backfill": ("--counties", "3"),
}
FULL = {
    "recorders": ("--seconds", "2", "--rounds", "6"),
    "commands": ("--seconds", "2", "--rounds", "6"),
    "http": ("--seconds", "4", "--rounds", "5"),
    "rebuild": ("--events", "300000", "--rounds", "3"),
    "history": ("--reads", "120"),
    "relay": ("--seconds", "10", "--events", "60000", "--rounds", "5"),
    "sweep": ("--children", "20000"),
    "reports": ("--rounds", "3"),
    "notify": ("--misses", "1000"),
    "storm": ("--misses", "60000", "--people", "2000"),
    "backfill": ("--counties", "20"),
}
SLOW = ", flush +1 ms"
Figures = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """One comparison: a figure that has to be at least, or at most, so much."""

    bench: str
    what: str
    figure: Callable[[Figures], float]
    bound: float
    at_most: bool = False

    def holds(self, figure: float) -> bool:
        return figure <= self.bound if self.at_most else figure >= self.bound


def ratio(scene: str, other: str, mine: str = "ours") -> Callable[[Figures], float]:
    return lambda f: float(f[scene][mine]["ratio"][other])


def of(scene: str, key: str, mine: str = "ours") -> Callable[[Figures], float]:
    return lambda f: float(f[scene][mine][key])


def late(scene: str) -> Callable[[Figures], float]:
    return lambda f: float(f[scene]["p99_ms"])


def storm(key: str) -> Callable[[Figures], float]:
    return lambda f: float(f["storm"][key])


def tail(scene: str) -> Callable[[Figures], float]:
    return lambda f: f[scene]["ours"]["p99_ms"] / f[scene]["ours"]["p50_ms"]


def replay(f: Figures) -> float:
    h = f["history, 1,000 events"]
    return float(h["the library's replay"]["p50_ms"] / h["ours, folded in process"]["p50_ms"])


HISTORY = "history, 1,000 events"
WRITE, BATCH = "HTTP write, 32 connections", "HTTP batch of 100 (25 children)"
FOUR = "rebuild"
SWEEP = "sweep"
REBUILT, COPIED, LIBRARY = "ours", "fold everything, then COPY", "library's ProjectionRunner"

BARS = (
    Bar("recorders", "append, 16 threads, slow flush: x stock",
        ratio(f"append, 16 threads{SLOW}", "stock"), 8),
    Bar("recorders", "append, 16 threads, slow flush: x pgbench",
        ratio(f"append, 16 threads{SLOW}", "pgbench"), 0.7),
    Bar("recorders", "append, 16 threads, slow flush: p99 ms",
        of(f"append, 16 threads{SLOW}", "p99_ms"), 10, at_most=True),
    Bar("recorders", "append, 64 threads, slow flush: x stock",
        ratio(f"append, 64 threads{SLOW}", "stock"), 20),
    Bar("recorders", "append, 64 threads, slow flush: x pgbench",
        ratio(f"append, 64 threads{SLOW}", "pgbench"), 0.8),
    Bar("recorders", "append, one thread, fast disk: x stock",
        ratio("append, 1 threads", "stock"), 2),
    Bar("commands", "a whole command, 16 threads: x stock save",
        ratio("a whole command, 16 threads", "stock"), 5),
    Bar("commands", "a whole command, 16 threads, slow flush: x stock save",
        ratio(f"a whole command, 16 threads{SLOW}", "stock"), 5),
    Bar("recorders", "16 threads on 8 streams: x stock",
        ratio("contended, 16 threads on 8 streams", "stock"), 4),
    Bar("recorders", "16 threads on 200 streams: x stock",
        ratio("contended, 16 threads on 200 streams", "stock"), 6),
    Bar("rebuild", "rebuild of four read models: x the library's runner",
        ratio(FOUR, LIBRARY, REBUILT), 25),
    Bar("rebuild", "rebuild of four read models: x fold everything then COPY",
        ratio(FOUR, COPIED, REBUILT), 0.5),
    Bar("rebuild", "rebuild: CPU seconds per million events",
        of(FOUR, "cpu_s_per_million", REBUILT), 25, at_most=True),
    Bar("history", "history of 1,000 events, in process: p50 ms",
        of(HISTORY, "p50_ms", "ours, folded in process"), 5, at_most=True),
    Bar("history", "history of 1,000 events: x the library's replay", replay, 10),
    Bar("history", "history of 1,000 events, over HTTP: p99 ms",
        of(HISTORY, "p99_ms", "ours, over HTTP, every field revealed"), 60, at_most=True),
    Bar("http", "HTTP write, 32 connections: x stock recorder", ratio(WRITE, "stock"), 3),
    Bar("http", "HTTP write, 32 connections, slow flush: x stock recorder",
        ratio(f"{WRITE}{SLOW}", "stock"), 3),
    Bar("http", "HTTP write, 32 connections: p99 / p50", tail(WRITE), 3, at_most=True),
    Bar("http", "HTTP batch of 100: events/s", of(BATCH, "rate"), 20_000),
    Bar("relay", "commit to readable in Kafka, 200/s: p99 ms",
        of("latency", "p99_ms", "LISTEN"), 250, at_most=True),
    Bar("relay", "commit to readable in Kafka, LISTEN dead: p99 ms",
        of("latency", "p99_ms", "LISTEN dead"), 250, at_most=True),
    Bar("relay", "relay: x a bare loop of the client, same bytes", ratio("throughput", "bare"), 0.6),
    Bar("sweep", "a month's end, six rules a child: x the log's own time",
        lambda f: float(f[SWEEP]["ratio"]), 2, at_most=True),
    Bar("sweep", "a month's end: memory at the end, x that at a tenth",
        lambda f: float(f[SWEEP]["growth"]), 1.1, at_most=True),
    Bar("reports", "a dossier of 2,000 rows as PDF: CPU seconds",
        lambda f: float(f["dossier, 2,000 rows, PDF"]["cpu"]), 3, at_most=True),
    Bar("reports", "a list of 50,000 rows as XLSX: CPU seconds",
        lambda f: float(f["list, 50,000 rows, XLSX"]["cpu"]), 10, at_most=True),
    Bar("reports", "memory for ten times the rows as XLSX: x",
        lambda f: f["list, 50,000 rows, XLSX"]["mib"] / f["list, 5,000 rows, XLSX"]["mib"],
        1.3, at_most=True),
    Bar("notify", "miss committed to first attempt, over the feed: p99 ms",
        late("miss to attempt, feed"), 2000, at_most=True),
    Bar("notify", "miss committed to first attempt, over Kafka: p99 ms",
        late("miss to attempt, kafka"), 2000, at_most=True),
    Bar("storm", "a night of misses: x the same one by one", storm("times"), 3),
    Bar("storm", "a night of misses: memory at the end, x that at a tenth",
        storm("growth"), 1.1, at_most=True),
    Bar("storm", "a night of misses: pieces that one person gets in the morning",
        storm("most_for_one"), 1, at_most=True),
    Bar("backfill", "back-filling, 10 % and 25 % of records: least precision",
        lambda f: float(f["at_threshold"]["least_precision"]), 0.9),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter slices")
    parser.add_argument("--only", default="", help="benches whose name contains this")
    parser.add_argument("--reuse", action="store_true", help="take figures of the last run")
    options = parser.parse_args()
    figures = dict(measured(options))
    rows = [["bar", "figure", "wanted", ""], *lines(figures)]
    print(f"\n{table(rows)}")
    sys.exit(any(row[3] != "pass" for row in rows[1:]))


def measured(options: argparse.Namespace) -> Iterator[tuple[str, Figures]]:
    OUT.mkdir(exist_ok=True)
    for name, arguments in (QUICK if options.quick else FULL).items():
        path = OUT / f"{name}.json"
        if options.only not in name:
            continue
        if not (options.reuse and path.exists()):
            command = [sys.executable, "-m", f"bench.{name}", *arguments, "--json", str(path)]
            subprocess.run(command, check=True)
        yield name, json.loads(path.read_text())


def lines(figures: dict[str, Figures]) -> Iterator[list[str]]:
    for bar in BARS:
        if bar.bench in figures:
            figure = bar.figure(figures[bar.bench])
            bound = f"{'≤' if bar.at_most else '≥'} {bar.bound:g}"
            verdict = "pass" if bar.holds(figure) else "SHORT"
            yield [bar.what, f"{figure:,.2f}", bound, verdict]


if __name__ == "__main__":
    main()
