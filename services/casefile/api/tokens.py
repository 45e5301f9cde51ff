"""Bearer tokens of a demo: a file of their hashes. An identity provider will take its place."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Protocol, Self

import msgspec

from services.casefile.application.context import Actor, Role
from services.casefile.domain.envelope import Author, StaffId, UnitId


class Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a token stands for."""

    role: Role
    staff: StaffId
    post: str
    unit: UnitId


class SignIn(Protocol):
    """Tells who is calling, from the Authorization header."""

    def actor(self, authorization: str) -> Actor | None: ...


class Tokens:
    """Knows tokens by their SHA-256 only."""

    def __init__(self, holders: Mapping[str, Holder]) -> None:
        self._actors = [(digest.lower(), _actor(holder)) for digest, holder in holders.items()]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read `{sha256 of the token, in hex: {role, staff, post, unit}}`."""
        return cls(msgspec.json.decode(path.read_bytes(), type=dict[str, Holder]))

    def actor(self, authorization: str) -> Actor | None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        return self.holder(digest_of(token.strip()))

    def holder(self, mine: str) -> Actor | None:
        """Whom the token with this digest stands for; a session in a browser keeps no more of it."""
        # Every entry is compared, so that the time taken does not tell how far a guess got.
        found = [actor for digest, actor in self._actors if hmac.compare_digest(digest, mine)]
        return found[0] if found else None


def digest_of(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _actor(holder: Holder) -> Actor:
    return Actor(holder.role, Author(holder.staff, holder.post, holder.unit))
