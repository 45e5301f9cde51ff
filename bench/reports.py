"""How long a report takes as a file, and how much memory: the bars of the inspector's desk.

python -m bench.reports [--rounds N] [--json FILE] [--beside FOLDER]

Each file is written in a process of its own, which says what it took and its largest memory. A bar
is held to the seconds of CPU, which other work on the machine does not stretch; the seconds on the
wall stand beside it. `--beside` names another checkout of this repository: both write each file in
turn, and the ratios of what they take are printed.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from bench.stats import table
from services.casefile.exporting.marking import Mark
from services.casefile.exporting.rendering import Format, render
from services.casefile.reports.report import Column, Cut, Report, Row, Scope, Share, Stamp, Table

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
COLUMNS = (
    Column("occurred_on", "Happened on", "day"),
    Column("kind", "Kind", "code"),
    Column("content", "Content", "fields"),
    Column("performed_by", "Done by", "staff"),
    Column("entered", "Entered", "moment"),
    Column("lag", "Lag in days", "count"),
    Column("share", "Children", "share"),
)
SAYS = '{"mood": "calm", "own_words": "想妈妈，周末给她打了电话。", "next_step": "下周再谈一次"}'
CASES: dict[str, tuple[Format, int, float]] = {
    "dossier, 2,000 rows, PDF": ("pdf", 2_000, 3.0),
    "list, 50,000 rows, XLSX": ("xlsx", 50_000, 10.0),
    "list, 5,000 rows, XLSX": ("xlsx", 5_000, 10.0),
    "list, 50,000 rows, CSV": ("csv", 50_000, 10.0),
    "list, 50,000 rows, JSON Lines": ("jsonl", 50_000, 10.0),
}
HERE = Path(__file__).parents[1]
# Ten times the rows may not take this much more memory.
FLAT = 1.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--one", nargs=2, metavar=("FORMAT", "ROWS"))
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one[0], int(options.one[1]))))
        return
    places = [HERE, *([options.beside] if options.beside else [])]
    figures = {name: measured(*case, places, options.rounds) for name, case in CASES.items()}
    show({name: found[0] for name, found in figures.items()})
    if options.beside:
        compare(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def measured(
    form: Format, rows: int, bar: float, places: list[Path], rounds: int
) -> list[dict[str, float]]:
    """Round by round, so that a noisy minute hurts all places alike."""
    runs: list[list[dict[str, float]]] = [[] for _ in places]
    for _ in range(rounds):
        for place, mine in zip(places, runs, strict=True):
            command = [sys.executable, "-m", "bench.reports", "--one", form, str(rows)]
            done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=place)
            mine.append(json.loads(done.stdout))
    return [summed_up(mine) | {"bar": bar} for mine in runs]


def summed_up(runs: list[dict[str, float]]) -> dict[str, float]:
    return {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "cpu": statistics.median(run["cpu"] for run in runs),
        "mib": max(run["mib"] for run in runs),
        "size": runs[0]["size"],
    }


def one(form: Format, rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{form}"
        started, cpu = time.perf_counter(), time.process_time()
        mark = Mark(staff="i-901", purpose="inspection", at=AT)
        rendered = render(report(rows), form, "zh", path, mark=mark)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "seconds": time.perf_counter() - started,
            "cpu": time.process_time() - cpu,
            "mib": used,
            "size": rendered.size,
        }


def report(rows: int) -> Report:
    stamp = Stamp(
        report="R1", definition=1, cut=Cut(date(2026, 11, 20), 4711, AT),
        scope=Scope(case_id=UUID(int=7)),
    )  # fmt: skip
    tables = (Table(name="rows", title="Records", columns=COLUMNS, rows=lines(rows)),)
    return Report(stamp=stamp, title="Case dossier", tables=tables)


def lines(rows: int) -> Iterator[Row]:
    for number in range(rows):
        day = date.fromordinal(739_000 + number % 700)
        yield (day, "talk", SAYS, f"t-{number % 90}", AT, number % 9, Share(number % 9, 9))


def show(figures: dict[str, dict[str, float]]) -> None:
    rows = [["a report as a file", "wall s", "CPU s", "bar s", "MiB at most", "file KiB", "holds"]]
    for name, found in figures.items():
        holds = "yes" if found["cpu"] <= found["bar"] else "NO"
        rows.append(
            [name, f"{found['seconds']:.2f}", f"{found['cpu']:.2f}", f"{found['bar']:.0f}",
             f"{found['mib']:.0f}", f"{found['size'] / 1024:.0f}", holds]
        )  # fmt: skip
    few, many = (figures[f"list, {n} rows, XLSX"]["mib"] for n in ("5,000", "50,000"))
    print(f"\n{table(rows)}")
    print(f"memory of ten times the rows as XLSX: {many / few:.2f} times (at most {FLAT})")


def compare(figures: dict[str, list[dict[str, float]]]) -> None:
    rows = [["this one beside the other", "CPU s", "other", "ratio", "MiB", "other"]]
    for name, (ours, theirs) in figures.items():
        cpu = f"{ours['cpu']:.2f}", f"{theirs['cpu']:.2f}", f"{ours['cpu'] / theirs['cpu']:.2f}"
        rows.append([name, *cpu, f"{ours['mib']:.0f}", f"{theirs['mib']:.0f}"])
    print(f"\n{table(rows)}")


if __name__ == "__main__":
    main()
