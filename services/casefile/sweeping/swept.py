"""What a sweep did."""

from collections import Counter
from uuid import UUID

import msgspec


class Swept(msgspec.Struct):
    """What was declared, by kind, and of how many.

    `conflicts`: files that had moved on, so that they were judged anew. `failed`: files that could
    not be judged, and why; all others were.
    """

    declared: Counter[str] = msgspec.field(default_factory=Counter)
    subjects: int = 0
    conflicts: int = 0
    failed: dict[UUID, str] = msgspec.field(default_factory=dict)
    is_whole: bool = True

    def add(self, other: "Swept") -> None:
        self.declared.update(other.declared)
        self.subjects += other.subjects
        self.conflicts += other.conflicts
        self.failed |= other.failed
        self.is_whole = self.is_whole and other.is_whole
