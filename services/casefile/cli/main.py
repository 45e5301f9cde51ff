"""Puts the commands together. Heavy modules are imported inside the commands, so that help is quick."""

from importlib.metadata import version
from typing import Annotated

import typer

from services.casefile.cli import (
    backfill,
    calendar,
    case,
    case_obligations,
    inspection,
    inspection_lists,
    keys,
    obligations,
    operations,
    policy,
    relay,
    report,
    serving,
    spreadsheets,
    topics,
)

app = typer.Typer(
    name="casefile",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Case tracking for children who need someone to keep their word.",
)
app.add_typer(case.app, name="case")
case_obligations.register(case.app)
app.add_typer(obligations.app, name="obligations")
app.add_typer(policy.app, name="policy")
app.add_typer(inspection.app, name="inspection")
inspection_lists.register(inspection.app)
app.add_typer(calendar.app, name="calendar")
app.add_typer(keys.app, name="keys")
app.add_typer(topics.app, name="topics")
app.add_typer(relay.app, name="relay")
for module in (serving, spreadsheets, report, operations, backfill):
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
