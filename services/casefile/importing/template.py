"""Writes the spreadsheet that people fill in: one sheet per form, drawn from the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from services.casefile.domain.catalogue import Catalogue
from services.casefile.importing.cells import code_labels
from services.casefile.importing.choices import Choices
from services.casefile.importing.column_notes import note
from services.casefile.importing.columns import Column
from services.casefile.importing.forms import SheetForm, forms
from services.casefile.importing.guide import write_guide
from services.casefile.importing.headings import headings
from services.casefile.importing.styles import Styles
from services.casefile.labels import Labels, Locale, labels

FILLED_DOWN_TO = 5_000
MADE_ON = datetime(2026, 9, 1)  # noqa: DTZ001 - a fixed day, so that the same template is the same file
WIDTHS = {"prose": 36, "date": 12, "text": 20, "codes": 22}
FROZEN = 3
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Filled = Mapping[str, Sequence[Mapping[str, Any]]]
NOTHING: Filled = {}


def write_template(
    target: Path | IO[bytes], catalogue: Catalogue, locale: Locale = "zh", filled: Filled = NOTHING
) -> None:
    """Write the template, or a ledger with rows filled in: {slug: [{column path: value}]}."""
    words = labels(locale)
    with xlsxwriter.Workbook(
        target if not isinstance(target, Path) else str(target), OPTIONS
    ) as book:
        book.set_properties({"title": words.text("Casefile ledger"), "created": MADE_ON})
        shown = [form for form in forms(catalogue).values() if form.in_template]
        styles = Styles(book)
        guide = book.add_worksheet(words.text("Guide"))
        sheets = [(form, book.add_worksheet(form.title(words))) for form in shown]
        choices = Choices(book.add_worksheet(words.text("Choices")))
        for form, sheet in sheets:
            write_sheet(sheet, form, locale, styles, choices)
            write_rows(sheet, form, locale, styles, filled.get(form.slug, ()))
        write_guide(guide, catalogue, shown, words, styles)
        sheets[2][1].activate()


def write_sheet(
    sheet: Worksheet, form: SheetForm, locale: Locale, styles: Styles, choices: Choices
) -> None:
    """The headings with their notes, the drop-down lists and the formats of one sheet."""
    words = labels(locale)
    for index, (text, column) in enumerate(headings(form.shown, words).items()):
        sheet.set_column(index, index, WIDTHS.get(column.form, 14), styles.of(column))
        shown = f"{text} *" if column.required else text
        sheet.write_string(0, index, shown, styles.required if column.required else styles.heading)
        sheet.write_comment(0, index, note(column, locale), {"x_scale": 2, "author": "Casefile"})
        rule = choices.rule(column, locale)
        if rule is not None:
            sheet.data_validation(1, index, FILLED_DOWN_TO, index, rule)
    sheet.freeze_panes(1, min(FROZEN, len(form.shown)))
    sheet.set_row(0, 32)


def write_rows(
    sheet: Worksheet,
    form: SheetForm,
    locale: Locale,
    styles: Styles,
    filled: Iterable[Mapping[str, Any]],
) -> None:
    places = {column.path: (index, column) for index, column in enumerate(form.shown)}
    for number, values in enumerate(filled, start=1):
        for path, value in values.items():
            index, column = places[path]
            write_cell(sheet, number, index, column, value, styles, locale)


def write_cell(
    sheet: Worksheet, row: int, index: int, column: Column, value: Any, styles: Styles, locale: Any
) -> None:
    shown = as_people_write(value, column, locale)
    if isinstance(shown, date):
        sheet.write_datetime(row, index, shown, styles.of(column))
    elif isinstance(shown, int | float):
        sheet.write_number(row, index, shown, styles.of(column))
    else:
        sheet.write_string(row, index, shown, styles.of(column))


def as_people_write(value: Any, column: Column, locale: Locale) -> Any:
    """A value as it stands in a cell: labels for codes, yuan for fen, words for yes and no."""
    words = labels(locale)
    if column.form == "yes_no":
        return yes_or_no(words, is_true=value)
    if column.form in ("code", "codes"):
        texts = code_labels(column, locale)
        return "、".join(texts[code] for code in ([value] if isinstance(value, str) else value))
    if column.form == "texts":
        return "; ".join(value)
    if column.form == "yuan":
        return value / 100
    return value.strftime("%H:%M") if isinstance(value, time) else value


def yes_or_no(words: Labels, *, is_true: bool) -> str:
    return words.text("Yes" if is_true else "No")
