"""Who is calling, and whether they may: tokens known by their SHA-256 only; deny by default."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

import msgspec

from services.notifications.refusals import NotificationsError, Refused

Action = Literal["read_inbox", "read_directory", "keep_directory", "read_ledger", "operate"]
ROLES: Mapping[str, frozenset[Action]] = {
    "inspector": frozenset(("read_inbox", "read_ledger")),
    "county": frozenset(("read_inbox", "read_directory", "keep_directory", "read_ledger")),
    "supervisor": frozenset(("read_inbox", "read_ledger")),
    "operator": frozenset(("read_inbox", "read_directory", "keep_directory", "operate")),
    "teacher": frozenset(("read_inbox",)),
    "child_director": frozenset(("read_inbox",)),
}


class NotSignedIn(NotificationsError):
    """Nobody is signed in."""

    remedy = "Send a valid token: `Authorization: Bearer …`."


class NotAllowed(Refused):
    """Your role does not allow this."""

    remedy = "Ask somebody whose role does."


class Caller(msgspec.Struct, frozen=True):
    """Whom a token stands for; the file may say more than this service asks."""

    role: str
    staff: str


class Tokens:
    """`{sha256 of the token, in hex: {role, staff}}`, as Casefile's file of tokens has it."""

    def __init__(self, callers: Mapping[str, Caller]) -> None:
        self._callers = [(digest.lower(), caller) for digest, caller in callers.items()]

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(msgspec.json.decode(path.read_bytes(), type=dict[str, Caller]))

    def caller(self, authorization: str) -> Caller:
        scheme, _, token = authorization.partition(" ")
        mine = sha256(token.strip().encode("utf-8", "surrogateescape")).hexdigest()
        # Every entry is compared, so that the time taken does not tell how far a guess got.
        found = [c for digest, c in self._callers if hmac.compare_digest(digest, mine)]
        if scheme.lower() != "bearer" or not found:
            raise NotSignedIn
        return found[0]


def admit(caller: Caller, action: Action) -> None:
    if action not in ROLES.get(caller.role, frozenset()):
        raise NotAllowed
