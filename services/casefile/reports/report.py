"""What every report is made of: a stamp that says at which cut it was drawn, tables, paragraphs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

Form = Literal[
    "text", "code", "count", "fen", "day", "moment", "case", "staff", "unit", "share", "fields",
]  # fmt: skip
"""How a cell is shown; `code` cells are translated by the name of their column, `fen` is money,
`fields` is a JSON object of what a record says, read out in words."""


class Cut(msgspec.Struct, frozen=True):
    """The place on both clocks a report is drawn at, pinned to a position of the log.

    `as_of`: what had happened by the end of that day. `known_at`: what the log said at that
    moment; None means at `position`, which was the head when the report was asked for.
    """

    as_of: date
    position: int
    known_at: datetime | None = None


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which children, or which work, a report is about: a unit with all below it, a case, a worker."""

    unit: str | None = None
    case_id: UUID | None = None
    staff: str | None = None
    since: date | None = None
    until: date | None = None


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be printed with every figure, so that it can be drawn again.

    `unnamed`: it is about one child who is not to be known again, so it does not say which.
    """

    report: str
    definition: int
    cut: Cut
    scope: Scope
    policies: tuple[tuple[str, int], ...] = ()
    children: int | None = None
    unnamed: bool = False


class Share(msgspec.Struct, frozen=True):
    """So many of so many. A share is never shown without both numbers."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 1) if self.whole else None


class Suppressed(msgspec.Struct, frozen=True):
    """A count too small to be shown to whoever asks: it would point at a child."""

    below: int = 5


Cell = str | int | date | datetime | UUID | Share | Suppressed | None
Row = Sequence[Cell]


class Column(msgspec.Struct, frozen=True):
    """`label` is English and translated where it is shown."""

    name: str
    label: str
    form: Form = "text"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under columns. The rows may be made while they are read, and are read once.

    `is_card`: on paper it has a page and signatures of its own.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    notes: Sequence[str] = ()
    is_card: bool = False


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number inside a sentence, and the question that answers it again."""

    name: str
    value: Cell
    link: str | None = None


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence with gaps, `text` with {names}, and the figures that fill them."""

    heading: str | None = None
    text: str
    figures: Sequence[Figure] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report, drawn: titles and labels in English, values as they are stored.

    `names`: what the units in it were called at the cut, by their codes. `about`: the child of an
    unnamed report, for the log of what was carried out; no file says it.
    """

    stamp: Stamp
    title: str
    tables: Sequence[Table] = ()
    paragraphs: Sequence[Paragraph] = ()
    notes: Sequence[str] = ()
    data: Any = None
    names: Mapping[str, str] = {}
    about: UUID | None = None
