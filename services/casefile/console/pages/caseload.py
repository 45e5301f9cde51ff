"""Who answers for how many children, and how long ago the longest-waiting one was contacted."""

from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.list_page import Filter, ListPage
from services.casefile.console.listing import Ask
from services.casefile.console.page import Page
from services.casefile.console.visit import Visit
from services.casefile.readmodels.caseload import Caseload, CaseloadFilter
from services.casefile.reports.report import Column

COLUMNS = (
    Column("staff", "staff", "staff"),
    Column("children", "children", "count"),
    Column("as_worker", "as_worker", "count"),
    Column("as_mentor", "as_mentor", "count"),
    Column("never_contacted", "never_contacted", "count"),
    Column("longest_ago", "longest_ago", "day"),
)


class AskedLoads(AskedPage):
    under: Text | None = None
    staff: Text | None = None
    role: Text | None = None


def ask(visit: Visit, asked: AskedLoads) -> Ask:
    caseload = Caseload(visit.desk.pool)
    wanted = CaseloadFilter(staff=asked.staff, under=asked.under, role=asked.role)
    return lambda place, limit: caseload.workers(wanted, place, limit)


def pages() -> list[Page]:
    made = ListPage(
        path="/caseload",
        action="read_caseload",
        title="Caseload",
        label="Caseload",
        models=("caseload",),
        asked=AskedLoads,
        filters=(
            Filter("under", "Unit, with all below it"),
            Filter("staff", "Member of staff"),
            Filter(
                "role", "role", "code",
                ("class_teacher", "child_director", "child_supervisor", "mentor"),
            ),
        ),
        columns=COLUMNS,
        ask=ask,
    )  # fmt: skip
    return [made.page()]
