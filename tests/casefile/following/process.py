"""A follower in a process of its own, to be frozen and killed.

python -m tests.casefile.following.process FOLDER LEASE_SECONDS ADDRESSES... (follow | build)
"""

import os
import signal
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event

from services.casefile.following import Following, Progress, Upkeep
from services.casefile.readmodels import models
from tests.casefile.following.county import County
from tests.casefile.world import parts
from tests.servers import Database

KILLED_AFTER = 2


def start(world: County, task: str = "follow", lease_seconds: float = 15.0) -> Popen[str]:
    """Start the process; returns when it is wired."""
    database = world.database
    process = Popen(
        [
            *(sys.executable, "-m", __spec__.name, task, str(world.folder), str(lease_seconds)),
            *(database.app, database.owner, database.keyring_app, database.keyring_owner),
        ],
        stdin=PIPE,
        stdout=PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "wired\n"
    return process


def end(process: Popen[str]) -> None:
    process.kill()
    process.communicate()


def main() -> None:
    task, folder, lease_seconds, *addresses = sys.argv[1:]
    database = Database(*addresses, admin="")
    with closing(parts(database, Path(folder))) as built:
        every = models(built.keyring, built.index)
        print("wired", flush=True)
        if task == "follow":
            seconds = float(lease_seconds)
            following = Following(
                database.app, built.recorder, built.mapper, every, lease_seconds=seconds
            )
            following.run(Event())
        else:
            upkeep = Upkeep(database.app, built.recorder, built.mapper, every, chunk=5)
            upkeep.rebuild((), Killer())


class Killer:
    """Kills its own process in the middle of a build, as the power might."""

    def __init__(self) -> None:
        self._heard = 0

    def __call__(self, progress: Progress) -> None:
        self._heard += 1
        if self._heard == KILLED_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
