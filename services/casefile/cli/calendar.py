"""`casefile calendar …`: school terms, days off and make-up working days."""

from pathlib import Path
from typing import Annotated

import typer

from services.casefile.cli.output import UNUSABLE, err, print_json
from services.casefile.cli.tables import Json, Language, words_of
from services.casefile.cli.tables import show as show_table
from services.casefile.cli.wiring import parts

app = typer.Typer(no_args_is_help=True, help="Look after school terms and days off.")
By = Annotated[str | None, typer.Option(help="Staff id of whoever records it.")]


@app.command()
def terms(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML file.")],
    by: By = None,
) -> None:
    """Load the terms of a file, and the days off it names. The same file again changes nothing."""
    from services.casefile.cli.policy_sources import context_of
    from services.casefile.rulebooks.official_days import CalendarFileNotUsable, read_site

    try:
        site = read_site(file)
    except CalendarFileNotUsable as refused:
        where, problem = refused.data["where"], refused.data["problem"]
        err.print(f"{file}: {where}: {problem}", highlight=False, markup=False)
        raise typer.Exit(UNUSABLE) from None
    with parts() as built:
        context = context_of(built, by)
        for each in site.terms:
            built.casefile.load_terms(each.calendar, each.terms, each.source, context)
            err.print(f"[green]Loaded[/]: terms of {each.calendar}", highlight=False)
        for year, notice in site.notices.items():
            built.casefile.load_notice(year, notice.off, notice.work, notice.source, context)
            err.print(f"[green]Loaded[/]: days off of {year}", highlight=False)


@app.command()
def days(
    years: Annotated[list[int], typer.Argument(min=2000, max=2100, help="Years.")],
    by: By = None,
) -> None:
    """Load the official days off of these years, as far as they are announced."""
    from services.casefile.cli.policy_sources import context_of

    with parts() as built:
        built.casefile.load_official_days(years, context_of(built, by))
        known = {notice.year for notice in built.rulebook.calendars().notices}
    for year in years:
        found = "loaded" if year in known else "not announced yet; due days are provisional"
        err.print(f"{year}: {found}", highlight=False)


@app.command()
def show(as_json: Json = False, lang: Language = "zh") -> None:
    """Show the terms of every calendar, and the years whose days off are known."""
    with parts() as built:
        found = built.rulebook.calendars()
    if as_json:
        print_json(found)
        return
    words = words_of(lang)
    rows = [
        (each.calendar, term.code, term.starts_on, term.middle, term.ends_on, each.source)
        for each in found.calendars
        for term in each.terms
    ]
    show_table(words, ("calendar", "code", "starts_on", "mid_on", "ends_on", "source"), rows)
    years = [(n.year, len(n.off), len(n.work), n.source) for n in found.notices]
    show_table(words, ("year", "off", "make_up_days", "source"), years)
