"""The epochs of key encryption keys, as the keyring database knows them.

An epoch is in use, then retired (no live key refers to it; none can any more), then destroyed.
"""

from psycopg import Connection
from psycopg.errors import ForeignKeyViolation

from services.casefile.domain.personal import PersonalState
from services.casefile.log import key_rows
from services.casefile.log.kek import KekProvider
from services.casefile.log.keyring_errors import EpochUnknown
from services.casefile.log.wrapping import opened

REGISTER = "INSERT INTO keyring.epochs (epoch) VALUES (%s) ON CONFLICT DO NOTHING"
IN_USE = "SELECT in_use FROM keyring.epochs WHERE epoch = %s"
UNFINISHED = "SELECT epoch FROM keyring.epochs WHERE epoch <> %s AND destroyed_at IS NULL"
RETIRE = "UPDATE keyring.epochs SET in_use = false WHERE epoch = ANY(%s) AND in_use"
DESTROYED = "UPDATE keyring.epochs SET destroyed_at = clock_timestamp() WHERE epoch = %s"


def register(connection: Connection, kek: KekProvider) -> str:
    """Let keys be wrapped under the provider's epoch, if the provider belongs to this keyring."""
    epoch = kek.current_epoch()
    check(connection, kek)
    connection.execute(REGISTER, [epoch])
    [(in_use,)] = connection.execute(IN_USE, [epoch])
    if not in_use:
        raise EpochUnknown(epoch)
    return epoch


def check(connection: Connection, kek: KekProvider) -> None:
    """Refuse key encryption keys that do not open what lies here: another file, or a new one."""
    for row in key_rows.one_of_each_epoch(connection):
        if opened(kek, row) is PersonalState.KEY_UNAVAILABLE:
            raise EpochUnknown(row.epoch)


def unfinished(connection: Connection, current: str) -> list[str]:
    """The epochs that a rotation has still to retire or to destroy."""
    return [epoch for (epoch,) in connection.execute(UNFINISHED, [current])]


def retire(connection: Connection, epochs: list[str]) -> bool:
    """False when a live key is still wrapped under one of them."""
    try:
        connection.execute(RETIRE, [epochs])
    except ForeignKeyViolation:
        return False
    return True


def mark_destroyed(connection: Connection, epoch: str) -> None:
    connection.execute(DESTROYED, [epoch])
