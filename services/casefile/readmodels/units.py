"""The units as they stand now, sorted as Chinese readers expect."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import under, value
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, paged
from services.casefile.readmodels.pinyin import sort_key

UNITS = Table(
    name="units",
    columns={
        "code": "text NOT NULL",
        "kind": "text NOT NULL",
        "name": "text NOT NULL",
        "sort_key": "text NOT NULL",
        "parent": "text",
        "division": "text",
        "grade": "smallint",
        "valid_from": "date",
        "closed_from": "date",
        "stream_id": "uuid NOT NULL",
    },
    key=("code",),
    owner="stream_id",
    indexes=("sort_key, code", "parent"),
)
STATED = ("unit.", "unit_names.", "unit_parents.")
ORDER = ("sort_key", "code")
UNDER = """(
    WITH RECURSIVE below AS (
        SELECT code FROM readmodels.units WHERE code = %s
        UNION SELECT u.code FROM readmodels.units u JOIN below ON u.parent = below.code
    ) SELECT code FROM below
)"""


class UnitsModel(Model):
    """One row per unit, with the latest name and parent on file."""

    name = "units"
    version = 1
    tables = (UNITS,)

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream == "unit" and any(
            path.startswith(STATED) for path, _ in entry.rec.sets(entry)
        )

    def rows(self, case: Folded) -> Rows:
        return {"units": self._unit(case)}

    def _unit(self, case: Folded) -> Iterable[Row]:
        facts = case.facts
        if (code := value(facts, "unit.code")) is None:
            return
        names, parents = under(facts, "unit_names"), under(facts, "unit_parents")
        name = names[max(names)].value
        yield (
            code,
            value(facts, "unit.kind"),
            name,
            sort_key(name),
            parents[max(parents)].value if parents else None,
            value(facts, "unit.division"),
            value(facts, "unit.grade"),
            value(facts, "unit.valid_from"),
            value(facts, "unit.closed_from"),
            case.id,
        )


class UnitRow(msgspec.Struct, frozen=True):
    """A unit."""

    code: str
    kind: str
    name: str
    sort_key: str
    parent: str | None
    division: str | None
    grade: int | None
    valid_from: date | None
    closed_from: date | None
    stream_id: UUID


class UnitFilter(msgspec.Struct, frozen=True, kw_only=True):
    """`under` means the unit and all below it; `on` a day the unit existed."""

    kind: str | None = None
    parent: str | None = None
    under: str | None = None
    on: date | None = None


class Units:
    """Questions about units."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: UnitFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[UnitRow]:
        where = Where(kind=asked.kind, parent=asked.parent).add(f"code IN {UNDER}", asked.under)
        where.add("valid_from <= %s AND coalesce(closed_from > %s, true)", asked.on)
        where.after(UNITS, ORDER, after)
        select = f"SELECT {', '.join(UNITS.columns)} FROM readmodels.units"
        return paged(self._pool, select, where, ORDER, limit, UnitRow)
