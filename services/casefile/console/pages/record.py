"""One record, whole: both clocks, who and through what, and everything that was done to it later."""

from typing import Any, Literal

from pydantic import Field

from services.casefile.api.asked import AskedMoment
from services.casefile.application.amending import UNTOUCHABLE
from services.casefile.console.child_file import ChildFile, whole
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.pages.recording import follow_ups
from services.casefile.console.thing_files import record as as_report
from services.casefile.console.visit import Visit
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import RecordNotFound
from services.casefile.reports.report import Scope


class AskedRecord(AskedMoment):
    """`done`: what has just been done to it, and what is odd about it."""

    done: Literal["recorded", "corrected", "annulled"] | None = None
    warning: list[Literal["resident_id_area_unknown", "wording_may_hurt"]] = Field(
        default_factory=list, max_length=5
    )


def show(visit: Visit) -> Answer:
    asked = visit.asked(AskedRecord)
    file, record_id = ChildFile(visit, asked), visit.id("record_id")
    entries = file.view.entries if file.view else ()
    entry = next((e for e in entries if e.env.record_id == record_id), None)
    if entry is None or file.view is None:
        raise RecordNotFound
    shown: dict[str, Any] = whole(entry, file.view.disclosure)
    facts = [p for p, fact in file.view.facts.items() if fact.entry.version == entry.version]
    context = file.context("/timeline") | {
        "row": shown,
        "done": asked.done,
        "warnings": asked.warning,
        "may_amend": visit.may("amend") and not file.is_past and is_amendable(entry),
        "follow_ups": follow_ups(visit, entry.kind) if not file.is_past else [],
        "says": sorted(p for p in facts if not p.startswith(("keys.", "last."))),
    }
    scope = Scope(case_id=file.case_id)
    report = as_report(visit, shown, scope)
    return Shown(template="record.html", title="One record", context=context, report=report)


def is_amendable(entry: Entry) -> bool:
    return entry.env.source != "system" and entry.kind.slug not in UNTOUCHABLE


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/records/{record_id}", "read_case", show, files=True)]
