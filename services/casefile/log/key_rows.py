"""The rows of the keyring database: wrapped keys and epochs. No key is ever here in the clear."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.errors import ForeignKeyViolation


class KeyRow(NamedTuple):
    """One data key at rest; a destroyed one has no `wrapped` any more."""

    subject_id: UUID
    data_class: str
    revision: int
    epoch: str
    wrapped: bytes | None


ADD = """
INSERT INTO keyring.data_keys (subject_id, data_class, revision, epoch, wrapped)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::int[], %b::text[], %b::bytea[])
ORDER BY 1, 2, 3
ON CONFLICT DO NOTHING
"""
OF = """
SELECT subject_id, data_class, revision, epoch, wrapped
FROM keyring.data_keys WHERE subject_id = ANY(%b)
"""
ONE_OF_EACH_EPOCH = """
SELECT key.subject_id, key.data_class, key.revision, key.epoch, key.wrapped
FROM keyring.epochs AS used CROSS JOIN LATERAL (
    SELECT * FROM keyring.data_keys AS held
    WHERE held.epoch = used.epoch AND held.wrapped IS NOT NULL LIMIT 1
) AS key
WHERE used.in_use
"""
ON_OTHER_EPOCHS = """
SELECT subject_id, data_class, revision, epoch, wrapped
FROM keyring.data_keys
WHERE (subject_id, data_class, revision) > (%b, %b, %b) AND epoch <> %b AND wrapped IS NOT NULL
ORDER BY subject_id, data_class, revision
LIMIT %b
"""
COUNT_ON_OTHER_EPOCHS = """
SELECT count(*) FROM keyring.data_keys WHERE epoch <> %b AND wrapped IS NOT NULL
"""
REPLACE = """
UPDATE keyring.data_keys AS held SET epoch = new.epoch, wrapped = new.wrapped
FROM unnest(%b::uuid[], %b::text[], %b::int[], %b::text[], %b::bytea[], %b::text[])
     AS new (subject_id, data_class, revision, epoch, wrapped, was)
WHERE held.subject_id = new.subject_id AND held.data_class = new.data_class
  AND held.revision = new.revision AND held.epoch = new.was AND held.wrapped IS NOT NULL
"""
DESTROY = """
UPDATE keyring.data_keys SET wrapped = NULL, destroyed_at = clock_timestamp()
WHERE subject_id = %b AND wrapped IS NOT NULL
"""


def add(connection: Connection, rows: Sequence[KeyRow]) -> bool:
    """Store the keys that are not there yet; False when their epoch is not in use."""
    try:
        connection.execute(ADD, _columns(rows))
    except ForeignKeyViolation:
        return False
    return True


def of_subjects(connection: Connection, subject_ids: Iterable[UUID]) -> list[KeyRow]:
    return list(map(KeyRow._make, connection.execute(OF, [list(subject_ids)], binary=True)))


def one_of_each_epoch(connection: Connection) -> list[KeyRow]:
    return list(map(KeyRow._make, connection.execute(ONE_OF_EACH_EPOCH, binary=True)))


def on_other_epochs(
    connection: Connection, epoch: str, after: KeyRow | None, limit: int
) -> list[KeyRow]:
    """A page of the live keys that this epoch does not wrap, in the order of their names."""
    place = after[:3] if after else (UUID(int=0), "", 0)
    page = connection.execute(ON_OTHER_EPOCHS, [*place, epoch, limit], binary=True)
    return list(map(KeyRow._make, page))


def count_on_other_epochs(connection: Connection, epoch: str) -> int:
    [(count,)] = connection.execute(COUNT_ON_OTHER_EPOCHS, [epoch])
    return int(count)


def replace(connection: Connection, rows: Sequence[KeyRow], was: Sequence[str]) -> None:
    """Wrap keys anew, except those destroyed or wrapped anew by someone else meanwhile."""
    connection.execute(REPLACE, [*_columns(rows), list(was)])


def destroy(connection: Connection, subject_id: UUID) -> int:
    return connection.execute(DESTROY, [subject_id]).rowcount


def _columns(rows: Sequence[KeyRow]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
