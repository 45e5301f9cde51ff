"""The panel of back-filling: whose records a person should ask about; and one worker's page."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal
from uuid import uuid4

from services.casefile.api.asked import Day
from services.casefile.api.backfill import FOLLOWED, OUTCOMES, days_off
from services.casefile.api.listing import AskedPage, Text, reading
from services.casefile.api.narratives import AskedNarratives, NarrativeAnswer, NarrativeDesk
from services.casefile.api.obligations import in_order
from services.casefile.console.listing import Asking, report_of
from services.casefile.console.page import Answer, Page, PageNotFound, Redirect, Shown
from services.casefile.console.pages.flags import (
    DAYS_TO_ANSWER,
    flagging,
    send_once,
    sent,
    shown_again,
)
from services.casefile.console.visit import Visit
from services.casefile.console.worker_file import NOTE, say, worker_file
from services.casefile.domain.backfill.panel import Outcome, Reading
from services.casefile.domain.refusals import CasefileError
from services.casefile.history.narratives import Narratives
from services.casefile.readmodels.backfill import BackfillAsked, BackfillReport, By
from services.casefile.readmodels.flags import FlagFilter, Flags
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Scope, Share

A_YEAR = timedelta(days=365)
COLUMNS = (
    Column("subject", "Who", "text"),
    Column("unit", "unit", "unit"),
    Column("records", "Entered", "count"),
    Column("children", "children", "count"),
    Column("offline", "Offline", "count"),
    Column("imported", "Imported", "count"),
    Column("p95_lag", "P95 lag", "count"),
    Column("outcome", "outcome", "code"),
    Column("rule", "Strongest", "code"),
    Column("says", "Why", "text"),
)
NOTES = (NOTE,)


class AskedPanelPage(AskedPage):
    """Records entered from one day to another; without days, those of the last year."""

    since: Day | None = None
    until: Day | None = None
    by: By = "worker"
    announced_on: Day | None = None
    among: Text | None = None
    under: Text | None = None
    outcome: Outcome | None = None
    notes: Literal["compare"] | None = None


class Question:
    """What was asked, with its days filled in, and the panel that answers it."""

    def __init__(self, visit: Visit) -> None:
        self.asked = visit.asked(AskedPanelPage)
        self.until: date = self.asked.until or visit.desk.today
        self.since: date = self.asked.since or self.until - A_YEAR
        in_order(self.since, self.until)
        # Whom to compare with: those of one's own county or town, unless somebody says otherwise.
        self.among = self.asked.among or visit.actor.author.unit
        self._visit = visit

    def report(self, by: By | None = None) -> BackfillReport:
        asked, desk = self.asked, self._visit.desk
        with reading():
            return desk.backfill.report(
                BackfillAsked(
                    since=self.since,
                    until=self.until,
                    by=by or asked.by,
                    announced_on=asked.announced_on,
                    among=self.among,
                    days_off=days_off(desk.product.rulebook),
                )
            )

    def scope(self, staff: str | None = None) -> Scope:
        return Scope(unit=self.asked.under, staff=staff, since=self.since, until=self.until)

    def shown(self, report: BackfillReport) -> Sequence[Reading]:
        asked, readings = self.asked, report.panel.readings
        below = self._visit.desk.backfill.units_below(asked.under) if asked.under else None
        return [
            each
            for each in readings
            if (below is None or each.unit in below) and asked.outcome in (None, each.outcome)
        ]


def show(visit: Visit) -> Answer:
    question = Question(visit)
    report = question.report()
    found = question.shown(report)

    def ask(place: Cursor | None, limit: int) -> PageOfRows[Reading]:
        start = int(place[0]) if place else 0
        end = start + limit
        return PageOfRows(list(found[start:end]), (str(end),) if end < len(found) else None)

    asking = Asking(visit, question.asked, ask)
    rows, following = ([], None) if visit.format else asking.page()
    context = {
        "rows": [(each, say(visit, each.signals[:1])) for each in rows],
        "next": following,
        "question": question,
        "panel": report.panel,
        "worth_asking": sum(r.outcome == "worth_asking" for r in report.panel.readings),
        "outcomes": OUTCOMES,
    }
    cells = (row(visit, each) for each in asking.every())
    file = report_of(
        visit,
        "backfill",
        "Back-filling",
        COLUMNS,
        cells,
        scope=question.scope(),
        models=FOLLOWED,
        notes=NOTES,
    )
    return Shown(
        template="backfill.html", title="Back-filling", context=context, report=file,
        models=FOLLOWED,
    )  # fmt: skip


def row(visit: Visit, reading: Reading) -> tuple[Any, ...]:
    strongest = reading.signals[0] if reading.signals else None
    said = say(visit, reading.signals[:1])
    return (
        reading.subject,
        reading.unit,
        reading.records,
        reading.children,
        reading.offline,
        reading.imported,
        reading.p95_lag,
        reading.outcome,
        None if strongest is None else strongest.rule,
        said[0] if said else None,
    )


def worker(visit: Visit) -> Answer:
    return worker_page(visit)


def worker_page(
    visit: Visit, typed: dict[str, str] | None = None, error: CasefileError | None = None
) -> Shown:
    staff, question = visit.params["staff"], Question(visit)
    found = next((r for r in question.report("worker").panel.readings if r.subject == staff), None)
    if found is None:
        raise PageNotFound
    flags = Flags(visit.desk.pool).page(FlagFilter(staff=staff), limit=50).rows
    wrong, status = shown_again(visit, error)
    chosen = [value for name, value in visit.form if name == "rules"]
    usual = {"answer_by": str(visit.desk.today + DAYS_TO_ANSWER), "record_id": str(uuid4())}
    context = {
        "reading": found,
        "signals": [(s, Share(s.part, s.whole), *say(visit, [s])) for s in found.signals],
        "flags": flags,
        "question": question,
        "typed": usual | (typed or {}),
        "chosen": chosen if typed else [s.rule for s in found.signals if s.is_worth_asking],
        "wrong": wrong,
        "notes": notes(visit, staff, question),
        "may_compare": visit.may("compare_notes"),
        "may_raise": visit.may("raise_flag") and visit.actor.author.staff != staff,
    }
    return Shown(
        template="backfill_worker.html",
        title="Records entered",
        name=staff,
        context=context,
        models=("entries", "flags"),
        status=status,
        report=worker_file(visit, found, flags, question.scope(staff)),
    )


def notes(visit: Visit, staff: str, question: Question) -> NarrativeAnswer | None:
    """Only when it is asked for: the notes of many files are opened for it."""
    if question.asked.notes is None:
        return None
    visit.must("compare_notes")
    desk = visit.desk
    narratives = Narratives(desk.product.history)
    asked = AskedNarratives(
        staff=staff, since=question.since, until=question.until, among=question.among
    )
    with reading():
        return NarrativeDesk(desk.pool, desk.whereabouts, desk.backfill, narratives).answer(asked)


def raise_flag(visit: Visit) -> Answer:
    staff, question, typed = visit.params["staff"], Question(visit), sent(visit)
    chosen = [value for name, value in visit.form if name == "rules"]
    asked = question.asked
    body: dict[str, Any] = {
        "since": str(question.since),
        "until": str(question.until),
        "announced_on": str(asked.announced_on) if asked.announced_on else None,
        "among": question.among,
        "rules": chosen,
        **{name: typed.get(name) or None for name in ("answer_by", "question")},
    }
    kept = {name: value for name, value in body.items() if value is not None}
    try:
        receipt = send_once(visit, kept, partial(flagging(visit).raise_flag, staff))
    except CasefileError as error:
        return worker_page(visit, typed, error)
    return Redirect(f"/flags/{staff}/{receipt.record_id}?done=raised")


def pages() -> list[Page]:
    return [
        Page("/backfill", "read_backfill", show, label="Back-filling", files=True),
        Page(
            "/backfill/{staff}",
            "read_backfill",
            worker,
            submit=raise_flag,
            submit_action="raise_flag",
            files=True,
        ),
    ]
