"""What members of staff owe by number: so many different children of so many wanted in a window."""

from collections.abc import Sequence
from typing import Any

from services.casefile.api.asked import Day
from services.casefile.api.boards import seen_by
from services.casefile.api.listing import AskedPage, Text
from services.casefile.api.quotas import must_be_stream
from services.casefile.console.listing import Asking, report_of
from services.casefile.console.page import Answer, Page, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.cadence.quota import Quota
from services.casefile.domain.cadence.rulebook import Ruling
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.readmodels.quotas import MODEL, Quotas
from services.casefile.reports.report import Column, Scope, Share, Table

COLUMNS = (
    Column("staff", "staff", "staff"),
    Column("role", "role", "code"),
    Column("unit", "unit", "unit"),
    Column("policy", "policy", "text"),
    Column("rule", "rule", "text"),
    Column("window", "window", "text"),
    Column("ends_on", "ends_on", "day"),
    Column("outcome", "outcome", "code"),
    Column("reached", "Reached of wanted", "share"),
)
NOTHING: PageOfRows[Quota] = PageOfRows([])


class AskedQuotas(AskedPage):
    """One member of staff, or everybody who owes one rule: `policy/rule`."""

    staff: Text | None = None
    of: str | None = None
    on: Day | None = None


def show(visit: Visit) -> Answer:
    asked = visit.asked(AskedQuotas)
    desk = visit.desk
    quotas = Quotas(desk.pool, desk.product.mapper, desk.product.rulebooks)
    day, staff = asked.on or desk.today, seen_by(visit.actor, asked.staff)
    rules = {f"{r.policy.policy}/{r.rule.code}": r for r in quotas.rules(day)}
    chosen = rules.get(asked.of or "") or next(iter(rules.values()), None)

    def ask(place: Cursor | None, limit: int) -> PageOfRows[Quota]:
        must_be_stream(place)
        if staff is not None:
            return PageOfRows(quotas.of(staff, day, desk.now))
        if chosen is None:
            return NOTHING
        return quotas.page(*code_of(chosen), day, desk.now, place, limit)

    asking = Asking(visit, asked, ask)
    found, following = ([], None) if visit.format else asking.page()
    context = {"table": table(found), "rules": rules, "next": following, "day": day}
    told = (cells(quota) for quota in asking.every())
    scope = Scope(staff=staff, since=day, until=day)
    report = report_of(visit, "quotas", "Quotas", COLUMNS, told, scope=scope, models=(MODEL,))
    return Shown(
        template="quotas.html", title="Quotas", context=context, report=report, models=(MODEL,)
    )


def code_of(ruling: Ruling) -> tuple[str, str]:
    return ruling.policy.policy, ruling.rule.code


def table(quotas: Sequence[Quota]) -> Table:
    return Table(name="quotas", title="Quotas", columns=COLUMNS, rows=list(map(cells, quotas)))


def cells(quota: Quota) -> tuple[Any, ...]:
    return (
        quota.staff, quota.role, quota.unit, quota.policy, quota.rule, quota.window.key,
        quota.window.ends_on, quota.outcome, Share(len(quota.children), quota.wanted),
    )  # fmt: skip


def pages() -> list[Page]:
    return [Page("/quotas", "read_obligations", show, label="Quotas", files=True)]
