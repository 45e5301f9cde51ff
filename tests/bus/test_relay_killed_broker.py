"""A lone broker falls while the relay publishes, again and again, in the moment between answer and marks."""

import random
import threading
from typing import Any

import pytest

from services.casefile.relaying import term
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from tests.bus.relays import faults, fill, is_marked, reaches, running, setup
from tests.kafka import Kafka
from tests.servers import Database

pytestmark = [pytest.mark.process, pytest.mark.slow]

KILLS = 20
# How long after it sent the end of a transaction: before, around and after Kafka's answer.
MOMENTS_MS = (0.0, 40.0)


class Felling:
    """Kills the broker once it is armed, when the relay comes to a step."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._step = ""
        self.fell = threading.Event()

    def arm(self, step: str) -> None:
        self.fell.clear()
        self._step = step

    def __call__(self, step: str) -> None:
        if step != self._step:
            return
        self._step = ""
        if step == "committed":
            self._fell(0.0)
        else:
            moment = random.uniform(*MOMENTS_MS) / 1000
            threading.Thread(target=self._fell, args=(moment,), daemon=True).start()

    def _fell(self, after: float) -> None:
        threading.Event().wait(after)
        self._kafka.kill()
        self.fell.set()


@pytest.mark.parametrize("step", ["committed", "committing"])
def test_killed_between_answer_and_marks_it_costs_no_message_and_nobody_has_to_look(
    database: Database,
    real_kafka: Kafka,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
):
    monkeypatch.setattr(term, "MOST", 80)
    resolved: list[str] = []

    class Telling(KafkaPublisher):
        def resolve(self, found: Any, known: int) -> None:
            forward = len(found.committed(known))
            resolved.append(f"{forward} forward, {len(found.spans) - forward} back")
            super().resolve(found, known)

    mine, felling = setup(database, real_kafka), Felling(real_kafka)
    with running(mine, lambda *given: Telling(*given, felling), reached=felling) as relay:
        reaches(mine, fill(database))
        for kill in range(KILLS):
            felling.arm(step)
            target = fill(database, seed=kill + 2)
            assert felling.fell.wait(60)
            real_kafka.start()
            reaches(mine, target)
            assert relay.is_alive()
        is_marked(real_kafka, mine)

    with capsys.disabled():
        print(f"\n{KILLS} kills at {step!r}, {len(resolved)} left marks out: {resolved}")
    assert faults(real_kafka, mine) == {}
