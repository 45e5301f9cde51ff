"""`notifications migrate`: the service's own database."""

from typing import Annotated

import typer

from services.notifications.cli.output import out, read_settings, refusals_shown


def register(root: typer.Typer) -> None:
    root.command()(migrate)


def migrate(
    sql: Annotated[bool, typer.Option("--sql", help="Print the script; change nothing.")] = False,
) -> None:
    """Bring the database to this release's schema. Running it again is harmless."""
    from services.notifications.state.migrations import offline_sql

    if sql:
        typer.echo(offline_sql())
        return
    from services.notifications.composition import migrated

    with refusals_shown():
        migrated(read_settings())
    out.print("The database is at this release's schema.")
