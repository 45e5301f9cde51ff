"""Imports a ledger: reads it, judges the whole of it first, then hands in row after row.

Safe to repeat and safe to kill: what a row says decides its record id, so a second run finds
what the first one stored.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import count
from pathlib import Path
from typing import NamedTuple

import msgspec

from services.casefile.application.context import Context
from services.casefile.importing.desk import Desk, Office, desk_of
from services.casefile.importing.files import opened_tables
from services.casefile.importing.forms import SheetForm, forms, named
from services.casefile.importing.headings import normal
from services.casefile.importing.intake import Intake, Postponed, Verdict
from services.casefile.importing.layouts import Layout, layout
from services.casefile.importing.mapping import NO_MAPPING, Mapping
from services.casefile.importing.outcome import Outcome, Progress
from services.casefile.importing.page import Page
from services.casefile.importing.refusals import Clause, EmptyLedger, TooManyRows, UnknownSheet
from services.casefile.importing.rehearsal import rehearsed
from services.casefile.importing.rows import Row, rows
from services.casefile.importing.tables import Table
from services.casefile.labels import Locale, labels

MOST_ROWS = 200_000
GUIDES = ("Guide", "Choices")


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to import. `sheets` chooses some; for a text file it names the one."""

    is_dry_run: bool = False
    all_or_nothing: bool = False
    mapping: Mapping = NO_MAPPING
    sheets: tuple[str, ...] = ()
    locale: Locale = "zh"


DEFAULTS = Options()


def no_progress(_done: int, _total: int) -> None:
    """Nobody is watching."""


def import_ledger(
    office: Office,
    path: Path,
    context: Context,
    options: Options = DEFAULTS,
    progress: Progress = no_progress,
) -> Outcome:
    """Import a workbook or a text file; LedgerRefused when the file as a whole cannot be."""
    known = forms(office.catalogue)
    with opened_tables(path) as tables:
        layouts = _layouts(tables, known, options)
        if options.all_or_nothing and not options.is_dry_run:
            foreseen = _run(rehearsed(office), layouts, context, options, progress)
            if foreseen.problems:
                return msgspec.structs.replace(foreseen, is_dry_run=True)
        desk = rehearsed(office) if options.is_dry_run else desk_of(office)
        return _run(desk, layouts, context, options, progress)


def _run(
    desk: Desk,
    layouts: Sequence[Layout],
    context: Context,
    options: Options,
    progress: Progress,
) -> Outcome:
    outcome = Outcome(is_dry_run=options.is_dry_run)
    intake, done = Intake(desk, context), count(1)
    total = sum(one.table.filled - 1 for one in layouts)
    waiting: list[Waiting] = []
    for one in layouts:
        page = Page(one, outcome, labels(options.locale))
        for row, verdict in intake.take(one.form.slug, rows(one, options.locale)):
            if isinstance(verdict, Postponed):
                waiting.append(Waiting(page, row, verdict))
                continue
            page.enter(row, verdict)
            progress(next(done), total)
    for page, row, verdict in _waited(intake, waiting):
        page.enter(row, verdict)
        progress(next(done), total)
    return outcome


class Waiting(NamedTuple):
    """A row that is tried again when all others are in."""

    page: Page
    row: Row
    verdict: Postponed


def _waited(intake: Intake, waiting: list[Waiting]) -> Iterator[tuple[Page, Row, Verdict]]:
    """Try again as long as that gets something in."""
    while waiting:
        verdicts = intake.again([one.verdict for one in waiting])
        pairs = list(zip(waiting, verdicts, strict=True))
        left = [Waiting(w.page, w.row, v) for w, v in pairs if isinstance(v, Postponed)]
        stuck = len(left) == len(waiting)
        for one, verdict in pairs:
            if stuck or not isinstance(verdict, Postponed):
                yield one.page, one.row, verdict
        waiting = [] if stuck else left


def _layouts(
    tables: Sequence[Table], known: dict[str, SheetForm], options: Options
) -> list[Layout]:
    """The layout of every table that is to be imported, in the order they depend on each other."""
    words = labels(options.locale)
    chosen = _chosen(tables, known, options)
    found = [layout(t, form, options.mapping.of(t.name), words) for t, form in chosen]
    if not any(one.table.filled > 1 for one in found):
        raise EmptyLedger
    if sum(one.table.filled - 1 for one in found) > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    order = list(known)
    return sorted(found, key=lambda one: order.index(one.form.slug))


def _chosen(
    tables: Sequence[Table], known: dict[str, SheetForm], options: Options
) -> list[tuple[Table, SheetForm]]:
    wanted = {normal(name) for name in options.sheets}
    chosen: list[tuple[Table, SheetForm]] = []
    for table in tables:
        only = len(tables) == 1 and len(options.sheets) == 1
        if wanted and not only and normal(table.name) not in wanted:
            continue
        name = options.sheets[0] if only else table.name
        if (form := _form(table, name, known, options)) is not None:
            chosen.append((table, form))
    if wanted and not chosen:
        raise UnknownSheet(sheet=options.sheets[0], nearest="")
    return chosen


def _form(
    table: Table, name: str, known: dict[str, SheetForm], options: Options
) -> SheetForm | None:
    """What the table holds, or None if it is to be passed over."""
    mapping = options.mapping.of(table.name)
    if mapping.skip or not table.filled or _is_guide(table.name):
        return None
    form = named(known.values(), mapping.kind or name)
    if form is not None:
        return form
    titles = [f.title(labels(options.locale)) for f in known.values() if f.in_template]
    near = get_close_matches(mapping.kind or name, titles, 1, 0.5)
    clause = Clause(" Did you mean {near}?", {"near": near[0]}) if near else ""
    raise UnknownSheet(sheet=mapping.kind or name, nearest=clause)


def _is_guide(name: str) -> bool:
    return normal(name) in {normal(labels(o).text(g)) for o in ("zh", "en") for g in GUIDES}
