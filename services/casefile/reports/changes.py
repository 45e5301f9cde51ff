"""R5: what the files say now that they did not say at an earlier moment, and who made it so."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from services.casefile.domain.cadence.days import day_in_china
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.correction import EntryAnnulled, EntryCorrected
from services.casefile.history.cohort import Seen
from services.casefile.history.rows import lag_days
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Table
from services.casefile.reports.spooling import Spool

Change = Literal["added", "back_filled", "corrected", "annulled"]
SUMS = (
    Column("change", "Change", "code"),
    Column("kind", "Kind", "code"),
    Column("records", "Records", "count"),
)
COLUMNS = (
    Column("case", "Case", "case"),
    Column("change", "Change", "code"),
    Column("kind", "Kind", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("recorded_at", "Entered", "moment"),
    Column("lag", "Lag in days", "count"),
    Column("staff", "By", "staff"),
    Column("record", "Record", "text"),
)
POLICIES = (
    Column("policy", "Policy"),
    Column("version", "Version"),
    Column("since", "In force from", "day"),
    Column("known_on", "Adopted on", "day"),
)
NOTES = (
    "Added: it happened after that day. Back-filled: it had happened by then, and was not on file.",
    "What the system declared is not listed; R3 has the misses.",
)


def draw(ground: Ground) -> Report:
    since = ground.asked.known_from
    assert since is not None
    sums: Counter[tuple[str, str]] = Counter()
    rows = Spool(COLUMNS)
    children = 0
    for child in ground.cases():
        children += 1
        for change, entry, target in changed(child, since):
            sums[change, target.kind.slug] += 1
            rows.add(told(child, change, entry, target))
    totals = [(*key, count) for key, count in sorted(sums.items())]
    return ground.report(
        children=children,
        tables=(
            Table(name="changes", title="Changes", columns=SUMS, rows=totals),
            Table(name="policies", title="Changes of policy", columns=POLICIES,
                  rows=list(policies(ground, since))),
            Table(name="records", title="Records", columns=COLUMNS, rows=rows),
        ),
        notes=NOTES,
        data={"known_from": since.isoformat()},
    )  # fmt: skip


def changed(child: Seen, since: datetime) -> Iterator[tuple[Change, Entry, Entry]]:
    """Each entry made after that moment, and the record it is about."""
    by_id = {entry.record_id: entry for entry in child.recorded}
    for entry in child.entries:
        if entry.recorded_at <= since or entry.env.source == "system" or entry.kind.slug == "keys":
            continue
        if isinstance(entry.rec, EntryCorrected | EntryAnnulled):
            change: Change = "corrected" if isinstance(entry.rec, EntryCorrected) else "annulled"
            yield change, entry, by_id[entry.rec.target]
        else:
            is_new = entry.occurred_on > day_in_china(since)
            yield "added" if is_new else "back_filled", entry, entry


def told(child: Seen, change: Change, entry: Entry, target: Entry) -> Row:
    return (
        child.id,
        change,
        target.kind.slug,
        target.occurred_on,
        entry.recorded_at,
        lag_days(entry),
        entry.env.recorded_by.staff,
        str(target.record_id),
    )


def policies(ground: Ground, since: datetime) -> Iterator[Row]:
    known = day_in_china(since)
    adopted = {
        (r.policy.policy, r.policy.version, r.since, r.known_on)
        for r in ground.at.rulebook.rulings
        if r.known_on > known
    }
    return iter(sorted(adopted))
