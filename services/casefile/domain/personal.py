"""Personal data in a record: how a field is marked, and what stands in its place at rest."""

from enum import StrEnum
from typing import Any

import msgspec


class DataClass(StrEnum):
    """Which key of a subject a personal field is sealed with."""

    IDENTITY = "identity"
    WELFARE = "welfare"
    GUARDIAN = "guardian"
    THIRD_PARTY = "third_party"
    STAFF = "staff"


class PersonalState(StrEnum):
    """Why a personal value is, or is not, shown."""

    PRESENT = "present"
    ERASED = "erased"
    KEY_UNAVAILABLE = "key_unavailable"
    TAMPERED = "tampered"


class Sealed(msgspec.Struct, frozen=True, array_like=True, tag="$sealed"):
    """A personal value at rest.

    `version` and `path` say where it was sealed; the ciphertext is bound to them, and a reader
    who finds the value elsewhere treats it as tampered with.
    """

    key: str
    blob: bytes
    version: int
    path: str


class Withheld(msgspec.Struct, frozen=True):
    """Stands where a personal value cannot be shown, and says why."""

    state: PersonalState


def personal(data_class: DataClass, **constraints: Any) -> msgspec.Meta:
    """Mark a field as personal: `Annotated[str, personal(DataClass.IDENTITY, max_length=40)]`."""
    return msgspec.Meta(extra={"personal": data_class}, **constraints)
