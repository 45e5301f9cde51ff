"""A consumer in a process of its own that is struck at a point."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from threading import Event
from typing import Any

from services.notifications.consuming import consumer as consuming
from services.notifications.consuming.consumer import Consumer
from services.notifications.consuming.ports import Reactions
from services.notifications.delivering.queueing import queue
from services.notifications.log_config import configure_logging
from services.notifications.messages import Incoming
from services.notifications.policy.intent import Intent
from services.notifications.sources.source import Source
from services.notifications.state import heads, notices, offsets
from services.notifications.state.connections import Connection, connect
from tests.notifications.consuming.worker import effect, source
from tests.notifications.crashing.striking import Striker
from tests.notifications.given import TALK
from tests.notifications.taking import LONG_AGO


def at_once(
    _connection: Connection, messages: Sequence[Incoming], now: datetime
) -> list[list[Intent]]:
    """A notice and a job for every message."""
    return [
        [Intent(kind="test", dedup=m.id, case_id=m.case_id, staff=("t-101",), urgency="now")]
        for m in messages
    ]


def main(told: dict[str, Any], tell: Callable[[str], None]) -> None:
    configure_logging("json", sys.stderr)
    striker = Striker(told, tell)
    striker.after(offsets, "advance", "advanced")
    striker.after(heads, "lock", "locked")
    striker.after(heads, "receive", "received")
    striker.after(heads, "move", "moved")
    striker.after(notices, "write_all", "written")
    striker.after(consuming, "take_batch", "committed")

    def opened() -> Source:
        found = source(told)
        striker.after(found, "batch", "read")
        striker.after(found, "stored", "stored")
        return found

    reactions = Reactions(
        types=frozenset((TALK,)),
        react=at_once,
        queue=striker.then(queue, "queued"),
        listeners={TALK: effect},
    )
    connecting = striker.then(partial(connect, told["database"]), "connected")
    Consumer(opened, connecting, reactions, notify_after=LONG_AGO, poll_seconds=1).run(Event())
