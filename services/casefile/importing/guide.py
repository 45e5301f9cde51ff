"""The first sheet of the template: the rules, an example, and what each sheet is for."""

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from services.casefile.domain.catalogue import Catalogue
from services.casefile.importing.columns import fields_left_out
from services.casefile.importing.forms import FILLED_IN_BY_US, SheetForm
from services.casefile.importing.styles import Styles
from services.casefile.labels import Labels

RULES = (
    "One row is one thing that happened to one child. Do not merge cells, do not write formulas.",
    "Columns with a coloured heading and * have to be filled in; the note on a heading says how.",
    "Every child has a row on the roster sheet once. Other rows name the child by number and name.",
    "Dates are written like 2026-11-20. Long numbers stay text: do not change the column formats.",
    "Several choices in one cell are separated by 、. Money is written in yuan.",
    "Where columns are numbered (1, 2, 3), more of them may be added with 4, 5 and so on.",
    "Sheets that are not needed may stay empty. The order of sheets, columns and rows is free.",
    "The same file may be imported again: what was imported before stays as it is.",
    "Rows that were imported are corrected in Casefile, not here.",
    "This file holds personal data: keep it locked away, and delete it once it is imported.",
)
EXAMPLE = (
    ("Child's school register no", "G330000000000000001"),
    ("Child's name", "禾苗甲"),
    ("Day", "2026-11-20"),
    ("Staff id", "t-101"),
)


def write_guide(
    sheet: Worksheet,
    catalogue: Catalogue,
    shown: Sequence[SheetForm],
    words: Labels,
    styles: Styles,
) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 4, 44)
    sheet.write_string(0, 0, words.text("How to fill in this ledger"), styles.title)
    for number, rule in enumerate(RULES, start=1):
        sheet.write_string(number, 0, str(number), styles.line)
        sheet.write_string(number, 1, words.text(rule), styles.line)
    row = len(RULES) + 2
    sheet.write_string(row, 0, words.text("An example (invented)"), styles.heading)
    for index, (text, value) in enumerate(EXAMPLE):
        sheet.write_string(row + 1, index, words.text(text), styles.heading)
        sheet.write_string(row + 2, index, value, styles.line)
    row += 4
    sheet.write_string(row, 0, words.text("Sheet"), styles.heading)
    sheet.write_string(row, 1, words.text("What cannot be filled in here"), styles.heading)
    for offset, form in enumerate(shown, start=1):
        sheet.write_string(row + offset, 0, form.title(words), styles.line)
        left_out = ", ".join(words.field(name) for name in _left_out(catalogue, form))
        sheet.write_string(
            row + offset, 1, left_out or words.text("Nothing is left out"), styles.line
        )


def _left_out(catalogue: Catalogue, form: SheetForm) -> Iterator[str]:
    for name in fields_left_out(catalogue.slug(form.slug).type):
        if name not in FILLED_IN_BY_US:
            yield name
