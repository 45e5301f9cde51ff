"""The end of a month: many misses at once, and one digest for each person the next morning.

python -m bench.storm POSTGRES-URL [MISSES] [PEOPLE]
"""

import resource
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from services.notifications.directory.reacting import Reacting
from services.notifications.messages import Incoming
from services.notifications.policy.reading import default_ladder
from services.notifications.reminding.digests import Digests
from services.notifications.state import notices
from services.notifications.state.connections import connect
from services.notifications.state.migrations import migrate

SPACE = UUID("018f0000-0000-7000-8000-00000000c0de")
NIGHT = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)
MORNING = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
BATCH = 100


class Storm(NamedTuple):
    """What came of it."""

    misses: int
    seconds_told: float
    digests: int
    seconds_digests: float
    peak_mib: float
    notices: int
    most_for_one: int


def miss(n: int, people: int) -> Incoming:
    case = uuid5(SPACE, str(n))
    data = {
        "stream": "case", "stream_id": str(case), "case_id": str(case),
        "record_id": str(uuid5(case, "miss")), "occurred_on": "2026-12-01", "policy": "school",
        "policy_version": 1, "rule": "talk.class_teacher", "window": "2026-11",
        "due_on": "2026-11-30", "closed_on": "2026-12-01", "obligor": "staff",
        "role": "class_teacher", "accountable": f"t-{n % people:04}", "unit": "class-1",
    }  # fmt: skip
    kind = "casefile.obligation-missed.v1"
    return Incoming(f"{case}:2", kind, "case", case, 2, n, NIGHT, data)


def blow(conninfo: str, misses: int, people: int, *, traced: bool = False) -> Storm:
    """Tell of all misses in the night, then make the digests of the morning; nothing is sent."""
    react, heard = Reacting(default_ladder()), Counter[str]()
    digests = Digests(default_ladder(), lambda _, digest: heard.update([digest.hearer]))
    with connect(conninfo) as connection:
        if traced:
            tracemalloc.start()
        began = time.perf_counter()
        for batch in batches(misses, people):
            with connection.transaction():
                for message in batch:
                    notices.write(connection, react(connection, message, NIGHT), message.id)
        told = time.perf_counter()
        made = digests.assemble(connection, MORNING)
        done = time.perf_counter()
        peak = held(traced=traced)
        waiting = "SELECT count(*) FROM notifications.notices WHERE state = 'queued'"
        queued = connection.execute(waiting).fetchone() or (0,)
    most = max(heard.values(), default=0)
    return Storm(misses, told - began, made, done - told, peak, queued[0], most)


def held(*, traced: bool) -> float:
    """The most memory that was held: by Python objects, which takes longer, or by the whole process."""
    if not traced:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return peak


def batches(misses: int, people: int) -> Iterator[list[Incoming]]:
    for start in range(0, misses, BATCH):
        yield [miss(n, people) for n in range(start, min(misses, start + BATCH))]


def settle(conninfo: str) -> None:
    """A class in a school in a township in a county, with those who lead them."""
    chain = (("county", None), ("town", "county"), ("school", "town"), ("class-1", "school"))
    posts = (("sup-1", "child_supervisor", "town"), ("lead-1", "school_lead", "school"))
    with connect(conninfo) as connection:
        for code, parent in chain:
            row: list[Any] = [code, uuid5(SPACE, code), parent, code, code]
            connection.execute(
                "INSERT INTO notifications.units (code, stream_id, parent, kind, name) "
                "VALUES (%s, %s, %s, %s, %s)",
                row,
            )
        for staff, role, unit in posts:
            connection.execute(
                "INSERT INTO notifications.post_changes "
                "(stream_id, since, staff, role, unit, version) "
                "VALUES (%s, '2024-09-01', %s, %s, %s, 1)",
                [uuid5(SPACE, staff), staff, role, unit],
            )


def main(conninfo: str, misses: int = 60_000, people: int = 2_000) -> None:
    migrate(conninfo)
    settle(conninfo)
    for name, value in blow(conninfo, misses, people)._asdict().items():
        print(f"{name:16} {value:.1f}" if isinstance(value, float) else f"{name:16} {value}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
