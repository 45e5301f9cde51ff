"""What a digest says: of each kind how many, and the first of them."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import msgspec

# What somebody has to act on first comes first.
ORDER = (
    "incident", "missed", "escalation", "tried_in_vain", "finding", "finding_due", "overdue", "due", "reminder",
    "risk_signal", "made_good",
)  # fmt: skip


class Line(NamedTuple):
    """One notice of a digest, and how many there are of its kind."""

    kind: str
    of_kind: int
    case_id: UUID | None
    facts: dict[str, Any]


class Section(msgspec.Struct, frozen=True):
    """`count` of a kind; `lines` are the first of them, and `more` are not listed."""

    SHOWN: ClassVar[int] = 20

    kind: str
    count: int
    lines: tuple[dict[str, Any], ...]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def sections(lines: Iterable[Line]) -> tuple[Section, ...]:
    """From lines in the order of their kinds; at most so many of each are listed."""
    return tuple(sorted(_sections(lines), key=_place))


def _sections(lines: Iterable[Line]) -> Iterator[Section]:
    for kind, found in groupby(lines, key=lambda line: line.kind):
        those = list(found)
        shown = tuple(_shown(line) for line in those[: Section.SHOWN])
        yield Section(kind, those[0].of_kind, shown)


def _shown(line: Line) -> dict[str, Any]:
    case = {} if line.case_id is None else {"case_id": str(line.case_id)}
    return {**case, **line.facts}


def _place(section: Section) -> int:
    return ORDER.index(section.kind) if section.kind in ORDER else len(ORDER)
