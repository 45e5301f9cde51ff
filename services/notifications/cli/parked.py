"""`notifications parked list | show | retry | drop`: messages that wait for somebody."""

from typing import Annotated, Any

import msgspec
import typer

from services.notifications.cli.output import (
    err,
    out,
    print_json,
    print_table,
    read_settings,
    refusals_shown,
)

app = typer.Typer(no_args_is_help=True, help="Messages that wait: unreadable, failed, or a hole.")

Number = Annotated[int, typer.Argument(help="The number that `parked list` shows.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
COLUMNS = ("Number", "Stream", "Version", "Type", "Why", "Reason", "Attempts", "Since")


@app.command("list")
def list_(
    after: Annotated[int, typer.Option(help="Go on after this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show what is parked, and why."""
    from services.notifications.composition import connected
    from services.notifications.state import parked

    with refusals_shown(), connected(read_settings()) as connection:
        found = parked.page(connection, after, limit)
    if as_json:
        print_json(found)
        return
    print_table(COLUMNS, [_row(row) for row in found])
    if len(found) == limit:
        err.print(f"There may be more: --after {found[-1].id}")


@app.command()
def show(number: Number) -> None:
    """Show one message as it came."""
    from services.notifications.composition import connected
    from services.notifications.state import parked

    with refusals_shown(), connected(read_settings()) as connection:
        row = parked.one(connection, number)
        content = parked.content(connection, number)
    message = content.message or (content.raw or b"")[:4000].decode(errors="replace")
    print_json({**msgspec.structs.asdict(row), "headers": content.headers, "message": message})


@app.command()
def retry(
    number: Annotated[int | None, typer.Argument(help="Of this one's stream.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every stream, one by one.")] = False,
    over_hole: Annotated[
        bool, typer.Option("--over-hole", help="Give up the versions that are missing before it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Try again, in the order of the stream, from its first parked message on."""
    from services.notifications.composition import connected, effect
    from services.notifications.consuming import mending

    if (number is None) is not every:
        raise typer.BadParameter("name one number, or --all")
    settings = read_settings()
    with refusals_shown(), connected(settings) as connection:
        does = effect(settings, connection)
        if number is None:
            done = list(mending.retry_all(connection, does))
        else:
            done = [mending.retry(connection, does, number, over_hole=over_hole)]
    _say(done, as_json=as_json)


@app.command()
def drop(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this, only say what.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give one message up, on record; the ones behind it go on."""
    from services.notifications.composition import connected, effect
    from services.notifications.consuming import mending
    from services.notifications.state import parked

    settings = read_settings()
    with refusals_shown(), connected(settings) as connection:
        if not yes:
            print_table(COLUMNS, [_row(parked.one(connection, number))])
            err.print("This message would never have its effect. Run it with --yes.")
            return
        done = mending.drop(connection, effect(settings, connection), number)
    _say([done], as_json=as_json)


def _row(row: Any) -> tuple[Any, ...]:
    place = (row.id, row.stream_id, row.version, row.type)
    return (*place, row.grade, row.reason, row.attempts, row.parked_at)


def _say(done: list[Any], *, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    for stream in done:
        held = stream.holds
        state = f"held by number {held.id}: {held.reason}" if held else "goes on"
        out.print(f"{stream.stream_id}: {stream.went_on} had their effect; {state}", markup=False)
    if not done:
        out.print("Nothing is parked.")
