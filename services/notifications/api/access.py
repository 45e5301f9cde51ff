"""Who is calling, and whether they may: tokens known by their SHA-256 only; deny by default."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal, Self

import msgspec

from services.notifications.refusals import NotificationsError, Refused

Action = Literal[
    "read_inbox", "read_directory", "keep_directory", "read_ledger", "read_case_ledger", "operate",
]  # fmt: skip
LEDGERS: frozenset[Action] = frozenset(("read_ledger", "read_case_ledger"))
ROLES: Mapping[str, frozenset[Action]] = {
    "inspector": LEDGERS | {"read_inbox"},
    "county": LEDGERS | {"read_inbox", "read_directory", "keep_directory"},
    "supervisor": LEDGERS | {"read_inbox"},
    "operator": frozenset(("read_inbox", "read_directory", "keep_directory", "operate")),
    "teacher": frozenset(("read_inbox",)),
    "child_director": frozenset(("read_inbox",)),
    # Another service, on behalf of somebody it has let in itself.
    "service": frozenset(("read_case_ledger",)),
}


INSPECTING = frozenset(("inspector", "county"))


class NotSignedIn(NotificationsError):
    """Nobody is signed in."""

    remedy = "Send a valid token: `Authorization: Bearer …`."


class NotAllowed(Refused):
    """Your role does not allow this."""

    remedy = "Ask somebody whose role does."


class ReaderNotNamed(NotificationsError):
    """It is not said who will read this."""

    remedy = "A service names the member of staff it asks for: `reader=`."


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


def sees_findings(caller: Caller, *, asked: bool) -> bool:
    """Whether what was told of findings is shown: to those who inspect; a service says for whom it asks."""
    return caller.role in INSPECTING or (caller.role == "service" and asked)


def readers(caller: Caller, named: str | None) -> frozenset[str]:
    """Whose eyes this is for: of a service not its own."""
    if caller.role != "service":
        return frozenset((caller.staff,))
    if named is None:
        raise ReaderNotNamed
    return frozenset((named,))
