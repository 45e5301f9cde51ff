"""The delivery worker is killed at every step, or PostgreSQL is: nothing is lost, nothing is told in silence twice."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg.types.json import Jsonb

from services.notifications.delivering.matter import of_notice
from services.notifications.delivering.queueing import queue
from services.notifications.policy.intent import Intent
from services.notifications.state.connections import connect
from services.notifications.state.notices import write
from tests.notifications.crashing.processes import Struck, recovered, running
from tests.notifications.sinks import Sink, sink
from tests.notifications.workers import wait_until

pytestmark = [pytest.mark.process]

POINTS = (
    "taken", "in_inbox", "told", "begun", "prepared", "sending", "answered", "written", "entered",
)  # fmt: skip
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 21))]
NOTICES = 4
OLD = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'"
HURRY = "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
FACTS = {"occurred_on": "2026-11-19", "severity": "serious"}
STATES = "SELECT id, state FROM notifications.notices"
LINES = """
SELECT notice_ids[1], channel, outcome, count(*) FROM notifications.deliveries GROUP BY 1, 2, 3
"""
ITEMS = "SELECT notice_id, count(*) FROM notifications.items GROUP BY 1"


@pytest.fixture
def receiver() -> Iterator[Sink]:
    with sink() as found:
        yield found


@pytest.mark.parametrize("seed", SEEDS)
def test_struck_at_any_step_every_notice_arrives_and_a_repetition_is_on_record(
    database: str,
    receiver: Sink,
    tmp_path: Path,
    seed: int,
) -> None:
    dice, log, orders = random.Random(seed), tmp_path / "log", {"database": database}
    enter(database, receiver)
    keys: dict[str, UUID] = {}
    for number, point in enumerate(dice.sample(POINTS, len(POINTS))):
        victim = ("self", "postgres")[(number + seed) % 2]
        keys |= put(database)
        with running(
            "deliver", orders, log, point=point, nth=dice.randint(1, 3), victim=victim
        ) as one:
            come_through(one, victim, database)
        take_up(database)
    with running("deliver", orders, log):
        wait_until(lambda: is_done(database))

    arrived = Counter(keys[request.headers["webhook-id"]] for request in receiver.received)
    with connect(database) as connection:
        lines = {row[:3]: row[3] for row in connection.execute(LINES)}
        states = dict(connection.execute(STATES).fetchall())
        assert dict(connection.execute(ITEMS).fetchall()) == dict.fromkeys(keys.values(), 1)
        assert connection.execute("SELECT count(*) FROM notifications.sending").fetchone() == (0,)
    for notice in keys.values():
        unsure = lines.get((notice, "webhook", "unsure"), 0)
        assert states[notice] == "delivered"
        assert lines[notice, "in_app", "delivered"] == 1
        assert lines[notice, "webhook", "delivered"] == 1
        assert 1 <= arrived[notice] <= 1 + unsure


def test_killed_between_the_answer_and_the_ledger_it_is_sent_again_with_the_same_id_and_says_so(
    database: str,
    receiver: Sink,
    tmp_path: Path,
) -> None:
    log, orders = tmp_path / "log", {"database": database}
    enter(database, receiver)
    put(database, 1)
    with running("deliver", orders, log, point="answered", nth=1, victim="self") as one:
        one.falls()
    take_up(database)
    with running("deliver", orders, log):
        wait_until(lambda: is_done(database))

    assert len(receiver.received) == 2
    assert len({request.headers["webhook-id"] for request in receiver.received}) == 1
    with connect(database) as connection:
        query = "SELECT channel, attempt, outcome, code FROM notifications.deliveries ORDER BY id"
        assert connection.execute(query).fetchall() == [
            ("in_app", 1, "delivered", None),
            ("webhook", 2, "unsure", "not_entered"),
            ("webhook", 2, "delivered", "ok"),
        ]
    assert '"delivery_unsure"' in log.read_text()


def enter(database: str, receiver: Sink) -> None:
    address = f"{receiver.url}#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    with connect(database) as connection:
        connection.execute(
            "INSERT INTO notifications.people (staff, channels) VALUES ('t-1', %s)",
            [Jsonb([{"channel": "webhook", "address": address}])],
        )


def put(database: str, count: int = NOTICES) -> dict[str, UUID]:
    """Notices that go out at any hour, by the id that their webhook carries."""
    with connect(database) as connection, connection.transaction():
        intents = [
            Intent(kind="emergency", dedup=str(uuid4()), case_id=uuid4(), staff=("t-1",),
                   urgency="now", facts=FACTS)
            for _ in range(count)
        ]  # fmt: skip
        written = write(connection, intents)
        queue(connection, written)
        found = {notice.id: of_notice(connection, notice.id, "t-1") for notice in written}
        return {matter.key("t-1"): notice for notice, matter in found.items() if matter}


def come_through(one: Struck, victim: str, database: str) -> None:
    if victim == "self":
        one.falls()
        return
    one.strikes()
    recovered(database)
    one.kill()


def take_up(database: str) -> None:
    """As if the time had passed after which a dead worker's jobs are taken up."""
    with connect(database) as connection:
        connection.execute(OLD)
        connection.execute(HURRY)


def is_done(database: str) -> bool:
    with connect(database) as connection:
        connection.execute(HURRY)
        query = "SELECT count(*) FROM notifications.notices WHERE state <> 'delivered'"
        return connection.execute(query).fetchone() == (0,)
