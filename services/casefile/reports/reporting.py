"""R9: whether harm was reported at once, as the law demands (强制报告)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.safety import IncidentReported, MandatoryReportFiled
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table
from services.casefile.reports.spooling import Spool

GRAVE = ("serious", "critical", "fatal")
RATES = (Column("measure", "Indicator", "code"), Column("share", "Mandatory reports", "share"))
COLUMNS = (
    Column("case", "Case", "case"),
    Column("ground", "Ground", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("told_at", "First told", "moment"),
    Column("hours", "Hours", "count"),
    Column("authorities", "Authorities", "text"),
    Column("entered", "Entered", "moment"),
    Column("answered", "Answered", "code"),
)
UNREPORTED = (
    Column("case", "Case", "case"),
    Column("severity", "Severity", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("entered", "Entered", "moment"),
    Column("staff", "By", "staff"),
)
NOTES = (
    (
        "Hours from when it happened to when the first authority was told; without a time of day, from "
        "the end of that day."
    ),
    "Not every serious incident has to be reported; the list says which had no report beside it.",
    "A report that names a member of staff as the one who did harm is not shown to that person.",
)


def draw(ground: Ground) -> Report:
    reports, unreported = Spool(COLUMNS), Spool(UNREPORTED)
    within = {"within_a_day": 0, "within_three_days": 0, "answered": 0}
    children = 0
    for child in ground.cases():
        children += 1
        filed = [e for e in child.current if isinstance(e.rec, MandatoryReportFiled)]
        for entry in filed:
            if ground.in_days(entry.occurred_on) and is_shown(ground, entry):
                row = told(child, entry)
                reports.add(row)
                within["within_a_day"] += hours_of(entry) <= 24
                within["within_three_days"] += hours_of(entry) <= 72
                within["answered"] += row[-1] == "yes"
        for row in without_report(ground, child, filed):
            unreported.add(row)
    rates = [(name, Share(count, len(reports))) for name, count in within.items()]
    return ground.report(
        children=children,
        tables=(
            Table(name="rates", title="How soon", columns=RATES, rows=rates),
            Table(name="reports", title="Mandatory reports", columns=COLUMNS, rows=reports),
            Table(name="incidents", title="Serious incidents without a report",
                  columns=UNREPORTED, rows=unreported),
        ),
        notes=NOTES,
        days=True,
    )  # fmt: skip


def is_shown(ground: Ground, entry: Entry) -> bool:
    assert isinstance(entry.rec, MandatoryReportFiled)
    return entry.rec.harmer_staff is None or entry.rec.harmer_staff != ground.reader.staff


def told(child: Seen, entry: Entry) -> Row:
    rec = entry.rec
    assert isinstance(rec, MandatoryReportFiled)
    answers = child.under(f"report_answers.{entry.record_id}")
    return (
        child.id,
        rec.ground,
        entry.occurred_on,
        first_told(rec),
        hours_of(entry),
        ", ".join(told.authority for told in rec.told),
        entry.recorded_at,
        "yes" if answers else "no",
    )


def first_told(rec: MandatoryReportFiled) -> datetime:
    return min(told.told_at for told in rec.told)


def hours_of(entry: Entry) -> int:
    """Whole hours, none if it was told before the day was over."""
    assert isinstance(entry.rec, MandatoryReportFiled)
    at = entry.env.occurred_at
    happened = datetime.combine(entry.occurred_on, at or time(), CHINA)
    if at is None:
        happened += timedelta(days=1)
    return max(int((first_told(entry.rec) - happened).total_seconds() // 3600), 0)


def without_report(ground: Ground, child: Seen, filed: list[Entry]) -> Iterator[Row]:
    about = {e.rec.incident for e in filed if isinstance(e.rec, MandatoryReportFiled)}
    days = {e.occurred_on for e in filed}
    for entry in child.current:
        rec = entry.rec
        if not isinstance(rec, IncidentReported) or rec.severity not in GRAVE:
            continue
        is_told = entry.record_id in about or entry.occurred_on in days
        if ground.in_days(entry.occurred_on) and not is_told:
            yield (
                child.id,
                rec.severity,
                entry.occurred_on,
                entry.recorded_at,
                entry.env.recorded_by.staff,
            )
