"""The reports in the browser: which there are, and each one drawn at its cut, with links to draw on."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.casefile.api.listing import reading
from services.casefile.api.refusals import NotAllowed
from services.casefile.api.reports import AskedReport, narrowed, reader_of
from services.casefile.console.bars import bars, of_shares, told_apart
from services.casefile.console.charts import shares
from services.casefile.console.listing import report_of
from services.casefile.console.page import Answer, Drawn, Page, Redirect, Shown
from services.casefile.console.visit import Visit, addressed
from services.casefile.console.waiting import read_once
from services.casefile.console.words import Words
from services.casefile.console.workshop import Making
from services.casefile.exporting.marking import stamp_lines
from services.casefile.exporting.showing import heading, shown_row, table_title
from services.casefile.exporting.telling import pieces
from services.casefile.history.pinning import Pinned
from services.casefile.reports.asking import Definition
from services.casefile.reports.formulas import formulas
from services.casefile.reports.registry import DEFINITIONS, definition
from services.casefile.reports.report import Column, Cut, Report, Row, Table
from services.casefile.reports.spooling import Spool

MOST_ROWS = 100
MOST_BARS = 20
CUT = ("as_of", "known_at", "position")
KINDS = {
    "since": "date",
    "until": "date",
    "as_of": "date",
    "position": "number",
}
LISTED = (
    Column("report", "Report"),
    Column("title", "Title"),
    Column("version", "version", "count"),
    Column("takes", "Takes"),
)


class Cell(NamedTuple):
    """A cell as it is shown: text, the class of its column, and where it leads."""

    text: str
    form: str
    link: str | None


class Laid(NamedTuple):
    """A table as it is shown; `more` rows are in the file only."""

    name: str
    title: str
    heads: Sequence[str]
    forms: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: int
    notes: Sequence[str]


def listed(visit: Visit) -> Answer:
    mine = [each for each in DEFINITIONS if visit.actor.role in each.roles]
    words = Words(visit.labels, visit.desk)
    rows = [
        (each.code, visit.labels.text(each.title), each.version, takes(each, words))
        for each in mine
    ]
    report = report_of(visit, "reports", "Reports", LISTED, rows)
    return Shown(template="reports.html", title="Reports", context={"reports": mine}, report=report)


def takes(each: Definition, words: Words) -> str:
    return words.text(", ").join(words.parameter(name) for name in each.parameters)


def show(visit: Visit) -> Answer:
    """Without a question only the form; nobody waits for a county by opening a page."""
    wanted = allowed(visit)
    context = {"wanted": wanted, "fields": fields(wanted), "kinds": KINDS, "formulas": formulas()}
    if not visit.query and visit.format is None:
        return page(wanted, context)
    report = drawn(visit, wanted)
    if isinstance(report, Redirect):
        return report
    if visit.format is not None:
        return page(wanted, context, report)
    tables = [laid_out(visit, table, report.names) for table in report.tables]
    context |= {
        "stamp": list(stamp_lines(report, visit.labels)),
        "told": [(p.heading, list(pieces(p, visit.labels))) for p in report.paragraphs],
        "tables": tables,
        "notes": report.notes,
        "chart": any(bars(report)) if tables else False,
    }
    return page(wanted, context, report)


def page(wanted: Definition, context: dict[str, object], report: Report | None = None) -> Shown:
    return Shown(
        template="report.html",
        title=wanted.title,
        name=wanted.code,
        context={"stamp": None, "told": (), "tables": (), "notes": (), "chart": False} | context,
        report=report,
        pins={} if report is None else pins(report.stamp.cut),
    )


def pins(cut: Cut | Pinned) -> dict[str, object]:
    known_at = cut.known_at.isoformat() if cut.known_at else None
    return {"as_of": cut.as_of, "known_at": known_at, "position": cut.position}


def drawn(visit: Visit, wanted: Definition) -> Report | Redirect:
    """Drawn once at its cut: the page, its chart and its files show the same."""
    asked, reports = visit.asked(AskedReport), visit.desk.product.reports
    pinned = reports.pin(asked.as_of, asked.known_at, asked.position)
    question = narrowed(asked.question, wanted, visit.actor)

    def draw(making: Making[Report]) -> Report:
        with reading():
            reader = reader_of(visit.actor)
            report = reports.draw(wanted.code, question, pinned, reader, making.read)
        # Read by the page, the chart and the files, so its rows have to stay.
        tables = [msgspec.structs.replace(table, rows=kept(table.rows)) for table in report.tables]
        return msgspec.structs.replace(report, tables=tables)

    return read_once(visit, pinned_address(visit, wanted, pins(pinned)), draw)


def pinned_address(visit: Visit, wanted: Definition, cut: Mapping[str, object]) -> str:
    """The same for every page and file of one question at one cut."""
    asked = {name: value for name, value in visit.query if value.strip()}
    told = {name: str(value) for name, value in cut.items() if value is not None}
    return addressed(f"/reports/{wanted.code}", sorted((asked | told).items()))


def kept(rows: Iterable[Row]) -> Iterable[Row]:
    return rows if isinstance(rows, Spool | list) else list(rows)


def chart(visit: Visit) -> Answer:
    """The first table of shares as bars; the table beside it says the numbers."""
    report = drawn(visit, allowed(visit))
    if isinstance(report, Redirect):
        return report
    table = next(bars(report), None)
    found = of_shares(visit, table, report.names) if table is not None else iter(())
    return Drawn(shares(*told_apart(list(islice(found, MOST_BARS)))))


def laid_out(visit: Visit, table: Table, names: Mapping[str, str]) -> Laid:
    rows, columns = iter(table.rows), table.columns
    first = list(islice(rows, MOST_ROWS))
    return Laid(
        name=table.name,
        title=table_title(table, visit.labels),
        heads=[heading(column, visit.labels) for column in columns],
        forms=[column.form for column in columns],
        rows=[
            [
                Cell(text, column.form, leads_to(cell))
                for text, cell, column in zip(
                    shown_row(row, columns, visit.labels, names), row, columns, strict=True
                )
            ]
            for row in first
        ],
        more=sum(1 for _ in rows),
        notes=[visit.labels.text(note) for note in table.notes],
    )


def leads_to(cell: object) -> str | None:
    return f"/cases/{cell}" if isinstance(cell, UUID) else None


def fields(wanted: Definition) -> Sequence[str]:
    return (*wanted.parameters, *CUT)


def allowed(visit: Visit) -> Definition:
    wanted = definition(visit.params["code"])
    if visit.actor.role not in wanted.roles:
        raise NotAllowed
    return wanted


def pages() -> list[Page]:
    return [
        Page("/reports", "read_report", listed, label="Reports", files=True),
        Page("/reports/{code}.svg", "read_report", chart),
        Page("/reports/{code}", "read_report", show, files=True),
    ]
