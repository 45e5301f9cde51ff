"""Search without plaintext: a keyed digest stands for the value, in read models only.

The secret lies in a file beside the key encryption keys, never in a database: a resident ID
number is guessable by whoever holds both its digest and the secret.
"""

import hashlib
import hmac
from pathlib import Path
from secrets import token_bytes
from typing import Literal, get_args

from services.casefile.log.secret_file import create_secret, read_secret

IndexedField = Literal["resident_id", "school_register_no", "name", "import_row"]


class BlindIndex:
    """Turns a normalised value into the digest it can be looked up by."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("a blind index needs a secret of at least 32 bytes")
        self._keys = {field: _field_key(secret, field) for field in get_args(IndexedField)}

    @classmethod
    def from_file(cls, path: Path) -> "BlindIndex":
        return cls(read_secret(path))

    @staticmethod
    def create_file(path: Path) -> bool:
        """Make the secret if there is none; say whether this call made it."""
        return create_secret(path, token_bytes(32))

    def digest(self, field: IndexedField, normalised: str) -> bytes:
        return hmac.digest(self._keys[field], normalised.encode(), "sha256")


def _field_key(secret: bytes, field: str) -> bytes:
    return hmac.digest(secret, b"casefile-blind-index/v1|" + field.encode(), hashlib.sha256)
