"""What was consumed, what is known, whom it told; and the queue, which is procrastinate's own."""

from services.notifications.state.migrations.scripts import create_queue, execute_file

revision = "0001"
down_revision = None

FILES = ("consumed", "known", "told")


def upgrade() -> None:
    for name in FILES:
        execute_file(f"0001_{name}.sql")
    create_queue()
