"""What a cell may look like, and what is made of it."""

from datetime import date, datetime, time

import pytest

from services.casefile.domain.catalogue import catalogue
from services.casefile.importing import faults
from services.casefile.importing.cells import read, words_of
from services.casefile.importing.faults import Fault
from services.casefile.importing.forms import forms

FORMS = forms(catalogue())


def cell(slug: str, path: str, value, form: str | None = None):
    column = next(
        c for c in FORMS[slug].columns if c.path == path and (form is None or c.form == form)
    )
    return read(value, column, words_of(column))


@pytest.mark.parametrize(
    "written",
    [
        date(2026, 11, 20),
        datetime(2026, 11, 20, 15, 30),
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "2026年11月20日",
        "20261120",
        " ２０２６－11－20 ".replace("－", "-"),
        "2026-11-20 00:00:00",
        20261120,
        46346,
        46346.0,
        "46346",
    ],
)
def test_a_day_is_read_in_every_common_form(written) -> None:
    assert cell("talk", "occurred_on", written) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "written",
    ["昨天", "11/20", "20/11/2026", "2026-13-01", "2026年11月", 5, 9e9, True, "2026-11-31"],
)
def test_what_is_no_day_is_refused(written) -> None:
    with pytest.raises(Fault) as caught:
        cell("talk", "occurred_on", written)

    assert caught.value.wrong is faults.NOT_A_DATE


@pytest.mark.parametrize("written", [time(14, 30), "14:30", "14：30", "14点30分", 14.5 / 24])
def test_a_time_is_read_in_every_common_form(written) -> None:
    assert cell("talk", "occurred_at", written) == time(14, 30)


@pytest.mark.parametrize("written", [20, 20.0, "20", "２０", " 20 "])
def test_a_whole_number_is_read_in_every_common_form(written) -> None:
    assert cell("talk", "minutes", written) == 20


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("二十", faults.NOT_WHOLE),
        ("20分钟", faults.NOT_WHOLE),
        (20.5, faults.NOT_WHOLE),
        (float("nan"), faults.NOT_WHOLE),
        (-3, faults.TOO_SMALL),
        (5000, faults.TOO_LARGE),
    ],
)
def test_a_number_that_cannot_be_is_refused(written, wrong) -> None:
    with pytest.raises(Fault) as caught:
        cell("talk", "minutes", written)

    assert caught.value.wrong is wrong


@pytest.mark.parametrize("written", [1250.5, "1250.50", "1,250.50元", "¥1250.5", "１２５０．５"])
def test_yuan_become_fen_exactly(written) -> None:
    assert cell("grant", "amount_fen", written, "yuan") == 125_050


def test_a_column_in_fen_is_read_as_fen() -> None:
    assert cell("grant", "amount_fen", 125_050, "fen") == 125_050


@pytest.mark.parametrize("written", [0.001, "1.005", "-1", -0.01, "一千"])
def test_an_amount_that_cannot_be_is_refused(written) -> None:
    with pytest.raises(Fault):
        cell("grant", "amount_fen", written, "yuan")


@pytest.mark.parametrize("written", ["school", "学校", " 学校 ", "School", "SCHOOL"])
def test_a_code_is_read_by_any_of_its_names(written) -> None:
    assert cell("talk", "place", written) == "school"


def test_several_codes_stand_in_one_cell() -> None:
    assert cell("home_visit", "met", "儿童本人、监护人，家长") == ("child", "guardian", "parent")


def test_a_code_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        cell("talk", "place", "操场")

    assert caught.value.wrong is faults.NOT_A_CODE


@pytest.mark.parametrize(
    ("written", "meant"), [("是", True), ("否", False), ("Yes", True), (0, False), (True, True)]
)
def test_yes_and_no_are_read_in_every_common_form(written, meant) -> None:
    assert cell("family_call", "connected", written) is meant


@pytest.mark.parametrize(
    "written", [1.10105e17, 110105201503010000, "1.10105E+17", "1.1e17", 110105201503010000.0]
)
def test_a_number_that_the_spreadsheet_rounded_is_explained(written) -> None:
    with pytest.raises(Fault) as caught:
        cell("opening", "resident_id", written)

    assert caught.value.wrong is faults.MANGLED


def test_an_identity_number_is_read_despite_width_and_spaces() -> None:
    assert cell("opening", "resident_id", "９９０１０１ 20150301 112x") == "99010120150301112X"


def test_a_number_in_a_text_column_is_text() -> None:
    assert cell("contact_card", "father.phone", 13800000000) == "13800000000"
    assert cell("opening", "school_register_no", 123456.0) == "123456"


def test_what_a_child_said_is_kept_as_it_was_said() -> None:
    said = "我想妈妈，她说“过年回来”。\r\nＯＫ！"

    assert cell("talk", "own_words", said) == said.replace("\r\n", "\n")


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        cell("talk", "note", "长" * 4001)

    assert caught.value.told == {"limit": 4000}
