"""Killed at every step, or stopped and woken, or two at once: the topic shows nothing of it."""

import signal
from pathlib import Path
from random import Random

import pytest

from tests.bus.relays import Setup, faults, fill, position, process, reaches, running, setup
from tests.casefile.cli.processes import waited
from tests.kafka import Kafka
from tests.servers import Database

pytestmark = pytest.mark.process

ONCE = ("leased", "connected", "fenced", "placed")
AGAIN = ("read", "begun", "half_sent", "sent", "committing", "committed", "saved")
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 21))]


@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_any_step_it_neither_loses_nor_doubles(
    database: Database, kafka: Kafka, seed: int
):
    mine, random = setup(database, kafka), Random(seed)
    points = [*ONCE, *AGAIN]
    random.shuffle(points)

    for number, point in enumerate(points):
        fill(database, children=4, seed=100 * seed + number)
        die_at(mine, point, 1 if point in ONCE else random.randint(1, 3))
    with running(mine):
        reaches(mine, fill(database, children=1, seed=100 * seed + 99))

    assert faults(kafka, mine) == {}


def die_at(mine: Setup, point: str, nth: int, **options) -> None:
    with process(mine, point, nth, **options) as worker:
        assert worker.wait(60) == -signal.SIGKILL


def test_a_relay_that_trusts_its_table_doubles_when_it_is_killed(database: Database, kafka: Kafka):
    """The control: were ours to do so, the test above would see it."""
    mine = setup(database, kafka)
    fill(database, children=4)

    die_at(mine, "committed", 1, from_table=True)
    with process(mine, from_table=True):
        reaches(mine, fill(database, children=1, seed=2))

    assert faults(kafka, mine)["twice"] == 20


@pytest.mark.parametrize("point", ["half_sent", "committing", "read"])
def test_one_that_is_frozen_and_woken_finds_that_another_went_on(
    database: Database, kafka: Kafka, point: str
):
    mine = setup(database, kafka)
    target = fill(database)

    with process(mine, point, 2, signal=signal.SIGSTOP) as frozen:
        waited(lambda: is_stopped(frozen.pid))
        with process(mine) as second:
            reaches(mine, target)
            frozen.send_signal(signal.SIGCONT)
            reaches(mine, fill(database, seed=2))

            assert (frozen.poll(), second.poll()) == (None, None)

    assert faults(kafka, mine) == {}


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_two_without_a_lease_only_cost_time(database: Database, kafka: Kafka):
    """What keeps the topic right is the fence, not the lease."""
    mine = setup(database, kafka)
    target = fill(database)

    with process(mine, lease=False, most=50), process(mine, lease=False, most=50):
        waited(lambda: position(mine) >= target)
        assert faults(kafka, mine) == {}


def test_two_without_a_lease_that_trust_their_table_double(database: Database, kafka: Kafka):
    """The control."""
    mine = setup(database, kafka)
    target = fill(database)
    options = {"lease": False, "from_table": True}

    with process(mine, "committed", 1, signal=signal.SIGSTOP, **options) as first:
        waited(lambda: is_stopped(first.pid))
        with process(mine, **options):
            reaches(mine, target)

    assert faults(kafka, mine)["twice"] > 0


def test_one_of_two_works_and_the_other_takes_over(database: Database, kafka: Kafka):
    mine = setup(database, kafka)
    with process(mine) as first:
        reaches(mine, fill(database, children=4))
        with process(mine):
            reaches(mine, fill(database, children=4, seed=2))
            first.send_signal(signal.SIGKILL)
            reaches(mine, fill(database, children=4, seed=3))

    assert faults(kafka, mine) == {}
