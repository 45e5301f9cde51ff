"""What a check may know: the day, the facts of the stream, and the envelope being admitted."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.envelope import Envelope
from services.casefile.domain.facts import Fact, under, value


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the world one record is judged in; handed in, never looked up."""

    today: date
    env: Envelope
    facts: Mapping[str, Fact]
    records: Mapping[UUID, Entry]
    born_on: date | None = None
    entry_deadline_days: int = 7

    def fact(self, path: str) -> Any:
        return value(self.facts, path)

    def under(self, prefix: str) -> dict[str, Fact]:
        return under(self.facts, prefix)
