"""`casefile up`: migrates, fills an empty log with the demo county, starts the processes, welcomes."""

import os
import time
from collections.abc import Mapping
from urllib.request import urlopen

from services.casefile.cli.children import Children
from services.casefile.cli.demo_tokens import ensure_tokens
from services.casefile.cli.filling import fill, is_empty
from services.casefile.cli.output import err, progress_bar
from services.casefile.cli.welcome import welcome
from services.casefile.composition import secrets_of
from services.casefile.embedded import Provisioned
from services.casefile.log.migrations import migrate, migrate_keyring
from services.casefile.log_config import configure_logging
from services.casefile.settings import Settings

PATIENCE = 90.0
NOTIFICATIONS = "services.notifications"


def start_all(settings: Settings, addresses: Provisioned, children: int) -> None:
    """Everything on this machine, until somebody presses Ctrl-C."""
    configure_logging(settings.log_format)
    migrate(addresses.owner)
    migrate_keyring(addresses.keyring_owner)
    secrets_of(settings).create()
    tokens = ensure_tokens(settings.tokens_path)
    if children and is_empty(addresses):
        with progress_bar("Inventing a county") as report:
            fill(settings, addresses, children, seed=2026, report=report)
    processes = Children(os.environ | beside(settings, addresses, tokens))
    try:
        processes.add("followers", "project")
        processes.add("clock", "clock")
        processes.add("api", "api")
        if addresses.guest is not None:
            processes.add("notifications", "up", service=NOTIFICATIONS)
        if answers(f"http://{settings.host}:{settings.port}/readyz"):
            welcome(settings, addresses, tokens)
        processes.run()
    finally:
        err.print("Stopping …")
        processes.stop()


def beside(settings: Settings, addresses: Provisioned, tokens: Mapping[str, str]) -> dict[str, str]:
    """What both services are told of each other, and the database of notifications. Yours goes first."""
    if addresses.guest is None:
        return {}
    told = {
        "DATABASE_URL": addresses.guest,
        "SOURCE": "feed",
        "CASEFILE_URL": f"http://{settings.host}:{settings.port}",
        "CONSOLE_URL": f"http://{settings.host}:{settings.port}",
        "CASEFILE_TOKEN": tokens["service"],
        "TOKENS_FILE": str(settings.tokens_path),
        "PORT": str(settings.port + 10),
        "LOG_FORMAT": settings.log_format,
        "CLOCK_AHEAD_DAYS": str(settings.clock_ahead_days),
    }
    named = {f"NOTIFICATIONS_{name}": value for name, value in told.items()}
    named |= {name: os.environ[name] for name in named if name in os.environ}
    host = os.environ.get("NOTIFICATIONS_HOST", "127.0.0.1")
    asked = {
        "CASEFILE_NOTIFICATIONS_URL": f"http://{host}:{named['NOTIFICATIONS_PORT']}",
        "CASEFILE_NOTIFICATIONS_TOKEN": tokens["service"],
    }
    return named | asked | {name: os.environ[name] for name in asked if name in os.environ}


def answers(url: str) -> bool:
    """Wait until the address answers, or until it is clear that something is wrong."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    err.print(f"{url} does not answer; look at the lines above.")
    return False
