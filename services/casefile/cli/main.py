"""Puts the commands together. Heavy modules are imported inside the commands, so that help is quick."""

from importlib.metadata import version
from typing import Annotated

import typer

from services.casefile.cli import case, keys, operations, serving, spreadsheets

app = typer.Typer(
    name="casefile",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Case tracking for children who need someone to keep their word.",
)
app.add_typer(case.app, name="case")
app.add_typer(keys.app, name="keys")
for module in (serving, spreadsheets, operations):
    module.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"casefile {version('casefile')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Settings come from CASEFILE_... variables or from casefile.env in the working directory."""
