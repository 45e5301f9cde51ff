"""Who held which post when; by pseudonymous id, without names."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import under, value
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, paged
from services.casefile.readmodels.units import UNDER

STAFF = Table(
    name="staff",
    columns={
        "staff": "text NOT NULL",
        "starts_on": "date NOT NULL",
        "role": "text NOT NULL",
        "unit": "text NOT NULL",
        "ends_on": "date",
        "stream_id": "uuid NOT NULL",
    },
    key=("staff", "starts_on"),
    owner="stream_id",
    indexes=("unit",),
)


class StaffModel(Model):
    """One row per post."""

    name = "staff"
    version = 1
    tables = (STAFF,)

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream == "staff" and any(
            path.startswith(("posts.", "staff.")) for path, _ in entry.rec.sets(entry)
        )

    def rows(self, case: Folded) -> Rows:
        return {"staff": self._posts(case)}

    def _posts(self, case: Folded) -> Iterable[Row]:
        staff = value(case.facts, "staff.id")
        if staff is None:
            return
        posts = sorted(under(case.facts, "posts").items())
        ends: list[date | None] = [date.fromisoformat(day) - timedelta(1) for day, _ in posts[1:]]
        for (day, post), ends_on in zip(posts, [*ends, None], strict=True):
            if post.value["role"] is not None:
                held = (post.value["role"], post.value["unit"])
                yield (staff, date.fromisoformat(day), *held, ends_on, case.id)


class StaffRow(msgspec.Struct, frozen=True):
    """A post held from a day on, to a day or until now."""

    staff: str
    starts_on: date
    role: str
    unit: str
    ends_on: date | None
    stream_id: UUID


class StaffFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`under` means posts in a unit and all below it; `on` posts held that day."""

    staff: str | None = None
    role: str | None = None
    unit: str | None = None
    under: str | None = None
    on: date | None = None


class Staff:
    """Questions about posts."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: StaffFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[StaffRow]:
        where = Where(staff=asked.staff, role=asked.role, unit=asked.unit)
        where.add(f"unit IN {UNDER}", asked.under)
        where.add("starts_on <= %s AND coalesce(ends_on >= %s, true)", asked.on)
        where.after(STAFF, STAFF.key, after)
        select = f"SELECT {', '.join(STAFF.columns)} FROM readmodels.staff"
        return paged(self._pool, select, where, STAFF.key, limit, StaffRow)
