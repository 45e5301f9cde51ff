"""Opening a file for a child."""

from uuid import UUID

from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.console.forms import flow
from services.casefile.console.forms.flow import Body, Flow
from services.casefile.console.forms.reading import Typed
from services.casefile.console.page import Answer, Page
from services.casefile.console.visit import Visit, addressed
from services.casefile.domain.families.case import CaseOpened
from services.casefile.readmodels.pages import fetch

MINE = "SELECT kind, code, parent FROM readmodels.units WHERE code = %s"


def ask(visit: Visit) -> Answer:
    return flow.ask(visit, flow_of(visit), places(visit))


def send(visit: Visit) -> Answer:
    return flow.send(visit, flow_of(visit))


def flow_of(visit: Visit) -> Flow:
    product = visit.desk.product

    def opened(body: Body, context: Context) -> Receipt:
        """The record's id is the case's too, so that opening again finds the first."""
        return product.casefile.open_case(body, context, uuid_of(body["record_id"]))

    return Flow(
        kind=product.catalogue.of(CaseOpened),
        title="Open a file",
        send=opened,
        done=opened_at,
        template="opening.html",
        back="/roster",
        gone=(),
    )


def opened_at(receipt: Receipt) -> str:
    """With what is odd about the number, which is no reason to refuse it."""
    odd = [("warning", code) for code in receipt.warnings]
    path = f"/cases/{receipt.case_id}/records/{receipt.record_id}"
    return addressed(path, [("done", "recorded"), *odd])


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
