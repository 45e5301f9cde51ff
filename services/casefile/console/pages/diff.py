"""Two moments of one file side by side: what reads differently, and which record made it so."""

from datetime import timedelta

from services.casefile.api.asked import AskedMoment, Day
from services.casefile.application.clock import day_in_china
from services.casefile.console.child_file import ChildFile
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.history.view import Moment

INSTANT = timedelta(microseconds=1)
CLOCKS = ("known", "happened")


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
    return Shown(template="diff.html", title="Compare two days", context=context)


def opened_on(file: ChildFile) -> Day:
    """The first day on which the file was there to be read."""
    assert file.view is not None
    return max(day_in_china(file.view.entries[0].recorded_at), file.first)


def moment_of(clock: str, day: Day) -> Moment:
    if clock == "happened":
        return Moment(as_of=day)
    return Moment(known_at=end_of(day) - INSTANT)


def pages() -> list[Page]:
    return [Page("/cases/{case_id}/diff", "read_case", show)]
