"""Flags: the list of those one may see, and one of them with its question, answers and decision."""

from datetime import timedelta
from uuid import uuid4

from services.casefile.api.flagging import Flagging
from services.casefile.api.flags import own, seen_by
from services.casefile.api.listing import AskedPage, Text
from services.casefile.api.reasons import reason
from services.casefile.application.context import Context
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.visit import Visit
from services.casefile.domain.families.flag import FlagState
from services.casefile.domain.refusals import CasefileError, Invalid, Refused
from services.casefile.history.flags import FlagHistory
from services.casefile.readmodels.flags import FlagFilter, FlagRow, Flags
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Scope

MODELS = ("flags", "units")
DAYS_TO_ANSWER = timedelta(days=10)
STATES: tuple[FlagState, ...] = ("open", "explained", "upheld", "dismissed")
COLUMNS = (
    Column("raised_on", "Raised on", "day"),
    Column("flag", "flag", "text"),
    Column("staff", "staff", "staff"),
    Column("unit", "unit", "unit"),
    Column("state", "state", "code"),
    Column("rules", "Rules", "text"),
    Column("raised_by", "Raised by", "staff"),
    Column("answer_by", "answer_by", "day"),
    Column("explained_on", "Explained on", "day"),
    Column("decided_on", "Decided on", "day"),
    Column("decided_by", "Decided by", "staff"),
)


class AskedFlags(AskedPage):
    staff: Text | None = None
    state: FlagState | None = None
    under: Text | None = None


def show(visit: Visit) -> Answer:
    asked, flags = visit.asked(AskedFlags), Flags(visit.desk.pool)
    found = FlagFilter(staff=asked.staff, state=asked.state, under=asked.under)
    wanted = own(found, visit.actor)

    def ask(place: Cursor | None, limit: int) -> PageOfRows[FlagRow]:
        return flags.page(wanted, place, limit)

    asking = Asking(visit, asked, ask)
    rows, following = ([], None) if visit.format else asking.page()
    context = {"rows": rows, "next": following, "states": STATES}
    scope = Scope(unit=asked.under, staff=wanted.staff)
    lines = (cells(COLUMNS, row) for row in asking.every())
    report = report_of(visit, "flags", "Flags", COLUMNS, lines, scope=scope, models=MODELS)
    return Shown(
        template="flags.html", title="Flags", context=context, report=report, models=MODELS
    )


def detail(visit: Visit) -> Answer:
    return detail_page(visit)


def detail_page(visit: Visit, typed: dict[str, str] | None = None, wrong: str = "") -> Shown:
    staff, flag = visit.params["staff"], visit.id("flag")
    seen_by(visit.actor, staff)
    found = FlagHistory(visit.desk.product.history).of(staff, flag)
    me, is_open = visit.actor.author.staff, found["decision"] is None
    asker = found["raised"]["recorded_by"]["staff"]
    context = {
        "flag": found,
        "typed": typed or {"record_id": str(uuid4())},
        "wrong": wrong,
        "may_explain": is_open and me == staff,
        "may_decide": is_open and visit.may("decide_flag") and me not in (staff, asker),
        "is_asker": is_open and me == asker,
        "done": visit.value("done"),
    }
    return Shown(
        template="flag.html", title="Flag", name=staff, context=context,
        status=422 if wrong else 200,
    )  # fmt: skip


def answer(visit: Visit) -> Answer:
    staff, flag, typed = visit.params["staff"], visit.id("flag"), sent(visit)
    step, context = typed.get("step"), context_of(visit)
    names = ("explanation",) if step == "explain" else ("outcome", "reason")
    body = {name: typed[name] for name in (*names, "record_id") if typed.get(name)}
    try:
        if step == "explain":
            visit.must("explain_flag")
            flagging(visit).explain(staff, flag, body, context)
        else:
            visit.must("decide_flag")
            flagging(visit).decide(staff, flag, body, context)
    except (Invalid, Refused) as error:
        return detail_page(visit, typed, told(visit, error))
    done = "explained" if step == "explain" else "decided"
    return Redirect(f"/flags/{staff}/{flag}?done={done}")


def flagging(visit: Visit) -> Flagging:
    product, desk = visit.desk.product, visit.desk
    return Flagging(product.casefile, desk.backfill, product.rulebook, lambda: desk.today)


def context_of(visit: Visit) -> Context:
    return Context(actor=visit.actor, source="web", correlation=visit.exchange.request_id)


def sent(visit: Visit) -> dict[str, str]:
    return {name: value.strip() for name, value in visit.form}


def told(visit: Visit, error: CasefileError) -> str:
    """What is wrong, why, and what to do next; never what was typed."""
    labels = visit.labels
    named = labels.field(error.field) if isinstance(error, Invalid) and error.field else ""
    parts = (named, labels.text(error.title), reason(error, labels), labels.text(error.remedy))
    return " ".join(part for part in parts if part)


def pages() -> list[Page]:
    return [
        Page("/flags", "read_flags", show, label="Flags", files=True),
        Page(
            "/flags/{staff}/{flag}",
            "read_flags",
            detail,
            submit=answer,
            submit_action="read_flags",
        ),
    ]
