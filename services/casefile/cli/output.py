"""How commands talk: tables or JSON on stdout, progress and errors on stderr, exit codes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.casefile.domain.refusals import CasefileError

UNFOLDED = 1000
LINE_SECONDS = 15.0
# Whoever reads it with another program wants every row on one line.
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else UNFOLDED)
err = Console(stderr=True, soft_wrap=True)

FAILED, REFUSED, UNUSABLE, WITH_ERRORS = 1, 1, 2, 3


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


class Lines:
    """How far it is where no terminal shows a bar, as in the journal of a service: a line at times."""

    def __init__(self, title: str, clock: Callable[[], float] = monotonic) -> None:
        self._title = title
        self._clock = clock
        self._next = clock() + LINE_SECONDS

    def report(self, done: int, total: int | None = None) -> None:
        if self._clock() < self._next:
            return
        self._next = self._clock() + LINE_SECONDS
        err.print(f"{self._title}: {done}{f' of {total}' if total else ''}", highlight=False)


@contextmanager
def progress_bar(title: str) -> Iterator[Any]:
    """Gives `report(done, total)`: a bar on a terminal, elsewhere a line at times."""
    if not sys.stderr.isatty():
        yield Lines(title).report
        return
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def say(refusal: CasefileError) -> None:
    """The fact, what to do about it, and the figures."""
    err.print(f"[bold red]{refusal.title}[/] {refusal.remedy}", highlight=False)
    for name, value in refusal.data.items():
        err.print(f"  {name}: {value}", highlight=False)


@contextmanager
def refusals_shown() -> Iterator[None]:
    """A refusal ends the command with its remedy; never with a stack trace."""
    try:
        yield
    except CasefileError as refusal:
        say(refusal)
        raise typer.Exit(REFUSED) from None
