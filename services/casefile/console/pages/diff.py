"""Two moments of one file side by side: what reads differently, and which record made it so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from services.casefile.api.asked import AskedMoment, Day
from services.casefile.application.clock import day_in_china
from services.casefile.console.child_file import ChildFile
from services.casefile.console.listing import report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.history.view import Moment
from services.casefile.reports.dossier import told
from services.casefile.reports.report import Column, Report, Row, Scope, Table

INSTANT = timedelta(microseconds=1)
CLOCKS = ("known", "happened")
Found = dict[str, Any] | None
WHO = (Column("staff", "recorded_by", "staff"), Column("role", "role", "code"))
COLUMNS = (
    Column("fact", "Item", "code"),
    Column("before", "Earlier day", "fields"),
    Column("after", "Later day", "fields"),
    Column("kind", "Source", "code"),
    Column("version", "No.", "count"),
    Column("recorded_at", "recorded_at", "moment"),
    *WHO,
    Column("unit", "unit", "unit"),
)
RECORDS = (
    Column("version", "No.", "count"),
    Column("kind", "kind", "code"),
    Column("occurred_on", "occurred_on", "day"),
    Column("recorded_at", "recorded_at", "moment"),
    *WHO,
    Column("unit", "unit", "unit"),
)
NOT_THERE = "On one of these days the file was not there, so nothing is compared."


class Days(NamedTuple):
    """What is compared, on which clock."""

    clock: str
    before: Day
    after: Day


class AskedTwo(AskedMoment):
    """Two days on one of the clocks; without them, the first day of the file and today."""

    clock: str = "known"
    before: Day | None = None
    after: Day | None = None


def show(visit: Visit) -> Answer:
    asked = visit.asked(AskedTwo)
    file = ChildFile(visit, AskedMoment())
    clock = asked.clock if asked.clock in CLOCKS else CLOCKS[0]
    before = asked.before or opened_on(file)
    after = asked.after or visit.desk.today
    try:
        found = visit.desk.product.history.diff(
            file.case_id, moment_of(clock, before), moment_of(clock, after)
        )
    except CaseNotFound:
        found = None
    context = file.context("/diff") | {
        "clock": clock,
        "before": before,
        "after": after,
        "found": found,
        "is_backwards": before > after,
    }
    report = as_report(visit, file, Days(clock, before, after), found)
    return Shown(template="diff.html", title="Compare two days", context=context, report=report)


def as_report(visit: Visit, file: ChildFile, days: Days, found: Found) -> Report:
    """Both tables of the page, whole; stamped with the later of the two moments."""
    since, until = sorted((days.before, days.after))
    between = Table(
        name="records", title="Records in between", columns=RECORDS, rows=records(found)
    )
    return report_of(
        visit, "diff", "What reads differently", COLUMNS, changes(found),
        scope=Scope(case_id=file.case_id, since=since, until=until),
        notes=() if found else (NOT_THERE,),
        moment=stamped(days.clock, until, visit.desk.now),
        more=(between,),
    )  # fmt: skip


def stamped(clock: str, day: Day, now: datetime) -> Moment:
    """Of a day that is not over, the log has said so far what it says now."""
    moment = moment_of(clock, day)
    if moment.known_at is None or moment.known_at <= now:
        return moment
    return Moment(known_at=now)


def changes(found: Found) -> Iterator[Row]:
    for change in found["changes"] if found else ():
        name = change["path"].rpartition(".")[2]
        values = (value(name, change["from"]), value(name, change["to"]))
        by = change["by"]
        source = (by["kind"], by["version"], by["recorded_at"]) if by else (None, None, None)
        yield (change["path"], *values, *source, *who(by))


def value(name: str, found: Any) -> str | None:
    return None if found is None else told({name: found})


def who(source: dict[str, Any] | None) -> tuple[str | None, ...]:
    """The member of staff who entered it, with role and unit as they were."""
    by = source["recorded_by"] if source else {}
    return by.get("staff"), by.get("role"), by.get("unit")


def records(found: Found) -> Iterator[Row]:
    for each in found["records"] if found else ():
        if each["kind"] != "keys":
            clocks = (each["occurred_on"], each["recorded_at"])
            yield (each["version"], each["kind"], *clocks, *who(each))


def opened_on(file: ChildFile) -> Day:
    """The first day on which the file was there to be read."""
    assert file.view is not None
    return max(day_in_china(file.view.entries[0].recorded_at), file.first)


def moment_of(clock: str, day: Day) -> Moment:
    if clock == "happened":
        return Moment(as_of=day)
    return Moment(known_at=end_of(day) - INSTANT)


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/diff", "read_case", show, files=True)]
