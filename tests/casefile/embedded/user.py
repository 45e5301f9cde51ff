"""A program that uses the embedded server until it is told to end."""

import signal
import sys
from pathlib import Path
from types import FrameType

from services.casefile.embedded import EmbeddedPostgres, find_pg_binaries


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with EmbeddedPostgres(Path(sys.argv[1]), find_pg_binaries(Path(sys.argv[2]))):
        print("ready", flush=True)
        signal.pause()
