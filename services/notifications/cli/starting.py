"""`notifications up | remind`: everything on one machine, and the process that reminds."""

from typing import Annotated

import typer

from services.notifications.cli.consuming import stopped_by_signals
from services.notifications.cli.output import err, read_settings, refusals_shown

# In the order they are started; a command that this release does not have is left out.
PROCESSES = ("consume", "deliver", "remind", "api")
ROUND_SECONDS = 2.0


def register(root: typer.Typer) -> None:
    @root.command()
    def up() -> None:
        """Migrate the database and run every process of the service until Ctrl-C."""
        from services.notifications.cli.processes import keep_running
        from services.notifications.composition import migrated
        from services.notifications.log_config import configure_logging

        settings = read_settings()
        stop = stopped_by_signals()
        configure_logging(settings.log_format)
        with refusals_shown():
            migrated(settings)
        names = {_name(command) for command in root.registered_commands}
        keep_running([name for name in PROCESSES if name in names], stop)
        err.print("Notifications stopped.")

    root.command()(remind)


def remind(
    once: Annotated[bool, typer.Option("--once", help="One pass, and end.")] = False,
) -> None:
    """Remind people of what comes due after each closed day, and put their digests together."""
    from services.notifications.composition import ready, reminder
    from services.notifications.log_config import configure_logging

    settings = read_settings()
    stop = stopped_by_signals()
    configure_logging(settings.log_format)
    with refusals_shown():
        ready(settings)
        going = reminder(settings)
        going.pass_once()
    while not once and not stop.wait(ROUND_SECONDS):
        going.pass_once()


def _name(command: typer.models.CommandInfo) -> str:
    called = command.name or getattr(command.callback, "__name__", "")
    return str(called).rstrip("_")
