"""Followers: how far each edition of a read model is, and the cases it had to park."""

from services.casefile.log.migrations.scripts import execute_file

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    execute_file("log/sql/0002_following.sql")
