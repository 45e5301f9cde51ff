"""A page's report as a file, written by exporting; that it was carried out is put on file first."""

from pathlib import Path

import msgspec

from services.casefile.application.context import Context
from services.casefile.console.page import Answer, Format, PageNotFound, Shown
from services.casefile.console.sending import GUARDED, Reply
from services.casefile.console.visit import Visit
from services.casefile.console.words import Words
from services.casefile.domain.families.export import Purpose
from services.casefile.exporting.desk import file_name, of, purpose_of
from services.casefile.exporting.marking import Mark
from services.casefile.exporting.rendering import MEDIA, Rendered, render
from services.casefile.exporting.workplaces import in_pieces, workplace
from services.casefile.reports.report import Report
from services.casefile.reports.suppressing import NOTE


def as_file(answer: Answer, visit: Visit, form: Format) -> Reply:
    """The same content as the page, whole."""
    if not isinstance(answer, Shown) or answer.report is None:
        raise PageNotFound
    purpose = purpose_of(visit.purpose) if visit.purpose else usual_purpose(visit)
    report = spelled(answer.report, visit)
    name = file_name(report.stamp, form)
    with workplace() as folder:
        rendered = put_on_file(report, visit, folder / name, form, purpose)
        file = (folder / name).open("rb")
    headers = [
        (b"content-type", MEDIA[form].encode()),
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"content-length", str(rendered.size).encode()),
        *GUARDED,
    ]
    return Reply(200, headers, parts=in_pieces(file))


def put_on_file(
    report: Report, visit: Visit, path: Path, form: Format, purpose: Purpose
) -> Rendered:
    mark = Mark(
        staff=visit.actor.author.staff,
        purpose=purpose,
        at=report.stamp.cut.known_at or visit.desk.now,
    )
    rendered = render(report, form, visit.exchange.locale, path, mark=mark)
    export = of(report, rendered, purpose, hidden=NOTE in report.notes)
    context = Context(actor=visit.actor, source="web", correlation=visit.exchange.request_id)
    visit.desk.product.casefile.put_export(export, context)
    return rendered


def usual_purpose(visit: Visit) -> Purpose:
    return "inspection" if visit.actor.role == "inspector" else "other"


def spelled(report: Report, visit: Visit) -> Report:
    """With its columns named as the page names them."""
    words = Words(visit.labels, visit.desk)
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
    return msgspec.structs.replace(report, tables=tables)
