"""The sheets of an inspection as files: every file that was drawn, not only those on the page."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from services.casefile.console.visit import Visit
from services.casefile.history.sheet_rows import RecordToExamine, SheetPage
from services.casefile.reports.dossier import told
from services.casefile.reports.report import Column, Cut, Report, Row, Scope, Stamp, Table

DEFINITION = 1
AT_ONCE = 50
Read = Callable[[int, int], SheetPage]
CASE = Column("case", "Case", "case")
BY = Column("staff", "Done by", "staff")
RECORD = Column("record", "Record")
DRAWN = (
    CASE,
    Column("name", "Name", "fields"),
    Column("sex", "sex", "code"),
    Column("unit", "unit", "unit"),
    Column("workers", "Who answers"),
)
EXAMINED = (
    CASE,
    Column("kind", "Kind", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("recorded_at", "recorded_at", "moment"),
    Column("lag_days", "lag_days", "count"),
    BY,
    Column("state", "state", "code"),
    Column("ask_for", "Ask for"),
    Column("result", "Result", "code"),
    Column("called_back", "Called back", "code"),
    RECORD,
)
OWED = (
    CASE,
    Column("title", "title"),
    Column("window", "window"),
    Column("due_on", "due_on", "day"),
    Column("state", "state", "code"),
)
REACHED = (
    CASE,
    Column("name", "Name", "fields"),
    Column("fact", "Item", "code"),
    Column("says", "Value", "fields"),
)
CONTACTS = (
    CASE,
    Column("kind", "Kind", "code"),
    Column("occurred_on", "Happened on", "day"),
    BY,
    Column("result", "Result", "code"),
    RECORD,
)


class Whole:
    """All files of a sheet, read when a file is written and not before."""

    def __init__(self, visit: Visit, read: Read) -> None:
        self._visit = visit
        self._read = read

    @cached_property
    def rows(self) -> list[Any]:
        found: list[Any] = []
        after: int | None = 0
        while after is not None:
            page = self._read(after, AT_ONCE)
            found += page.rows
            after = page.next
        return found

    def drawn(self) -> Iterator[Row]:
        words = self._visit.labels
        for row in self.rows:
            unit = row.class_unit or row.school or row.village
            workers = ", ".join(f"{words.code('role', w.role)} {w.staff}" for w in row.workers)
            yield row.case, told({"name": row.name}), row.sex, unit, workers

    def examined(self) -> Iterator[Row]:
        words = self._visit.labels
        for row in self.rows:
            for each in row.records:
                ask_for = ", ".join(words.code("against", code) for code in each.ask_for)
                yield (
                    row.case, each.kind, each.occurred_on, each.recorded_at, each.lag_days,
                    each.by.staff, state(each), ask_for, each.result, each.called_back,
                    str(each.record_id),
                )  # fmt: skip

    def owed(self) -> Iterator[Row]:
        for row in self.rows:
            for each in row.owed:
                yield row.case, each.title, each.window, each.due_on, each.state

    def reached(self) -> Iterator[Row]:
        """Who can be called; a file that names nobody still has its line."""
        for row in self.rows:
            name = told({"name": row.name})
            for path, value in row.reached.items():
                yield row.case, name, path, told({path.rpartition(".")[2]: value})
            if not row.reached:
                yield row.case, name, None, None

    def contacts(self) -> Iterator[Row]:
        for row in self.rows:
            for each in row.contacts:
                what = (each.kind, each.occurred_on, each.by.staff)
                yield row.case, *what, each.result, str(each.record_id)


def state(record: RecordToExamine) -> str:
    return "annulled" if record.annulled else "corrected" if record.corrected else "current"


def examination_file(visit: Visit, sheet: SheetPage, read: Read) -> Report:
    whole = Whole(visit, read)
    return stamped(
        "examination_sheet", "Examination sheet", sheet,
        Table(name="cases", title="Files drawn", columns=DRAWN, rows=whole.drawn()),
        Table(name="records", title="Records", columns=EXAMINED, rows=whole.examined()),
        Table(name="owed", title="What was owed", columns=OWED, rows=whole.owed()),
    )  # fmt: skip


def callback_file(visit: Visit, sheet: SheetPage, read: Read) -> Report:
    whole = Whole(visit, read)
    return stamped(
        "callback_sheet", "Callback sheet", sheet,
        Table(name="reached", title="Whom to call", columns=REACHED, rows=whole.reached()),
        Table(name="contacts", title="Did this take place?", columns=CONTACTS,
              rows=whole.contacts()),
    )  # fmt: skip


def stamped(name: str, title: str, sheet: SheetPage, *tables: Table) -> Report:
    """At the cut of the inspection, whenever it is taken away."""
    cut = Cut(as_of=sheet.as_of, position=sheet.position, known_at=sheet.known_at)
    scope = Scope(unit=sheet.unit, since=sheet.since, until=sheet.until)
    stamp = Stamp(report=name, definition=DEFINITION, cut=cut, scope=scope, children=sheet.cases)
    data = {"inspection": str(sheet.inspection_id)}
    return Report(stamp=stamp, title=title, tables=tables, data=data)
