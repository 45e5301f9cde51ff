"""The log as it was first: stored events, command log, reservations and the append functions."""

from services.casefile.log.migrations.scripts import execute_file

revision = "0001"
down_revision = None

FILES = ("tables", "append_only", "append_events", "append_commits", "grants")


def upgrade() -> None:
    for name in FILES:
        execute_file(f"log/sql/0001_{name}.sql")
