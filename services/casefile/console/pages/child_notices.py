"""Who was told what of one child: every notice and every attempt, as a sheet that can be cited."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from pydantic import Field

from services.casefile.api.asked import AskedMoment
from services.casefile.api.refusals import NoticesUnavailable
from services.casefile.console.child_file import ChildFile
from services.casefile.console.listing import report_of
from services.casefile.console.notices import Notice, Question, Told, as_known, every
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.reports.report import Column, Report, Scope

TITLE = "Who was told"
FILE_SECONDS = 20.0
MOST = 10_000
BY_THEN = "Only what had been written and told by the moment that is looked at."
NOT_ALL = "There are more notices than fit into one file; these are the first."
COLUMNS = (
    Column("created_at", "Notice written", "moment"),
    Column("notice", "Notice", "code"),
    Column("title", "What", "text"),
    Column("window", "window", "text"),
    Column("for_whom", "For whom", "staff"),
    Column("telling", "State of the notice", "code"),
    Column("not_before", "Not before", "moment"),
    Column("stopped_at", "Stopped at", "moment"),
    Column("attempt", "Attempt", "count"),
    Column("heard_by", "Heard by", "staff"),
    Column("channel", "Channel", "code"),
    Column("came_of_it", "What came of it", "code"),
    Column("at", "Attempted at", "moment"),
    Column("reason_given", "Reason given", "text"),
    Column("policy", "policy", "text"),
    Column("version", "version", "count"),
    Column("rule", "rule", "text"),
)


class AskedNotices(AskedMoment):
    """A moment, one obligation as `policy/version/rule/window`, and where a page begins."""

    about: Annotated[
        str | None, Field(pattern=r"^[^/|]{1,60}/\d{1,4}/[^/|]{1,60}/[^/|]{1,60}$")
    ] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 30
    cursor: UUID | None = None


def show(visit: Visit) -> Answer:
    asked = visit.asked(AskedNotices)
    file = ChildFile(visit, asked)
    question = file.told([asked.about] if asked.about else [])
    told = whole(visit, question) if visit.format else page(visit, question, asked)
    report = as_report(visit, file, told)
    context = file.context("/notices") | {
        "table": report.tables[0],
        "told": told,
        "asked": asked,
        "about": about(asked.about),
    }
    return Shown(template="notices.html", title=TITLE, context=context, report=report)


def page(visit: Visit, question: Question, asked: AskedNotices) -> Told:
    return visit.desk.notices.page(
        msgspec.structs.replace(question, after=asked.cursor, limit=asked.limit)
    )


def whole(visit: Visit, question: Question) -> Told:
    """For a file: what is not known cannot be carried out as nothing."""
    told = every(visit.desk.notices, question, seconds=FILE_SECONDS, most=MOST)
    if told.silence is not None:
        raise NoticesUnavailable
    return told


def about(asked: str | None) -> dict[str, str] | None:
    if asked is None:
        return None
    policy, _, rule, window = asked.split("/")
    return {"policy": policy, "rule": rule, "window": window}


def as_report(visit: Visit, file: ChildFile, told: Told) -> Report:
    notes = [BY_THEN] if file.until else []
    notes += [NOT_ALL] if visit.format and told.next else []
    rows = list(cells(visit, as_known(told.rows, file.until)))
    scope = Scope(case_id=file.case_id)
    return report_of(visit, "notices", TITLE, COLUMNS, rows, scope=scope, notes=notes)


def cells(visit: Visit, notices: Iterable[Notice]) -> Iterator[tuple[Any, ...]]:
    """A row for each attempt; one for a notice of which there is none."""
    for notice in notices:
        owed = notice.about
        title = visit.desk.rule_title(owed.policy, owed.rule) or owed.rule if owed else None
        first = (
            notice.created_at, notice.kind, title, owed and owed.window, notice.staff,
            notice.state, notice.not_before, notice.stopped_at,
        )  # fmt: skip
        last = (owed.policy, owed.version, owed.rule) if owed else (None, None, None)
        for line in notice.lines:
            tried = (line.attempt, line.staff, line.channel, line.outcome, line.at, line.code)
            yield (*first, *tried, *last)
        if not notice.lines:
            yield (*first, *(None,) * 6, *last)


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/notices", "read_case", show, files=True)]
