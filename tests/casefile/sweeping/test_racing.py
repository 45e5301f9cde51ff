"""A record that races with the clock: either it counts, or the miss stands and it is late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID

import pytest

from services.casefile.domain.cadence.days import end_of
from tests.casefile.sweeping.lives import at_ten
from tests.casefile.sweeping.rehearsal import Rehearsal, policy, rule
from tests.casefile.world import context, open_child

MONDAY = date(2036, 3, 3)
WEEKLY = rule("talk.week", "talk", "iso_week", entry_deadline_days=0)


@pytest.mark.parametrize("rounds", [12, pytest.param(150, marks=pytest.mark.slow)])
def test_a_record_in_time_that_races_with_the_clock_has_one_winner(
    march: Rehearsal, rounds: int
) -> None:
    child = open_child(march.parts, occurred_on="2036-03-01", birth_date="2026-03-01")
    march.adopt(policy(WEEKLY))
    march.tick(at_ten(MONDAY))

    for number in range(rounds):
        monday = MONDAY + timedelta(weeks=number)
        race(march, child, monday)

    records = {entry.occurred_on: entry for entry in march.entries() if entry.kind.slug == "talk"}
    missed = {entry.rec.ends_on: entry for entry in march.of("obligation_missed")}
    fulfilled = {entry.rec.ends_on: entry for entry in march.of("obligation_fulfilled")}
    assert len(records) == rounds
    assert len(missed) == len(march.of("obligation_missed"))
    for monday, talk in records.items():
        miss = missed.get(monday + timedelta(days=6))
        assert miss is None or miss.version < talk.version
        assert (miss is None) == (monday + timedelta(days=6) not in fulfilled)
    assert march.prove().holds


def race(march: Rehearsal, child: UUID, monday: date) -> None:
    """The last moment of a week: the clock declares what is missed, and a talk is entered."""
    march.now = end_of(monday + timedelta(days=6))
    march.follow()
    start = Barrier(2)

    def record() -> None:
        body = {"occurred_on": monday.isoformat(), "mood": "calm"}
        start.wait()
        march.parts.casefile.record(child, "talk", body, context())

    def sweep() -> None:
        start.wait()
        march.sweeper.sweep(march.now)

    with ThreadPoolExecutor(2) as pool:
        for ran in [pool.submit(record), pool.submit(sweep)]:
            ran.result(20)
    march.tick()
