"""`casefile keys …`: the keys that personal data is sealed with."""

import typer

from services.casefile.cli.output import err, progress_bar
from services.casefile.cli.wiring import parts

app = typer.Typer(no_args_is_help=True, help="Look after the keys that seal personal data.")


@app.command()
def rotate() -> None:
    """Wrap every key under a new epoch and destroy the old one. Killed, it goes on where it was."""
    with parts() as built, progress_bar("Rotating keys") as report:
        done = built.keyring.rewrap(report)
    err.print(f"[green]Keys rotated[/]: {done}", highlight=False)
