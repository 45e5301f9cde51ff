"""How commands talk: tables or JSON on stdout, errors on stderr, a remedy for every refusal."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.notifications.refusals import NotificationsError
from services.notifications.settings import Settings

UNFOLDED = 1000
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else UNFOLDED)
err = Console(stderr=True, soft_wrap=True)

REFUSED, UNUSABLE = 1, 2


def print_json(data: Any) -> None:
    encoded = msgspec.json.format(msgspec.json.encode(data, enc_hook=str), indent=2)
    typer.echo(encoded.decode())


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(table)


@contextmanager
def refusals_shown() -> Iterator[None]:
    """A refusal ends the command with its remedy; never with a stack trace."""
    try:
        yield
    except NotificationsError as refusal:
        err.print(f"[bold red]{refusal.title}[/] {refusal.remedy}", highlight=False)
        for name, value in refusal.data.items():
            err.print(f"  {name}: {value}", highlight=False, markup=False)
        raise typer.Exit(REFUSED) from None


def read_settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = "NOTIFICATIONS_" + "_".join(str(p) for p in fault["loc"]).upper()
            err.print(f"[bold red]{name}[/]: {fault['msg']}", highlight=False)
        raise typer.Exit(UNUSABLE) from None
