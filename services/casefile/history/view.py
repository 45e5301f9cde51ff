"""A child's file at one moment of both clocks: what had happened, as it was known."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.casefile.domain.effective import effective, happened_by, known_by
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, fold
from services.casefile.log.disclosure import Disclosure


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A point on both clocks; None means without limit."""

    as_of: date | None = None
    known_at: datetime | None = None


NOW = Moment()


class View(msgspec.Struct, frozen=True):
    """The file at a moment. `recorded` is all that was known, `entries` what had happened."""

    case_id: UUID
    moment: Moment
    version: int
    recorded: Sequence[Entry]
    entries: Sequence[Entry]
    facts: dict[str, Fact]
    disclosure: Disclosure


def cut(entries: Sequence[Entry], moment: Moment) -> tuple[Sequence[Entry], Sequence[Entry]]:
    """What was known then, and of that, what had happened then."""
    known = known_by(entries, moment.known_at)
    return known, happened_by(effective(known), moment.as_of)


def facts_of(entries: Sequence[Entry]) -> dict[str, Fact]:
    """The facts that hold: what was taken away again is left out."""
    return {path: fact for path, fact in fold(entries).items() if fact.value is not None}
