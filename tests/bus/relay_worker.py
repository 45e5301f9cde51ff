"""A relay in a process of its own, which kills itself where it is told to. Reads its orders as JSON."""

import json
import os
import signal
import sys
import threading
from functools import partial
from typing import Any

from services.casefile.cli.follower_process import spare_the_collector
from services.casefile.relaying import transaction
from services.casefile.relaying.kafka_publisher import KafkaPublisher
from tests.bus import controls
from tests.bus.relays import Setup, relay


class Killer:
    """Falls to a signal, as by a power cut, when it comes to the point for the n-th time."""

    def __init__(self, point: str, nth: int, number: int) -> None:
        self._point, self._left, self._signal = point, nth, number

    def __call__(self, step: str) -> None:
        self._left -= step == self._point
        if step == self._point and self._left == 0:
            os.kill(os.getpid(), self._signal)


def main() -> None:
    told: dict[str, Any] = json.loads(sys.stdin.read())
    setup = Setup(**told["setup"])
    reached = Killer(told["point"], told["nth"], told.get("signal", signal.SIGKILL))
    publisher = partial(KafkaPublisher, reached=reached)
    if told.get("from_table"):
        publisher = partial(controls.FromTheTable, setup.database, reached=reached)
    if not told.get("lease", True):
        controls.without_lease()
    if (most := told.get("most", 20)) is not None:
        controls.smaller_batches(most)
    transaction.COMMIT_MS = told.get("commit_ms", transaction.COMMIT_MS)
    if told.get("deaf"):
        controls.without_listening()
    spare_the_collector()
    with relay(setup, publisher, reached=reached) as one:
        one.run(threading.Event())


if __name__ == "__main__":
    main()
