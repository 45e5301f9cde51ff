"""When a notice was stopped."""

from services.notifications.state.migrations.scripts import execute_file

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    execute_file("0006_stopped.sql")
