"""When the service first ran here."""

from datetime import datetime

from services.notifications.state.connections import Connection

BEGUN = "INSERT INTO notifications.beginning (one) VALUES (true) ON CONFLICT DO NOTHING"


def began_at(connection: Connection) -> datetime:
    """The first start; this one, if there was none before."""
    connection.execute(BEGUN)
    row = connection.execute("SELECT began_at FROM notifications.beginning").fetchone()
    assert row is not None
    began: datetime = row[0]
    return began
