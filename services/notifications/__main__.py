"""`notifications`: the command every process of the service starts with."""

import sys
import traceback
from pathlib import Path

from services.notifications.cli.main import app

FAULT = 70


def main() -> None:
    """Run a command. A fault nobody foresaw is named by its place, without values."""
    try:
        app()
    except Exception as error:  # noqa: BLE001
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        told = (
            f"Notifications met a fault it did not expect: {type(error).__qualname__} at {place}."
        )
        sys.stderr.write(f"{told} Nothing is half-written; report it, and try again.\n")
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
