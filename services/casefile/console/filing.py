"""Answers a page's address with an ending: the file, or, while it takes long, the page that says how far it is."""

from services.casefile.api.listing import reading
from services.casefile.console.files import handed_over, made
from services.casefile.console.made import Made
from services.casefile.console.page import Format, Page
from services.casefile.console.sending import Reply, found_elsewhere
from services.casefile.console.visit import Visit, addressed
from services.casefile.console.waiting import key, making_page
from services.casefile.console.workshop import Making


def file_reply(page: Page, visit: Visit, form: Format) -> Reply:
    """Programs wait; whoever looks on is shown how far it is, and finds the file at the same address."""
    if not visit.is_watched:
        with reading():
            return handed_over(made(page.show(visit), visit, form))
    workshop, address = visit.desk.workshops.files, file_address(visit, form)
    mine = key(visit, address)
    making = workshop.ask(mine, lambda making: make(page, visit, form, making))
    if not making.wait(workshop.patience):
        return found_elsewhere(making_page(address), visit)
    # Whoever asks again wants what is on file by then.
    workshop.forget(mine, making)
    return handed_over(making.made)


def make(page: Page, visit: Visit, form: Format, making: Making[Made]) -> Made:
    visit.progress = making.read
    with reading():
        return made(page.show(visit), visit, form, making.wrote)


def file_address(visit: Visit, form: Format) -> str:
    asked = [*visit.query, *([("purpose", visit.purpose)] if visit.purpose else [])]
    return addressed(f"{'/home' if visit.path == '/' else visit.path}.{form}", asked)
