"""`casefile case …`: one child's file, as of any day."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from services.casefile.application.clock import SHANGHAI
from services.casefile.cli.output import out, print_json, print_table
from services.casefile.cli.wiring import parts
from services.casefile.history.view import Moment
from services.casefile.labels import Labels, labels

app = typer.Typer(no_args_is_help=True, help="Look into one child's file.")

CaseId = Annotated[UUID, typer.Argument(help="The case id.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="What had happened by the end of this day."),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
        help="What the file said then (Asia/Shanghai); a bare day means its end.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Language = Annotated[str, typer.Option(help="zh or en.")]


@app.command()
def show(
    case_id: CaseId,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Show the current facts, each with the record that says so."""
    with parts() as built:
        status = built.history.status(case_id, moment(as_of, known_at))
    if as_json:
        print_json(status)
        return
    words = labels("en" if lang == "en" else "zh")
    rows = [_fact(path, fact, words) for path, fact in sorted(status["facts"].items())]
    print_table(("", words.text("Value"), words.text("Since"), words.text("Source")), rows)


@app.command()
def history(
    case_id: CaseId,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    after: Annotated[int | None, typer.Option(help="Go on after this version.")] = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List the records, newest first, with both clocks and the lag between them."""
    with parts() as built:
        page = built.history.timeline(case_id, moment(as_of, known_at), after=after, limit=limit)
        kinds = {kind.slug: kind.label for kind in built.catalogue}
    if as_json:
        print_json(page)
        return
    words = labels("en" if lang == "en" else "zh")
    heads = ("No.", "Kind", "Occurred", "Recorded", "Lag (days)", "By", "Record")
    rows = [_row(r, words.kind(kinds[r["kind"]])) for r in page["rows"]]
    print_table([words.text(h) for h in heads], rows)
    if page["next"] is not None:
        out.print(f"--after {page['next']}")


@app.command()
def diff(
    case_id: CaseId,
    before: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    after: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    as_json: Json = False,
) -> None:
    """Compare what the file said on two days, and name the records that made the difference."""
    with parts() as built:
        found = built.history.diff(case_id, moment(None, before), moment(None, after))
    if as_json:
        print_json(found)
        return
    rows = [
        (c["path"], c["from"], c["to"], (c["by"] or {}).get("record_id")) for c in found["changes"]
    ]
    print_table(("Fact", "From", "To", "Record"), rows)


def moment(as_of: datetime | None, known_at: datetime | None) -> Moment:
    day: date | None = as_of.date() if as_of is not None else None
    return Moment(day, None if known_at is None else end_of(known_at))


def end_of(moment: datetime) -> datetime:
    """The moment in China; a bare day means its last instant."""
    local = moment.replace(tzinfo=SHANGHAI)
    if local.time() == time():
        return local + timedelta(days=1) - timedelta(microseconds=1)
    return local


def _fact(path: str, fact: dict[str, Any], words: Labels) -> tuple[Any, ...]:
    name = " / ".join(words.field(part) for part in path.split("."))
    field = path.rpartition(".")[2]
    value = fact["value"]
    shown = words.code(field, value) if isinstance(value, str) else value
    return (name, shown, fact["since"], fact["source"]["record_id"])


def _row(row: dict[str, Any], kind: str) -> tuple[Any, ...]:
    mark = "✗ " if row["annulled"] else "✎ " if row["corrected"] else ""
    recorded = row["recorded_at"].astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    by = (row.get("performed_by") or row["recorded_by"])["staff"]
    return (
        row["version"],
        mark + kind,
        row["occurred_on"],
        recorded,
        row["lag_days"],
        by,
        row["record_id"],
    )
