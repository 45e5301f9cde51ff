"""Runs one SQL file of a revision."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

HERE = Path(__file__).parent


def execute_file(name: str) -> None:
    sql = (HERE / "sql" / name).read_text(encoding="utf-8").strip().removesuffix(";")
    op.execute(text(sql.replace(":", r"\:")))
