"""What consuming is given: how to react, how to queue, and what else listens."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from services.notifications.messages import Incoming
from services.notifications.policy.intent import Intent
from services.notifications.state.connections import Connection
from services.notifications.state.notices import Notice

# What each of the messages calls for, in their order, with the state as it is after them.
React = Callable[[Connection, Sequence[Incoming], datetime], Sequence[Sequence[Intent]]]
# Jobs for notices that are new, in the same transaction.
Queue = Callable[[Connection, Sequence[Notice]], None]
# Something else that a message sets off, in the same transaction; a day was closed, say.
Listener = Callable[[Connection, Incoming], None]


def nothing(
    _connection: Connection, messages: Sequence[Incoming], _now: datetime
) -> Sequence[Sequence[Intent]]:
    return [()] * len(messages)


def unqueued(_connection: Connection, _notices: Sequence[Notice]) -> None:
    """They wait in their table until somebody looks for them."""


class Reactions(msgspec.Struct, frozen=True):
    """`types` are those that `react` is asked about; of the others it hears nothing."""

    types: frozenset[str] = frozenset()
    react: React = nothing
    queue: Queue = unqueued
    listeners: Mapping[str, Listener] = msgspec.field(default_factory=dict)
