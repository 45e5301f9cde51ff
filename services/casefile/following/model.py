"""What a read model is to its follower: tables, and how one child's stream becomes their rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.following.folded import Folded

if TYPE_CHECKING:
    from services.casefile.following.edition import Edition
    from services.casefile.following.register import Link

Row: TypeAlias = tuple[Any, ...]
Rows: TypeAlias = Mapping[str, Iterable[Row]]
"""Rows by table name; the values of a row stand in the order of the table's columns."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose every row belongs to one case.

    `adds` says, for a table of sums, how a row joins the one with its key: column → SQL over
    `held` and `new`. A table without it is only ever restated, case by case. `partial`: indexes
    over some rows only, columns → condition. `sparing`: of a case that is restated, rows that
    stay as they are are left alone; for cases with many rows of which few change.

    `counts` names another, sparing table of the model. Then this one has a row for each sort of
    its rows, told apart by the key, and how many there are in a column `n`; the follower keeps it.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    owner: str = "case_id"
    indexes: tuple[str, ...] = ()
    adds: dict[str, str] = {}
    partial: dict[str, str] = {}
    sparing: bool = False
    counts: str | None = None


class Model:
    """A pure function from a stream to rows.

    What `added` makes of some entries, joined to the rows already there, must be what `rows`
    makes of the whole stream, unless one of the entries restates the case.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    tables: ClassVar[tuple[Table, ...]]

    def restates(self, entry: Entry) -> bool:  # noqa: ARG002
        """Whether the rows of the case have to be made anew from its whole stream."""
        return True

    def prepare(self, cases: Sequence[Folded]) -> None:
        """Fetch at once what `rows` will need of these cases."""

    def rows(self, case: Folded) -> Rows:
        raise NotImplementedError

    def added(self, entries: Sequence[Entry]) -> Rows:  # noqa: ARG002
        """What entries of one case, which restate nothing, add to its tables of sums."""
        return {}

    def stale(
        self,
        link: "Link",  # noqa: ARG002
        edition: "Edition",  # noqa: ARG002
        entries: Sequence[Entry],  # noqa: ARG002
    ) -> Iterable[UUID]:
        """The streams whose rows have to be made anew because of entries on other streams.

        Asked before the follower takes a page, with its entries. Asked again after a crash it
        should name only the rest, so the model's own rows have to tell which are done.
        """
        return ()
