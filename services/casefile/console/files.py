"""A page's report as a file, written by exporting; that it was carried out is put on file first."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from services.casefile.application.context import Context
from services.casefile.console.made import Made
from services.casefile.console.page import Answer, Format, PageNotFound, Shown
from services.casefile.console.sending import GUARDED, Reply
from services.casefile.console.visit import Visit
from services.casefile.console.words import Words
from services.casefile.domain.families.export import Purpose
from services.casefile.exporting.desk import file_name, of, purpose_of
from services.casefile.exporting.marking import mark_of
from services.casefile.exporting.rendering import MEDIA, Rendered, render
from services.casefile.exporting.workplaces import workplace
from services.casefile.reports.report import Report, Row
from services.casefile.reports.suppressing import NOTE

# Often enough for an eye, and not for every row.
TOLD_EVERY = 100
Wrote = Callable[[int], None]


def silent(rows: int) -> None:
    """For whoever does not look on."""


def made(answer: Answer, visit: Visit, form: Format, wrote: Wrote = silent) -> Made:
    """The same content as the page, whole."""
    if not isinstance(answer, Shown) or answer.report is None:
        raise PageNotFound
    purpose = purpose_of(visit.purpose) if visit.purpose else usual_purpose(visit)
    report = counted(spelled(answer.report, visit, form), wrote)
    with workplace() as folder:
        path = folder / file_name(report.stamp, form)
        rendered = put_on_file(report, visit, path, form, purpose)
        return Made(path, rendered)


def handed_over(made: Made) -> Reply:
    form = made.rendered.format
    headers = [
        (b"content-type", MEDIA[form].encode()),
        (b"content-disposition", f'attachment; filename="{made.name}"'.encode()),
        (b"content-length", str(made.rendered.size).encode()),
        *GUARDED,
    ]
    return Reply(200, headers, parts=made.parts())


def put_on_file(
    report: Report, visit: Visit, path: Path, form: Format, purpose: Purpose
) -> Rendered:
    at = report.stamp.cut.known_at or visit.desk.now
    mark = mark_of(report.stamp, visit.actor.author.staff, purpose, at)
    rendered = render(report, form, visit.exchange.locale, path, mark=mark)
    export = of(report, rendered, purpose, hidden=NOTE in report.notes)
    context = Context(actor=visit.actor, source="web", correlation=visit.exchange.request_id)
    visit.desk.product.casefile.put_export(export, context)
    return rendered


def usual_purpose(visit: Visit) -> Purpose:
    return "inspection" if visit.actor.role == "inspector" else "other"


def spelled(report: Report, visit: Visit, form: Format) -> Report:
    """With its columns and units named as the page names them; programs take the codes."""
    words = Words(visit.labels, visit.desk)
    names = report.names or ({} if form == "json" else visit.desk.unit_names())
    tables = [
        msgspec.structs.replace(
            table,
            columns=[
                msgspec.structs.replace(column, label=words.label(column.label))
                for column in table.columns
            ],
        )
        for table in report.tables
    ]
    return msgspec.structs.replace(report, tables=tables, names=names)


def counted(report: Report, wrote: Wrote) -> Report:
    """Says how many of its rows have been written while they are."""
    written = 0

    def told(rows: Iterable[Row]) -> Iterator[Row]:
        nonlocal written
        for row in rows:
            written += 1
            if written % TOLD_EVERY == 1:
                wrote(written)
            yield row

    tables = [msgspec.structs.replace(table, rows=told(table.rows)) for table in report.tables]
    return msgspec.structs.replace(report, tables=tables)
