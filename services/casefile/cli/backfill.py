"""`casefile backfill`: whose records a person should ask about, and why."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from services.casefile.cli.output import REFUSED, err, out, print_json
from services.casefile.cli.tables import Json, Language, show, words_of
from services.casefile.cli.wiring import addresses, parts

if TYPE_CHECKING:
    from services.casefile.api.backfill import PanelAnswer
    from services.casefile.domain.backfill.panel import Reading
    from services.casefile.labels import Labels
    from services.casefile.readmodels.backfill import BackfillAsked, BackfillReport

DAY = ["%Y-%m-%d"]
MOST = 20_000_000
HEADS = ("who", "unit", "entered", "offline", "imported", "p95_lag", "outcome", "strongest")


def register(app: typer.Typer) -> None:
    app.command("backfill")(panel)


def panel(
    since: Annotated[datetime, typer.Option(formats=DAY, help="Records entered from this day.")],
    until: Annotated[datetime, typer.Option(formats=DAY, help="And until this day.")],
    by: Annotated[Literal["worker", "unit"], typer.Option(help="Whose records.")] = "worker",
    announced: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The day an inspection was announced for.")
    ] = None,
    among: Annotated[
        str | None, typer.Option(help="Compare those of this unit and all below it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 20,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Say whose records may have been back-filled: a question to ask, never a verdict."""
    from services.casefile.api.backfill import answer, days_off
    from services.casefile.readmodels.backfill import BackfillAsked

    with parts() as built:
        free = days_off(built.rulebook)
    report = read(
        BackfillAsked(
            since=since.date(),
            until=until.date(),
            by=by,
            announced_on=announced.date() if announced else None,
            among=among,
            days_off=free,
        )
    )
    shown = answer(report, report.panel.readings[:limit], None)
    if as_json:
        print_json(shown)
        return
    words = words_of(lang)
    show(words, HEADS, [row(each, words) for each in report.panel.readings[:limit]])
    say(shown, words, "en" if lang == "en" else "zh")


def read(asked: "BackfillAsked") -> "BackfillReport":
    import psycopg

    from services.casefile.readmodels.backfill import Backfill
    from services.casefile.readmodels.pages import open_pool

    try:
        with addresses() as found, open_pool(found.app) as pool:
            return Backfill(pool, MOST).report(asked)
    except psycopg.errors.UndefinedTable:
        err.print("There are no lists yet: see that `casefile project` runs.", highlight=False)
        raise typer.Exit(REFUSED) from None


def row(each: "Reading", words: "Labels") -> list[object]:
    strongest = words.code("rule", each.signals[0].rule) if each.signals else None
    outcome = words.code("outcome", each.outcome)
    entered = (each.records, each.offline, each.imported, each.p95_lag)
    return [each.subject, each.unit, *entered, outcome, strongest]


def say(shown: "PanelAnswer", words: "Labels", lang: str) -> None:
    """Every reason, and how many would stand out though nobody did anything."""
    for each in shown.rows:
        for signal in each.signals:
            if signal.is_worth_asking:
                out.print(f"{each.subject}: {getattr(signal.says, lang)}", highlight=False)
    text = words.text(BY_CHANCE).format(
        worth_asking=shown.worth_asking, tested=shown.tested, chance=shown.expected_by_chance
    )
    out.print(text, highlight=False)


BY_CHANCE = (
    "{worth_asking} of {tested} are worth asking; {chance} would be by chance alone. "
    "A reading is a question, never a verdict."
)
