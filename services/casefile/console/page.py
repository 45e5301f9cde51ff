"""What a page is: an address, the action it takes, and what it shows. Modules register theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.casefile.api.access import Action
from services.casefile.domain.refusals import Absent
from services.casefile.exporting.rendering import Format as Format  # noqa: PLC0414
from services.casefile.reports.report import Report

if TYPE_CHECKING:
    from services.casefile.console.visit import Visit


class PageNotFound(Absent):
    """There is no such page."""

    remedy = "Go to the first page, or look the child up by case number."


FORMATS: tuple[Format, ...] = ("json", "csv", "xlsx", "pdf")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page shows. With a report, the same address also answers `.json`, `.csv` and so on.

    `title` is English and translated where it is shown; `name` stands beside it as it is. `pins`:
    what has to be asked besides, so that the file says what the page says.
    """

    template: str
    title: str
    name: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    report: Report | None = None
    models: tuple[str, ...] = ()
    pins: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Redirect:
    """Go and look there: after something was done, or where an address has a better form."""

    to: str


@dataclass(frozen=True)
class Drawn:
    """A picture, made for the answer."""

    body: bytes
    media_type: str = "image/svg+xml"


Answer = Shown | Redirect | Drawn


@dataclass(frozen=True)
class Page:
    """One page. `label` gives it a place in the navigation, for whoever may take its action."""

    path: str
    action: Action
    show: Callable[["Visit"], Answer]
    label: str = ""
    submit: Callable[["Visit"], Answer] | None = None
    submit_action: Action | None = None
    files: bool = False
