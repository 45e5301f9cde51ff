"""Puts the commands together. Heavy modules are imported inside the commands, so that help is quick."""

from importlib.metadata import version
from typing import Annotated

import typer

from services.notifications.cli import (
    consuming,
    database,
    dead,
    delivering,
    directory,
    ladder,
    parked,
    serving,
    starting,
)

app = typer.Typer(
    name="notifications",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Tells the people who answer for a child what is due, what was missed, and what is urgent.",
)
app.add_typer(parked.app, name="parked")
app.add_typer(dead.app, name="dead")
app.add_typer(directory.app, name="directory")
app.add_typer(ladder.app, name="ladder")
for module in (database, consuming, delivering, serving, starting):
    module.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"notifications {version('casefile')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Settings come from NOTIFICATIONS_... variables or from notifications.env."""
