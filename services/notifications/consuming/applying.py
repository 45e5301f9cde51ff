"""What each type of message changes in what the service knows, but for what it declares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from services.notifications.consuming import data as d
from services.notifications.consuming.declaring import DECLARED, declare
from services.notifications.consuming.reading import read
from services.notifications.directory import hiding
from services.notifications.messages import Incoming
from services.notifications.state import care, roster
from services.notifications.state.connections import Connection

Apply = Callable[[Connection, Incoming, Any], None]


class Change(NamedTuple):
    """The form of the data, and what it does."""

    form: type[d.Data]
    apply: Apply


def apply(connection: Connection, messages: Sequence[Incoming]) -> None:
    """Bring the state up to these messages; of a type that changes nothing, nothing is asked."""
    for message in messages:
        change = CHANGES.get(message.type)
        if change is not None:
            change.apply(connection, message, read(message, change.form))
    declare(connection, [m for m in messages if m.type in DECLARED])


def _open(connection: Connection, message: Incoming, data: d.Opened) -> None:
    places = (data.village, data.school, data.class_unit)
    care.open_case(connection, message.stream_id, places)


def _transfer(connection: Connection, message: Incoming, data: d.Opened) -> None:
    places = (data.village, data.school, data.class_unit)
    care.place(connection, message.stream_id, places)


def _status(status: str) -> Apply:
    def apply(connection: Connection, message: Incoming, _data: d.Data) -> None:
        care.set_status(connection, message.stream_id, status)

    return apply


def _merge(connection: Connection, message: Incoming, data: d.Merged) -> None:
    care.set_status(connection, message.stream_id, "merged", data.survivor)


def _assign(connection: Connection, message: Incoming, data: d.Assigned) -> None:
    _answerable(connection, message, data, data.role, (data.staff, data.unit))


def _unassign(connection: Connection, message: Incoming, data: d.Unassigned) -> None:
    _answerable(connection, message, data, data.role, (None, None))


def _hand_over(connection: Connection, message: Incoming, data: d.HandedOver) -> None:
    _answerable(connection, message, data, data.role, (data.to_staff, data.to_unit))


def _answerable(
    connection: Connection,
    message: Incoming,
    data: d.Data,
    role: str,
    who: tuple[str | None, str | None],
) -> None:
    staff, unit = who
    made = (data.record_id, message.stream_id, role, staff, unit, data.occurred_on, message.version)
    care.change(connection, care.Change(*made))


def _annul(connection: Connection, message: Incoming, data: d.Annulled) -> None:
    care.take_back(connection, message.stream_id, data.target)
    hiding.reveal(connection, message)


def _bar(connection: Connection, message: Incoming, _data: d.Data) -> None:
    hiding.hide(connection, message)


def _register(connection: Connection, message: Incoming, data: d.Registered) -> None:
    held = (data.role, data.unit)
    roster.post(connection, message.stream_id, data.staff, data.starts_on, held, message.version)


def _repost(connection: Connection, message: Incoming, data: d.Moved) -> None:
    held = (data.role, data.unit)
    roster.repost(connection, message.stream_id, data.starts_on, held, message.version)


def _leave(connection: Connection, message: Incoming, data: d.Left) -> None:
    roster.leave(connection, message.stream_id, data.last_day, message.version)


def _register_unit(connection: Connection, message: Incoming, data: d.UnitRegistered) -> None:
    called = (data.unit_kind, data.unit_name)
    roster.register_unit(connection, message.stream_id, data.code, data.parent, called)


def _move_unit(connection: Connection, message: Incoming, data: d.UnitMoved) -> None:
    roster.move_unit(connection, message.stream_id, data.parent)


def _rename_unit(connection: Connection, message: Incoming, data: d.UnitRenamed) -> None:
    roster.rename_unit(connection, message.stream_id, data.unit_name)


def _close_unit(connection: Connection, message: Incoming, data: d.Left) -> None:
    roster.close_unit(connection, message.stream_id, data.last_day)


CHANGES: Mapping[str, Change] = {
    "casefile.case-opened.v1": Change(d.Opened, _open),
    "casefile.case-transferred.v1": Change(d.Opened, _transfer),
    "casefile.case-closed.v1": Change(d.Data, _status("closed")),
    "casefile.case-reopened.v1": Change(d.Data, _status("open")),
    "casefile.case-merged.v1": Change(d.Merged, _merge),
    "casefile.case-unmerged.v1": Change(d.Data, _status("open")),
    "casefile.worker-assigned.v1": Change(d.Assigned, _assign),
    "casefile.worker-unassigned.v1": Change(d.Unassigned, _unassign),
    "casefile.case-handed-over.v1": Change(d.HandedOver, _hand_over),
    "casefile.entry-annulled.v1": Change(d.Annulled, _annul),
    "casefile.mandatory-report-filed.v1": Change(d.Data, _bar),
    "casefile.staff-registered.v1": Change(d.Registered, _register),
    "casefile.staff-moved.v1": Change(d.Moved, _repost),
    "casefile.staff-left.v1": Change(d.Left, _leave),
    "casefile.unit-registered.v1": Change(d.UnitRegistered, _register_unit),
    "casefile.unit-moved.v1": Change(d.UnitMoved, _move_unit),
    "casefile.unit-renamed.v1": Change(d.UnitRenamed, _rename_unit),
    "casefile.unit-closed.v1": Change(d.Left, _close_unit),
}
KNOWN = CHANGES.keys() | DECLARED.keys()
# They change people and places: who is told of what comes after them.
RESHAPING = CHANGES.keys()
