"""Finds the child a row is about: by number, and the name has to agree."""

from uuid import UUID

from services.casefile.application.stream import Stream
from services.casefile.domain.facts import value
from services.casefile.domain.identifiers import normal_name
from services.casefile.importing import faults
from services.casefile.importing.desk import Desk
from services.casefile.importing.faults import Fault

NUMBERS = ("school_register_no", "resident_id")
Number = tuple[str, bytes]


class Children:
    """The children rows refer to; what was found once is found at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cases: dict[Number, UUID] = {}
        self._names: dict[UUID, str | None] = {}

    def case_of(self, child: dict[str, str]) -> UUID:
        """The case a row's key columns stand for; raises Fault."""
        case_id = self.found(child)
        if case_id is None:
            raise Fault(faults.UNKNOWN_CHILD, f"child.{given(child)}")
        known = self._name_of(case_id)
        if known is not None and normal_name(child.get("name", "")) != known:
            raise Fault(faults.OTHER_NAME, "child.name")
        return case_id

    def found(self, child: dict[str, str]) -> UUID | None:
        """The case that holds the numbers, or None if there is none; raises Fault."""
        if given(child) is None:
            raise Fault(faults.NO_NUMBER)
        holders = {self._holder(name, child[name]) for name in NUMBERS if child.get(name)}
        holders.discard(None)
        if len(holders) > 1:
            raise Fault(faults.TWO_CHILDREN)
        return next(iter(holders), None)

    def _holder(self, name: str, number: str) -> UUID | None:
        identities = self._desk.identities
        (digest,) = identities.digests(
            **{"resident_id": None, "school_register_no": None, name: number}
        )
        if (known := self._cases.get(digest)) is not None:
            return known
        case_id = identities.case_of(**{name: number})
        if case_id is not None:
            self._cases[digest] = case_id
        return case_id

    def _name_of(self, case_id: UUID) -> str | None:
        if case_id not in self._names:
            self._names[case_id] = self._shown_name(self._desk.streams.remembered(case_id))
        return self._names[case_id]

    def _shown_name(self, stream: Stream) -> str | None:
        shown = self._desk.keys.disclosure(stream).plain(value(stream.facts, "child.name"))
        return normal_name(shown) if isinstance(shown, str) else None


def given(child: dict[str, str]) -> str | None:
    return next((name for name in NUMBERS if child.get(name)), None)
