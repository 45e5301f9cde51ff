"""Runs one SQL file of a revision, or the schema that the queue's library ships."""

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy import text

HERE = Path(__file__).parent


def execute_file(name: str) -> None:
    _execute((HERE / "sql" / name).read_text(encoding="utf-8"))


def create_queue() -> None:
    """The library's own tables, in our schema. The version is pinned: another one has others."""
    _execute(f"SET LOCAL search_path TO notifications, public;\n{SchemaManager.get_schema()}")


def _execute(sql: str) -> None:
    op.execute(text(sql.strip().removesuffix(";").replace(":", r"\:")))
