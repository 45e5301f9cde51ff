"""The keyring: a data key per subject and data class, wrapped at rest, cached in the process.

It lives in a database of its own, so that no copy of the log ever carries its keys.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from uuid import UUID

from services.casefile.domain.personal import PersonalState
from services.casefile.log import epochs, key_rows
from services.casefile.log.data_key import DataKey, KeyState, SubjectKeys
from services.casefile.log.kek import KekProvider
from services.casefile.log.key_cache import KeyCache
from services.casefile.log.keyring_connections import KeyringConnections
from services.casefile.log.keyring_errors import KeyringUnavailable
from services.casefile.log.rotation import Progress, rotate
from services.casefile.log.wrapping import by_subject, new_row

BATCH = 5_000
ATTEMPTS = 3

Wanted = tuple[UUID, str]


class Keyring:
    """Provisions, finds, destroys and re-wraps the keys that personal data is sealed with."""

    def __init__(
        self, conninfo: str, kek: KekProvider, *, remembered: int = 25_000, pause: float = 1.0
    ) -> None:
        self._connections = KeyringConnections(conninfo, pause)
        self._kek = kek
        self._cache = KeyCache(remembered)

    def provision(self, subject_id: UUID, classes: Iterable[str]) -> list[DataKey]:
        """The subject's keys of these classes, made now where there are none yet."""
        return self.provision_many([(subject_id, data_class) for data_class in classes])

    def provision_many(self, wanted: Sequence[Wanted]) -> list[DataKey]:
        keys = self.load_many(subject_id for subject_id, _ in wanted)
        missing = [one for one in dict.fromkeys(wanted) if one[1] not in keys[one[0]]]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._add(batch)
            keys |= self._read(list({subject_id for subject_id, _ in batch}))
        return [keys[subject_id].sealing(data_class) for subject_id, data_class in wanted]

    def keys(self, subject_id: UUID) -> SubjectKeys:
        """All keys of the subject: by data class to seal with, by key id to open with."""
        return self._cache.get(subject_id) or self.load_many([subject_id])[subject_id]

    def load_many(self, subject_ids: Iterable[UUID]) -> dict[UUID, SubjectKeys]:
        found = {subject_id: self._cache.get(subject_id) for subject_id in subject_ids}
        keys = {subject_id: held for subject_id, held in found.items() if held is not None}
        unread = [subject_id for subject_id in found if subject_id not in keys]
        for start in range(0, len(unread), BATCH):
            keys |= self._read(unread[start : start + BATCH])
        return keys

    def readable(self, subject_id: UUID, key_ids: Collection[str] = ()) -> SubjectKeys:
        """The keys to open with, as far as they can be had: without them values are unavailable.

        Name the keys the values were sealed with, and those another process made are found too.
        """
        held = self._cache.get(subject_id)
        if held is not None and held.names(key_ids):
            return held
        try:
            return self._read([subject_id])[subject_id]
        except KeyringUnavailable:
            return held or SubjectKeys(subject_id, {})

    def key(self, subject_id: UUID, key_id: str) -> KeyState:
        """The key to open a value with, or the state that the value is in without it."""
        return self.readable(subject_id, (key_id,)).opening(key_id)

    def destroy(self, subject_id: UUID) -> int:
        """Destroy all keys of the subject: whatever they sealed is erased from now on."""
        destroyed = self._connections.run(lambda c: key_rows.destroy(c, subject_id))
        self.forget(subject_id)
        return destroyed

    def forget(self, subject_id: UUID) -> None:
        """Read the subject's keys anew next time, because another process destroyed them."""
        self._cache.forget(subject_id)

    def rewrap(self, progress: Progress, *, batch: int = 1_000) -> str:
        """Rotate: wrap every key under a new epoch and destroy the old; resumes after a kill."""
        return rotate(self._connections.connect(), self._kek, progress, batch)

    def check(self) -> None:
        """Raise unless the keyring answers and its key encryption keys open what lies in it."""
        self._connections.run(lambda c: epochs.check(c, self._kek))

    def close(self) -> None:
        self._connections.close()

    def _add(self, wanted: Sequence[Wanted]) -> None:
        for _ in range(ATTEMPTS):
            epoch = self._kek.current_epoch()
            rows = [new_row(self._kek, epoch, *one) for one in wanted]
            if self._connections.run(partial(key_rows.add, rows=rows)):
                return
            self._connections.run(lambda c: epochs.register(c, self._kek))
        raise KeyringUnavailable()

    def _read(self, subject_ids: Sequence[UUID]) -> dict[UUID, SubjectKeys]:
        keys = self._read_once(subject_ids)
        # A rotation may end between reading the rows and unwrapping them; the new rows open.
        if any(PersonalState.KEY_UNAVAILABLE in found.withheld for found in keys.values()):
            return self._read_once(subject_ids)
        return keys

    def _read_once(self, subject_ids: Sequence[UUID]) -> dict[UUID, SubjectKeys]:
        moment = self._cache.moment
        rows = self._connections.run(lambda c: key_rows.of_subjects(c, subject_ids))
        keys = by_subject(self._kek, subject_ids, rows)
        for found in keys.values():
            if found and found.withheld <= {PersonalState.ERASED}:
                self._cache.put(found, moment)
        return keys
