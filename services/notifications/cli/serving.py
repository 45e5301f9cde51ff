"""`notifications api`: the inbox, the directory, the ledger, and what is parked, over HTTP."""

import typer

from services.notifications.cli.output import read_settings, refusals_shown

GRACE_SECONDS = 5


def register(root: typer.Typer) -> None:
    root.command()(api)


def api() -> None:
    """Serve the HTTP API."""
    import uvicorn

    from services.notifications.composition import ready, served
    from services.notifications.log_config import configure_logging

    settings = read_settings()
    configure_logging(settings.log_format)
    with refusals_shown():
        ready(settings)
        with served(settings) as app:
            uvicorn.run(
                app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
