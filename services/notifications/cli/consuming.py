"""`notifications consume | replay`: reads what Casefile publishes."""

import signal
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from services.notifications.cli.output import err, out, read_settings, refusals_shown


def register(root: typer.Typer) -> None:
    for command in (consume, replay):
        root.command()(command)


def stopped_by_signals() -> Event:
    stop = Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    return stop


def consume() -> None:
    """Read messages all day and decide who is to be told what."""
    from services.notifications.composition import consumer, ready
    from services.notifications.log_config import configure_logging

    settings = read_settings()
    stop = stopped_by_signals()
    configure_logging(settings.log_format)
    with refusals_shown():
        ready(settings)
        consumer(settings).run(stop)


def replay(
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this, only say what.")] = False,
) -> None:
    """Forget what was built from messages and read them all again. Nobody is told anything twice."""
    from services.notifications.composition import connected, ready
    from services.notifications.state.replaying import forget

    settings = read_settings()
    if not yes:
        err.print("Would forget offsets, heads, parked messages and what is known of cases.")
        err.print("Notices, deliveries and the inbox stay. Run it with --yes.")
        return
    with refusals_shown():
        ready(settings)
        with connected(settings) as connection:
            forget(connection)
    out.print("Forgotten. The consumer reads everything again by itself.")
