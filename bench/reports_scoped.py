"""What a report about one unit saves by reading only the files that can matter.

python -m bench.reports_scoped [--children N] [--rounds N]

An invented county. Each report is drawn of one school, once with the files chosen beforehand and
once with every stream read, in turn, in this process; what they say is compared.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench.servers import measured_server
from bench.stats import table
from services.casefile.application.clock import day_in_china, system_clock
from services.casefile.composition import Parts, Secrets, build
from services.casefile.demo.events import Encoder
from services.casefile.demo.loading import Loader
from services.casefile.embedded import find_pg_binaries
from services.casefile.exporting.lines import ENCODER, as_document
from services.casefile.history.cohort import Cohort
from services.casefile.history.pinning import Pinned
from services.casefile.labels import labels
from services.casefile.reports.asking import Asked, Reader
from services.casefile.reports.drawing import Reports

READER = Reader("i-901", "inspector", case_level=True)
UNIT = "c000-t01-sch-01"
CODES = ("R2", "R6", "R7", "R16", "R17")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        secrets = Secrets(folder / "kek.json", folder / "index.key")
        secrets.create()
        with (
            measured_server(folder / "pg", find_pg_binaries(), slow_flush=False) as (_, owned),
            closing(build(owned.app, owned.keyring_app, secrets)) as parts,
        ):
            loader = Loader(Encoder(parts.catalogue, parts.mapper), parts.keyring, parts.identities)
            today = day_in_china(system_clock())
            loader.load(owned.owner, 2026, options.children, today, unwatched)
            everything = Cohort(
                parts.recorder, owned.app, parts.mapper, system_clock, reads_all=True
            )
            show(parts, Reports(everything, parts.keyring), options.rounds)


def unwatched(*_: object) -> None:
    """Nobody is watching."""


def show(parts: Parts, everything: Reports, rounds: int) -> None:
    pinned = parts.reports.pin()
    rows = [["a report of one school", "chosen s", "all s", "ratio", "the same"]]
    for code in CODES:
        taken: tuple[list[float], list[float]] = ([], [])
        said: set[bytes] = set()
        for _ in range(rounds):
            for reports, mine in zip((parts.reports, everything), taken, strict=True):
                seconds, found = timed(partial(drawn, reports, code, pinned))
                mine.append(seconds)
                said.add(found)
        ours, theirs = (statistics.median(each) for each in taken)
        same = "yes" if len(said) == 1 else "NO"
        rows.append([code, f"{ours:.3f}", f"{theirs:.3f}", f"{theirs / ours:.1f}", same])
    print(f"{pinned.position} events\n{table(rows)}")


def drawn(reports: Reports, code: str, pinned: Pinned) -> bytes:
    report = reports.draw(code, Asked(unit=UNIT), pinned, READER)
    document = as_document(report, labels("zh"))
    return msgspec.json.format(ENCODER.encode(document))


def timed(run: Callable[[], bytes]) -> tuple[float, bytes]:
    started = time.perf_counter()
    found = run()
    return time.perf_counter() - started, found


if __name__ == "__main__":
    main()
