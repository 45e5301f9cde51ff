"""`casefile report` and `casefile reports`: draw a report at a cut, and carry it out as a file that the log knows of."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from services.casefile.cli.case import AsOf, KnownAt, Language, moment
from services.casefile.cli.output import UNUSABLE, err, out, print_json, progress_bar
from services.casefile.cli.tables import Json, show, words_of
from services.casefile.cli.wiring import parts

if TYPE_CHECKING:
    from services.casefile.exporting.desk import Exported
    from services.casefile.exporting.rendering import Format

DAY = ["%Y-%m-%d"]
HEADS = ("code", "title", "version", "parameters")
Day = datetime | None


def reports(as_json: Json = False, lang: Language = "zh") -> None:
    """List the reports there are, and what each takes."""
    from services.casefile.reports.registry import DEFINITIONS

    words = words_of(lang)
    rows = [(d.code, words.text(d.title), d.version, d.parameters) for d in DEFINITIONS]
    if as_json:
        print_json([dict(zip(HEADS, row, strict=True)) for row in rows])
        return
    show(words, HEADS, rows)


def report(
    code: Annotated[str, typer.Argument(help="The report, such as R2.")],
    unit: Annotated[str | None, typer.Option(help="Of this unit and all below it.")] = None,
    case: Annotated[UUID | None, typer.Option(help="Of this case.")] = None,
    staff: Annotated[str | None, typer.Option(help="Of this member of staff.")] = None,
    since: Annotated[Day, typer.Option(formats=DAY, help="The first day asked about.")] = None,
    until: Annotated[Day, typer.Option(formats=DAY, help="The last day asked about.")] = None,
    known_from: Annotated[
        Day, typer.Option(formats=DAY, help="R5: changes since the end of this day.")
    ] = None,
    formula: Annotated[str | None, typer.Option(help="R13: which formula.")] = None,
    grade: Annotated[str | None, typer.Option(help="R2: the least grade of evidence.")] = None,
    inspection: Annotated[UUID | None, typer.Option(help="R14: whose sample.")] = None,
    seed: Annotated[
        str | None, typer.Option(help="R14: the sample with this seed. R30: how the lot falls.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    position: Annotated[
        int | None, typer.Option(min=0, help="Only the log up to this position.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="pdf, xlsx, csv, jsonl or json.")] = "json",
    to: Annotated[
        Path | None, typer.Option("--out", help="The file to write, or a folder for it.")
    ] = None,
    purpose: Annotated[str, typer.Option(help="What it is for; printed on every page.")] = "",
    by: Annotated[str | None, typer.Option(help="The staff id of who carries it out.")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Hide counts below 5, as from who may not read cases.")
    ] = False,
    lang: Language = "zh",
) -> None:
    """Draw one of the reports. Without --out it is printed as JSON, to look at."""
    from services.casefile.cli.spreadsheets import keeper
    from services.casefile.exporting.lines import as_document
    from services.casefile.reports.asking import Asked, Reader

    chosen = format_of(form)
    if to is None and chosen != "json":
        err.print("Say with --out where the file goes.", highlight=False)
        raise typer.Exit(UNUSABLE)
    asked = Asked(
        unit=unit, case_id=case, staff=staff, since=day(since), until=day(until),
        known_from=moment(None, known_from).known_at, formula=formula, grade=grade,
        inspection=inspection, seed=seed,
    )  # fmt: skip
    cut = moment(as_of, known_at)
    with parts() as built, progress_bar(code) as told:
        carrier = keeper(built, by)
        reader = Reader(carrier.author.staff, carrier.role, case_level=not public)
        pinned = built.reports.pin(cut.as_of, cut.known_at, position)
        if to is None:
            drawn = built.reports.draw(code, asked, pinned, reader, told)
            print_json(as_document(drawn, words_of(lang)))
            return
        from services.casefile.application.context import Context
        from services.casefile.exporting.desk import Wanted

        wanted = Wanted(
            code=code,
            asked=asked,
            pinned=pinned,
            format=chosen,
            locale="en" if lang == "en" else "zh",
            purpose=purpose,
        )
        context = Context(actor=carrier, source="system")
        with beside(to) as folder:
            made = built.exports.carry_out(wanted, reader, context, folder, told)
            say(made, put(made.path, to))


def format_of(name: str) -> "Format":
    from services.casefile.exporting.rendering import FORMATS

    found = next((form for form in FORMATS if form == name), None)
    if found is None:
        raise typer.BadParameter(f"--format is one of {', '.join(FORMATS)}.")
    return found


@contextmanager
def beside(to: Path) -> Iterator[Path]:
    """A private folder on the same disk; what killed runs left there is removed first."""
    from services.casefile.exporting.workplaces import workplace

    with ExitStack() as stack:
        try:
            folder = stack.enter_context(workplace(to if to.is_dir() else to.parent))
        except OSError as error:
            err.print("No file can be written there. Name a folder that is there and yours.")
            raise typer.Exit(UNUSABLE) from error
        yield folder


def put(made: Path, to: Path) -> Path:
    """Whole or not at all; into a folder under its own name."""
    return made.replace(to / made.name if to.is_dir() else to)


def say(made: "Exported", target: Path) -> None:
    rendered, receipt = made.rendered, made.receipt
    out.print(f"{target}", highlight=False)
    out.print(
        f"{rendered.rows} rows, {rendered.size} bytes, sha256 {rendered.sha256}, "
        f"position {receipt.position}",
        highlight=False,
    )


def day(asked: Day) -> date | None:
    return asked.date() if asked is not None else None


def register(app: typer.Typer) -> None:
    app.command()(report)
    app.command()(reports)
