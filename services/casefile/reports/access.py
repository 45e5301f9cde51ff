"""R12: who took this child's file out of the office. Who looked at it is not logged yet, and it says so."""

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.export import ExportProduced
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Table

COLUMNS = (
    Column("carried_out_at", "Carried out", "moment"),
    Column("staff", "By", "staff"),
    Column("role", "Role", "code"),
    Column("report", "Report"),
    Column("scope", "Scope", "text"),
    Column("file_format", "File format", "code"),
    Column("purpose", "Purpose", "code"),
    Column("sha256", "SHA-256"),
)
NOTES = (
    "Listed are the exports of this case alone, and those of a scope the child belonged to.",
    "Who looked at the file on a screen is not logged yet; this report does not know of it.",
)


def draw(ground: Ground) -> Report:
    [child] = ground.cases()
    rows: list[Row] = []
    for seen in ground.at.streams(frozenset(("export",)), ground.progress):
        rows += (told(e) for e in seen.entries if is_about(ground, e.rec, child))
    rows.sort(key=lambda row: str(row[0]))
    table = Table(name="exports", title="Exports", columns=COLUMNS, rows=rows)
    return ground.report(children=1, tables=(table,), notes=NOTES)


def is_about(ground: Ground, rec: object, child: Seen) -> bool:
    if not isinstance(rec, ExportProduced):
        return False
    if rec.case_id is not None:
        return rec.case_id == child.id
    if rec.unit is None:
        return rec.about_staff is None
    chain = ground.at.units.chain
    return any(rec.unit in chain(place, rec.as_of) for place in child.places)


def told(entry: Entry) -> Row:
    rec, by = entry.rec, entry.env.recorded_by
    assert isinstance(rec, ExportProduced)
    scope = str(rec.case_id) if rec.case_id else rec.unit or "*"
    what = (f"{rec.report_code} v{rec.definition}", scope, rec.file_format, rec.purpose, rec.sha256)
    return (entry.recorded_at, by.staff, by.role, *what)
