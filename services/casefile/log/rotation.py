"""Rotation: every data key wrapped anew under a new epoch, then the old epoch destroyed.

After it, no copy of the keyring made before it opens anything. Readers go on meanwhile; a
rotation that was killed goes on where it stopped, because every row names its epoch.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg import Connection, InterfaceError, OperationalError

from services.casefile.log import epochs, key_rows
from services.casefile.log.kek import KekProvider
from services.casefile.log.keyring_errors import KeyringUnavailable, RotationUnderWay
from services.casefile.log.wrapping import rewrapped

Progress = Callable[[int, int], None]
LOCK = 0x6B657972696E67  # "keyring"


def rotate(connection: Connection, kek: KekProvider, progress: Progress, batch: int) -> str:
    """Finish the rotation that was begun, or else begin and finish one; return its epoch."""
    with _alone(connection):
        current = _begun(connection, kek)
        _rewrap(connection, kek, current, progress, batch)
        old = epochs.unfinished(connection, current)
        while not epochs.retire(connection, old):
            _rewrap(connection, kek, current, progress, batch)
        for epoch in old:
            kek.destroy(epoch)
            epochs.mark_destroyed(connection, epoch)
    return current


def _begun(connection: Connection, kek: KekProvider) -> str:
    current = epochs.register(connection, kek)
    if epochs.unfinished(connection, current):
        return current
    kek.new_epoch()
    return epochs.register(connection, kek)


def _rewrap(
    connection: Connection, kek: KekProvider, epoch: str, progress: Progress, batch: int
) -> None:
    total, done, last = key_rows.count_on_other_epochs(connection, epoch), 0, None
    while page := key_rows.on_other_epochs(connection, epoch, last, batch):
        anew = [rewrapped(kek, row, epoch) for row in page]
        key_rows.replace(connection, anew, was=[row.epoch for row in page])
        done, last = done + len(page), page[-1]
        progress(done, max(total, done))


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold the keyring's rotation lock; the server lets go of it when the process dies."""
    try:
        with connection:
            [(is_alone,)] = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not is_alone:
                raise RotationUnderWay()
            yield
    except (OperationalError, InterfaceError) as error:
        raise KeyringUnavailable() from error
