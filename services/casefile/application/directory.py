"""The names of staff: sealed, beside the log and not in it, so that they can be deleted."""

import msgspec
from eventsourcing.postgres import PostgresDatastore

from services.casefile.domain.personal import DataClass, Sealed
from services.casefile.domain.stream_ids import staff_stream
from services.casefile.log.keyring import Keyring
from services.casefile.log.sealing import Present, reveal, seal

PATH = "staff_directory.name"
OUTSIDE_THE_LOG = 0

PUT = """INSERT INTO casefile.staff_directory (staff, name_sealed) VALUES (%s, %s)
ON CONFLICT (staff) DO UPDATE SET name_sealed = excluded.name_sealed, updated_at = clock_timestamp()"""
GET = "SELECT name_sealed FROM casefile.staff_directory WHERE staff = %s"
DELETE = "DELETE FROM casefile.staff_directory WHERE staff = %s"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Sealed).decode


class StaffDirectory:
    """Knows what the people behind the staff ids are called, until they are forgotten."""

    def __init__(self, datastore: PostgresDatastore, keyring: Keyring) -> None:
        self._pool = datastore.pool
        self._keyring = keyring

    def set_name(self, staff: str, name: str) -> None:
        (key,) = self._keyring.provision(staff_stream(staff), [DataClass.STAFF])
        sealed = seal(name, key, stream_id=staff_stream(staff), version=OUTSIDE_THE_LOG, path=PATH)
        self._run(PUT, (staff, _encode(sealed)))

    def name_of(self, staff: str) -> str | None:
        """The name, or None where there is none or it cannot be shown."""
        rows = self._run(GET, (staff,), fetch=True)
        return self._revealed(staff, _decode(rows[0])) if rows else None

    def forget(self, staff: str) -> None:
        """Delete the name; what the person recorded stays, under the id alone."""
        self._run(DELETE, (staff,))

    def _revealed(self, staff: str, sealed: Sealed) -> str | None:
        stream = staff_stream(staff)
        key = self._keyring.key(stream, sealed.key)
        commitment = getattr(key, "commitment", b"")
        shown = reveal(
            sealed,
            key,
            stream_id=stream,
            version=OUTSIDE_THE_LOG,
            path=PATH,
            commitment=commitment,
        )
        return str(shown.value) if isinstance(shown, Present) else None

    def _run(
        self, statement: str, values: tuple[object, ...], *, fetch: bool = False
    ) -> list[bytes]:
        self._pool.open()
        with self._pool.connection() as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row["name_sealed"] for row in cursor.fetchall()] if fetch else []
