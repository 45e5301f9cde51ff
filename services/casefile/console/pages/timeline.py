"""The timeline of one child: every record on both clocks, with what was done to it later."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import Field

from services.casefile.api.asked import AskedMoment, Code
from services.casefile.console.child_file import ChildFile, whole
from services.casefile.console.listing import report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.entry import Entry
from services.casefile.history.rows import heading
from services.casefile.reports.report import Column, Report, Scope

SHOWN = 25
COLUMNS = (
    Column("version", "No.", "count"),
    Column("kind", "kind", "code"),
    Column("occurred_on", "occurred_on", "day"),
    Column("recorded_at", "recorded_at", "moment"),
    Column("lag_days", "lag_days", "count"),
    Column("recorded_role", "role", "code"),
    Column("recorded_by", "recorded_by", "staff"),
    Column("unit", "unit", "unit"),
    Column("source", "source", "code"),
    Column("state", "state", "code"),
    Column("record_id", "record_id", "text"),
)


class AskedTimeline(AskedMoment):
    """A moment, kinds, and where a page begins: before a version."""

    kind: list[Code] = Field(default_factory=list, max_length=50)
    before: Annotated[int | None, Field(ge=1, le=10**9)] = None


def show(visit: Visit) -> Answer:
    asked = visit.asked(AskedTimeline)
    file = ChildFile(visit, asked)
    everything = [e for e in file.view.entries if e.kind.slug != "keys"] if file.view else []
    wanted = [e for e in everything if not asked.kind or e.kind.slug in asked.kind]
    wanted.sort(key=lambda e: e.version, reverse=True)
    rest = [e for e in wanted if asked.before is None or e.version < asked.before]
    page = rest[:SHOWN]
    disclosure = file.view.disclosure if file.view else None
    context = file.context("/timeline") | {
        "rows": [whole(e, disclosure) for e in page] if disclosure else [],
        "total": len(wanted),
        "asked": asked,
        "kinds": Counter(e.kind.slug for e in everything).most_common(),
        "before": page[-1].version if len(rest) > SHOWN else None,
    }
    report = as_report(visit, file, wanted)
    return Shown(template="timeline.html", title="Timeline", context=context, report=report)


def as_report(visit: Visit, file: ChildFile, entries: Iterable[Entry]) -> Report:
    """What places each record on both clocks; the words stay in the file."""
    scope = Scope(case_id=file.case_id)
    told, moment = cells(entries), file.moment
    return report_of(visit, "timeline", "Timeline", COLUMNS, told, scope=scope, moment=moment)


def cells(entries: Iterable[Entry]) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        by, told = entry.env.recorded_by, heading(entry)
        state = "annulled" if told["annulled"] else "corrected" if told["corrected"] else "current"
        own = (told[n] for n in ("version", "kind", "occurred_on", "recorded_at", "lag_days"))
        yield (*own, by.role, by.staff, by.unit, told["source"], state, str(told["record_id"]))


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/timeline", "read_case", show, files=True)]
