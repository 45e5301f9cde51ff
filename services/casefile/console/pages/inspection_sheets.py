"""The sheets of an inspection, to work on in the browser or to print and take along."""

from functools import partial
from typing import Annotated

from pydantic import Field

from services.casefile.api.asked import Asked
from services.casefile.console.inspecting import InspectionPage
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.sheet_files import callback_file, examination_file
from services.casefile.console.visit import Visit
from services.casefile.history.sheets import Sheets

ONE = "/inspections/{inspection_id}"
PAGE = 10


class AskedSheet(Asked):
    """How many files are passed over, and how many come."""

    after: Annotated[int, Field(ge=0, le=10_000)] = 0
    limit: Annotated[int, Field(ge=1, le=50)] = PAGE


def examination(visit: Visit) -> Answer:
    page, asked = InspectionPage(visit), visit.asked(AskedSheet)
    read = partial(sheets(visit).examination, page.id)
    sheet = read(asked.after, asked.limit)
    context = page.context("/examination-sheet") | {"sheet": sheet}
    report = examination_file(visit, sheet, read)
    return Shown(
        template="examination_sheet.html", title="Examination sheet", context=context, report=report
    )


def callbacks(visit: Visit) -> Answer:
    page, asked = InspectionPage(visit), visit.asked(AskedSheet)
    read = partial(sheets(visit).callbacks, page.id)
    sheet = read(asked.after, asked.limit)
    context = page.context("/callback-sheet") | {"sheet": sheet}
    report = callback_file(visit, sheet, read)
    return Shown(
        template="callback_sheet.html", title="Callback sheet", context=context, report=report
    )


def sheets(visit: Visit) -> Sheets:
    return Sheets(visit.desk.product.cohort, visit.desk.product.inspections)


def pages() -> list[Page]:
    return [
        Page(f"{ONE}/examination-sheet", "read_inspections", examination, files=True),
        Page(f"{ONE}/callback-sheet", "read_inspections", callbacks, files=True),
    ]
