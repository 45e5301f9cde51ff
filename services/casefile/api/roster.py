"""The roster as callers see it: names opened for the answer, and looked up by their digest."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from services.casefile.api.listing import reading
from services.casefile.api.operations import Call, Operation
from services.casefile.api.outgoing import JSON
from services.casefile.api.problems import Answer
from services.casefile.application.opening import Identities
from services.casefile.application.submissions import typed
from services.casefile.domain.identifiers import normal_name
from services.casefile.domain.personal import Sealed
from services.casefile.domain.refusals import Invalid
from services.casefile.log.blind_index import BlindIndex
from services.casefile.log.data_key import DataKey, SubjectKeys
from services.casefile.log.keyring import Keyring
from services.casefile.log.sealing import Present, reveal
from services.casefile.readmodels.roster import Roster, RosterRow

SEALED = ("name", "birth_date")
MOST = 200


class OneThingAsked(Invalid):
    """A look-up is for one thing: a name, a resident ID or a school register number."""

    field = "body"
    remedy = "Send exactly one of name, resident_id and school_register_no."


class RosterEntry(RosterRow, frozen=True):
    """A case on the roster; a name that cannot be shown is `{"withheld": why}`."""

    name: Any
    birth_date: Any


class Lookup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing a child is known by. It is in the body, for addresses are written down everywhere."""

    name: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    resident_id: Annotated[str, Meta(min_length=18, max_length=18)] | None = None
    school_register_no: Annotated[str, Meta(min_length=4, max_length=32)] | None = None


class Found(msgspec.Struct, frozen=True):
    """The cases of that child; the rows come from the roster, which follows a moment later."""

    case_ids: list[UUID]
    rows: list[RosterEntry]


class Names:
    """Opens the sealed values of roster rows, many children at a time."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def shown(self, rows: Sequence[RosterRow]) -> list[RosterEntry]:
        keys = self._keyring.load_many(row.case_id for row in rows)
        return [entry(row, keys[row.case_id]) for row in rows]


class Lookups:
    def __init__(
        self, roster: Roster, names: Names, identities: Identities, index: BlindIndex
    ) -> None:
        self._roster = roster
        self._names = names
        self._identities = identities
        self._index = index

    def look_up(self, call: Call) -> Answer:
        asked: Lookup = typed(call.data, Lookup)
        if sum(value is not None for value in msgspec.structs.astuple(asked)) != 1:
            raise OneThingAsked
        with reading():
            rows, case_ids = self._found(asked)
        found = Found(case_ids, self._names.shown(rows))
        return Answer(200, msgspec.json.encode(found), [JSON])

    def operations(self) -> list[Operation]:
        return [
            Operation(
                "/v1/roster/lookup", "look_up", self.look_up, "Find a child", "lists",
                body=Lookup, result=Found, statuses=(400, 401, 403, 413, 415, 422, 503),
            )
        ]  # fmt: skip

    def _found(self, asked: Lookup) -> tuple[list[RosterRow], list[UUID]]:
        if asked.name is not None:
            digest = self._index.digest("name", normal_name(asked.name))
            rows = self._roster.named(digest, limit=MOST).rows
            return rows, [row.case_id for row in rows]
        case_id = self._identities.case_of(asked.resident_id, asked.school_register_no)
        if case_id is None:
            return [], []
        return self._roster.of([case_id]), [case_id]


def entry(row: RosterRow, keys: SubjectKeys) -> RosterEntry:
    own = {name: getattr(row, name) for name in row.__struct_fields__ if name not in SEALED}
    return RosterEntry(**own, **{name: opened(row, name, keys) for name in SEALED})


def opened(row: RosterRow, name: str, keys: SubjectKeys) -> Any:
    """The value, or why it is withheld. The file itself checks the key against the log as well."""
    sealed: Sealed | None = getattr(row, name)
    if sealed is None:
        return None
    key = keys.opening(sealed.key)
    shown = reveal(
        sealed,
        key,
        stream_id=row.case_id,
        version=sealed.version,
        path=sealed.path,
        commitment=key.commitment if isinstance(key, DataKey) else b"",
    )
    return shown.value if isinstance(shown, Present) else {"withheld": shown.state}
