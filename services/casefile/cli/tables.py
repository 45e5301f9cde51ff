"""Tables in the reader's language, of values that were written by somebody else."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, get_args

import typer
from rich.markup import escape

from services.casefile.cli.output import print_table
from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.cadence.obligation import State
from services.casefile.labels import Labels, labels

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Language = Annotated[str, typer.Option(help="zh or en.")]
STATES: tuple[State, ...] = get_args(State)


def known_states(asked: list[str] | None) -> list[str] | None:
    if unknown := [name for name in asked or () if name not in STATES]:
        raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(STATES)}.")
    return asked


States = Annotated[
    list[str] | None,
    typer.Option("--state", callback=known_states, help=f"Only these: {', '.join(STATES)}."),
]


def states_of(asked: list[str] | None) -> tuple[State, ...]:
    return tuple(state for state in STATES if state in (asked or ()))


def words_of(lang: str) -> Labels:
    return labels("en" if lang == "en" else "zh")


def show(words: Labels, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table whose columns are named after fields."""
    heads = [words.field(column) for column in columns]
    print_table(heads, [[cell(value, words) for value in row] for row in rows])


def cell(value: Any, words: Labels) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return words.text("yes" if value else "no")
    if isinstance(value, datetime):
        return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple | set | frozenset):
        return escape(", ".join(str(each) for each in value))
    return escape(str(value))


def share(n: int, of: int) -> str:
    """No rate without what it is a part of."""
    return f"{n}/{of} ({n / of:.0%})" if of else "0/0"
