"""The template: drawn from the catalogue, filled in by people, read back by the import."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
import pytest
from openpyxl import load_workbook

from services.casefile.composition import Parts
from services.casefile.domain.catalogue import catalogue
from services.casefile.importing.cells import LISTED, code_labels, read, words_of
from services.casefile.importing.columns import Column, columns_of, constraint, fields_left_out
from services.casefile.importing.forms import forms, named
from services.casefile.importing.headings import headings, names, normal
from services.casefile.importing.template import as_people_write
from services.casefile.labels import Locale, labels
from tests.casefile.importing.ledgers import imported, ledger, of_child, roster_row

FORMS = forms(catalogue())
SHOWN = [form for form in FORMS.values() if form.in_template]


def example(column: Column) -> Any:
    """Something that may stand in the column."""
    values: dict[str, Any] = {
        "date": date(2026, 9, 1), "decimal": 90.5, "yuan": 100, "yes_no": True,
        "prose": "虚构的一句话", "texts": ("虚构",),
    }  # fmt: skip
    if column.field.endswith("phone"):
        return "13800000000"
    if column.field in ("staff", "performed_by", "to_staff"):
        return "t-101"
    if column.codes:
        return column.codes[:1] if column.form == "codes" else column.codes[0]
    if column.form == "number":
        return constraint(column.type, "ge") or 1
    texts = {
        "term": "2026-2027-1",
        "division": "990101",
        "decided_by": "town-1",
        "resident_id": "990101201503011222",
    }
    return values.get(column.form) or texts.get(column.field, "AB-12")


@pytest.mark.parametrize("form", SHOWN, ids=lambda form: form.slug)
@pytest.mark.parametrize("locale", get_args(Locale))
def test_every_heading_of_a_sheet_is_known_again(form, locale) -> None:
    shown = headings(form.shown, labels(locale))
    known = names(form.columns)

    assert {text: known[normal(text)].path for text in shown} == {
        text: column.path for text, column in shown.items()
    }


@pytest.mark.parametrize("locale", get_args(Locale))
def test_every_sheet_is_known_by_its_name(locale) -> None:
    titles = [form.title(labels(locale)) for form in SHOWN]

    assert [named(FORMS.values(), title) for title in titles] == SHOWN
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("form", SHOWN, ids=lambda form: form.slug)
def test_every_kind_of_the_ledger_can_be_filled_in(form) -> None:
    needed = {
        f.name for f in msgspec.structs.fields(catalogue().slug(form.slug).type) if f.required
    }

    assert needed.isdisjoint(fields_left_out(catalogue().slug(form.slug).type))


def test_every_kind_declared_for_the_ledger_has_a_sheet() -> None:
    declared = {kind.slug for kind in catalogue() if kind.declared.ledger}

    assert declared == {form.slug for form in SHOWN} - {
        "opening",
        "unit_registration",
        "staff_registration",
    }


@pytest.mark.parametrize("locale", get_args(Locale))
def test_codes_that_stand_in_one_cell_can_be_told_apart(locale) -> None:
    for column in (c for form in SHOWN for c in form.shown if c.form == "codes"):
        texts = code_labels(column, locale)

        assert len({normal(text) for text in texts.values()}) == len(column.codes)
        assert not [text for text in texts.values() if LISTED.search(text)]


def test_the_codes_of_the_template_are_drop_down_lists(tmp_path: Path) -> None:
    book = load_workbook(ledger(tmp_path / "template.xlsx"))

    lists = [v for v in book["谈心"].data_validations.dataValidation if v.type == "list"]

    assert [v.formula1.startswith("'选项'!") or v.formula1.startswith("选项!") for v in lists] == [
        True
    ] * 2
    assert [c.value for c in book["选项"]["A"]][:2]
    assert book["选项"].sheet_state == "hidden"
    assert book["谈心"].freeze_panes == "D2"
    assert book["谈心"]["A1"].comment.text


def test_the_same_template_is_the_same_file(tmp_path: Path) -> None:
    first, second = ledger(tmp_path / "a.xlsx"), ledger(tmp_path / "b.xlsx")

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("locale", get_args(Locale))
def test_a_template_filled_in_by_hand_is_imported(
    casefile: Parts, tmp_path: Path, locale: Locale
) -> None:
    path = ledger(tmp_path / "ledger.xlsx", locale)
    book = load_workbook(path)
    for slug, values in (("opening", roster_row(0)), ("talk", of_child(0, place="home"))):
        page = book[FORMS[slug].title(labels(locale))]
        for index, column in enumerate(FORMS[slug].shown, start=1):
            if column.path in values:
                page.cell(2, index).value = as_people_write(values[column.path], column, locale)
    book.save(path)

    outcome = imported(casefile, path, locale=locale)

    assert outcome.problems == []
    assert outcome.stored == 2


def test_every_column_of_the_template_reads_back_as_it_was_written() -> None:
    for column in (c for form in SHOWN for c in form.shown):
        value = example(column)
        for locale in get_args(Locale):
            shown = as_people_write(value, column, locale)

            assert read(shown, column, words_of(column)) == value, (column.path, shown)


class Part(msgspec.Struct):
    name: str
    count: int | None = None


class Invented(msgspec.Struct):
    place: Literal["here", "there"]
    parts: Annotated[tuple[Part, ...], msgspec.Meta(max_length=4)] = ()
    price_fen: int | None = None
    anything: dict[str, Any] | None = None


def test_a_new_type_becomes_columns_by_itself() -> None:
    columns = [(c.path, c.form, c.required) for c in columns_of(Invented) if c.in_template]

    assert columns == [
        ("place", "code", True),
        *((f"parts.{n}.{f}", form, False) for n in (1, 2, 3) for f, form in (("name", "prose"), ("count", "number"))),
        ("price_fen", "yuan", False),
    ]  # fmt: skip
    assert fields_left_out(Invented) == ["anything"]
