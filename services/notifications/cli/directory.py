"""`notifications directory import`: whom to reach, and how, from a table."""

from pathlib import Path
from typing import Annotated

import typer

from services.notifications.cli.output import REFUSED, err, out, read_settings, refusals_shown

app = typer.Typer(help="Whom to reach, and how.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A table, as CSV.")]


@app.command("import")
def take_in(
    file: File,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be wrong.")
    ] = False,
) -> None:
    """Take in all rows or none; the same table again changes nothing."""
    from services.notifications.composition import connected, ready
    from services.notifications.directory.people import put_all
    from services.notifications.directory.tables import RowsNotUsable, read_people

    with refusals_shown():
        try:
            rows = read_people(file.read_bytes())
        except RowsNotUsable as refusal:
            for fault in refusal.faults:
                place = f"{file.name}: row {fault.row}, {fault.column}"
                err.print(f"{place}: {fault.problem}", markup=False)
            err.print(f"{refusal.title} {refusal.remedy}", markup=False)
            raise typer.Exit(REFUSED) from None
        if not dry_run:
            settings = read_settings()
            ready(settings)
            with connected(settings) as connection:
                put_all(connection, rows)
    done = "would be taken in" if dry_run else "are in the directory"
    out.print(f"{len(rows)} people {done}.")
