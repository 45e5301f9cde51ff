"""`casefile obligations …`: what is owed across children, and how well it was done."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import psycopg
import typer
from msgspec import structs

from services.casefile.cli.output import REFUSED, UNUSABLE, err, out, print_json
from services.casefile.cli.tables import Json, Language, States, share, show, states_of, words_of
from services.casefile.cli.wiring import addresses, read_settings
from services.casefile.domain.cadence.policy import Obligor
from services.casefile.labels import Labels

if TYPE_CHECKING:
    from services.casefile.readmodels.compliance import ComplianceTotal
    from services.casefile.readmodels.pages import Page, Pool

app = typer.Typer(no_args_is_help=True, help="See what is owed, what was missed, and how many.")

DAY = ["%Y-%m-%d"]
By = Literal[
    "accountable", "unit", "class_unit", "school", "village", "township", "rule", "obligor"
]
Accountable = Annotated[str | None, typer.Option(help="Owed by this member of staff.")]
Under = Annotated[str | None, typer.Option(help="Of this unit and all below it.")]
Policy = Annotated[str | None, typer.Option(help="Of this policy.")]
Rule = Annotated[str | None, typer.Option(help="Of this rule.")]
Owing = Annotated[Obligor | None, typer.Option("--obligor", help="staff or parent.")]
Limit = Annotated[int, typer.Option(min=1, max=200)]
After = Annotated[str | None, typer.Option(help="Go on after what the page before printed.")]
BOARD = ("due_on", "state", "rule", "subject_id", "obligor", "accountable", "class_unit", "village")
COUNTED = ("made_good", "missed", "waived", "suspended", "not_due")
CODED = ("state", "what", "obligor")
COMING = ("at", "what", "rule", "subject_id", "obligor", "accountable", "class_unit", "village")


@app.command()
def board(
    state: States = None,
    accountable: Accountable = None,
    under: Under = None,
    policy: Policy = None,
    rule: Rule = None,
    obligor: Owing = None,
    limit: Limit = 50,
    after: After = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List what is owed, what is due first before the rest."""
    from services.casefile.readmodels.obligation_board import ObligationBoard
    from services.casefile.readmodels.obligations_asking import BoardFilter

    asked = BoardFilter(
        states=states_of(state), accountable=accountable, under=under, policy=policy, rule=rule,
        obligor=obligor,
    )  # fmt: skip
    with asking() as (pool, now):
        page = ObligationBoard(pool).page(asked, now, place_of(after), limit)
    print_page(page, BOARD, lang, as_json=as_json)


@app.command()
def upcoming(
    hours: Annotated[int, typer.Option(min=1, max=744, help="24 is a day, 168 a week.")] = 24,
    accountable: Accountable = None,
    under: Under = None,
    policy: Policy = None,
    rule: Rule = None,
    obligor: Owing = None,
    limit: Limit = 50,
    after: After = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List what becomes due, overdue or missed within so many hours."""
    from services.casefile.readmodels.obligation_board import ObligationBoard
    from services.casefile.readmodels.obligations_asking import BoardFilter

    asked = BoardFilter(
        accountable=accountable, under=under, policy=policy, rule=rule, obligor=obligor
    )
    with asking() as (pool, now):
        page = ObligationBoard(pool).upcoming(now, hours, asked, place_of(after), limit)
    print_page(page, COMING, lang, as_json=as_json)


@app.command()
def compliance(
    since: Annotated[datetime, typer.Option(formats=DAY, help="Windows that end from this day.")],
    until: Annotated[datetime, typer.Option(formats=DAY, help="And until this day.")],
    by: Annotated[By, typer.Option(help="What to count by.")] = "rule",
    accountable: Accountable = None,
    under: Under = None,
    policy: Policy = None,
    rule: Rule = None,
    obligor: Owing = None,
    limit: Limit = 50,
    after: After = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Say how much of what was owed was done: so many of so many, staff and parents apart."""
    from services.casefile.readmodels.compliance import Compliance
    from services.casefile.readmodels.obligations_asking import OwedFilter

    asked = OwedFilter(
        accountable=accountable, under=under, policy=policy, rule=rule, obligor=obligor
    )
    with asking() as (pool, now):
        found = Compliance(pool).totals(
            asked, since.date(), until.date(), now, by, place_of(after), limit
        )
    if as_json:
        from services.casefile.api.compliance import told

        print_json(structs.asdict(found) | {"rows": [told(total) for total in found.rows]})
        return
    print_totals(found.rows, by, words_of(lang))
    out.print(f"{found.since} – {found.until}, position {found.position}", highlight=False)
    say_next(found.next)


@contextmanager
def asking() -> Iterator[tuple["Pool", datetime]]:
    """Connections to ask with, and the moment it is."""
    from services.casefile.application.clock import clock_ahead
    from services.casefile.readmodels.pages import open_pool

    now = clock_ahead(read_settings().clock_ahead_days)()
    try:
        with addresses() as found, open_pool(found.app) as pool:
            yield pool, now
    except psycopg.errors.UndefinedTable:
        err.print("There is no board yet: see that `casefile clock` runs.", highlight=False)
        raise typer.Exit(REFUSED) from None
    except (psycopg.DataError, psycopg.ProgrammingError):
        err.print("--after takes what the page before printed.", highlight=False)
        raise typer.Exit(UNUSABLE) from None


def print_page(page: "Page[Any]", heads: Sequence[str], lang: str, *, as_json: bool) -> None:
    if as_json:
        print_json(page)
        return
    words = words_of(lang)
    show(words, heads, [[word(row, head, words) for head in heads] for row in page.rows])
    say_next(page.next)


def word(row: Any, head: str, words: Labels) -> Any:
    value = getattr(row, head)
    return words.code(head, value) if head in CODED else value


def print_totals(totals: "Iterable[ComplianceTotal]", by: str, words: Labels) -> None:
    heads = ("policy", "version", by, "obligor", "kept", "kept_in_time", *COUNTED, "still_open")
    rows = [
        (
            total.policy,
            total.version,
            total.of,
            words.code("obligor", total.obligor),
            share(total.kept.n, total.kept.of),
            share(total.kept_in_time.n, total.kept_in_time.of),
            *(getattr(total, name) for name in COUNTED),
            total.still_open + total.undecided,
        )
        for total in totals
    ]
    show(words, heads, rows)


def place_of(after: str | None) -> tuple[str, ...] | None:
    return tuple(after.split("|")) if after is not None else None


def say_next(place: tuple[str, ...] | None) -> None:
    if place is not None:
        out.print(f"--after '{'|'.join(place)}'", highlight=False)
