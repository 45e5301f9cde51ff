"""Opening a file for a child."""

from uuid import UUID

from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.console.forms import flow
from services.casefile.console.forms.flow import Body, Flow
from services.casefile.console.forms.reading import Typed
from services.casefile.console.page import Answer, Page
from services.casefile.console.pages.recording import recorded_at
from services.casefile.console.visit import Visit, addressed
from services.casefile.domain.families.case import CaseOpened
from services.casefile.readmodels.pages import fetch

KINDERGARTEN = "kindergarten"
# What a child under six does not have yet.
OF_SCHOOL = ("grade", "school_register_no")
MINE = "SELECT kind, code, parent FROM readmodels.units WHERE code = %s"


def ask(visit: Visit) -> Answer:
    return flow.ask(visit, flow_of(visit), places(visit))


def send(visit: Visit) -> Answer:
    return flow.send(visit, flow_of(visit))


def flow_of(visit: Visit) -> Flow:
    product = visit.desk.product
    is_small = visit.value("intake") == KINDERGARTEN

    def opened(body: Body, context: Context) -> Receipt:
        """The record's id is the case's too, so that opening again finds the first."""
        return product.casefile.open_case(body, context, uuid_of(body["record_id"]))

    return Flow(
        kind=product.catalogue.of(CaseOpened),
        title="Open a file for a child not yet at school" if is_small else "Open a file",
        send=opened,
        done=not_yet_at_school if is_small else recorded_at,
        template="opening.html",
        context={"is_small": is_small},
        left_out=OF_SCHOOL if is_small else (),
        back="/roster",
        gone=(),
    )


def not_yet_at_school(receipt: Receipt) -> str:
    """The second sheet of a small child's intake, filled in but for what nobody knows."""
    return addressed(f"/cases/{receipt.case_id}/new/school_status", [("status", "not_yet_of_age")])


def places(visit: Visit) -> Typed:
    """The class, school or village of whoever opens the file, as far as that is one."""
    rows = fetch(visit.desk.pool, MINE, [visit.actor.author.unit], lambda *row: row)
    match rows[0] if rows else None:
        case ("class", code, parent):
            return {"class_unit": [code], "school": [parent]}
        case ("school" | "village" as kind, code, _):
            return {kind: [code]}
    return {}


def uuid_of(text: str) -> UUID | None:
    """What is not a UUID is refused with the rest."""
    try:
        return UUID(text)
    except ValueError:
        return None


def pages() -> list[Page]:
    return [Page("/open", "open_case", ask, submit=send)]
