"""The product and its clock, in the words of a story: it is the day …, somebody records …."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import msgspec

from services.casefile.application.context import Context
from services.casefile.composition import Parts
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.cadence.days import CHINA
from services.casefile.domain.cadence.policy import Policy, Rule
from services.casefile.history.obligation_rows import ObligationRow
from services.casefile.history.obligations import ObligationFilter
from services.casefile.history.view import NOW
from services.casefile.policies.bundles import bundle
from tests.casefile.world import actor, child, context

SCHOOL_STARTS = date(2089, 9, 1)
AUTUMN = Term(code="2089-2090-1", starts_on=SCHOOL_STARTS, ends_on=date(2090, 1, 20))
COUNTY = context(actor=actor("county", "c-001", "county_civil_affairs"))
DIRECTOR = context(actor=actor("village", "d-201", "child_director"))


class Town:
    """Records are written today; the clock declares what the days until today have brought."""

    product: Parts

    def __init__(self) -> None:
        self._now = datetime.combine(SCHOOL_STARTS, time(12), CHINA)
        self._children: list[UUID] = []

    def clock(self) -> datetime:
        return self._now

    def adopts(self, *names: str, rules: tuple[Rule, ...] = ()) -> None:
        """Policies that are shipped, by name, and one of the town's own."""
        self.product.casefile.load_terms("default", (AUTUMN,), "县教育局校历", COUNTY)
        for name in names:
            shipped = msgspec.structs.replace(bundle(name), effective_from=SCHOOL_STARTS)
            self.product.casefile.adopt_policy(shipped, COUNTY)
        if rules:
            own = Policy(
                policy="town", version=1, title="本镇规定", effective_from=SCHOOL_STARTS,
                approved_by="leading-group", rules=rules,
            )  # fmt: skip
            self.product.casefile.adopt_policy(own, COUNTY)

    def day(self, day: str, at: str = "12:00") -> None:
        """It is another day. The clock ran on each morning that has come since."""
        today = date.fromisoformat(day)
        while self._now.date() < today:
            following = date.fromordinal(self._now.toordinal() + 1)
            self._now = datetime.combine(following, time(0, 5), CHINA)
            self._declare()
        self._now = datetime.combine(today, time.fromisoformat(at), CHINA)
        self._declare()

    def opens(self, **fields: Any) -> UUID:
        body = {"occurred_on": self._now.date().isoformat(), "birth_date": "2078-03-01"}
        opened = self.product.casefile.open_case(child(**(body | fields)), context())
        self._children.append(opened.case_id)
        return opened.case_id

    def record(self, case: UUID, slug: str, by: Context | None = None, **body: Any) -> UUID:
        """Somebody writes down what happened today, unless another day is named."""
        said = {"occurred_on": self._now.date().isoformat()} | body
        return self.product.casefile.record(case, slug, said, by or context()).record_id

    def owed(self, case: UUID, rule: str) -> dict[str, ObligationRow]:
        """What an inspector reads of one rule, by window."""
        asked = ObligationFilter(rule=rule)
        found = self.product.obligations.of(case, NOW, self._now, asked=asked, limit=500)
        return {row.window: row for row in found.rows}

    def states(self, case: UUID, rule: str) -> list[str]:
        """What came of each window of a rule, in order."""
        rows = sorted(self.owed(case, rule).values(), key=lambda row: row.starts_on)
        return [row.state for row in rows]

    def facts(self, case: UUID) -> dict[str, Any]:
        facts = self.product.history.status(case)["facts"]
        return {path: fact["value"] for path, fact in facts.items()}

    def kinds(self, case: UUID) -> list[str]:
        """The timeline, as it was recorded."""
        page = self.product.history.timeline(case, order="oldest", limit=500)
        return [row["kind"] for row in page["rows"]]

    def _declare(self) -> None:
        for case in self._children:
            self.product.casefile.declare(case, "case", self._now)
