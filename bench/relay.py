"""The relay on a real Kafka: how soon an event can be read there, how many a second, and a long backlog.

python -m bench.relay [--seconds N] [--events N] [--rounds N] [--backlog N] [--json FILE]

`--backlog 1000000` does nothing but drain that many and look at every one of them in the topic.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from bench.quiet import wait_for_quiet
from bench.relay_backlog import drained
from bench.relay_latency import Latency
from bench.relay_rig import Rig, rig
from bench.relay_throughput import Throughput
from bench.stats import Series, described, interleaved, table

LISTENING, DEAF = "LISTEN", "LISTEN dead"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="of steady commits")
    parser.add_argument("--events", type=int, default=20_000, help="in each round of throughput")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--backlog", type=int, default=0, help="drain so many, and nothing else")
    parser.add_argument("--patience", type=float, default=0.0, help="seconds for a quiet machine")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with rig(Path(tempfile.mkdtemp(prefix="casefile-bench-"))) as owned:
        results = backlog(owned, options) if options.backlog else both(owned, options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


def both(rig: Rig, options: argparse.Namespace) -> dict[str, Any]:
    wait_for_quiet(options.patience)
    latency = Latency(rig, options.seconds)
    late = interleaved(
        {LISTENING: latency.listening, DEAF: latency.deaf},
        options.rounds,
        patience=options.patience,
    )
    print(lateness(late), f"\nload {load()}\n", flush=True)
    rig.fill(options.events)
    throughput = Throughput(rig)
    fast = interleaved(
        {
            "ours": throughput.ours,
            "bare": throughput.bare,
            "bare, in transactions": throughput.bare_in_transactions,
        },
        options.rounds,
        patience=options.patience,
    )
    print(rates(fast, throughput.cpu()), f"\nload {load()}", flush=True)
    return {
        "latency": {name: described(series, {}) for name, series in late.items()},
        "throughput": {
            name: described(series, fast) | {"cpu_us": throughput.cpu()[name]}
            for name, series in fast.items()
        },
    }


def backlog(rig: Rig, options: argparse.Namespace) -> dict[str, Any]:
    events = rig.fill(options.backlog)
    print(f"{events:,} events are in the log; load {load()}", flush=True)
    found = drained(rig, events)
    for name, figure in found.items():
        print(f"{name}: {figure:,}")
    print(f"load {load()}")
    return {"backlog": found}


def lateness(series: dict[str, Series]) -> str:
    rows = [["commit to readable, ms", "p50", "p99", "p99 of each round"]]
    for name, each in series.items():
        rounds = " ".join(f"{one.percentile(0.99):.0f}" for one in each.slices)
        rows.append([name, f"{each.percentile(0.5):.0f}", f"{each.percentile(0.99):.0f}", rounds])
    return table(rows)


def rates(series: dict[str, Series], cpu: dict[str, float]) -> str:
    rows = [["", "per second", "best", "CPU µs each", *(f"x {name}" for name in series)]]
    for name, each in series.items():
        ratios = [f"{each.ratio_to(other):.2f}" for other in series.values()]
        rows.append([name, f"{each.rate:,.0f}", f"{each.best:,.0f}", f"{cpu[name]:.0f}", *ratios])
    return table(rows)


def load() -> str:
    return " ".join(f"{each:.1f}" for each in os.getloadavg())


if __name__ == "__main__":
    main()
