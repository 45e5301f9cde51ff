"""The page that shows how far a file is, until it is ready. Closed, it lets the file go."""

from services.casefile.console.filing import OF, PATH, finished, key
from services.casefile.console.page import Answer, Page, PageNotFound, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.console.workshop import KEPT, UNWATCHED, Making


def show(visit: Visit) -> Answer:
    """A file nobody is making, as after a restart, is asked for again: at a pinned cut it is the same."""
    address = ours(visit.value(OF))
    making = visit.desk.workshop.find(key(visit, address))
    if making is None:
        return Redirect(address)
    ready = finished(making) if making.is_over else None
    context = {
        "address": address,
        "ready": ready,
        "stage": making.stage,
        "share": share(making),
        "unwatched": int(UNWATCHED),
        "minutes": int(KEPT // 60),
    }
    title = "The file is being made" if ready is None else "The file is ready"
    return Shown(template="making.html", title=title, context=context)


def ours(address: str) -> str:
    """A place on this site, and no other one."""
    if (
        not address.startswith("/")
        or address.startswith(("//", "/\\"))
        or not address.isprintable()
    ):
        raise PageNotFound
    return address


def share(making: Making) -> int | None:
    """In percent of what has to be read; None where nobody knows how much there will be."""
    _, done, total = making.stage
    return 100 * done // total if total else None


def pages() -> list[Page]:
    return [Page(PATH, "read_me", show)]
