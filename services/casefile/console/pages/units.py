"""The units, with those they belong to."""

from services.casefile.api.asked import Day
from services.casefile.api.listing import AskedPage, Text
from services.casefile.console.list_page import Filter, ListPage
from services.casefile.console.listing import Ask
from services.casefile.console.page import Page
from services.casefile.console.visit import Visit
from services.casefile.readmodels.units import UnitFilter, Units
from services.casefile.reports.report import Column

KINDS = ("county", "township", "village", "school", "class")
COLUMNS = (
    Column("code", "code", "text"),
    Column("name", "name", "text"),
    Column("kind", "unit_kind", "code"),
    Column("parent", "parent", "unit"),
    Column("division", "division", "text"),
    Column("valid_from", "valid_from", "day"),
    Column("closed_from", "closed_from", "day"),
)


class AskedUnits(AskedPage):
    """`under`: the unit and all below it; `on`: a day the unit existed."""

    kind: Text | None = None
    under: Text | None = None
    on: Day | None = None


def ask(visit: Visit, asked: AskedUnits) -> Ask:
    units = Units(visit.desk.pool)
    wanted = UnitFilter(kind=asked.kind, under=asked.under, on=asked.on)
    return lambda place, limit: units.page(wanted, place, limit)


def pages() -> list[Page]:
    made = ListPage(
        path="/units",
        action="read_units",
        title="Units",
        label="Units",
        models=("units",),
        asked=AskedUnits,
        filters=(
            Filter("under", "Unit, with all below it"),
            Filter("kind", "unit_kind", "code", KINDS),
            Filter("on", "There on", "date"),
        ),
        columns=COLUMNS,
        ask=ask,
        row_link="/units/{0}/new",
        row_action="record_unit",
    )
    return [made.page()]
