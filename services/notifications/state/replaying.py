"""Forgets what was built from messages, so that everything is read again from the start.

The inbox stays: what is in it builds the state again and tells nobody.
"""

from services.notifications.state.connections import Connection

BUILT = (
    "parked", "heads", "care_changes", "case_places", "post_changes", "units", "obligations",
    "offsets",
)  # fmt: skip


def forget(connection: Connection) -> None:
    """A consumer that runs notices that its place is gone, and starts anew."""
    with connection.transaction():
        connection.execute("LOCK TABLE notifications.offsets IN EXCLUSIVE MODE")
        for table in BUILT:
            connection.execute(f"DELETE FROM notifications.{table}".encode())
