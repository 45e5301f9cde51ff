"""The keys of the subjects last used, in memory, for all threads of a process."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from services.casefile.log.data_key import SubjectKeys


class KeyCache:
    """Forgets the subject unused for longest, and never re-learns what was just forgotten."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[UUID, SubjectKeys] = OrderedDict()
        self._lock = Lock()
        self._forgotten = 0

    @property
    def moment(self) -> int:
        """Take it before reading the keyring; what was read goes in with it."""
        return self._forgotten

    def get(self, subject_id: UUID) -> SubjectKeys | None:
        with self._lock:
            if (keys := self._held.get(subject_id)) is not None:
                self._held.move_to_end(subject_id)
        return keys

    def put(self, keys: SubjectKeys, moment: int) -> None:
        with self._lock:
            if moment == self._forgotten:
                self._held[keys.subject_id] = keys
                self._held.move_to_end(keys.subject_id)
                if len(self._held) > self._limit:
                    self._held.popitem(last=False)

    def forget(self, subject_id: UUID) -> None:
        with self._lock:
            self._forgotten += 1
            self._held.pop(subject_id, None)
