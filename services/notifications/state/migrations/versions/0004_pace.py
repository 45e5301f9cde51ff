"""How fast each channel may be used, and what could not be delivered."""

from services.notifications.state.migrations.scripts import execute_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    execute_file("0004_pace.sql")
