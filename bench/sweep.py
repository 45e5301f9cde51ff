"""A month's end: the clock declares what every child's rules missed, beside the log's own time for it.

python -m bench.sweep [--children N] [--rounds N] [--json FILE]

The same events are appended once more under other names, in batches of the same size, and only
that appending is timed: faster than the log takes them no sweep can be.
"""

import argparse
import gc
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from eventsourcing.persistence import StoredEvent

from bench.servers import measured_server
from bench.stats import table
from bench.synthetic_log import COPY, child_id, record_id, state, topic
from bench.world import OPERATOR, wired
from services.casefile.composition import Parts, obligation_models
from services.casefile.domain.cadence.days import ONE, end_of
from services.casefile.domain.cadence.policy import Policy
from services.casefile.domain.personal import Sealed
from services.casefile.embedded import Provisioned, find_pg_binaries
from services.casefile.following import Following, Upkeep, Whereabouts
from services.casefile.log.commit import Commit
from services.casefile.readmodels import open_pool
from services.casefile.sweeping.clock import Board
from services.casefile.sweeping.sweeper import CHUNK, NEVER, Sweeper

BEGIN = date(2036, 3, 1)
KINDS = ("talk", "home_visit", "family_call", "guardian_contact", "parent_contact", "health_check")
SEALED = Sealed("identity#1", os.urandom(40), 1, "rec.name")
SHIFT = 1 << 61
DECLARED = """
SELECT originator_id, originator_version, topic, state FROM casefile.stored_events
WHERE topic = 'ObligationMissed' AND notification_id > %s
ORDER BY originator_id, originator_version
"""


def policy(begin: date = BEGIN) -> Policy:
    """Six things a month, closed with the month."""
    rules = [
        {
            "code": f"{kind}.month",
            "title": "每月一次",
            "shape": {"shape": "calendar", "every": "month"},
            "kinds": [kind],
            "role": "class_teacher",
        }
        for kind in KINDS
    ]
    head = {"policy": "six", "version": 1, "title": "每月六件", "approved_by": "office-1"}
    more = {"effective_from": begin, "entry_deadline_days": 0, "rules": rules}
    return msgspec.convert(head | more, Policy)


def write_files(owner: str, children: int, begin: date = BEGIN) -> None:
    """Open files, each with a teacher who answers for it."""
    with psycopg.connect(owner) as connection:
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            for number in range(children):
                for row in file_of(number, begin):
                    copy.write_row(row)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE casefile.stored_events")


def file_of(number: int, begin: date) -> Iterator[tuple[Any, ...]]:
    child = child_id(number)
    opening = {
        "name": SEALED, "birth_date": SEALED, "birth_year": 2026, "sex": "female",
        "population": "left_behind", "village": f"village-{number % 300}",
        "school": f"school-{number % 40}", "class_unit": f"class-{number % 400}",
    }  # fmt: skip
    worker = {"role": "class_teacher", "staff": f"t-{number % 400}"}
    for version, (slug, rec) in enumerate((("opening", opening), ("worker", worker)), start=1):
        body = state(rec, record_id(child, version), number, begin)
        yield child, version, topic(slug), body, f"{begin} 10:00+08"


class Bench:
    """A measured server with its files, and the clock's parts."""

    def __init__(self, owned: Provisioned, parts: Parts, board: Board, children: int) -> None:
        self.owned, self.parts, self.board, self.children = owned, parts, board, children
        self.sweeper = Sweeper(parts, owned.app)
        self.resident: list[tuple[float, int]] = []

    def month(self, last: date) -> tuple[float, float]:
        """Seconds to sweep the month that ends with that day, and seconds only to append that."""
        self.parts.casefile.close_day(last - ONE, OPERATOR)
        self.reach()
        before = self.parts.recorder.head()
        swept = self.sweep(end_of(last))
        return swept, self.append(before)

    def reach(self) -> None:
        self.board.reach(self.parts.recorder.head(), NEVER)

    def sweep(self, now: datetime) -> float:
        self.resident.clear()
        gc.collect()
        started = time.perf_counter()
        swept = self.sweeper.sweep(now, self.watch)
        taken = time.perf_counter() - started
        assert swept.declared == {"obligation_missed": self.children * len(KINDS)}, swept
        return taken

    def watch(self, done: int, total: int) -> None:
        self.resident.append((done / total, resident()))

    def append(self, after: int) -> float:
        """The same events on streams of other names, as many commits at a time."""
        taken = 0.0
        with psycopg.connect(self.owned.app) as connection, connection.cursor("declared") as cursor:
            cursor.execute(DECLARED.encode(), [after])
            while rows := cursor.fetchmany(CHUNK * len(KINDS)):
                commits = list(again(rows))
                started = time.perf_counter()
                self.parts.recorder.append_many(commits)
                taken += time.perf_counter() - started
        return taken

    def growth(self) -> tuple[int, int]:
        """Resident bytes at a tenth of the sweep and at its end."""
        tenth = next(size for share, size in self.resident if share >= 0.1)
        return tenth, self.resident[-1][1]


def again(rows: Sequence[tuple[UUID, int, str, bytes]]) -> Iterator[Commit]:
    commits: dict[UUID, list[StoredEvent]] = {}
    for stream, version, name, body in rows:
        shifted = UUID(int=stream.int ^ SHIFT)
        commits.setdefault(shifted, []).append(StoredEvent(shifted, version, name, body))
    return (Commit(tuple(events)) for events in commits.values())


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def bench(children: int) -> Iterator[Bench]:
    folder = Path(tempfile.mkdtemp(prefix="casefile-bench-"))
    try:
        with (
            measured_server(folder / "pg", find_pg_binaries(), slow_flush=False) as (_, owned),
            closing(wired(owned, folder)) as parts,
            open_pool(owned.app) as pool,
        ):
            parts.casefile.adopt_policy(policy(), OPERATOR)
            write_files(owned.owner, children)
            models = obligation_models(parts)
            parts.casefile.close_day(BEGIN, OPERATOR)
            Upkeep(owned.app, parts.recorder, parts.mapper, models).prepare()
            following = Following(owned.app, parts.recorder, parts.mapper, models)
            board = Board(parts.recorder, following, Whereabouts(pool))
            with closing(board):
                yield Bench(owned, parts, board, children)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=3_000, help="100000 is the full form")
    parser.add_argument("--rounds", type=int, default=3, help="months, one after the other")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    ends = [date(2036, month + 1, 1) - ONE for month in range(3, 3 + options.rounds)]
    with bench(options.children) as measured:
        months = [(*measured.month(last), *measured.growth()) for last in ends]
    figures = described(months, options.children)
    print(shown(figures))
    if options.json:
        options.json.write_text(json.dumps({"sweep": figures}, indent=1))


def described(months: Sequence[tuple[float, float, int, int]], children: int) -> dict[str, Any]:
    events = children * len(KINDS)
    sweep, append = (statistics.median(column) for column in list(zip(*months, strict=True))[:2])
    return {
        "children": children,
        "events": events,
        "sweep_s": round(sweep, 2),
        "append_s": round(append, 2),
        "swept_per_s": round(events / sweep),
        "appended_per_s": round(events / append),
        "ratio": round(statistics.median(s / a for s, a, _, _ in months), 3),
        "resident_mb": [round(each / 2**20) for each in months[-1][2:]],
        "growth": round(max(end / tenth for _, _, tenth, end in months), 3),
    }


def shown(figures: dict[str, Any]) -> str:
    return table([["a month's end", ""], *([name, str(value)] for name, value in figures.items())])


if __name__ == "__main__":
    main()
