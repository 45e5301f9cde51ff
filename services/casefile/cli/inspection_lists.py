"""`casefile inspection list` and `casefile inspection findings`: what is unsettled, what is overdue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from services.casefile.cli.output import print_json
from services.casefile.cli.tables import Json, Language, words_of
from services.casefile.cli.tables import show as show_table
from services.casefile.labels import Labels

if TYPE_CHECKING:
    from services.casefile.readmodels.pages import Pool

Limit = Annotated[int, typer.Option(min=1, max=200)]
LIST = (
    "inspection_id", "unit", "inspection_kind", "starts_on", "as_of", "state", "drawn", "examined",
    "findings", "unsettled", "overdue",
)  # fmt: skip
FINDINGS = (
    "finding", "finding_code", "severity", "case_id", "worker", "unit", "deadline", "state",
    "overdue",
)  # fmt: skip


def list_them(
    under: Annotated[str | None, typer.Option(help="Of this unit and all below it.")] = None,
    limit: Limit = 50,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List the inspections, newest first, with what is unsettled and overdue."""
    from services.casefile.readmodels.inspections import InspectionFilter, Inspections

    with lists() as (pool, today):
        page = Inspections(pool).page(InspectionFilter(under=under), today, limit=limit)
    table(page.rows, LIST, "inspection_state", lang, as_json=as_json)


def findings(
    inspection: Annotated[UUID | None, typer.Option(help="Of this inspection.")] = None,
    overdue: Annotated[bool, typer.Option(help="Only what is past its deadline.")] = False,
    limit: Limit = 50,
    as_json: Json = False,
    lang: Language = "zh",
) -> None:
    """List findings, what is due first before the rest."""
    from services.casefile.readmodels.findings import FindingFilter, Findings

    asked = FindingFilter(inspection_id=inspection, overdue=True if overdue else None)
    with lists() as (pool, today):
        page = Findings(pool).page(asked, today, limit=limit)
    table(page.rows, FINDINGS, "finding_state", lang, as_json=as_json)


def table(
    rows: list[Any], columns: tuple[str, ...], state: str, lang: str, *, as_json: bool
) -> None:
    """Codes as words; what a state means depends on whose it is."""
    if as_json:
        print_json(rows)
        return
    words = words_of(lang)
    named = {column: state if column == "state" else column for column in columns}
    shown = [[coded(words, named[c], getattr(row, c)) for c in columns] for row in rows]
    show_table(words, columns, shown)


def coded(words: Labels, field: str, value: Any) -> Any:
    return words.code(field, value) if isinstance(value, str) else value


@contextmanager
def lists() -> Iterator[tuple["Pool", date]]:
    from services.casefile.cli.obligation_reports import asking
    from services.casefile.domain.cadence.days import day_in_china

    with asking() as (pool, now):
        yield pool, day_in_china(now)


def register(app: typer.Typer) -> None:
    app.command("list")(list_them)
    app.command()(findings)
