"""`casefile case obligations | accountability`: what is owed to one child, and by whom."""

from datetime import date, datetime
from typing import Annotated, Any

import typer

from services.casefile.cli.case import AsOf, CaseId, KnownAt, moment
from services.casefile.cli.output import UNUSABLE, err, out, print_json
from services.casefile.cli.tables import Json, Language, States, show, states_of, words_of
from services.casefile.cli.wiring import parts
from services.casefile.labels import Labels

DAY = ["%Y-%m-%d"]
HEADS = (
    "window", "title", "due_on", "state", "counted", "in_window", "entered_in_time", "accountable",
    "policy", "version", "rule",
)  # fmt: skip
Rule = Annotated[str | None, typer.Option(help="Only this rule.")]
Since = Annotated[datetime | None, typer.Option(formats=DAY, help="Windows that end from then on.")]
Until = Annotated[datetime | None, typer.Option(formats=DAY, help="Windows that begin by then.")]


def register(case: typer.Typer) -> None:
    case.command()(obligations)
    case.command()(accountability)


def obligations(
    case_id: CaseId,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    policy: Annotated[str | None, typer.Option(help="Only this policy.")] = None,
    rule: Rule = None,
    state: States = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    after: Annotated[str | None, typer.Option(help="Go on after this window.")] = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List what was owed, the newest window first: what came of it, and what proves it."""
    from services.casefile.history.obligations import ObligationFilter

    asked = ObligationFilter(
        policy=policy,
        rule=rule,
        states=states_of(state),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    at, place = moment(as_of, known_at), place_of(after)
    with parts() as built:
        page = built.obligations.of(
            case_id, at, built.clock(), asked=asked, after=place, limit=limit
        )
    if as_json:
        print_json(page)
        return
    words = words_of(lang)
    show(words, HEADS, [_row(row, words) for row in page.rows])
    if page.next is not None:
        out.print(f"--after '{'|'.join(map(str, page.next))}'", highlight=False)


def accountability(
    case_id: CaseId,
    rule: Annotated[str, typer.Option(help="The rule that asks for the contact.")],
    policy: Annotated[str | None, typer.Option(help="Of this policy only.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY, help="From this day; a year ago if not given.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY, help="To this day; today if not given.")
    ] = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Say who owed one contact on every day, through hand-overs."""
    from services.casefile.application.clock import day_in_china

    with parts() as built:
        now = built.clock()
        last = until.date() if until else day_in_china(now)
        first = since.date() if since else year_before(last)
        if last < first:
            unusable("--until lies before --since.")
        found = built.obligations.accountability(case_id, rule, first, last, now, policy=policy)
    if as_json:
        print_json(found)
        return
    rows = [(s.since, s.until, s.owed, s.staff, s.role, s.unit) for s in found.spans]
    heads = ("since", "until", "owed", "staff", "role", "unit")
    show(words_of(lang), heads, rows)


def place_of(after: str | None) -> tuple[date, str, int, str, str] | None:
    """What `--after` printed, taken apart again."""
    if after is None:
        return None
    try:
        day, policy, version, rule, window = after.split("|")
        return date.fromisoformat(day), policy, int(version), rule, window
    except ValueError:
        unusable("--after takes what the page before printed.")
        return None


def year_before(day: date) -> date:
    return date(day.year - 1, day.month, min(day.day, 28))


def unusable(why: str) -> None:
    err.print(why, highlight=False)
    raise typer.Exit(UNUSABLE)


def _row(row: Any, words: Labels) -> tuple[Any, ...]:
    who = row.answerable[-1] if row.answerable else None
    mark = f" ({words.text('provisional')})" if row.provisional else ""
    return (
        row.window,
        row.title,
        f"{row.due_on}{mark}",
        words.code("state", row.state),
        f"{row.counted}/{row.least}",
        row.in_window,
        row.entered_in_time,
        who.staff if who else None,
        row.policy,
        row.policy_version,
        row.rule,
    )
