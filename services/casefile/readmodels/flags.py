"""Flags as they stand now, without what anybody wrote: that is read from the stream itself."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import value
from services.casefile.domain.families.flag import (
    FlagDecided,
    FlagExplained,
    FlagRaised,
    FlagRecord,
    FlagState,
    state_of,
)
from services.casefile.domain.staff_posts import post_on
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, paged
from services.casefile.readmodels.units import UNDER

FLAGS = Table(
    name="flags",
    columns={
        "raised_on": "date NOT NULL",
        "flag": "uuid NOT NULL",
        "staff": "text NOT NULL",
        "role": "text",
        "unit": "text",
        "state": "text NOT NULL",
        "raised_by": "text NOT NULL",
        "since": "date NOT NULL",
        "until": "date NOT NULL",
        "rules": "text NOT NULL",
        "answer_by": "date NOT NULL",
        "inspection": "uuid",
        "explained_on": "date",
        "decided_on": "date",
        "decided_by": "text",
        "stream_id": "uuid NOT NULL",
    },
    key=("raised_on", "flag"),
    owner="stream_id",
    indexes=("staff", "state, raised_on", "unit"),
)
COLUMNS = ", ".join(name for name in FLAGS.columns if name != "stream_id")


class FlagsModel(Model):
    """A member of staff's flags, written anew with each step of one of them."""

    name = "flags"
    version = 1
    tables = (FLAGS,)

    def restates(self, entry: Entry) -> bool:
        return isinstance(entry.rec, FlagRecord)

    def rows(self, case: Folded) -> Rows:
        return {"flags": self._flags(case)}

    def _flags(self, case: Folded) -> Iterator[Row]:
        raised = [e for e in case.current if isinstance(e.rec, FlagRaised)]
        for entry in raised:
            yield (*flag(case, entry), case.id)


def flag(case: Folded, entry: Entry) -> Row:
    rec, on = entry.rec, entry.env.occurred_on
    assert isinstance(rec, FlagRaised)
    answered = last(case, FlagExplained, entry.record_id)
    decided = last(case, FlagDecided, entry.record_id)
    outcome = None
    if decided is not None:
        assert isinstance(decided.rec, FlagDecided)
        outcome = decided.rec.outcome
    post = post_on(case.facts, on)
    return (
        on,
        entry.record_id,
        value(case.facts, "staff.id"),
        None if post is None else post.role,
        None if post is None else post.unit,
        state_of(is_answered=answered is not None, outcome=outcome),
        entry.env.recorded_by.staff,
        rec.since,
        rec.until,
        ",".join(signal.rule for signal in rec.signals),
        rec.answer_by,
        rec.inspection,
        None if answered is None else answered.env.occurred_on,
        None if decided is None else decided.env.occurred_on,
        None if decided is None else decided.env.recorded_by.staff,
    )


def last(case: Folded, of: type[FlagExplained | FlagDecided], about: UUID) -> Entry | None:
    found = (e for e in reversed(case.current) if isinstance(e.rec, of) and e.rec.flag == about)
    return next(found, None)


class FlagRow(msgspec.Struct, frozen=True):
    """A flag: about whom, by whom, over which days and rules, and how it stands."""

    raised_on: date
    flag: UUID
    staff: str
    role: str | None
    unit: str | None
    state: FlagState
    raised_by: str
    since: date
    until: date
    rules: str
    answer_by: date
    inspection: UUID | None
    explained_on: date | None
    decided_on: date | None
    decided_by: str | None


class FlagFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`under` means a unit and all below it."""

    staff: str | None = None
    state: FlagState | None = None
    under: str | None = None
    raised_by: str | None = None
    inspection: UUID | None = None


class Flags:
    """Questions about flags."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: FlagFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[FlagRow]:
        where = Where(
            staff=asked.staff,
            state=asked.state,
            raised_by=asked.raised_by,
            inspection=asked.inspection,
        ).add(f"unit IN {UNDER}", asked.under)
        where.after(FLAGS, FLAGS.key, after)
        select = f"SELECT {COLUMNS} FROM readmodels.flags"
        return paged(self._pool, select, where, FLAGS.key, limit, FlagRow)
