"""One stream up to a position, as read models see it: read, amended and folded when asked for."""

from collections.abc import Callable, Sequence
from functools import cached_property
from uuid import UUID

from services.casefile.domain.effective import effective
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, fold
from services.casefile.log.commit import Row

ReadEntry = Callable[..., Entry]


class Folded:
    """Shared by all models that look at the same stream at the same position."""

    def __init__(self, case_id: UUID, rows: Sequence[Row], read: ReadEntry) -> None:
        self.id = case_id
        self.stored = rows
        self._read = read

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """As recorded; raises when an event cannot be read."""
        return [self._read(self.id, *row) for row in self.stored]

    @cached_property
    def effective(self) -> Sequence[Entry]:
        """As they now read, the annulled ones too."""
        return effective(self.entries)

    @cached_property
    def current(self) -> Sequence[Entry]:
        """As they now read, those that still count."""
        entries = self.effective
        return entries if entries is self.entries else [e for e in entries if not e.is_annulled]

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return fold(self.current)

    def forget(self) -> None:
        """Let go of all but the stored rows."""
        for name in ("entries", "effective", "current", "facts"):
            self.__dict__.pop(name, None)

    @property
    def last_position(self) -> int:
        return self.stored[-1][3]
