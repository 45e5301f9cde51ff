"""The staff directory: sealed names beside the log, which may be changed and deleted."""

from services.casefile.log.migrations.scripts import execute_file

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    execute_file("log/sql/0003_staff_directory.sql")
