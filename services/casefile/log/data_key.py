"""A subject's data keys as they are held in memory: what seals, what reveals, what is gone."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.casefile.domain.personal import PersonalState
from services.casefile.log.keyring_errors import KeyErased, KeyringUnavailable, KeyTampered

COMMITMENT = b"casefile-dek-commit/v1"


class DataKey:
    """Seals one data class of one subject. Its secret shows in no repr, pickle or log."""

    __slots__ = ("__aead", "__commitment", "__dek", "data_class", "id", "revision", "subject_id")

    def __init__(self, subject_id: UUID, data_class: str, revision: int, dek: bytes) -> None:
        self.subject_id = subject_id
        self.data_class = data_class
        self.revision = revision
        self.id = key_id(data_class, revision)
        self.__dek = dek
        self.__aead: AESGCM | None = None
        self.__commitment: bytes | None = None

    @property
    def aead(self) -> AESGCM:
        if self.__aead is None:
            self.__aead = AESGCM(self.__dek)
        return self.__aead

    @property
    def commitment(self) -> bytes:
        """What the log keeps of the key: it betrays nothing, and no other key fits it."""
        if self.__commitment is None:
            self.__commitment = hashlib.sha256(COMMITMENT + self.__dek).digest()
        return self.__commitment

    def __repr__(self) -> str:
        return f"DataKey({self.subject_id}, {self.id})"

    def __reduce__(self) -> str:
        raise TypeError("a data key does not leave its process")


KeyState = DataKey | PersonalState
"""A key, or why there is none."""


class SubjectKeys(Mapping[str, DataKey]):
    """All keys of one subject. By data class: the key to seal with. By key id: the key to open."""

    def __init__(self, subject_id: UUID, by_id: Mapping[str, KeyState]) -> None:
        self.subject_id = subject_id
        self._by_id = by_id
        self.withheld = {state for state in by_id.values() if isinstance(state, PersonalState)}
        self._newest = {_class_of(key): state for key, state in sorted(by_id.items(), key=_order)}

    def names(self, key_ids: Iterable[str]) -> bool:
        """Whether the keyring had a row for each of these keys."""
        return all(key_id in self._by_id for key_id in key_ids)

    def opening(self, key_id: str) -> KeyState:
        return self._by_id.get(key_id, PersonalState.KEY_UNAVAILABLE)

    def sealing(self, data_class: str) -> DataKey:
        match self._newest[data_class]:
            case DataKey() as key:
                return key
            case PersonalState.ERASED:
                raise KeyErased(self.subject_id, data_class)
            case PersonalState.TAMPERED:
                raise KeyTampered(self.subject_id, data_class)
        raise KeyringUnavailable()

    __getitem__ = sealing

    def __contains__(self, data_class: object) -> bool:
        return data_class in self._newest

    def __iter__(self) -> Iterator[str]:
        return iter(self._newest)

    def __len__(self) -> int:
        return len(self._newest)


def key_id(data_class: str, revision: int) -> str:
    return f"{data_class}#{revision}"


def verified(key: KeyState, commitment: bytes) -> KeyState:
    """The key, unless it is another one than the log committed to."""
    if isinstance(key, DataKey) and key.commitment != commitment:
        return PersonalState.TAMPERED
    return key


def _class_of(key_id: str) -> str:
    return key_id.partition("#")[0]


def _order(item: tuple[str, KeyState]) -> int:
    return int(item[0].partition("#")[2])
