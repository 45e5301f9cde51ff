"""The rulebook: which policies held when and who approved of them, and what one of them asks for."""

from typing import Annotated, Any

import msgspec
from pydantic import Field

from services.casefile.api.asked import Asked, Code, Day
from services.casefile.console.listing import cells, report_of
from services.casefile.console.page import Answer, Page, PageNotFound, Shown
from services.casefile.console.thing_files import thing
from services.casefile.console.visit import Visit, parsed
from services.casefile.history.rulebook_rows import PolicyVersion
from services.casefile.reports.dossier import told
from services.casefile.reports.report import Column, Report, Scope, Table

COLUMNS = (
    Column("policy", "policy", "text"),
    Column("version", "version", "count"),
    Column("title", "title", "text"),
    Column("effective_from", "effective_from", "day"),
    Column("last_day", "last_day", "day"),
    Column("approved_by", "approved_by", "code"),
    Column("unit", "unit", "unit"),
    Column("rules", "rules", "count"),
    Column("recorded_at", "recorded_at", "moment"),
    Column("recorded_by", "recorded_by", "staff"),
)

RULES = (
    Column("rule", "Rule"),
    Column("title", "title"),
    Column("says", "Value", "fields"),
)


class AskedRulebook(Asked):
    on: Day | None = None


class AskedPolicy(AskedRulebook):
    version: Annotated[int | None, Field(ge=1, le=9999)] = None


class Named(Asked):
    policy: Code


def show(visit: Visit) -> Answer:
    asked, day = visit.asked(AskedRulebook), visit.desk.today
    versions = visit.desk.product.rulebook.versions()
    if asked.on is not None:
        versions = [each for each in versions if each.holds_on(asked.on)]
    context = {"rows": [(each, standing(each, asked.on or day)) for each in versions]}
    lines = (cells(COLUMNS, each) for each in versions)
    report = report_of(visit, "rulebook", "Rulebook", COLUMNS, lines)
    return Shown(template="rulebook.html", title="Rulebook", context=context, report=report)


def standing(version: PolicyVersion, day: Any) -> str:
    if version.holds_on(day):
        return "in force"
    return "to come" if version.effective_from > day else "over"


def policy(visit: Visit) -> Answer:
    """One policy; without a version the one in force on the day."""
    asked = visit.asked(AskedPolicy)
    code = parsed(Named, [("policy", visit.params["policy"])]).policy
    day = asked.on or visit.desk.today
    detail = visit.desk.product.rulebook.policy(code, day, asked.version)
    shown = next((v for v in detail.versions if v.version == detail.shown), None)
    if shown is None:
        raise PageNotFound
    context: dict[str, Any] = {
        "detail": detail,
        "shown": shown,
        "rules": [msgspec.to_builtins(rule) for rule in detail.document.rules],
    }
    report = as_report(visit, shown, context["rules"])
    return Shown(
        template="policy.html", title="Policy", name=detail.document.title, context=context,
        report=report,
    )  # fmt: skip


def as_report(visit: Visit, shown: PolicyVersion, rules: list[dict[str, Any]]) -> Report:
    """Where the policy comes from and when it holds, and what each rule asks for."""
    values = {column.name: getattr(shown, column.name) for column in COLUMNS}
    rows = [(r["code"], r["title"], told(without(r, ("code", "title")))) for r in rules]
    asks = Table(name="rules", title="Rules", columns=RULES, rows=rows)
    return thing(visit, "policy", "Policy", values, asks, scope=Scope(unit=shown.unit))


def without(rule: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name not in names}


def pages() -> list[Page]:
    return [
        Page("/rulebook", "read_rulebook", show, label="Rulebook", files=True),
        Page("/rulebook/{policy}", "read_rulebook", policy, files=True),
    ]
