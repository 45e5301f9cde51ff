"""The page that shows how far something is, until it is ready. Closed, it lets it go."""

from typing import Any

from services.casefile.console.made import Made
from services.casefile.console.page import Answer, Page, PageNotFound, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.console.waiting import OF, PATH, key
from services.casefile.console.workshop import KEPT, UNWATCHED, Making


def show(visit: Visit) -> Answer:
    """What nobody is making, as after a restart, is asked for again: at a pinned cut it is the same."""
    address = ours(visit.value(OF))
    making = visit.desk.workshops.find(key(visit, address))
    if making is None:
        return Redirect(address)
    made = making.made if making.is_over else None
    context = {
        "address": address,
        "is_ready": made is not None,
        "file": made if isinstance(made, Made) else None,
        "stage": making.stage,
        "share": share(making),
        "unwatched": int(UNWATCHED),
        "minutes": int(KEPT // 60),
    }
    title = "It is being made" if made is None else "It is ready"
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


def share(making: Making[Any]) -> int | None:
    """In percent of what has to be read; None where nobody knows how much there will be."""
    _, done, total = making.stage
    return 100 * done // total if total else None


def pages() -> list[Page]:
    return [Page(PATH, "read_me", show)]
