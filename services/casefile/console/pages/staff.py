"""Who held which post when, by pseudonymous id."""

from services.casefile.api.asked import Day
from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.list_page import Filter, ListPage
from services.casefile.console.listing import Ask
from services.casefile.console.page import Page
from services.casefile.console.visit import Visit
from services.casefile.readmodels.staff import Staff, StaffFilter
from services.casefile.reports.report import Column

COLUMNS = (
    Column("staff", "staff", "staff"),
    Column("role", "role", "code"),
    Column("unit", "unit", "unit"),
    Column("starts_on", "starts_on", "day"),
    Column("ends_on", "ends_on", "day"),
)


class AskedStaff(AskedPage):
    """`under`: posts in a unit and all below it; `on`: posts held that day."""

    staff: Text | None = None
    role: Text | None = None
    under: Text | None = None
    on: Day | None = None


def ask(visit: Visit, asked: AskedStaff) -> Ask:
    staff = Staff(visit.desk.pool)
    wanted = StaffFilter(staff=asked.staff, role=asked.role, under=asked.under, on=asked.on)
    return lambda place, limit: staff.page(wanted, place, limit)


def pages() -> list[Page]:
    made = ListPage(
        path="/staff",
        action="read_staff",
        title="Staff",
        label="Staff",
        models=("staff",),
        asked=AskedStaff,
        filters=(
            Filter("staff", "Member of staff"),
            Filter("under", "Unit, with all below it"),
            Filter("on", "Held on", "date"),
        ),
        columns=COLUMNS,
        ask=ask,
        row_link="/staff/{0}/new",
        row_action="record_staff",
    )
    return [made.page()]
