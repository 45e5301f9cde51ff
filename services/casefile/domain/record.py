"""The base of every kind of record, and how a kind is declared in its family module."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, dataclass_transform

import msgspec

if TYPE_CHECKING:
    from services.casefile.domain.entry import Entry
    from services.casefile.domain.situation import Situation

StreamType = Literal["case", "group", "unit", "staff", "rulebook", "export", "inspection"]
Party = Literal["child", "guardian", "parent"]
Upcast = Callable[[dict[str, Any]], dict[str, Any]]
# All fields of a kind are published.
ALL = ("*",)
# Frozen and never in a cycle: the collector need not walk a million of them.
FORM = {
    "frozen": True,
    "kw_only": True,
    "omit_defaults": True,
    "forbid_unknown_fields": True,
    "gc": False,
}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class RecordMeta(msgspec.StructMeta):
    """Gives every record class the same form without its saying so."""

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> type:
        return super().__new__(mcls, name, bases, namespace, **(FORM | options))


class Record(msgspec.Struct, metaclass=RecordMeta):
    """What one kind says beyond the envelope: its fields, its check, and the facts it sets."""

    def check(self, situation: "Situation") -> None:
        """Refuse what the stream, the day or the record itself does not allow."""

    def sets(self, entry: "Entry") -> Iterable[tuple[str, Any]]:
        """The current facts this record states, as (path, value); None takes the fact away."""
        return ()

    def reaches(self) -> bool:
        """Whether the contact this kind is about came about: a call nobody answered does not."""
        return True


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a family module says of one kind, apart from its fields."""

    slug: str
    label: str
    stream: StreamType = "case"
    version: int = 1
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)
    contact: Party | None = None
    attempt_of: str | None = None
    recordable: bool = True
    ledger: bool = False
    exclusive: bool = False
    amends: bool = False
    after_close: bool = False
    publishes: tuple[str, ...] | None = None
    private: str | None = None
    message_version: int = 1


R = TypeVar("R", bound=type[Record])
_declared: dict[type[Record], Declaration] = {}


def kind(slug: str, label: str, **options: Any) -> Callable[[R], R]:
    """Declare a record class as a kind.

    `contact`: with whom contact is made. `attempt_of`: the kind this is the vain try of.
    `recordable`: through the general record endpoint. `ledger`: has a sheet in the spreadsheet
    template. `exclusive`: does not commute with other commands, so If-Match is required.
    `amends`: changes an earlier record. `after_close`: allowed on a closed case.
    `publishes`: the fields other services are told of, none of them personal; of a kind that is
    `private` they are told nothing, and this says why. `upcasts[n]` turns version n into n + 1.
    """

    def declare(cls: R) -> R:
        _declared[cls] = Declaration(slug, label, **options)
        return cls

    return declare


def declaration(cls: type[Record]) -> Declaration | None:
    return _declared.get(cls)
