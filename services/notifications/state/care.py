"""Who answers for a child, and where the child belongs."""

from datetime import date
from uuid import UUID

import msgspec

from services.notifications.state.connections import Connection

CHANGED = """
INSERT INTO notifications.care_changes (record_id, case_id, role, staff, unit, since, version)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (record_id) DO NOTHING
"""
TAKEN_BACK = "DELETE FROM notifications.care_changes WHERE case_id = %s AND record_id = %s"
OPENED = """
INSERT INTO notifications.case_places (case_id, village, school, class_unit)
VALUES (%s, %s, %s, %s)
ON CONFLICT (case_id) DO UPDATE SET
    village = excluded.village, school = excluded.school, class_unit = excluded.class_unit,
    status = 'open', survivor = NULL
"""
PLACED = """
UPDATE notifications.case_places SET
    village = coalesce(%s, village), school = coalesce(%s, school),
    class_unit = coalesce(%s, class_unit)
WHERE case_id = %s
"""
STATUS = "UPDATE notifications.case_places SET status = %s, survivor = %s WHERE case_id = %s"


class Change(msgspec.Struct, frozen=True):
    """From `since` on, this member of staff has this role for the child; nobody, without `staff`."""

    record_id: UUID
    case_id: UUID
    role: str
    staff: str | None
    unit: str | None
    since: date
    version: int


def change(connection: Connection, made: Change) -> None:
    connection.execute(CHANGED, msgspec.structs.astuple(made))


def take_back(connection: Connection, case_id: UUID, record_id: UUID) -> None:
    """The entry was annulled: what stood before it stands again."""
    connection.execute(TAKEN_BACK, [case_id, record_id])


def open_case(
    connection: Connection, case_id: UUID, places: tuple[str | None, str | None, str | None]
) -> None:
    """`places`: village, school, class."""
    connection.execute(OPENED, [case_id, *places])


def place(
    connection: Connection, case_id: UUID, places: tuple[str | None, str | None, str | None]
) -> None:
    """What is not named stays."""
    connection.execute(PLACED, [*places, case_id])


def set_status(
    connection: Connection, case_id: UUID, status: str, survivor: UUID | None = None
) -> None:
    connection.execute(STATUS, [status, survivor, case_id])
