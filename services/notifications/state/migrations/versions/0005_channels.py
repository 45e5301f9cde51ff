"""Through which channels a notice goes, and which attempts were begun."""

from services.notifications.state.migrations.scripts import execute_file

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    execute_file("0005_channels.sql")
