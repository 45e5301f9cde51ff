"""What Casefile declared of obligations: overdue, missed, fulfilled; all of a run in one statement."""

from collections.abc import Mapping, Sequence

from services.notifications.consuming.data import Declaration
from services.notifications.consuming.reading import read
from services.notifications.messages import Incoming
from services.notifications.state import obligations
from services.notifications.state.connections import Connection
from services.notifications.state.obligations import Declared, State

DECLARED: Mapping[str, State] = {
    "casefile.obligation-overdue.v1": "overdue",
    "casefile.obligation-missed.v1": "missed",
    "casefile.obligation-fulfilled.v1": "fulfilled",
    "casefile.duty-missed.v1": "missed",
    "casefile.duty-fulfilled.v1": "fulfilled",
    "casefile.quota-missed.v1": "missed",
}


def declare(connection: Connection, messages: Sequence[Incoming]) -> None:
    """Of each stream one message at most."""
    if messages:
        obligations.declare(connection, [_declared(message) for message in messages])


def _declared(message: Incoming) -> Declared:
    data, state = read(message, Declaration), DECLARED[message.type]
    return Declared(
        stream_id=message.stream_id,
        policy=data.policy,
        version=data.policy_version,
        rule=data.rule,
        window_key=data.window,
        stream=message.stream,
        case_id=message.case_id,
        state=state,
        accountable=data.accountable,
        unit=data.unit,
        role=data.role,
        obligor=data.obligor,
        due_on=data.due_on,
        closed_on=data.closed_on,
        missed_message=message.id if state == "missed" else None,
    )
