"""`notifications dead list | retry`: what no channel took."""

from typing import Annotated
from uuid import UUID

import typer

from services.notifications.cli.output import (
    err,
    out,
    print_json,
    print_table,
    read_settings,
    refusals_shown,
)

app = typer.Typer(no_args_is_help=True, help="Notices that were given up: only the inbox has them.")
COLUMNS = ("Notice", "Kind", "For", "Case")


@app.command("list")
def list_(
    after: Annotated[UUID, typer.Option(help="Go on after this notice.")] = UUID(int=0),
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show what was given up. Why, the ledger says."""
    from services.notifications.composition import connected
    from services.notifications.delivering.rescuing import given_up

    with refusals_shown(), connected(read_settings()) as connection:
        found = given_up(connection, after, limit)
    if as_json:
        print_json(found)
        return
    print_table(COLUMNS, [(row.id, row.kind, row.staff, row.case_id) for row in found])
    if len(found) == limit:
        err.print(f"There may be more: --after {found[-1].id}")


@app.command()
def retry(notice: Annotated[UUID, typer.Argument(help="As `dead list` shows it.")]) -> None:
    """Try all channels of the person once more."""
    from services.notifications.composition import connected
    from services.notifications.delivering.rescuing import try_again

    with refusals_shown(), connected(read_settings()) as connection:
        try_again(connection, notice)
    out.print("It is queued again.")
