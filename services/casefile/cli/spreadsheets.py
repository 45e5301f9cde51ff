"""`casefile import | template`: the ledgers that schools keep."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from services.casefile.cli.output import (
    UNUSABLE,
    WITH_ERRORS,
    err,
    print_json,
    print_table,
    progress_bar,
)
from services.casefile.cli.wiring import parts
from services.casefile.labels import Locale, labels

if TYPE_CHECKING:
    from services.casefile.application.context import Actor
    from services.casefile.composition import Parts
    from services.casefile.importing.outcome import Outcome

Language = Annotated[str, typer.Option(help="zh or en.")]


def register(root: typer.Typer) -> None:
    root.command("import")(import_ledger)
    root.command()(template)


def import_ledger(
    ledger: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx or csv.")],
    dry_run: Annotated[bool, typer.Option(help="Judge everything, store nothing.")] = False,
    all_or_nothing: Annotated[bool, typer.Option(help="Store nothing if a row is wrong.")] = False,
    mapping: Annotated[Path | None, typer.Option(exists=True, help="Mapping file.")] = None,
    sheet: Annotated[list[str] | None, typer.Option(help="Only these sheets.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write what is wrong to a file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    by: Annotated[str | None, typer.Option(help="Staff id of whoever keeps the ledger.")] = None,
    lang: Language = "zh",
) -> None:
    """Import a ledger. The same file again changes nothing; a killed import is simply repeated."""
    from services.casefile.application.context import Context
    from services.casefile.importing.importer import Options
    from services.casefile.importing.importer import import_ledger as run
    from services.casefile.importing.mapping import NO_MAPPING, read_mapping
    from services.casefile.importing.refusals import LedgerRefused
    from services.casefile.importing.report import write_report

    locale = language(lang)
    try:
        options = Options(
            is_dry_run=dry_run,
            all_or_nothing=all_or_nothing,
            mapping=read_mapping(mapping) if mapping else NO_MAPPING,
            sheets=tuple(sheet or ()),
            locale=locale,
        )
        with parts() as built, progress_bar("Importing") as shown:
            context = Context(actor=keeper(built, by), source="import")
            outcome = run(built, ledger, context, options, shown)
    except LedgerRefused as refused:
        what, remedy = refused.told(labels(locale))
        err.print(f"[bold red]{escape(what)}[/] {escape(remedy)}", highlight=False)
        raise typer.Exit(UNUSABLE) from None
    if report is not None:
        write_report(report, outcome, locale)
    print_json(outcome) if as_json else _show(outcome)
    if outcome.problems:
        raise typer.Exit(WITH_ERRORS)


def template(
    target: Annotated[Path, typer.Argument(dir_okay=False)] = Path("casefile-ledger.xlsx"),
    lang: Language = "zh",
) -> None:
    """Write the spreadsheet that teachers fill in, with its drop-down lists."""
    from services.casefile.domain.catalogue import catalogue
    from services.casefile.importing.template import write_template

    write_template(target, catalogue(), language(lang))
    err.print(f"{target} written.", highlight=False)


def keeper(built: "Parts", by: str | None) -> "Actor":
    """In whose name rows are recorded that name nobody."""
    from services.casefile.application.clock import day_in_china
    from services.casefile.application.context import SYSTEM, Actor

    if by is None:
        return SYSTEM
    return Actor("operator", built.posts.author(by, day_in_china(built.clock())))


def language(asked: str) -> Locale:
    return "en" if asked == "en" else "zh"


def _show(outcome: "Outcome") -> None:
    for problem in (*outcome.problems, *outcome.warnings):
        place = f"{problem.sheet} · {problem.row} · {problem.column}"
        told = escape(f"{problem.what} {problem.remedy}")
        err.print(f"[red]{escape(place)}[/] {told}", highlight=False)
    rows = [(t.sheet, t.stored, t.unchanged, t.refused) for t in outcome.tallies if t.rows]
    stored = "Would be stored" if outcome.is_dry_run else "Stored"
    print_table(("Sheet", stored, "Unchanged", "Refused"), rows)
