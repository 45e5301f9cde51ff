"""Flags: the list of those one may see, and one of them with its question, answers and decision."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from services.casefile.api.errors import status_of
from services.casefile.api.flagging import Flagging
from services.casefile.api.flags import own, seen_by
from services.casefile.api.listing import AskedPage, Text
from services.casefile.application.decision import Receipt, VersionMoved
from services.casefile.console.forms.flow import ANSWERED, Body, Sending, context_of, unless
from services.casefile.console.forms.reading import Wrong, refused, said_of_a_form, typed_in
from services.casefile.console.front import FIELD
from services.casefile.console.listing import Asking, cells, report_of
from services.casefile.console.page import Answer, Page, Redirect, Shown
from services.casefile.console.thing_files import ACTS, acts, thing
from services.casefile.console.visit import Visit
from services.casefile.domain.entry import Entry
from services.casefile.domain.families.flag import FlagDecided, FlagExplained, FlagState
from services.casefile.domain.refusals import CasefileError
from services.casefile.history.flags import FlagHistory
from services.casefile.readmodels.flags import FlagFilter, FlagRow, Flags
from services.casefile.readmodels.pages import Cursor
from services.casefile.readmodels.pages import Page as PageOfRows
from services.casefile.reports.report import Column, Report, Scope, Share, Table

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

SIGNALS = (
    Column("rule", "Rule", "code"),
    Column("share", "Odd of all", "share"),
    Column("peers", "peers", "count"),
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


def detail_page(
    visit: Visit, typed: dict[str, str] | None = None, error: CasefileError | None = None
) -> Shown:
    staff, flag = visit.params["staff"], visit.id("flag")
    seen_by(visit.actor, staff)
    found = FlagHistory(visit.desk.product.history).of(staff, flag)
    me, is_open = visit.actor.author.staff, found["decision"] is None
    asker = found["raised"]["recorded_by"]["staff"]
    wrong, status = shown_again(visit, error)
    context = {
        "flag": found,
        "typed": {"record_id": str(uuid4())} | (typed or {}),
        "version": version_after(typed, error, found),
        "wrong": wrong,
        "may_explain": is_open and me == staff,
        "may_decide": is_open and visit.may("decide_flag") and me not in (staff, asker),
        "is_asker": is_open and me == asker,
        "done": visit.value("done"),
    }
    return Shown(
        template="flag.html", title="Flag", name=staff, context=context, status=status,
        report=as_report(visit, found),
    )  # fmt: skip


def as_report(visit: Visit, found: dict[str, Any]) -> Report:
    """The question with its figures, the answers and the decision, as a file."""
    asked = found["raised"]["fields"]
    said = [found["raised"], *found["explanations"], *filter(None, [found["decision"]])]
    words = [row | {"fields": without(row["fields"], ("signals", "flag"))} for row in said]
    signals = [(s["rule"], Share(s["odd"], s["whole"]), s["peers"]) for s in asked["signals"]]
    return thing(
        visit,
        "flag",
        "Flag",
        {name: found[name] for name in ("flag", "staff", "state")},
        Table(name="signals", title="What was asked about", columns=SIGNALS, rows=signals),
        Table(name="said", title="What was said", columns=ACTS, rows=acts(words)),
        scope=Scope(staff=found["staff"]),
    )


def without(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def version_after(
    typed: dict[str, str] | None, error: CasefileError | None, found: dict[str, Any]
) -> str:
    """The last that was said of the flag when the page was made; a refused form keeps its own."""
    if isinstance(error, VersionMoved):
        return str(error.current)
    said = [found["raised"], *found["explanations"], *filter(None, [found["decision"]])]
    return (typed or {}).get("version") or str(max(row["version"] for row in said))


def answer(visit: Visit) -> Answer:
    staff, flag, typed = visit.params["staff"], visit.id("flag"), sent(visit)
    explains = typed.get("step") == "explain"
    visit.must("explain_flag" if explains else "decide_flag")
    names = ("explanation",) if explains else ("outcome", "reason")
    body = {name: typed[name] for name in names if typed.get(name)}
    command = flagging(visit).explain if explains else flagging(visit).decide
    try:
        send_once(
            visit, body, unless(lambda entry: is_of(flag, entry), partial(command, staff, flag))
        )
    except CasefileError as error:
        return detail_page(visit, typed, error)
    return Redirect(f"/flags/{staff}/{flag}?done={'explained' if explains else 'decided'}")


def is_of(flag: UUID, entry: Entry) -> bool:
    return isinstance(entry.rec, FlagExplained | FlagDecided) and entry.rec.flag == flag


def send_once(visit: Visit, body: Body, send: Sending) -> Receipt:
    """What was typed is one command, however often it is sent."""
    typed = {name: texts for name, texts in typed_in(visit.form).items() if name != FIELD}
    own = {"record_id": sent(visit).get("record_id", "")}
    return send(body | own, context_of(visit, typed, typed | own))


def shown_again(visit: Visit, error: CasefileError | None) -> tuple[list[Wrong], int]:
    """What is wrong with a form, and its status; what no form can answer is a page of its own."""
    if error is None:
        return [], 200
    status = status_of(said_of_a_form(error))
    if status not in ANSWERED:
        raise error
    return [refused(visit, error)], status


def flagging(visit: Visit) -> Flagging:
    product, desk = visit.desk.product, visit.desk
    return Flagging(product.casefile, desk.backfill, product.rulebook, lambda: desk.today)


def sent(visit: Visit) -> dict[str, str]:
    return {name: value.strip() for name, value in visit.form}


def pages() -> list[Page]:
    return [
        Page("/flags", "read_flags", show, label="Flags", files=True),
        Page(
            "/flags/{staff}/{flag}",
            "read_flags",
            detail,
            submit=answer,
            submit_action="read_flags",
            files=True,
        ),
    ]
