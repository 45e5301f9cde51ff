"""What all pages of one child share: the moment that is looked at, her head, the tabs, the slider."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from services.casefile.api.asked import AskedMoment
from services.casefile.application.clock import day_in_china
from services.casefile.console.notices import Question
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.days import end_of
from services.casefile.domain.entry import Entry
from services.casefile.domain.refusals import CaseNotFound
from services.casefile.history.rows import row
from services.casefile.history.view import NOW, Moment, View
from services.casefile.log.disclosure import Disclosure
from services.casefile.reports.registry import definition

DOSSIER = "R1"

TABS = (
    ("", "Overview"),
    ("/timeline", "Timeline"),
    ("/obligations", "What is owed"),
    ("/notices", "Who was told"),
    ("/funding", "Funding"),
    ("/diff", "Compare two days"),
)
HEAD = ("child.sex", "child.grade", "guardian.type", "child.population", "level.care")


class Slider(NamedTuple):
    """A day on one of the clocks, as a place between the first day of the file and today."""

    first: date
    last: date
    value: date | None

    @property
    def most(self) -> int:
        return max(0, (self.last - self.first).days)

    @property
    def place(self) -> int:
        at = self.value or self.last
        return min(self.most, max(0, (at - self.first).days))


class ChildFile:
    """One child's file as it is looked at: the view at the moment, and the first and last day."""

    def __init__(self, visit: Visit, asked: AskedMoment) -> None:
        self.visit = visit
        self.case_id = visit.case_id
        self.moment = asked.moment
        history = visit.desk.product.history
        now = history.view(self.case_id, NOW)
        self.first = min(min(e.env.occurred_on, recorded_on(e)) for e in now.recorded)
        self.view: View | None = now if self.moment == NOW else self._view_then()

    def _view_then(self) -> View | None:
        """None where nothing of the file was known yet."""
        try:
            return self.visit.desk.product.history.view(self.case_id, self.moment)
        except CaseNotFound:
            return None

    @property
    def is_on_file(self) -> bool:
        return self.view is not None and "status" in self.view.facts

    @property
    def is_past(self) -> bool:
        return self.moment != NOW

    def shown(self, path: str) -> Any:
        """A fact as it is shown, or None."""
        if self.view is None or (fact := self.view.facts.get(path)) is None:
            return None
        return self.view.disclosure.fact(fact)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place in the file of each record, for what points at one."""
        entries = self.view.entries if self.view else ()
        return {str(e.env.record_id): e.version for e in entries}

    def context(self, tab: str) -> dict[str, Any]:
        name = self.shown("child.name")
        return {
            "file": self,
            "tab": tab,
            "tabs": TABS,
            "child_name": name,
            "head": [(path, self.shown(path)) for path in HEAD],
            "age": age(self.shown("child.birth_date"), self.day),
            "happened": Slider(self.first, self.visit.desk.today, self.moment.as_of),
            "known": Slider(self.first, self.visit.desk.today, known_day(self.moment)),
        }

    @property
    def day(self) -> date:
        return self.moment.as_of or known_day(self.moment) or self.visit.desk.today

    @property
    def until(self) -> datetime | None:
        """When what happens outside the file had to have happened to be seen at the moment."""
        ends = end_of(self.moment.as_of) if self.moment.as_of else None
        return min((m for m in (ends, self.moment.known_at) if m is not None), default=None)

    def told(self, about: Sequence[str] = ()) -> Question:
        """Who was told what of the child, as a question of whoever looks at the page."""
        reader = self.visit.actor.author.staff
        inspects = self.visit.may("inspect")
        return Question(case_id=self.case_id, reader=reader, findings=inspects, about=tuple(about))

    def tab_link(self, tab: str) -> str:
        """The same moment on another page of the file."""
        kept = {n: v for n, v in self.visit.query if n in ("as_of", "known_at") and v}
        gone = {n: None for n, _ in self.visit.query}
        return self.visit.link(f"/cases/{self.case_id}{tab}", **(gone | kept))

    @property
    def dossier_link(self) -> str | None:
        """The whole file as a report at the same moment; None for whoever may not draw it."""
        if self.visit.actor.role not in definition(DOSSIER).roles:
            return None
        as_of, known_at = self.moment.as_of, self.moment.known_at
        known = known_at and known_at.isoformat()
        asked = {"case_id": self.case_id, "as_of": as_of, "known_at": known}
        return f"/reports/{DOSSIER}?{urlencode({n: v for n, v in asked.items() if v})}"

    def record_link(self, record_id: Any) -> str:
        return self.tab_link(f"/records/{record_id}")


OPTIONAL: dict[str, Any] = {
    "occurred_at": None,
    "performed_by": None,
    "group": None,
    "late_reason": None,
    "evidence": (),
    "amendments": (),
}
OF_AMENDMENT: dict[str, Any] = {"changes": (), "ground": None}


def whole(entry: Entry, disclosure: Disclosure) -> dict[str, Any]:
    """A record as the templates take it: what it does not have is there and empty."""
    shown = OPTIONAL | row(entry, disclosure)
    return shown | {"amendments": [OF_AMENDMENT | each for each in shown["amendments"]]}


def known_day(moment: Moment) -> date | None:
    return None if moment.known_at is None else day_in_china(moment.known_at)


def recorded_on(entry: Any) -> date:
    return day_in_china(entry.recorded_at)


def age(born: Any, on: date) -> int | None:
    """Whole years; a birth date that is withheld tells no age."""
    if isinstance(born, str):
        born = datetime.fromisoformat(born).date()
    if not isinstance(born, date):
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
