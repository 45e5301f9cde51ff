"""What pages of rows share: cursors, walking to the end for a file, and the report they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from services.casefile.api.cursors import after, cursor, pairs
from services.casefile.api.listing import AskedPage
from services.casefile.console.visit import Visit
from services.casefile.history.view import NOW, Moment
from services.casefile.readmodels.pages import LONGEST, Cursor, Page
from services.casefile.reports.report import Column, Cut, Report, Row, Scope, Stamp, Table

DEFINITION = 1
Ask = Callable[[Cursor | None, int], Page[Any]]


class Asking:
    """One question over many rows: a page of it for the eye, all of it for a file."""

    def __init__(self, visit: Visit, asked: AskedPage, ask: Ask) -> None:
        self._visit = visit
        self._question = repr((visit.path, pairs(asked, "limit")))
        self._place = after(asked.cursor, self._question, tuple[str, ...])
        self._limit = asked.limit
        self._ask = ask

    def page(self) -> tuple[list[Any], str | None]:
        """The rows, and the cursor of the next page."""
        page = self._ask(self._place, self._limit)
        return page.rows, None if page.next is None else cursor(page.next, self._question)

    def every(self) -> Iterator[Any]:
        """All rows from the first to the last, read while they are used."""
        place: Cursor | None = None
        while True:
            page = self._ask(place, LONGEST)
            yield from page.rows
            if (place := page.next) is None:
                return


def report_of(
    visit: Visit,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    scope: Scope | None = None,
    models: Sequence[str] = (),
    notes: Sequence[str] = (),
    moment: Moment = NOW,
    more: Sequence[Table] = (),
) -> Report:
    """A list, as exporting takes it; its stamp says which moment was asked for."""
    table = Table(name=name, title=title, columns=columns, rows=rows, notes=notes)
    desk = visit.desk
    position = desk.currency(models).position if models else desk.product.recorder.head()
    day = moment.as_of or desk.today
    cut = Cut(as_of=day, position=position, known_at=moment.known_at)
    stamp = Stamp(report=name, definition=DEFINITION, cut=cut, scope=scope or Scope())
    return Report(stamp=stamp, title=title, tables=(table, *more))


def cells(columns: Sequence[Column], row: Any) -> tuple[Any, ...]:
    """The attributes of a row that the columns are named after."""
    return tuple(getattr(row, column.name) for column in columns)
