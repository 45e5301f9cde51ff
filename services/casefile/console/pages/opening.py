"""Opening a file for a child."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from services.casefile.console.forms.fields import form_of
from services.casefile.console.forms.filling import defaults, shown_form
from services.casefile.console.forms.reading import Typed, Wrong, read_fields, refused, typed_in
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.pages.recording import context_of
from services.casefile.console.visit import Visit
from services.casefile.domain.catalogue import Kind
from services.casefile.domain.families.case import CaseOpened
from services.casefile.domain.refusals import Invalid, Refused


def kind_of(visit: Visit) -> Kind:
    return visit.desk.product.catalogue.of(CaseOpened)


def ask(visit: Visit) -> Answer:
    typed = defaults(form_of(kind_of(visit)), visit.desk.today)
    return page(visit, typed | {"record_id": [str(uuid4())]})


def send(visit: Visit) -> Answer:
    """The record's id is the case's too, so that opening again finds the first."""
    typed = typed_in(visit.form)
    read = read_fields(visit, form_of(kind_of(visit)).fields, typed)
    if read.wrong:
        return page(visit, typed, read.wrong)
    sent = typed.get("record_id", [""])[0]
    try:
        receipt = visit.desk.product.casefile.open_case(
            read.body | {"record_id": sent}, context_of(visit), uuid_of(sent)
        )
    except (Invalid, Refused) as error:
        return page(visit, typed, [refused(visit, error)])
    return Redirect(f"/cases/{receipt.case_id}/records/{receipt.record_id}?done=recorded")


def uuid_of(text: str) -> UUID | None:
    """What is not a UUID is refused with the rest."""
    try:
        return UUID(text)
    except ValueError:
        return None


def page(visit: Visit, typed: Typed, wrong: Sequence[Wrong] = ()) -> Shown:
    kind = kind_of(visit)
    context = {
        "kind": kind.slug,
        "form": shown_form(visit, form_of(kind), typed, wrong),
        "record_id": typed.get("record_id", [""])[0],
    }
    return Shown(
        template="opening.html", title="Open a file", context=context, status=422 if wrong else 200
    )


def pages() -> list[Page]:
    return [Page("/open", "open_case", ask, submit=send)]
