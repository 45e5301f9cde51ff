"""Days whose reminders are wanted, and the digests of each morning."""

from services.notifications.state.migrations.scripts import execute_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    execute_file("0003_reminding.sql")
