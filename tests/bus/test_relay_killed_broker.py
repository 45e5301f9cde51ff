"""A lone broker falls while the relay publishes, again and again, in the moment between answer and marks."""

import random
import threading

import pytest

from services.casefile.relaying import term
from services.casefile.relaying.hanging import Hanging
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from tests.bus.relays import faults, fill, is_all_seen, reaches, running, setup
from tests.casefile.cli.processes import waited
from tests.kafka import Kafka
from tests.servers import Database

pytestmark = [pytest.mark.process, pytest.mark.slow]

KILLS = 14
# The next transaction is on its way by then, or its messages are.
SOON = 0.005


class Felling:
    """Kills the broker once, when the relay has the answer to its first transaction."""

    def __init__(self, kafka: Kafka, how: str) -> None:
        self._kafka, self._how = kafka, how
        self._is_armed = True
        self.fell = threading.Event()

    def __call__(self, step: str) -> None:
        if step != "committed" or not self._is_armed:
            return
        self._is_armed = False
        if self._how == "meanwhile":
            threading.Timer(random.uniform(0, SOON), self._fell).start()
            return
        self._fell()
        if self._how == "unsaved":
            raise Fallen

    def _fell(self) -> None:
        self._kafka.kill()
        self.fell.set()


class Fallen(Exception):
    """So is the relay, before it has written down how far it is."""


@pytest.mark.parametrize("how", ["saved", "unsaved", "meanwhile"])
def test_killed_between_answer_and_marks_it_costs_no_message_and_nobody_has_to_look(
    database: Database,
    real_kafka: Kafka,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    how: str,
):
    monkeypatch.setattr(term, "MOST", 80)
    resolved: list[str] = []

    class Telling(KafkaPublisher):
        def resolve(self, found: Hanging, known: int) -> None:
            committed = len(found.committed(known))
            resolved.append(f"{committed}+{len(found.spans) - committed}")
            super().resolve(found, known)

    target = fill(database)
    for _ in range(KILLS):
        # A topic of its own: into one that is new, Kafka writes its first marks the slowest.
        mine, felling = setup(database, real_kafka), Felling(real_kafka, how)
        with running(mine, Telling, reached=felling) as relay:
            assert felling.fell.wait(60)
            real_kafka.start()
            reaches(mine, target)
            waited(lambda mine=mine: is_all_seen(real_kafka, mine))
            assert relay.is_alive()
        assert faults(real_kafka, mine) == {}

    with capsys.disabled():
        told = f"{KILLS} kills ({how}), {target} messages each, {len(resolved)} left marks out"
        print(f"\n{told}; partitions committed+rolled back: {resolved}")
