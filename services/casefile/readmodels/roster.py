"""The roster: one row per case, with what lists are filtered by. Names stay sealed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import Fact, value
from services.casefile.domain.personal import Sealed
from services.casefile.following.folded import Folded
from services.casefile.following.model import Model, Row, Rows, Table
from services.casefile.readmodels.names import NameDigests
from services.casefile.readmodels.pages import Cursor, Page, Pool, Where, fetch, only, paged
from services.casefile.readmodels.units import UNDER

# Column → the fact it shows.
SHOWN = {
    "status": "status",
    "village": "child.village",
    "school": "child.school",
    "class_unit": "child.class_unit",
    "grade": "child.grade",
    "sex": "child.sex",
    "birth_year": "child.birth_year",
    "population": "child.population",
    "care_level": "level.care",
    "difficulties": "child.difficulties",
    "guardian_type": "guardian.type",
    "boarding": "school.boarding",
    "school_status": "school.status",
    "opened_on": "opened_on",
    "name": "child.name",
    "birth_date": "child.birth_date",
}
STATED = frozenset(SHOWN.values())
ROSTER = Table(
    name="roster",
    columns={
        "case_id": "uuid NOT NULL",
        **dict.fromkeys(SHOWN, "text"),
        "grade": "smallint",
        "birth_year": "smallint",
        "difficulties": "text[]",
        "opened_on": "date",
        "closed_on": "date",
        "name_digest": "text",
        "last_version": "bigint NOT NULL",
        "last_position": "bigint NOT NULL",
    },
    key=("case_id",),
    indexes=(
        "village, case_id",
        "school, case_id",
        "class_unit, case_id",
        "status, case_id",
        "name_digest, case_id",
    ),
)
COLUMNS = ", ".join(ROSTER.columns)
FROM = "FROM readmodels.roster"
GROUPS = (
    "status",
    "population",
    "care_level",
    "guardian_type",
    "sex",
    "grade",
    "village",
    "school",
)
# The codes are found once, so that an index can be asked for them.
BELOW = f"ANY(ARRAY{UNDER})"
LIVES_UNDER = f"(village = {BELOW} OR school = {BELOW} OR class_unit = {BELOW})"
CARED_FOR_BY = "case_id IN (SELECT case_id FROM readmodels.caseload WHERE staff = %s)"

_encode = msgspec.json.Encoder().encode


class RosterModel(Model):
    """Written anew whenever a fact it shows is stated."""

    name = "roster"
    version = 1
    tables = (ROSTER,)

    def __init__(self, digests: NameDigests) -> None:
        self._digests = digests

    def restates(self, entry: Entry) -> bool:
        return entry.kind.stream == "case" and any(
            path in STATED for path, _ in entry.rec.sets(entry)
        )

    def prepare(self, cases: Sequence[Folded]) -> None:
        self._digests.prepare([case.id for case in cases])

    def rows(self, case: Folded) -> Rows:
        return {"roster": self._case(case)}

    def _case(self, case: Folded) -> Iterable[Row]:
        facts = case.facts
        if (status := facts.get("status")) is None:
            return
        last = last_said(case)
        yield (
            case.id,
            *(at_rest(value(facts, path)) for path in SHOWN.values()),
            None if status.value == "open" else status.since,
            self._digests.of(case),
            last.version,
            last.position,
        )


def last_said(case: Folded) -> Entry:
    """The last entry that says something the roster shows, or amends."""
    stated = (fact.entry for path in STATED if (fact := known(case, path)) is not None)
    amending = (entry for entry in case.entries if entry.kind.amends)
    return max((*stated, *amending), key=lambda entry: entry.version)


def known(case: Folded, path: str) -> Fact | None:
    return case.facts.get(path)


def at_rest(shown: Any) -> Any:
    if isinstance(shown, Sealed):
        return _encode(shown).decode()
    return list(shown) if isinstance(shown, tuple) else shown


class RosterRow(msgspec.Struct, frozen=True):
    """A case on the roster; `name` and `birth_date` are sealed."""

    case_id: UUID
    status: str
    village: str | None
    school: str | None
    class_unit: str | None
    grade: int | None
    sex: str | None
    birth_year: int | None
    population: str | None
    care_level: str | None
    difficulties: list[str] | None
    guardian_type: str | None
    boarding: str | None
    school_status: str | None
    opened_on: date | None
    name: Sealed | None
    birth_date: Sealed | None
    closed_on: date | None
    last_version: int
    last_position: int


class RosterFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What is not set is not asked. `township` is any unit: its cases and those of all below it."""

    village: str | None = None
    school: str | None = None
    class_unit: str | None = None
    township: str | None = None
    status: str | None = None
    population: str | None = None
    care_level: str | None = None
    grade: int | None = None
    guardian_type: str | None = None
    boarding: str | None = None
    difficulty: str | None = None
    staff: str | None = None


class Roster:
    """Questions about many cases."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def page(
        self, asked: RosterFilter, after: Cursor | None = None, limit: int = 50
    ) -> Page[RosterRow]:
        return self._paged(_where(asked), after, limit)

    def named(self, digest: bytes, after: Cursor | None = None, limit: int = 50) -> Page[RosterRow]:
        """The cases of children of that name; the digest is the blind index's."""
        return self._paged(Where(name_digest=digest.hex()), after, limit)

    def of(self, case_ids: Sequence[UUID]) -> list[RosterRow]:
        statement = f"SELECT {COLUMNS} {FROM} WHERE case_id = ANY(%s) ORDER BY case_id"
        return fetch(self._pool, statement, [list(case_ids)], _row)

    def counts(self, asked: RosterFilter, by: str = "status") -> dict[str | None, int]:
        """How many cases there are of each sort."""
        [by], where = only([by], GROUPS), _where(asked)
        statement = f"SELECT {by}, count(*) {FROM} {where} GROUP BY 1 ORDER BY 1"
        return dict(fetch(self._pool, statement, where.values, lambda *row: row))

    def facets(self, asked: RosterFilter, by: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """How many cases there are of each sort, for several groupings in one pass."""
        by, where = only(by, GROUPS), _where(asked)
        sets = ", ".join(f"({column})" for column in by)
        told = ", ".join(f"{column}::text" for column in by)
        statement = (
            f"SELECT GROUPING({', '.join(by)}), {told}, count(*) {FROM} {where} "
            f"GROUP BY GROUPING SETS ({sets})"
        )
        found: dict[str, list[tuple[str, int]]] = {column: [] for column in by}
        for bits, *values, count in fetch(self._pool, statement, where.values, lambda *row: row):
            # The one bit that is not set says which column the row was grouped by.
            place = next(i for i in range(len(by)) if not bits >> (len(by) - 1 - i) & 1)
            if values[place] is not None:
                found[by[place]].append((values[place], count))
        return found

    def ending(self, digits: str, limit: int = 20) -> list[UUID]:
        """The cases whose number ends like that."""
        statement = f"SELECT case_id {FROM} WHERE right(case_id::text, %s) = %s LIMIT {limit:d}"
        return fetch(self._pool, statement, [len(digits), digits], lambda case_id: case_id)

    def _paged(self, where: Where, after: Cursor | None, limit: int) -> Page[RosterRow]:
        where.after(ROSTER, ROSTER.key, after)
        return paged(self._pool, f"SELECT {COLUMNS} {FROM}", where, ROSTER.key, limit, _row)


def _where(asked: RosterFilter) -> Where:
    equal = msgspec.structs.asdict(asked)
    township, difficulty, staff = (equal.pop(n) for n in ("township", "difficulty", "staff"))
    where = Where(**equal).add(LIVES_UNDER, township).add("%s = ANY(difficulties)", difficulty)
    return where.add(CARED_FOR_BY, staff)


def _row(*values: Any) -> RosterRow:
    row = dict(zip(ROSTER.columns, values, strict=True))
    del row["name_digest"]
    for name in ("name", "birth_date"):
        row[name] = None if row[name] is None else msgspec.json.decode(row[name], type=Sealed)
    return RosterRow(**row)
