"""How far the relay has published the log."""

from services.casefile.log.migrations.scripts import execute_file

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    execute_file("log/sql/0004_relay.sql")
