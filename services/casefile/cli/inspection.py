"""`casefile inspection …`: open one, draw by lot, see what moved, take the minutes away."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from services.casefile.cli.output import err, out, print_json, progress_bar
from services.casefile.cli.tables import Json, Language, words_of
from services.casefile.cli.tables import show as show_table
from services.casefile.cli.wiring import parts

if TYPE_CHECKING:
    from services.casefile.composition import Parts

app = typer.Typer(no_args_is_help=True, help="Inspect files: by lot, at a pinned cut.")

DAY = ["%Y-%m-%d"]
Inspection = Annotated[UUID, typer.Argument(help="The inspection's id.")]
By = Annotated[str, typer.Option(help="Staff id of whoever inspects.")]
Limit = Annotated[int, typer.Option(min=1, max=200)]
Since = Annotated[UUID | None, typer.Option(help="Compare with this inspection, not the last one.")]


@app.command("open")
def open_one(
    unit: Annotated[
        str, typer.Argument(help="The unit whose files are inspected, with all below.")
    ],
    since: Annotated[datetime, typer.Option(formats=DAY, help="First day that is looked at.")],
    until: Annotated[datetime, typer.Option(formats=DAY, help="Last day that is looked at.")],
    ordered_by: Annotated[str, typer.Option(help="The unit that ordered it.")],
    by: By,
    kind: Annotated[str, typer.Option(help="annual, special, spot_check, …")] = "annual",
    basis: Annotated[str, typer.Option(help="annual_plan, superior_order, …")] = "annual_plan",
    as_of: Annotated[datetime | None, typer.Option(formats=DAY, help="The cut; today.")] = None,
) -> None:
    """Open an inspection, pinned to the log as it stands, and print its id."""
    from services.casefile.cli.policy_sources import context_of

    with parts() as built:
        today = built.submissions.today().isoformat()
        body: dict[str, Any] = {
            "occurred_on": today, "unit": unit, "ordered_by": ordered_by,
            "inspection_kind": kind, "basis": basis, "starts_on": today, "ends_on": today,
            "since": since.date().isoformat(), "until": until.date().isoformat(),
            "as_of": as_of.date().isoformat() if as_of else None,
        }  # fmt: skip
        sent = {name: value for name, value in body.items() if value is not None}
        receipt = built.casefile.open_inspection(sent, context_of(built, by))
    out.print(str(receipt.case_id), highlight=False)


@app.command()
def draw(
    inspection_id: Inspection,
    seed: Annotated[str, typer.Option(help="Public: anybody can draw the same with it.")],
    size: Annotated[int, typer.Option(min=1, max=5000, help="How many files.")],
    source: Annotated[str, typer.Option(help="announced, dice, lottery, stock_index, …")],
    by: By,
    strata: Annotated[str, typer.Option(help="none, township, school, class_unit, care_level")] = (
        "none"
    ),
    at_least_one: Annotated[bool, typer.Option(help="At least one of each stratum.")] = False,
    as_json: Json = False,
) -> None:
    """Draw files by lot; the same seed draws the same files."""
    from services.casefile.cli.policy_sources import context_of

    body = {
        "seed": seed, "seed_source": source, "sample_size": size, "stratified_by": strata,
        "at_least_one": at_least_one,
    }  # fmt: skip
    with parts() as built:
        read_population(built, inspection_id)
        today = {"occurred_on": built.submissions.today().isoformat()}
        receipt = built.casefile.draw_sample(inspection_id, today | body, context_of(built, by))
        shown = built.inspections.show(inspection_id, built.submissions.today())
    sample = next(each for each in shown.samples if each.record_id == receipt.record_id)
    if as_json:
        print_json(sample)
        return
    err.print(f"{sample.sample_size}/{sample.population_size} {sample.population_hash}")
    for case_id in sample.cases:
        out.print(str(case_id), highlight=False)


@app.command()
def redraw(inspection_id: Inspection, seed: str) -> None:
    """Draw a sample again, and say whether it is the one on file."""
    from services.casefile.history.redrawing import Redrawing

    with parts() as built:
        read_population(built, inspection_id)
        again = Redrawing(built.populations, built.inspections).redraw(inspection_id, seed)
    print_json(again)
    if not again.agrees:
        raise typer.Exit(1)


@app.command()
def show(inspection_id: Inspection) -> None:
    """Print an inspection as JSON: its cut, its samples, what was seen, found and answered."""
    with parts() as built:
        shown = built.inspections.show(inspection_id, built.submissions.today())
    print_json(shown)


@app.command()
def sheet(
    inspection_id: Inspection,
    callbacks: Annotated[bool, typer.Option(help="Whom to call back, and about what.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many files.")] = 20,
    after: Annotated[int, typer.Option(help="Go on after so many files.")] = 0,
) -> None:
    """Print the examination sheet as JSON, or the callback sheet."""
    from services.casefile.history.sheets import Sheets

    with parts() as built:
        sheets = Sheets(built.cohort, built.inspections)
        read = sheets.callbacks if callbacks else sheets.examination
        page = read(inspection_id, after, limit)
    print_json(page)
    if page.next is not None:
        err.print(f"--after {page.next}", highlight=False)


@app.command()
def changes(
    inspection_id: Inspection,
    since: Since = None,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """Count what moved in the scope since the last inspection of it."""
    from services.casefile.readmodels.pages import open_pool
    from services.casefile.reports.since_last import Changes

    with parts() as built:
        read_population(built, inspection_id)
        with open_pool(built.cohort.conninfo) as pool:
            asking = Changes(
                pool, built.populations, built.inspections, built.recorder, built.mapper
            )
            found = asking.since_last(inspection_id, since)
    if as_json:
        print_json(found)
        return
    words = words_of(lang)
    rows = [(words.code("change", c.change), c.records, c.cases) for c in found.counts]
    show_table(words, ("change", "records", "cases"), rows)
    rules = [(r.kind, r.what, r.version, r.recorded_at) for r in found.rules]
    show_table(words, ("kind", "what", "version", "recorded_at"), rules)


@app.command()
def minutes(
    inspection_id: Inspection,
    to: Annotated[Path, typer.Option("--out", help="The file to write, or a folder for it.")],
    by: By,
    form: Annotated[str, typer.Option("--format", help="pdf, xlsx, csv, jsonl or json.")] = "pdf",
    lang: Language = "zh",
) -> None:
    """Write the minutes to a file; that they were taken away is put on file."""
    from services.casefile.cli.policy_sources import context_of
    from services.casefile.cli.report import beside, format_of, put
    from services.casefile.exporting.desk import file_name, of
    from services.casefile.exporting.marking import Mark
    from services.casefile.exporting.rendering import render
    from services.casefile.reports.minutes import minutes as told

    chosen = format_of(form)
    with parts() as built:
        report = told(built.inspections.show(inspection_id, built.submissions.today()))
        mark = Mark(staff=by, purpose="inspection", at=report.stamp.cut.known_at or built.clock())
        with beside(to) as folder:
            path = folder / file_name(report.stamp, chosen)
            made = render(report, chosen, "en" if lang == "en" else "zh", path, mark=mark)
            export = of(report, made, "inspection", hidden=False)
            built.casefile.put_export(export, context_of(built, by))
            target = put(path, to)
    out.print(f"{target} {made.sha256}", highlight=False)


def read_population(built: "Parts", inspection_id: UUID) -> None:
    """The long part of it: every file of the county is read once, and the bar moves."""
    from services.casefile.history.population import Scope

    with progress_bar("Files") as report:
        built.populations.of(Scope.of(built.inspections.facts(inspection_id)), report)
