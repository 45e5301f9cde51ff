"""One personal value to ciphertext and back, bound to its place in the log.

A value that was moved, altered, or sealed with another key than the log committed to is
`tampered`; it is never passed off as erased.
"""

from struct import Struct
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag

from services.casefile.domain.personal import PersonalState, Sealed, Withheld
from services.casefile.log.data_key import DataKey, KeyState, verified
from services.casefile.log.randomness import RandomBytes

NONCE = 12
SUITE = b"|A256GCM|"
PREFIX = b"casefile-field/v1" + SUITE
PLACE = Struct(">16sQH")  # stream, version, length of the path: no two places read alike

_nonces = RandomBytes(NONCE)
_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder().decode


class Present(msgspec.Struct, frozen=True):
    """A personal value, revealed."""

    value: Any


def seal(value: Any, key: DataKey, *, stream_id: UUID, version: int, path: str) -> Sealed:
    """Encrypt a JSON value for this one place in the log."""
    nonce = _nonces.take()
    place = _associated(stream_id, version, path, key.id)
    return Sealed(key.id, nonce + key.aead.encrypt(nonce, _to_json(value), place), version, path)


def reveal(
    sealed: Sealed,
    key: KeyState | None,
    *,
    stream_id: UUID,
    version: int,
    path: str,
    commitment: bytes,
) -> Present | Withheld:
    """Open a value found at this place, with a key the log has committed to."""
    opening = verified(key or PersonalState.KEY_UNAVAILABLE, commitment)
    if not isinstance(opening, DataKey):
        return Withheld(opening)
    if sealed.version != version or sealed.path != path:
        return Withheld(PersonalState.TAMPERED)
    blob = sealed.blob
    try:
        place = _associated(stream_id, version, path, sealed.key)
        return Present(_from_json(opening.aead.decrypt(blob[:NONCE], blob[NONCE:], place)))
    except (InvalidTag, ValueError):
        return Withheld(PersonalState.TAMPERED)


def _associated(stream_id: UUID, version: int, path: str, key_id: str) -> bytes:
    where = path.encode()
    return PREFIX + PLACE.pack(stream_id.bytes, version, len(where)) + where + key_id.encode()
