"""What moved since the last inspection of the same scope: counts, and the records behind them."""

from uuid import UUID

from services.casefile.api.listing import AskedPage
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.listing import Asking
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.inspection_refusals import NoEarlierInspection
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.since_last import Changes
from services.casefile.reports.since_last_rows import Change, ChangedRecord

MODELS = ("entries", "inspections")


class AskedChanges(AskedPage):
    """`since`: the inspection to compare with, if not the last one."""

    since: UUID | None = None
    change: Change | None = None


def show(visit: Visit) -> Answer:
    page, asked = InspectionPage(visit), visit.asked(AskedChanges)
    product = visit.desk.product
    changes = Changes(
        visit.desk.pool, product.populations, product.inspections, product.recorder, product.mapper
    )
    try:
        found = changes.since_last(page.id, asked.since)
    except NoEarlierInspection:
        context = page.context("/changes") | {"found": None}
        return Shown(
            template="inspection_changes.html", title="Since the last one", context=context
        )

    def ask(place: Cursor | None, limit: int) -> PageOfRows[ChangedRecord]:
        return changes.records(page.id, asked.since, asked.change, place, limit)

    rows, following = Asking(visit, asked, ask).page()
    context = page.context("/changes") | {"found": found, "rows": rows, "next": following}
    return Shown(
        template="inspection_changes.html", title="Since the last one", context=context,
        models=MODELS,
    )  # fmt: skip


def pages() -> list[Page]:
    return [Page("/inspections/{inspection_id}/changes", "read_inspections", show)]
