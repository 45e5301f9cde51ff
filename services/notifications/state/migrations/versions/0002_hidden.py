"""Who may hear nothing of a child: whoever a mandatory report says may have harmed her."""

from services.notifications.state.migrations.scripts import execute_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    execute_file("0002_hidden.sql")
