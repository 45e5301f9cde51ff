"""`casefile obligations …`: what is owed across children, and how well it was done."""

from datetime import datetime
from typing import Annotated, Literal

import typer
from msgspec import structs

from services.casefile.cli.obligation_reports import (
    asking,
    place_of,
    print_page,
    print_quotas,
    print_totals,
    say_next,
)
from services.casefile.cli.output import out, print_json
from services.casefile.cli.tables import Json, Language, States, states_of, words_of
from services.casefile.cli.wiring import parts
from services.casefile.domain.cadence.policy import Obligor

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


@app.command()
def quotas(
    policy: Annotated[str, typer.Option(help="The policy.")],
    rule: Annotated[str, typer.Option(help="Its rule for members of staff.")],
    on: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The window this day lies in; today.")
    ] = None,
    limit: Limit = 50,
    after: After = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List how many children each member of staff reached in a window, of how many."""
    from services.casefile.api.quotas import must_be_stream, rows
    from services.casefile.application.clock import day_in_china
    from services.casefile.readmodels.quotas import Quotas

    place = place_of(after)
    with parts() as built, asking() as (pool, now):
        must_be_stream(place)
        day = on.date() if on else day_in_china(now)
        asked = Quotas(pool, built.mapper, built.rulebooks)
        page = asked.page(policy, rule, day, now, place, limit)
    found = rows(page.rows)
    if as_json:
        print_json({"rows": found, "next": page.next})
        return
    print_quotas(found, words_of(lang))
    say_next(page.next)
