"""The roster: children on file, with filters and facets; and a look-up by name or number."""

from services.casefile.api.listing import AskedPage, Number, Text
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.readmodels.roster import Roster, RosterFilter, RosterRow
from services.casefile.reports.report import Column, Scope

FACETS = ("status", "population", "care_level", "guardian_type", "grade")
MODELS = ("roster",)
# A file is carried about, so it holds case numbers and no names.
COLUMNS = (
    Column("case_id", "case_id", "case"),
    Column("status", "status", "code"),
    Column("grade", "grade", "text"),
    Column("sex", "sex", "code"),
    Column("birth_year", "birth_year", "text"),
    Column("population", "population", "code"),
    Column("care_level", "care_level", "code"),
    Column("guardian_type", "guardian_type", "code"),
    Column("village", "village", "unit"),
    Column("school", "school", "unit"),
    Column("class_unit", "class_unit", "unit"),
    Column("opened_on", "opened_on", "day"),
)


class AskedRoster(AskedPage):
    """The filters of the roster; `under` is a unit with all below it."""

    under: Text | None = None
    status: Text | None = None
    population: Text | None = None
    care_level: Text | None = None
    guardian_type: Text | None = None
    grade: Number | None = None
    staff: Text | None = None

    @property
    def wanted(self) -> RosterFilter:
        own = {name: getattr(self, name) for name in (*FACETS, "staff")}
        return RosterFilter(township=self.under, **own)


def show(visit: Visit) -> Answer:
    asked, roster = visit.asked(AskedRoster), Roster(visit.desk.pool)
    wanted = asked.wanted

    def ask(place: Cursor | None, limit: int) -> PageOfRows[RosterRow]:
        return roster.page(wanted, place, limit)

    asking, scope = Asking(visit, asked, ask), Scope(unit=asked.under)
    rows, following = ([], None) if visit.format else asking.page()
    context = {
        "rows": visit.desk.names.shown(rows),
        "next": following,
        "facets": {} if visit.format else facets(roster, wanted),
    }
    told = (cells(COLUMNS, row) for row in asking.every())
    report = report_of(visit, "roster", "Roster", COLUMNS, told, scope=scope, models=MODELS)
    return Shown(
        template="roster.html", title="Roster", context=context, report=report, models=MODELS
    )


def facets(roster: Roster, wanted: RosterFilter) -> dict[str, list[tuple[str, int]]]:
    """The commonest first; grades in their own order."""
    found = roster.facets(wanted, FACETS)
    return {
        name: sorted(counted, key=lambda each: int(each[0]) if name == "grade" else -each[1])
        for name, counted in found.items()
    }


def pages() -> list[Page]:
    return [Page("/roster", "read_roster", show, label="Roster", files=True)]
