"""A data key to its row in the keyring and back, through the KEK provider."""

import os
from collections.abc import Iterable
from uuid import UUID

from services.casefile.domain.personal import PersonalState
from services.casefile.log.data_key import DataKey, KeyState, SubjectKeys, key_id
from services.casefile.log.kek import KekProvider
from services.casefile.log.key_rows import KeyRow
from services.casefile.log.keyring_errors import KekUnavailable, KeyTampered

DEK = 32


def new_row(kek: KekProvider, epoch: str, subject_id: UUID, data_class: str) -> KeyRow:
    """A key nobody has seen yet, wrapped."""
    return _wrapped(kek, KeyRow(subject_id, data_class, 1, epoch, None), os.urandom(DEK))


def rewrapped(kek: KekProvider, row: KeyRow, epoch: str) -> KeyRow:
    return _wrapped(kek, row._replace(epoch=epoch), _unwrapped(kek, row))


def opened(kek: KekProvider, row: KeyRow) -> KeyState:
    """The key of a row, or the state that everything sealed with it is in."""
    if row.wrapped is None:
        return PersonalState.ERASED
    try:
        return DataKey(row.subject_id, row.data_class, row.revision, _unwrapped(kek, row))
    except KekUnavailable:
        return PersonalState.KEY_UNAVAILABLE
    except KeyTampered:
        return PersonalState.TAMPERED


def by_subject(
    kek: KekProvider, subject_ids: Iterable[UUID], rows: Iterable[KeyRow]
) -> dict[UUID, SubjectKeys]:
    """All keys of the subjects, those without any included."""
    found: dict[UUID, dict[str, KeyState]] = {subject_id: {} for subject_id in subject_ids}
    for row in rows:
        found[row.subject_id][key_id(row.data_class, row.revision)] = opened(kek, row)
    return {subject_id: SubjectKeys(subject_id, keys) for subject_id, keys in found.items()}


def _wrapped(kek: KekProvider, row: KeyRow, dek: bytes) -> KeyRow:
    return KeyRow(*row[:4], kek.wrap(row.epoch, dek, _associated(row)))


def _unwrapped(kek: KekProvider, row: KeyRow) -> bytes:
    try:
        return kek.unwrap(row.epoch, row.wrapped or b"", _associated(row))
    except KeyTampered as error:
        raise KeyTampered(row.subject_id, row.data_class) from error


def _associated(row: KeyRow) -> bytes:
    subject_id, data_class, revision, epoch, _ = row
    return f"casefile-dek/v1|{subject_id.hex}|{data_class}|{revision}|{epoch}".encode()
