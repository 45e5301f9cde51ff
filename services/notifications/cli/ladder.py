"""`notifications ladder check | show | schema`: who hears what, when and through what."""

from pathlib import Path
from typing import Annotated

import typer

from services.notifications.cli.output import REFUSED, err, out, refusals_shown

app = typer.Typer(help="Who hears what, when and through what.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The ladder, as YAML.")]


@app.command()
def check(file: File) -> None:
    """Say whether a ladder can be used, and what is wrong at which line."""
    from services.notifications.policy.faults import LadderNotUsable
    from services.notifications.policy.reading import read_ladder

    try:
        ladder = read_ladder(file.read_bytes())
    except LadderNotUsable as refusal:
        for fault in refusal.faults:
            place = f"{file.name}:{fault.line}:{fault.column}"
            err.print(f"{place} {fault.where}: {fault.problem} {fault.remedy}", markup=False)
        raise typer.Exit(REFUSED) from None
    steps = len(ladder.staff) + len(ladder.parents) + len(ladder.safety)
    out.print(f"{ladder.ladder} version {ladder.version} can be used: {steps} steps.")


@app.command()
def show() -> None:
    """Print the ladder that is shipped, to begin one's own with."""
    from services.notifications.policy.reading import default_text

    typer.echo(default_text(), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a ladder, for an editor."""
    from services.notifications.policy.schema import written

    with refusals_shown():
        typer.echo(written().decode(), nl=False)
