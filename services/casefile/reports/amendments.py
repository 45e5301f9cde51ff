"""R11: corrections, annulments and waivers: who, when, and on what ground."""

from collections import Counter
from collections.abc import Iterator

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.domain.families.obligation import ObligationWaived
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Table
from services.casefile.reports.spooling import Spool

SUMS = (
    Column("staff", "Member of staff", "staff"),
    Column("kind", "Kind", "code"),
    Column("ground", "Ground", "code"),
    Column("records", "Records", "count"),
)
COLUMNS = (
    Column("case", "Case", "case"),
    Column("kind", "Kind", "code"),
    Column("of", "Record concerned", "code"),
    Column("ground", "Ground", "code"),
    Column("fields", "Fields", "text"),
    Column("occurred_on", "Day of the record", "day"),
    Column("amended_at", "Amended", "moment"),
    Column("staff", "By", "staff"),
    Column("first_by", "First entered by", "staff"),
    Column("approved_by", "Approved by", "staff"),
)
NOTES = (
    "Counted are amendments entered on the days asked about.",
    "The reason in words stands in the child's file, where the old and the new value stand too.",
)


def draw(ground: Ground) -> Report:
    sums: Counter[tuple[str, str, str]] = Counter()
    rows = Spool(COLUMNS, by_key=True)
    children = 0
    for child in ground.cases():
        children += 1
        for entry in amending(ground, child):
            row = told(child, entry)
            rows.add(row, str(row[6]))
            sums[str(row[7]), str(row[1]), str(row[3] or "")] += 1
    totals = [(*key[:2], key[2] or None, count) for key, count in sorted(sums.items())]
    return ground.report(
        children=children,
        tables=(
            Table(name="people", title="By who amended", columns=SUMS, rows=totals),
            Table(name="amendments", title="Amendments", columns=COLUMNS, rows=rows),
        ),
        notes=NOTES,
        days=True,
    )


def amending(ground: Ground, child: Seen) -> Iterator[Entry]:
    for entry in child.entries:
        is_one = isinstance(entry.rec, EntryCorrected | EntryAnnulled | ObligationWaived)
        if is_one and ground.in_days(day_in_china(entry.recorded_at)):
            yield entry


def told(child: Seen, entry: Entry) -> Row:
    by, rec = entry.env.recorded_by.staff, entry.rec
    if isinstance(rec, ObligationWaived):
        waived = (entry.kind.slug, rec.rule, rec.reason, None, rec.starts_on)
        return (child.id, *waived, entry.recorded_at, by, None, rec.approved_by)
    assert isinstance(rec, EntryCorrected | EntryAnnulled)
    target = next((e for e in child.recorded if e.record_id == rec.target), None)
    is_annulment = isinstance(rec, EntryAnnulled)
    return (
        child.id,
        entry.kind.slug,
        rec.of,
        rec.ground if isinstance(rec, EntryAnnulled) else None,
        None if is_annulment else ", ".join(sorted(getattr(rec, "changes", {}))),
        target.occurred_on if target else None,
        entry.recorded_at,
        by,
        target.env.recorded_by.staff if target else None,
        None,
    )
