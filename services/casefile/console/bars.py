"""Which shares of a report are drawn as bars, and what each bar is called."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.casefile.console.visit import Visit
from services.casefile.exporting.showing import shown_row
from services.casefile.reports.report import Column, Report, Share, Table

TITLE, VERSION = "title", "version"
NUMBERS = ("count", "fen", "share")


def bars(report: Report) -> Iterator[Table]:
    """The tables with a share in every row."""
    for table in report.tables:
        forms = [column.form for column in table.columns]
        if "share" in forms and any(isinstance(c, Share) for row in table.rows for c in row):
            yield table


def told_apart(bars: Sequence[tuple[Sequence[str], Share]]) -> tuple[list[tuple[str, Share]], str]:
    """Each bar by what tells it from the others; what all have in common is the title."""
    columns = list(zip(*(parts for parts, _ in bars), strict=True))
    same = [len({*column}) == 1 and len(bars) > 1 for column in columns]
    title = [column[0] for column, is_same in zip(columns, same, strict=True) if is_same]
    named = [
        ([part for part, is_same in zip(parts, same, strict=True) if not is_same], share)
        for parts, share in bars
    ]
    return [(joined(parts), share) for parts, share in named], joined(title)


def naming(columns: Sequence[Column]) -> Iterator[int]:
    """The columns that say what a row is about: its title where it has one, else all its words."""
    names = [column.name for column in columns]
    if TITLE in names:
        yield names.index(TITLE)
        return
    for place, column in enumerate(columns):
        if column.form not in NUMBERS and column.name != VERSION:
            yield place


def joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def of_shares(
    visit: Visit, table: Table, names: Mapping[str, str]
) -> Iterator[tuple[Sequence[str], Share]]:
    places = list(naming(table.columns))
    for row in table.rows:
        told = shown_row(row, table.columns, visit.labels, names)
        share = next((cell for cell in row if isinstance(cell, Share)), None)
        if share is not None:
            yield [told[n] for n in places], share
