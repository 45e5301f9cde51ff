"""`casefile up | api | project | clock`: the processes that run all day."""

import socket
from typing import Annotated

import typer

from services.casefile.cli.output import UNUSABLE, err, progress_bar
from services.casefile.cli.wiring import addresses, migrated, parts, read_settings


def register(root: typer.Typer) -> None:
    for command in (up, api, project, clock):
        root.command()(command)


def up(
    children: Annotated[int, typer.Option(min=10, help="Children in the demo county.")] = 250,
    demo: Annotated[bool, typer.Option(help="Fill an empty log with the demo county.")] = True,
) -> None:
    """Start everything on this machine: database, demo county, API and followers."""
    from services.casefile.cli.starting import start_all

    settings = read_settings()
    if not _is_free(settings.host, settings.port):
        err.print(f"Port {settings.port} is taken. Set CASEFILE_PORT to another one.")
        raise typer.Exit(UNUSABLE)
    with addresses() as found:
        start_all(settings, found, children if demo else 0)


def api() -> None:
    """Serve the HTTP API."""
    from services.casefile.cli.api_process import serve

    settings = read_settings()
    with migrated() as found:
        serve(settings, found)


def project() -> None:
    """Run the followers: they keep the read models up with the log."""
    from services.casefile.cli.follower_process import follow

    with parts() as built, addresses() as found:
        follow(read_settings(), built, found)


def clock(
    once: Annotated[
        bool, typer.Option("--once", help="One pass; print what it did and end.")
    ] = False,
    ahead_days: Annotated[
        int | None,
        typer.Option(min=0, max=3660, help="Rehearse: so many days ahead. Use a copy of the data."),
    ] = None,
    trust_time: Annotated[
        bool,
        typer.Option("--trust-time", help="With --once: you have looked, and the time is right."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Run the clock: it declares what has come due, and closes one day after another."""
    from services.casefile.cli import clock_process
    from services.casefile.cli.clock_report import report

    if trust_time and not once:
        raise typer.BadParameter("It goes with --once only.", param_hint="--trust-time")
    settings = read_settings()
    if ahead_days is not None:
        settings = settings.model_copy(update={"clock_ahead_days": ahead_days})
    with parts(settings) as built, addresses() as found:
        if not once:
            clock_process.run(settings, built, found.app)
            return
        with progress_bar("Sweeping") as shown:
            done = clock_process.once(settings, built, found.app, shown, is_trusted=trust_time)
    report(done, as_json=as_json)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
